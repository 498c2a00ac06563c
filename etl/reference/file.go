package reference

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/plaintext"
	"github.com/den-digitale-hotline/ddh/etl/reference/nearest"
)

// record is one line of a reference file.
type record struct {
	line   int64
	fields []string
}

// field returns the text of a column without blanks round it, "" where it is absent.
func (r record) field(header map[string]int, column string) string {
	i, ok := header[column]
	if !ok || i >= len(r.fields) {
		return ""
	}
	return strings.TrimSpace(r.fields[i])
}

// records splits a file and matches its header against the spec. Files are written as
// spreadsheets save them: in UTF-8, UTF-16 or Windows-1252 (see plaintext), with lines
// that end in any way, the fields separated by "," or ";" or as a first line "sep=;" says.
func (r *reader) records(file string, s spec, data []byte) (header map[string]int, records []record) {
	data, ok := r.decoded(file, data)
	if !ok {
		return nil, nil
	}
	data, comma := hint(data)
	if len(bytes.TrimSpace(data)) == 0 {
		r.fault(file, 0, "", *problemf("the file is empty").trying("begin it with the header %s", s.header()))
		return nil, nil
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma = comma
	in.FieldsPerRecord = -1
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return header, records
		}
		if err != nil {
			r.faultyCSV(file, err)
			return header, records
		}
		line, _ := in.FieldPos(0)
		switch {
		case blank(fields):
		case header == nil:
			if header = r.header(file, s, int64(line), fields); header == nil {
				return nil, nil
			}
		default:
			r.width(file, int64(line), len(header), fields)
			records = append(records, record{line: int64(line), fields: fields})
		}
	}
}

// faultyCSV notes what encoding/csv could not split; the rest of the file is unread.
func (r *reader) faultyCSV(file string, err error) {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		r.fault(file, 0, "", *problemf("the file cannot be read: %v", err))
		return
	}
	r.fault(file, int64(at.StartLine), "", *problemf("the quotes of this record do not match").
		trying(`write a quote inside a quoted field twice: ""`))
}

// width notes values beyond the last column of the header.
func (r *reader) width(file string, line int64, columns int, fields []string) {
	if len(fields) > columns && !blank(fields[columns:]) {
		r.fault(file, line, "", *problemf("the line has %d values, the header %d columns", len(fields), columns).
			trying("put values that contain the separator in quotes"))
	}
}

// header maps the columns to their places; it notes every missing, unknown and
// repeated one, and returns nil where there is any.
func (r *reader) header(file string, s spec, line int64, fields []string) map[string]int {
	places := map[string]int{}
	fields = trimRight(fields)
	faults := len(r.faults)
	for i, field := range fields {
		name := strings.ToLower(strings.TrimSpace(field))
		if _, twice := places[name]; twice {
			r.fault(file, line, name, *problemf("the column stands in the header twice"))
		}
		places[name] = i
		if !slices.Contains(s.names(), name) {
			p := problemf("the column %q is unknown", name)
			if near := nearest.To(name, s.names()); near != "" {
				p.trying("rename it to %s", near)
			} else {
				p.trying("the header is %s", s.header())
			}
			r.fault(file, line, "", *p)
		}
	}
	for _, name := range s.names() {
		if _, found := places[name]; !found {
			r.fault(file, line, name, *problemf("the column is missing").trying("the header is %s", s.header()))
		}
	}
	if len(r.faults) > faults {
		return nil
	}
	return places
}

// decoded returns a file's text as UTF-8 without a byte order mark; ok is false where it
// is no text. A character that was cut is a fault: it may be part of a key.
func (r *reader) decoded(file string, data []byte) (text []byte, ok bool) {
	whole, script, err := plaintext.Whole(data)
	var fault *plaintext.Fault
	switch {
	case errors.As(err, &fault):
		r.fault(file, fault.Line, "", *problemf("%s", fault.Message).trying("%s", fault.Try))
		return nil, false
	case err != nil:
		r.fault(file, 0, "", *problemf("the file cannot be read: %v", err))
		return nil, false
	case script.Bad:
		r.fault(file, script.Line, "", *problemf("a character of this line is broken, or is written in another encoding than the rest").
			trying("correct it, and save the file as UTF-8"))
		return nil, false
	}
	return []byte(whole), true
}

// hint empties Excel's line "sep=;" at the start of a file and returns what separates its
// fields.
func hint(data []byte) (text []byte, comma rune) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	if said, ok := plaintext.Hint(string(first)); ok {
		return append([]byte("\n"), rest...), rune(said)
	}
	return data, separator(data)
}

// separator is ";" when the first line that is not blank has one, else ",".
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimSpace(data), []byte("\n"))
	if bytes.ContainsRune(first, ';') {
		return ';'
	}
	return ','
}

// blank reports whether no field holds anything.
func blank(fields []string) bool { return len(trimRight(fields)) == 0 }

// trimRight cuts the empty fields off the end, which spreadsheets leave there.
func trimRight(fields []string) []string {
	for len(fields) > 0 && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	return fields
}
