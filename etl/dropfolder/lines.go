package dropfolder

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/plaintext"
)

// lineReader converts the records of chunks.
type lineReader struct {
	splitter  splitter
	converter *convert.Converter
	plan      *convert.Plan
	width     int
	pad       int             // empty fields that every record has beyond the header
	broken    bool            // records with bad quotes are set aside
	names     map[string]bool // of the header, by which a header in the middle is found
	bytes     *badBytes       // nil where all of the text is sound
}

func newLineReader(plan *convert.Plan, how manner, in *csvText) *lineReader {
	r := &lineReader{
		splitter:  splitter{delimiter: in.delimiter, literal: how.literal},
		converter: plan.Tentative(), plan: plan, width: plan.Width(), pad: in.pad, broken: how.broken,
		names: map[string]bool{}, bytes: in.bytes,
	}
	for _, name := range plan.Header() {
		r.names[strings.ToLower(name)] = name != ""
	}
	return r
}

// badQuotes is the rule of a record that goes on after a closing quote.
const badQuotes = "bad-quotes"

const byteOrderMark = "\ufeff"

// convert adds all records of a chunk to the converter. The error is an etl.Fault: the
// file is cut off inside the last record, or holds another header; or a strayQuote.
func (r *lineReader) convert(c chunk) error {
	row, line := c.row, c.line
	for rest := c.text; rest != "" && !r.converter.Open(); {
		if rest[0] == byteOrderMark[0] { // of a file that was appended to another
			rest = strings.TrimPrefix(rest, byteOrderMark)
		}
		before := rest
		rest = r.splitter.next(rest)
		fields := r.splitter.fields
		switch {
		case rest == "" && c.cut && len(fields) < r.width:
			return etl.Fault{
				Line: line,
				Message: fmt.Sprintf("the file ends inside a record: it has %d fields of %d, and no line end",
					len(fields), r.width),
				Try: "export or copy it again: it is cut off",
			}
		case len(fields) == 0: // a blank line
		case r.splitter.broken:
			if !r.broken {
				return &strayQuote{fault: etl.Fault{Line: line}, apart: true}
			}
			r.converter.Refuse(row, line, fields, badQuotes, "a quoted field goes on after its closing quote")
		case r.splitter.lines > 1 && r.swallows(before[:len(before)-len(rest)]):
			return &strayQuote{fault: swallowed(line, r.splitter.lines)}
		default:
			if err := r.add(row, line, fields); err != nil {
				return err
			}
		}
		row++
		line += r.splitter.lines
	}
	return nil
}

// add converts a record that has been parted rightly.
func (r *lineReader) add(row, line int64, fields []string) error {
	if first := fields[0]; first == "" || first[0] > '9' || first[0] < '0' {
		switch again, err := r.isHeader(line, fields); {
		case err != nil:
			return err
		case again, allBlank(fields): // such as the delimiters that Excel leaves of emptied rows
			return nil
		}
	}
	if r.bytes != nil {
		r.bytes.mend(r.plan, line, fields)
	}
	if r.pad > 0 && len(fields) == r.width+r.pad && allBlank(fields[r.width:]) {
		fields = fields[:r.width]
	}
	r.converter.Add(row, line, fields)
	return nil
}

// isHeader reports whether a record is the header again, as in files that were appended
// to each other. Another header is a fault: what follows it stands in other columns.
func (r *lineReader) isHeader(line int64, fields []string) (bool, error) {
	if !r.names[strings.ToLower(strings.TrimSpace(fields[0]))] {
		_, hint := plaintext.Hint(strings.Join(fields, string(r.splitter.delimiter)))
		return hint, nil
	}
	same, known := true, 0
	for i, text := range fields {
		text = strings.TrimSpace(text)
		if r.names[strings.ToLower(text)] {
			known++
		}
		same = same && (i < r.width && strings.EqualFold(text, r.plan.Header()[i]) || i >= r.width && text == "")
	}
	switch {
	case same && len(fields) >= r.width:
		return true, nil
	case known > 1 && known*2 >= len(fields):
		return false, etl.Fault{
			Line: line, Message: "another header stands here, with other columns than the first: the file was put together from several",
			Try: "put the parts into the folder as files of their own",
		}
	}
	return false, nil
}

// swallows reports whether a record of several lines holds whole records: a stray quote
// opened a field that only a later one closed.
func (r *lineReader) swallows(record string) bool {
	const least = 3 // columns from which the number of delimiters tells
	lines := strings.Split(strings.TrimRight(record, "\r\n"), "\n")
	s := splitter{delimiter: r.splitter.delimiter, literal: true}
	even := r.width >= least
	for i, line := range lines {
		s.next(line)
		even = even && len(s.fields) == r.width+r.pad
		if i > 0 && len(s.fields) > 1 && r.plan.LooksLikeRow(s.fields) {
			return true
		}
	}
	return even
}

func swallowed(line, lines int64) etl.Fault {
	return etl.Fault{
		Line: line,
		Message: fmt.Sprintf("a quoted field that begins in this record holds %d lines that look like records of their own: "+
			"a quote in a text was not written twice, and the records after it would be lost", lines),
		Try: `export the file with quotes round texts and quotes in them written twice (RFC 4180), or take the quote out of the text`,
	}
}
