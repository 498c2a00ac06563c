package model

import "strings"

// bind puts date literals in the place of $from and $to. A prepared statement
// cannot be used: DuckDB binds no parameter in CREATE VIEW, and a Go time sent as
// a parameter is a timestamp, which moves the comparison off the DATE type.
func bind(query string, from, to Day) string {
	return replaceParameters(query, func(name string) string {
		switch name {
		case "from":
			return from.literal()
		case "to":
			return to.literal()
		default:
			return "$" + name
		}
	})
}

// parameters lists the distinct names of a query's $parameters in order.
func parameters(query string) []string {
	var names []string
	seen := make(map[string]bool)
	replaceParameters(query, func(name string) string {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
		return ""
	})
	return names
}

// replaceParameters walks the query's text outside of strings, quoted names and
// comments, and replaces each $name by what with returns.
func replaceParameters(query string, with func(name string) string) string {
	var out strings.Builder
	for i := 0; i < len(query); {
		end := skipOpaque(query, i)
		if end > i {
			out.WriteString(query[i:end])
			i = end
			continue
		}
		if query[i] == '$' {
			if name := leadingName(query[i+1:]); name != "" {
				out.WriteString(with(name))
				i += 1 + len(name)
				continue
			}
		}
		out.WriteByte(query[i])
		i++
	}
	return out.String()
}

// skipOpaque returns the end of the string, quoted name or comment that begins at
// i, or i where none does. What is not closed runs to the end.
func skipOpaque(query string, i int) int {
	rest := query[i:]
	switch {
	case rest[0] == '\'' || rest[0] == '"':
		return i + quotedLength(rest)
	case strings.HasPrefix(rest, "--"):
		return i + lengthTo(rest, 2, "\n")
	case strings.HasPrefix(rest, "/*"):
		return i + lengthTo(rest, 2, "*/")
	}
	return i
}

// quotedLength is the length of a quoted text; a doubled quote stays inside.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] != text[0] {
			continue
		}
		if i+1 < len(text) && text[i+1] == text[0] {
			i++
			continue
		}
		return i + 1
	}
	return len(text)
}

func lengthTo(text string, start int, mark string) int {
	if n := strings.Index(text[start:], mark); n >= 0 {
		return start + n + len(mark)
	}
	return len(text)
}

func leadingName(text string) string {
	n := 0
	for n < len(text) && (text[n] == '_' || text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' || text[n] >= '0' && text[n] <= '9') {
		n++
	}
	return text[:n]
}

// quote writes a name so that no keyword gets in its way.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoteFull quotes both parts of "schema.name".
func quoteFull(full string) string {
	schema, name, _ := strings.Cut(full, ".")
	return quote(schema) + "." + quote(name)
}

// quoteAll quotes a list of columns.
func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

// stringLiteral quotes a text for SQL.
func stringLiteral(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Whole is the model's query over all days, as a whole build runs it.
func (m *Model) Whole() string { return bind(m.SQL, firstDay, lastDay) }
