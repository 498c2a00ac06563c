package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// readCSV reads RFC 4180 text: any of the usual delimiters, UTF-8 or Windows-1252,
// either kind of line end, and quotes that may enclose line ends.
func readCSV(ctx context.Context, d *delivery) error {
	in, err := d.input.openText(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	chunks := newChunker(in, int(min(int64(d.source.chunkSize), roomFor(d.input))))
	header, line, err := readHeader(chunks, d)
	if err != nil {
		return err
	}
	format := convert.Format{DecimalComma: chunks.delimiter == ';'}
	plan, err := d.begin(header, line, format)
	if err != nil {
		return err
	}
	return convertChunks(ctx, d, plan, chunks)
}

// roomFor is the buffer that holds a whole file, so that small files need no large
// one. What a packed file, or another encoding, grows to is not known.
func roomFor(in *input) int64 {
	if strings.HasSuffix(strings.ToLower(in.path), ".gz") {
		return chunkSize
	}
	return max(64<<10, 3*in.size)
}

// readHeader takes the header record off the text and finds out the delimiter: the
// one with which most of the names are known, or else the one that gives most.
func readHeader(chunks *chunker, d *delivery) (header []string, line int64, err error) {
	if err := chunks.fill(); err != nil {
		return nil, 0, err
	}
	skipBlankLines(chunks)
	if chunks.filled == 0 {
		return nil, 0, etl.Fault{Message: "the file has no header", Try: "export it again, with the column names in the first line"}
	}
	content := string(chunks.buffer[:min(chunks.filled, maxHeader)])
	best, rest := -1, ""
	for _, delimiter := range []byte{',', ';', '\t'} {
		s := splitter{delimiter: delimiter}
		after := s.next(content)
		score := convert.Recognised(d.batch.Table, s.fields, d.names())*maxHeader + len(s.fields)
		if score > best {
			best, rest, header = score, after, s.fields
			chunks.delimiter = delimiter
		}
	}
	line = chunks.line
	head := chunks.take(len(content) - len(rest))
	chunks.line += int64(strings.Count(head, "\n"))
	return header, line, nil
}

// maxHeader is more than any header has, in bytes.
const maxHeader = 64 << 10

func skipBlankLines(chunks *chunker) {
	blank := 0
	for blank < chunks.filled && (chunks.buffer[blank] == '\n' || chunks.buffer[blank] == '\r') {
		blank++
	}
	head := chunks.take(blank)
	chunks.line += int64(strings.Count(head, "\n"))
}

// lineReader converts the records of chunks.
type lineReader struct {
	splitter  splitter
	converter *convert.Converter
	width     int
}

// convert adds all records of a chunk to the converter. The error is an etl.Fault:
// the file is cut off inside the last record.
func (r *lineReader) convert(c chunk) error {
	row, line := c.row, c.line
	for rest := c.text; rest != ""; {
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
			r.converter.Refuse(row, line, fields, "bad-quotes", "a quoted field goes on after its closing quote")
		default:
			r.converter.Add(row, line, fields)
		}
		row++
		line += r.splitter.lines
	}
	return nil
}

// finished reports whether an error of chunker.next is the end of the text.
func finished(err error) bool { return errors.Is(err, io.EOF) }
