package dropfolder

import (
	"errors"
	"fmt"
	"io"

	"github.com/den-digitale-hotline/ddh/etl"
)

// chunk is a run of whole records.
type chunk struct {
	text string
	row  int64 // number of the first record, the header not counted; blank lines count
	line int64 // line it starts on
	cut  bool  // the file ends with it, and not at a line end
}

// chunker cuts a CSV text into chunks at ends of records.
type chunker struct {
	reader    io.Reader
	delimiter byte
	literal   bool // the text is written without quoting
	buffer    []byte
	filled    int
	ended     bool
	row, line int64
}

// endOfText is Ctrl-Z, with which DOS programs end a file.
const endOfText = 0x1A

func newChunker(r io.Reader, size int) *chunker {
	return &chunker{reader: r, buffer: make([]byte, size), row: 1, line: 1}
}

// fill reads until the buffer is full or the text ends.
func (c *chunker) fill() error {
	for c.filled < len(c.buffer) && !c.ended {
		n, err := c.reader.Read(c.buffer[c.filled:])
		c.filled += n
		if errors.Is(err, io.EOF) {
			c.ended = true
			for c.filled > 0 && c.buffer[c.filled-1] == endOfText {
				c.filled--
			}
		} else if err != nil {
			return err
		}
	}
	return nil
}

// take cuts off the first bytes of the buffer.
func (c *chunker) take(size int) string {
	text := string(c.buffer[:size])
	c.filled = copy(c.buffer, c.buffer[size:c.filled])
	return text
}

// next returns the next chunk; io.EOF after the last.
func (c *chunker) next() (chunk, error) {
	if err := c.fill(); err != nil {
		return chunk{}, err
	}
	if c.filled == 0 {
		return chunk{}, io.EOF
	}
	found := extent{}
	if c.literal {
		found = measureLines(c.buffer[:c.filled])
	} else {
		found = measure(c.buffer[:c.filled], c.delimiter)
	}
	out := chunk{row: c.row, line: c.line}
	switch {
	case c.ended && found.open:
		return chunk{}, &strayQuote{fault: etl.Fault{
			Line:    c.line + found.lines,
			Message: "the file ends inside a quoted field of the record that starts here",
			Try:     "export or copy it again: it is cut off, or a quote is missing",
		}}
	case c.ended:
		out.cut = c.buffer[c.filled-1] != '\n'
		found.end = c.filled
	case found.end == 0:
		return chunk{}, &strayQuote{fault: etl.Fault{
			Line:    c.line,
			Message: fmt.Sprintf("the record that starts here is longer than %d bytes", len(c.buffer)),
			Try:     "look for a quote that is not closed",
		}}
	}
	out.text = c.take(found.end)
	c.row += found.records
	c.line += found.lines
	return out, nil
}
