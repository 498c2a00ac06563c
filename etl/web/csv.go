package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// AddCSV adds the rows of a CSV answer: RFC 4180 with commas, semicolons or tabs, in
// UTF-8 or Windows-1252, with a header. The error is an *etl.Trouble or the context's:
// Passing where the answer is cut off, Contract where it is something else.
func (r *Rows) AddCSV(a *Answer) error {
	if a.None {
		return nil
	}
	content, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	start := bytes.TrimSpace(content)
	switch {
	case len(start) == 0:
		return a.cut("the answer is empty: it has not even a header")
	case start[0] == '<':
		return a.contract("the answer is a web page, not CSV", "check the address, and that the account may be used without a browser")
	case start[0] == '{', start[0] == '[':
		return a.contract("the answer is JSON, not CSV", "check the format in the configuration")
	case bytes.IndexByte(content, 0) >= 0:
		return a.contract("the answer is no text", "check the address and the format")
	}
	return r.records(a, decoded(content, a.Charset))
}

// decoded is a text as UTF-8: Danish Windows programs write Windows-1252, whether
// they say so or not.
func decoded(content []byte, charset string) string {
	switch charset {
	case "windows-1252", "iso-8859-1", "latin1":
	default:
		if utf8.Valid(content) {
			return string(content)
		}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	if err != nil { // every byte is a character
		return string(content)
	}
	return string(text)
}

// records takes the header and the rows of a text.
func (r *Rows) records(a *Answer, text string) error {
	in, header, err := r.opened(text)
	if err != nil {
		return a.badCSV(text, err)
	}
	at := make([]int, len(header))
	for i, name := range header {
		at[i] = r.column(strings.TrimSpace(name))
	}
	if err := r.recognise(a); err != nil {
		return err
	}
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return a.badCSV(text, err)
		}
		if len(fields) < len(header) && in.InputOffset() == int64(len(text)) && !strings.HasSuffix(text, "\n") {
			return a.cut("the answer ends inside a row")
		}
		r.addFields(at, fields)
	}
}

// addFields takes one record; at are its fields' columns.
func (r *Rows) addFields(at []int, fields []string) {
	if len(fields) != len(at) {
		r.odd = append(r.odd, len(fields)-len(at))
		return
	}
	row := make([]string, 0, len(r.columns))
	for i, text := range fields {
		row = r.put(row, at[i], text)
	}
	r.add(row)
}

// opened finds out the delimiter: the one with which most of the header's names are
// known, or else the one that gives most.
func (r *Rows) opened(text string) (in *csv.Reader, header []string, err error) {
	const most = 1 << 16 // more columns than any table has
	best := -1
	for _, delimiter := range ",;\t" {
		candidate := csv.NewReader(strings.NewReader(text))
		candidate.Comma, candidate.FieldsPerRecord, candidate.ReuseRecord = delimiter, -1, true
		fields, failed := candidate.Read()
		if failed != nil {
			err = failed
			continue
		}
		fields = append([]string(nil), fields...)
		if score := convert.Recognised(r.shape.Table, fields, r.shape.Names)*most + len(fields); score > best {
			best, in, header = score, candidate, fields
		}
	}
	if in != nil {
		return in, header, nil
	}
	return nil, nil, err
}

// badCSV classes what keeps a text from being read. A quote that is never closed is
// the sign of a text that was cut.
func (a *Answer) badCSV(text string, err error) error {
	var parse *csv.ParseError
	if errors.Is(err, io.EOF) || strings.Count(text, `"`)%2 == 1 {
		return a.cut("the answer ends inside a quoted field")
	}
	message := "the answer is not valid CSV"
	if errors.As(err, &parse) {
		message += ": " + parse.Err.Error()
	}
	return a.contract(message, "let the service double the quotes within quoted fields")
}
