package config

import (
	"bytes"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/den-digitale-hotline/ddh/etl"
)

// parser collects the faults of one configuration.
type parser struct {
	path   string
	dir    string // absolute folder of path
	lines  map[string]int64
	zone   *time.Location // of schedules
	faults []etl.Fault
}

// decode reads the TOML; ok is false when it is none, which is then the only fault.
func (p *parser) decode(text []byte) (root section, ok bool) {
	if dir, err := filepath.Abs(p.dir); err == nil {
		p.dir = dir
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	values := map[string]any{}
	if _, err := toml.Decode(string(text), &values); err != nil {
		p.faults = append(p.faults, p.syntaxFault(err))
		return section{}, false
	}
	p.lines = locate(string(text))
	return section{p: p, values: values, known: &[]string{}}, true
}

// syntaxFault says where the TOML is wrong. It does not quote the parser's message,
// which shows the text it stumbled on: that may be a secret without quotes.
func (p *parser) syntaxFault(err error) etl.Fault {
	f := etl.Fault{
		Origin: p.path, Message: "the line is not valid TOML",
		Try: `write key = "value", with the text in quotes, and every key once`,
	}
	var at toml.ParseError
	if errors.As(err, &at) {
		f.Line, f.Column = int64(at.Position.Line), at.LastKey
	}
	return f
}

// section is one table of the configuration. It remembers which keys were asked for:
// what is left over in the end is unknown.
type section struct {
	p      *parser
	path   string // "sources.puzzel"; "" at the top
	values map[string]any
	known  *[]string
}

// full is the path of a key of the section; of "" the section's own.
func (s section) full(key string) string {
	return strings.Trim(s.path+"."+key, ".")
}

// fault notes a fault of a key. A key that is not there has the line of its section.
func (s section) fault(key, message, try string) {
	path := s.full(key)
	line, ok := s.p.lines[path]
	if !ok {
		line = s.p.lines[s.path]
	}
	s.p.faults = append(s.p.faults, etl.Fault{Origin: s.p.path, Line: line, Column: path, Message: message, Try: try})
}

// know marks a key as one that may be there.
func (s section) know(key string) {
	if !s.isKnown(key) {
		*s.known = append(*s.known, key)
	}
}

func (s section) isKnown(key string) bool { return slices.Contains(*s.known, key) }

// has reports whether a key is there.
func (s section) has(key string) bool {
	_, ok := s.values[key]
	return ok
}

// table returns the section under a key; without the key it is empty.
func (s section) table(key string) section {
	s.know(key)
	sub := section{p: s.p, path: s.full(key), values: map[string]any{}, known: &[]string{}}
	switch v := s.values[key].(type) {
	case nil:
	case map[string]any:
		sub.values = v
	default:
		s.fault(key, "this must be a table, not "+kindOf(v), "write it as ["+sub.path+"]")
	}
	return sub
}

// close notes the keys that nobody asked for.
func (s section) close() { s.closeAs("the key %q is unknown") }

// closeAs is close with an own sentence, in which %q is the key.
func (s section) closeAs(sentence string) {
	for _, key := range slices.Sorted(maps.Keys(s.values)) {
		if !s.isKnown(key) {
			s.fault(key, strings.Replace(sentence, "%q", `"`+key+`"`, 1), suggestion(key, *s.known))
		}
	}
}
