package dropfolder

import (
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/plaintext"
)

// delimiters are those that are tried.
const delimiters = ",;\t|"

// maxHeader is more than any header has, in bytes.
const maxHeader = 64 << 10

// readHeader takes the header record off the text and finds out the delimiter: the
// one with which most of the names are known, or else the one that gives most. Excel's
// hint line "sep=;" before it is passed over, once it has had its say.
func readHeader(t *csvText, d *delivery) error {
	if err := t.fill(); err != nil {
		return err
	}
	skipBlankLines(t.chunker)
	candidates := []byte(delimiters)
	if hint := takeHint(t.chunker); hint != 0 {
		candidates = append([]byte{hint}, candidates...)
		skipBlankLines(t.chunker)
	}
	if t.filled == 0 {
		return etl.Fault{Message: "the file has no header", Try: "export it again, with the column names in the first line"}
	}
	content := string(t.buffer[:min(t.filled, maxHeader)])
	best, rest := -1, ""
	for _, delimiter := range candidates {
		s := splitter{delimiter: delimiter, literal: t.literal}
		after := s.next(content)
		score := convert.Recognised(d.batch.Table, s.fields, d.names())*maxHeader + len(s.fields)
		if score > best {
			best, rest, t.header = score, after, s.fields
			t.delimiter = delimiter
		}
	}
	t.line = t.chunker.line
	head := t.take(len(content) - len(rest))
	t.chunker.line += int64(strings.Count(head, "\n"))
	return t.fit(rest)
}

// sampleRows is how many rows tell whether the file's lines end in delimiters.
const sampleRows = 100

// fit finds out whether every row has the same number of empty fields more than the
// header, or the header empty names more than the rows, as delimiters at the ends of
// lines give. The sample is the text after the header.
func (t *csvText) fit(sample string) error {
	s := splitter{delimiter: t.delimiter, literal: t.literal}
	over, rows := 0, 0
	for ; sample != "" && rows < sampleRows; rows++ {
		if sample = s.next(sample); sample == "" && rows > 0 {
			break // the last row may be cut
		}
		if len(s.fields) == 0 {
			continue
		}
		here := len(s.fields) - len(t.header)
		if over == 0 {
			over = here
		}
		if here != over || !allBlank(s.fields[max(0, len(s.fields)-max(0, over)):]) {
			return nil
		}
	}
	switch {
	case over > 0:
		t.pad = over
	case over < 0 && -over < len(t.header) && allBlank(t.header[len(t.header)+over:]):
		t.header = t.header[:len(t.header)+over]
	}
	return nil
}

func allBlank(fields []string) bool {
	for _, text := range fields {
		if strings.TrimSpace(text) != "" {
			return false
		}
	}
	return true
}

// takeHint takes Excel's line "sep=;" off the text and returns its delimiter, 0 where
// there is none.
func takeHint(c *chunker) byte {
	start := string(c.buffer[:min(c.filled, 64)])
	line, _, whole := strings.Cut(start, "\n")
	if !whole {
		return 0
	}
	hint, ok := plaintext.Hint(line)
	if !ok {
		return 0
	}
	c.take(len(line) + 1)
	c.line++
	return hint
}

func skipBlankLines(chunks *chunker) {
	blank := 0
	for blank < chunks.filled && (chunks.buffer[blank] == '\n' || chunks.buffer[blank] == '\r') {
		blank++
	}
	head := chunks.take(blank)
	chunks.line += int64(strings.Count(head, "\n"))
}
