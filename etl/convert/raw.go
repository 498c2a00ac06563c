package convert

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// omitted stands in a rejected row for a value that may be personal and cannot be
// told from one that is not.
const omitted = "[udeladt]"

// guard says how a delivered column may be shown in a rejected row. Where several
// contract columns read it, the strongest protection wins.
type guard struct {
	known     bool // a contract column that stores something reads it
	number    bool // shown as pseudonym
	masked    bool // shown with the last digits starred
	clear     bool // a number in clear
	scrub     bool
	plainText bool       // a text column that is kept as it is
	key       bool       // such a column that names something
	address   bool       // such a column that may hold an agent's e-mail address
	types     []etl.Type // of the columns that are not text
}

// guard derives the guards from the bindings.
func (p *Plan) guard() {
	p.guards = make([]guard, len(p.header))
	for _, b := range p.bindings {
		for _, i := range b.from {
			p.guards[i].add(b.Column, identifies(p.table, b.Column))
		}
	}
}

// identifies reports whether a column is part of what a row is known by.
func identifies(t etl.Table, c etl.Column) bool {
	return c.NotNull || slices.Contains(t.Replace.Key, c.Name) || slices.Contains(t.Replace.Row, c.Name)
}

func (g *guard) add(c etl.Column, key bool) {
	if c.Treat == etl.Drop && c.Choose == nil {
		return
	}
	g.known = true
	switch {
	case c.Choose != nil, c.Treat == etl.Pseudonym:
		g.number = true
	case c.Treat == etl.Masked:
		g.masked = true
	case c.Treat == etl.Number:
		g.clear = true
	case c.Treat == etl.Scrub, c.Derive != nil:
		g.scrub = true
	case c.Type == etl.Text:
		g.plainText, g.key, g.address = true, g.key || key, g.address || c.Look.Address
	default:
		g.types = append(g.types, c.Type)
	}
}

// rawRow is a row of the right width as a JSON object of source column to text,
// fit to be written: columns that nothing stores are left out.
func (c *Converter) rawRow(fields []string) string {
	var out strings.Builder
	out.WriteByte('{')
	for i, text := range fields {
		if !c.plan.guards[i].known {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.WriteString(quote(c.plan.header[i]))
		out.WriteByte(':')
		out.WriteString(quote(c.shown(c.plan.guards[i], text)))
	}
	out.WriteByte('}')
	return out.String()
}

// shown is how a value may be shown under a guard.
func (c *Converter) shown(g guard, text string) string {
	value := clean(text)
	switch {
	case value == "":
		return text
	case g.number:
		return c.numbers.Pseudonym(value)
	case g.masked:
		return privacy.Mask(privacy.Normalise(value))
	case g.clear:
		if number := privacy.Normalise(value); number != "" {
			return number
		}
	case g.scrub:
	case g.plainText && g.expects(value), c.plan.format.reads(g.types, value):
		return text
	}
	return privacy.Scrub(text)
}

// expects reports whether a value is of a kind that a kept text may have although it
// looks personal. Anything else that does may belong to another column: the fields of
// a rejected row can have moved.
func (g guard) expects(value string) bool {
	return privacy.IsOpaque(value) || g.key && privacy.IsSerial(value) || g.address && privacy.IsAddress(value)
}

// rawFields is a row of the wrong width as a JSON object with the list "fields".
// Nobody knows which text belongs to which column. So all are scrubbed, and where
// the delivery has columns that are never stored, such as a citizen's name, only
// short codes, numbers and times are shown at all.
func (c *Converter) rawFields(fields []string) string {
	strict := false
	for _, g := range c.plan.guards {
		strict = strict || !g.known
	}
	shown := make([]string, len(fields))
	for i, text := range fields {
		shown[i] = privacy.Scrub(text)
		if strict && !c.harmless(clean(text)) {
			shown[i] = omitted
		}
	}
	return `{"fields":` + quote(shown) + `}`
}

// harmless reports whether a value is empty, a number, a time or a code of one or
// two letters.
func (c *Converter) harmless(value string) bool {
	if len(value) <= 2 {
		return true
	}
	return c.plan.format.reads([]etl.Type{etl.Integer, etl.Decimal, etl.Boolean, etl.LocalTime, etl.Date}, value)
}

// quote writes a text or a list of texts as JSON.
func quote(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // texts always encode
		return `""`
	}
	return strings.TrimSuffix(out.String(), "\n")
}
