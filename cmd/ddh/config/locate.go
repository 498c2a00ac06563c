package config

import "strings"

// locate returns the line, from 1, on which each key and table of a TOML text
// stands, by its path. The text must be valid TOML: the decoder, which has checked
// it, does not tell where things are. Keys inside an inline table have the line of
// that table's own key.
func locate(text string) map[string]int64 {
	l := locator{lines: map[string]int64{}}
	for rest := text; rest != ""; {
		l.line++
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		l.read(line)
	}
	return l.lines
}

// locator walks through a text line by line.
type locator struct {
	lines map[string]int64
	line  int64
	table []string
	quote string // delimiter of the string that is open at the line's end: `"""` or `'''`
	depth int    // of open brackets
}

// read notes what begins on a line.
func (l *locator) read(line string) {
	if l.quote != "" || l.depth > 0 {
		l.skip(line)
		return
	}
	line = strings.TrimSpace(line)
	switch {
	case line == "" || line[0] == '#':
	case line[0] == '[':
		name, _ := keyPath(strings.TrimLeft(line, "[ \t"), ']')
		l.table = name
		l.note(name)
	default:
		name, rest := keyPath(line, '=')
		l.note(append(append([]string{}, l.table...), name...))
		l.skip(rest)
	}
}

// note gives a path the present line, and so the tables above it that have none.
func (l *locator) note(path []string) {
	for n := range path {
		key := strings.Join(path[:n+1], ".")
		if _, known := l.lines[key]; !known || n == len(path)-1 {
			l.lines[key] = l.line
		}
	}
}

// skip follows strings and brackets through a value, so that a line within it is
// not taken for a key.
func (l *locator) skip(text string) {
	for text != "" {
		if l.quote != "" {
			text = l.closeQuote(text)
			continue
		}
		switch {
		case text[0] == '#':
			return
		case strings.HasPrefix(text, `"""`), strings.HasPrefix(text, `'''`):
			l.quote, text = text[:3], text[3:]
		case text[0] == '"', text[0] == '\'':
			l.quote, text = text[:1], text[1:]
		case strings.IndexByte("[{", text[0]) >= 0:
			l.depth++
			text = text[1:]
		case strings.IndexByte("]}", text[0]) >= 0:
			l.depth--
			text = text[1:]
		default:
			text = text[1:]
		}
	}
	if len(l.quote) == 1 {
		l.quote = ""
	}
}

// closeQuote returns what follows the open string, or "" when it goes on.
func (l *locator) closeQuote(text string) string {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && l.quote[0] == '"':
			i++
		case strings.HasPrefix(text[i:], l.quote):
			rest := text[i+len(l.quote):]
			l.quote = ""
			return rest
		}
	}
	return ""
}

// keyPath splits a dotted key from what follows the end mark.
func keyPath(text string, end byte) (path []string, rest string) {
	var part strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == end:
			return append(path, part.String()), text[i+1:]
		case c == '.':
			path = append(path, part.String())
			part.Reset()
		case c == '"' || c == '\'':
			inner, length := quotedKey(text[i:])
			part.WriteString(inner)
			i += length - 1
		case c != ' ' && c != '\t' && c != '\r':
			part.WriteByte(c)
		}
	}
	return append(path, part.String()), ""
}

// quotedKey returns a quoted key's text and its length with the quotes. Escapes are
// left as they are: no key of ours has any.
func quotedKey(text string) (inner string, length int) {
	end := strings.IndexByte(text[1:], text[0])
	if end < 0 {
		return text[1:], len(text)
	}
	return text[1 : end+1], end + 2
}
