package rawdata

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// tokenKind is what a piece of T-SQL is.
type tokenKind uint8

const (
	word   tokenKind = iota // a key word or a name
	name                    // a name in brackets or quotes
	str                     // a text in quotes
	number                  // digits, perhaps with a point
	param                   // @p1, @@version
	symbol                  // everything else, one or two characters
)

// token is a piece of T-SQL. text is a name or a text without its quotes.
type token struct {
	kind tokenKind
	text string
}

// is reports whether the token is a key word, or a symbol; names are never key words.
func (t token) is(text string) bool {
	return t.kind == symbol && t.text == text || t.kind == word && strings.EqualFold(t.text, text)
}

// names reports whether the token is this name, quoted or not.
func (t token) names(text string) bool {
	return (t.kind == word || t.kind == name) && strings.EqualFold(t.text, text)
}

// lex cuts a batch into tokens; comments and white space are left out.
func lex(query string) ([]token, *tds.Error) {
	var tokens []token
	for len(query) > 0 {
		c := query[0]
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			query = query[1:]
			continue
		case strings.HasPrefix(query, "--"):
			_, query, _ = strings.Cut(query, "\n")
			continue
		case strings.HasPrefix(query, "/*"):
			_, rest, ok := strings.Cut(query, "*/")
			if !ok {
				return nil, &tds.Error{Number: 113, State: 1, Class: 15, Message: "Missing end comment mark '*/'."}
			}
			query = rest
			continue
		case (c == 'N' || c == 'n') && strings.HasPrefix(query[1:], "'"):
			query = query[1:]
			continue
		}
		t, rest, err := next(query)
		if err != nil {
			return nil, err
		}
		tokens, query = append(tokens, t), rest
	}
	return tokens, nil
}

// next takes the first token of a text that begins with neither space nor comment.
func next(query string) (token, string, *tds.Error) {
	switch c := query[0]; {
	case c == '[':
		return quotedToken(name, query, ']')
	case c == '"':
		return quotedToken(name, query, '"')
	case c == '\'':
		return quotedToken(str, query, '\'')
	case c == '@':
		n := 1 + strings.IndexFunc(query[1:]+" ", func(r rune) bool { return r != '@' && !isName(r) })
		return token{param, query[:n]}, query[n:], nil
	case c >= '0' && c <= '9':
		n := strings.IndexFunc(query+" ", func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		return token{number, query[:n]}, query[n:], nil
	case isName(rune(c)) || c >= 0x80:
		n := strings.IndexFunc(query+" ", func(r rune) bool { return r < 0x80 && !isName(r) })
		return token{word, query[:n]}, query[n:], nil
	}
	if len(query) > 1 && (query[1] == '=' && strings.IndexByte("<>!", query[0]) >= 0 || query[:2] == "<>") {
		return token{symbol, query[:2]}, query[2:], nil
	}
	return token{symbol, query[:1]}, query[1:], nil
}

func isName(r rune) bool {
	return r == '_' || r == '#' || r == '$' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// quotedToken takes a token up to its closing quote, which stands for itself when doubled.
func quotedToken(kind tokenKind, query string, end byte) (token, string, *tds.Error) {
	var text strings.Builder
	for i := 1; i < len(query); i++ {
		if query[i] != end {
			text.WriteByte(query[i])
			continue
		}
		if i+1 < len(query) && query[i+1] == end {
			i++
			text.WriteByte(end)
			continue
		}
		return token{kind, text.String()}, query[i+1:], nil
	}
	return token{}, "", &tds.Error{Number: 105, State: 1, Class: 15,
		Message: fmt.Sprintf("Unclosed quotation mark after the character string '%.100s'.", text.String())}
}

// syntax is what SQL Server says to what it does not understand.
func syntax(near token) *tds.Error {
	return &tds.Error{Number: 102, State: 1, Class: 15, Message: fmt.Sprintf("Incorrect syntax near '%.100s'.", near.text)}
}
