package convert

import (
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Speaks reports whether a delivered column holds people's own words, or is read by
// nothing: only there is a quote a character like any other.
func (p *Plan) Speaks(column int) bool {
	for _, b := range p.bindings {
		if b.wording != prose && slices.Contains(b.from, column) {
			return false
		}
	}
	return true
}

// LooksLikeRow reports whether texts read as the first fields of a row: a time and
// something else do, or four numbers, and nothing speaks against it. It serves to find
// rows that a stray quote has swallowed.
func (p *Plan) LooksLikeRow(fields []string) bool {
	hits, times := 0, 0
	for _, i := range p.bound {
		b := &p.bindings[i]
		at := b.from[0]
		if at >= len(fields) || b.Type == etl.Text || b.Type == etl.Boolean || b.Derive != nil {
			continue
		}
		text := b.wording.clean(fields[at])
		if text == "" {
			continue
		}
		c := column{kind: b.Type}
		c.reserve(1)
		if problem := c.set(b.format, 0, text); problem != nil && problem != openDate && problem != openNumber {
			return false
		}
		hits++
		if b.Type == etl.LocalTime || b.Type == etl.Instant || b.Type == etl.Date {
			times++
		}
	}
	return times > 0 && hits > 1 || hits > 3
}
