package convert

import (
	"strconv"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// placing finds the bindings that tell what a row belongs to.
func (p *Plan) placing() {
	for _, c := range p.table.Placing() {
		for i, b := range p.bindings {
			if b.Name == c.Name {
				p.placed = append(p.placed, i)
			}
		}
	}
}

// key is etl.Reject.Key of the row in hand: what of its place reads. The values have
// had their treatment, like those of every row.
func (c *Converter) key() string {
	row := len(c.places)
	known := map[string]*string{}
	for _, i := range c.plan.placed {
		b := &c.plan.bindings[i]
		if len(b.from) == 0 {
			known[b.Name] = nil
			continue
		}
		if c.read(i) != nil {
			continue
		}
		known[b.Name] = nil
		if text, ok := c.columns[i].text(row); ok {
			known[b.Name] = &text
		}
	}
	if len(known) == 0 {
		return ""
	}
	return quote(known)
}

// doubtfulKey is key for a row of another width than the header's. The text in a
// column's place may be another column's, a citizen's number too, so only what looks
// like nobody's is taken.
func (c *Converter) doubtfulKey(fields []string) string {
	sure := make([]string, len(c.plan.header))
	copy(sure, fields)
	for i, text := range sure {
		if privacy.Scrub(text) != text {
			sure[i] = ""
		}
	}
	if len(c.places) == c.room {
		c.reserve(max(firstRoom, c.room+c.room/2))
	}
	c.fields = sure
	return c.key()
}

// text writes a value as DuckDB casts it from text; ok is false for NULL.
func (c *column) text(row int) (text string, ok bool) {
	if c.valid[row>>3]&(1<<(row&7)) == 0 {
		return "", false
	}
	const second = "2006-01-02 15:04:05.999999"
	switch c.kind {
	case etl.Integer:
		return strconv.FormatInt(c.numbers[row], 10), true
	case etl.Identifier:
		return strconv.FormatUint(c.large[row], 10), true
	case etl.Decimal:
		return strconv.FormatFloat(c.decimals[row], 'g', -1, 64), true
	case etl.Boolean:
		return strconv.FormatBool(c.flags[row>>3]&(1<<(row&7)) != 0), true
	case etl.LocalTime:
		return time.UnixMicro(c.numbers[row]).UTC().Format(second), true
	case etl.Instant:
		return time.UnixMicro(c.numbers[row]).UTC().Format(second + "+00"), true
	case etl.Date:
		return time.Unix(int64(c.days[row])*secondsPerDay, 0).UTC().Format(time.DateOnly), true
	}
	return string(c.texts[c.offsets[row]:c.offsets[row+1]]), true
}
