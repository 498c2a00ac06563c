package dropfolder

import (
	"bytes"
	"strings"
)

// Both halves of this file follow one rule, so that they agree on where records
// end whatever a file holds: a quote opens a quoted field only as the field's
// first character, and the next quote that is not doubled closes it.

// extent says how far whole records reach in a piece of a file.
type extent struct {
	end     int   // bytes up to and with the last line end outside quotes
	records int64 // line ends outside quotes: records, blank lines among them
	lines   int64 // line ends up to end, those inside quotes among them
	open    bool  // the piece ends inside a quoted field
}

// measureLines is measure for a text without quoting: every line is a record.
func measureLines(piece []byte) extent {
	n := int64(bytes.Count(piece, newline))
	return extent{end: bytes.LastIndexByte(piece, '\n') + 1, records: n, lines: n}
}

// measure finds the extent of the records in a piece that begins with a record.
func measure(piece []byte, delimiter byte) extent {
	var e extent
	var quoted int64 // line ends in quotes since end
	for at := 0; at < len(piece); {
		quote := bytes.IndexByte(piece[at:], '"')
		outside := piece[at:]
		if quote >= 0 {
			outside = outside[:quote]
		}
		if n := int64(bytes.Count(outside, newline)); n > 0 {
			e.end = at + bytes.LastIndexByte(outside, '\n') + 1
			e.records += n
			e.lines += n + quoted
			quoted = 0
		}
		if quote < 0 {
			break
		}
		quote += at
		if quote > 0 && piece[quote-1] != delimiter && piece[quote-1] != '\n' {
			at = quote + 1 // a quote like any other character
			continue
		}
		closing := closingQuote(piece, quote+1)
		if closing < 0 {
			e.open = true
			break
		}
		quoted += int64(bytes.Count(piece[quote:closing], newline))
		at = closing + 1
	}
	return e
}

var newline = []byte{'\n'}

// closingQuote returns the position of the first quote from at on that is not
// doubled; -1 where there is none.
func closingQuote[T string | []byte](text T, at int) int {
	for at < len(text) {
		if text[at] != '"' {
			at++
			continue
		}
		if at+1 == len(text) || text[at+1] != '"' {
			return at
		}
		at += 2
	}
	return -1
}

// splitter parts a text into records and fields.
type splitter struct {
	delimiter byte
	literal   bool     // a quote is a character like any other
	fields    []string // of the latest record; parts of the text, valid until the next
	lines     int64    // lines that the latest record took
	broken    bool     // the latest record has text after a closing quote
}

// next parts the first record of a text and returns what follows it. A blank line
// gives no fields.
func (s *splitter) next(text string) (rest string) {
	s.fields, s.lines, s.broken = s.fields[:0], 1, false
	line, rest := text, ""
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		line, rest = text[:end], text[end+1:]
	}
	if !s.literal && strings.IndexByte(line, '"') >= 0 {
		return s.quoted(text)
	}
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return rest
	}
	start := 0
	for i := 0; i < len(line); i++ {
		if line[i] == s.delimiter {
			s.fields = append(s.fields, line[start:i])
			start = i + 1
		}
	}
	s.fields = append(s.fields, line[start:])
	return rest
}

// quoted parts a record in which there are quotes.
func (s *splitter) quoted(text string) (rest string) {
	for {
		size := s.field(text)
		if size == len(text) {
			return ""
		}
		last := text[size] == '\n'
		text = text[size+1:]
		if last {
			return text
		}
	}
}

// field takes the field that text begins with and returns its size; a delimiter
// or a line end, or nothing, follows it.
func (s *splitter) field(text string) (size int) {
	if text == "" || text[0] != '"' {
		size = s.fieldEnd(text, 0)
		s.fields = append(s.fields, trimReturn(text, size))
		return size
	}
	closing := closingQuote(text, 1)
	if closing < 0 {
		s.broken = true
		s.lines += int64(strings.Count(text, "\n"))
		s.fields = append(s.fields, text[1:])
		return len(text)
	}
	value := text[1:closing]
	s.lines += int64(strings.Count(value, "\n"))
	size = s.fieldEnd(text, closing+1)
	if trimReturn(text, size) != text[:closing+1] {
		s.broken = true
		s.fields = append(s.fields, text[:size])
		return size
	}
	if strings.Contains(value, `""`) {
		value = strings.ReplaceAll(value, `""`, `"`)
	}
	s.fields = append(s.fields, value)
	return size
}

func (s *splitter) fieldEnd(text string, from int) int {
	for i := from; i < len(text); i++ {
		if text[i] == s.delimiter || text[i] == '\n' {
			return i
		}
	}
	return len(text)
}

// trimReturn returns the field of the given size without the carriage return of a
// line end that follows it.
func trimReturn(text string, size int) string {
	if size == len(text) || text[size] == '\n' {
		return strings.TrimSuffix(text[:size], "\r")
	}
	return text[:size]
}
