package convert

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Converter turns the rows of one delivery into Arrow batches. It belongs to one
// goroutine.
type Converter struct {
	plan    *Plan
	numbers *privacy.Pseudonymiser
	columns []column // one per binding
	treated []treated
	places  []int64 // of the rows in their source: etl.RowColumn
	room    int     // rows there is room for
	rejects []etl.Reject
	noted   noted
	hold    bool // what only a look at all rows can settle ends the conversion
	open    bool // such a value was met

	fields []string // of the row in hand
	get    func(string) string
}

// treated is the text that a column treated last: the rows of a call follow each
// other, and much is the same in all of them.
type treated struct {
	treatment etl.Treatment
	from, to  string
}

// Converter returns a new Converter for one goroutine. What the plan leaves open it does
// not guess: such a row is rejected.
func (p *Plan) Converter() *Converter {
	c := &Converter{
		plan:    p,
		numbers: p.protect.Worker(),
		columns: make([]column, len(p.bindings)),
		noted:   newNoted(len(p.bindings)),
		treated: make([]treated, len(p.bindings)),
	}
	for i, b := range p.bindings {
		c.columns[i].kind = b.Type
	}
	c.get = c.source
	return c
}

// Tentative returns a Converter that ends where a look at all rows is needed first (see
// Open); of a settled plan it is like any other.
func (p *Plan) Tentative() *Converter {
	c := p.Converter()
	c.hold = !p.settled
	return c
}

// firstRoom is the number of rows that a Converter first makes room for.
const firstRoom = 1024

func (c *Converter) reserve(rows int) {
	c.room = rows
	for _, i := range c.plan.bound {
		c.columns[i].reserve(rows)
	}
}

// Add converts one row: row is its number in the source, line that of the file
// line it starts on, both from 1, line 0 where there are no lines. The fields are
// the row's texts in the order of the header; none of them is kept beyond Flush. A
// row that does not read is put among the rejects.
func (c *Converter) Add(row, line int64, fields []string) {
	if len(fields) != len(c.plan.header) {
		c.refuseWidth(row, line, fields)
		return
	}
	if len(c.places) == c.room {
		c.reserve(max(firstRoom, c.room+c.room/2))
	}
	c.fields = fields
	for _, i := range c.plan.bound {
		p := c.read(i)
		if p == nil {
			continue
		}
		if c.hold && (p == openDate || p == openNumber) {
			c.open = true
			c.noted.forget()
			return
		}
		if c.plan.bindings[i].Spare && !c.plan.bindings[i].NotNull {
			c.columns[i].setNull(len(c.places))
			c.leaveOut(i, row, line, p)
			continue
		}
		c.reject(row, line, c.plan.bindings[i].Name, p)
		return
	}
	c.noted.now = c.noted.now[:0]
	c.places = append(c.places, row)
}

// Rows is the number of rows that wait for Flush, rejected ones not counted.
func (c *Converter) Rows() int { return len(c.places) }

// Flush hands out what has been added since the last Flush: a batch with the
// table's Schema, to be released by the caller, and the rejects, in the order of
// the rows. The batch may have no rows.
func (c *Converter) Flush() (arrow.RecordBatch, []etl.Reject) {
	rows, rejects := len(c.places), c.rejects
	if c.room == 0 {
		c.reserve(1)
	}
	arrays := make([]arrow.Array, 0, len(c.columns)+1)
	for i := range c.columns {
		if len(c.plan.bindings[i].from) == 0 {
			arrays = append(arrays, array.MakeArrayOfNull(memory.DefaultAllocator, c.columns[i].kind.Arrow(), rows))
			continue
		}
		arrays = append(arrays, c.columns[i].flush(rows))
	}
	places := column{kind: etl.Integer, numbers: c.places, valid: bytes.Repeat([]byte{0xFF}, (rows+7)/8)}
	arrays = append(arrays, places.flush(rows))
	batch := array.NewRecordBatch(c.plan.schema, arrays, int64(rows))
	for _, a := range arrays {
		a.Release()
	}
	clear(c.treated) // it may be part of a large text
	c.places, c.rejects = nil, nil
	c.plan.ledger.add(c)
	c.reserve(rows + rows/16) // the next batch will be of about this size
	c.places = make([]int64, 0, c.room)
	return batch, rejects
}

// read takes one column's value out of the row in hand.
func (c *Converter) read(i int) *problem {
	b, row := &c.plan.bindings[i], len(c.places)
	text := ""
	for _, at := range b.from {
		if text = b.wording.clean(c.fields[at]); text != "" {
			break
		}
	}
	if b.Derive != nil && text != "" {
		if text = b.wording.clean(b.Derive(text)); text == masked {
			return maskedValue
		}
	}
	if text != "" && (b.Treat != etl.Keep || b.Choose != nil) {
		text = c.treat(i, text)
	}
	if text == "" {
		if b.NotNull {
			return missingValue
		}
		c.columns[i].setNull(row)
		return nil
	}
	if b.otherCode != nil && !slices.Contains(b.Look.Codes, text) {
		return b.otherCode
	}
	format := b.format
	if c.hold {
		format.DayMonth = Unsettled
	}
	if p := c.columns[i].set(format, row, text); p != nil {
		return p
	}
	if b.Look.Most > 0 && c.columns[i].numbers[row] > b.Look.Most {
		return tooLarge
	}
	if b.Type == etl.LocalTime || b.Type == etl.Instant {
		c.noted.clock(i, c.columns[i].numbers[row])
	}
	return nil
}

// treat applies the column's privacy treatment to a text.
func (c *Converter) treat(i int, text string) string {
	b, last := &c.plan.bindings[i], &c.treated[i]
	treatment := b.Treat
	if b.Choose != nil {
		treatment = b.Choose(c.get)
	}
	if last.from != text || last.treatment != treatment {
		*last = treated{treatment, text, c.applied(treatment, text)}
	}
	return last.to
}

func (c *Converter) applied(treatment etl.Treatment, text string) string {
	switch treatment {
	case etl.Keep:
		return text
	case etl.Pseudonym:
		return c.numbers.Pseudonym(text)
	case etl.Number:
		return privacy.Normalise(text)
	case etl.Masked:
		return privacy.Mask(privacy.Normalise(text))
	case etl.Scrub:
		return privacy.Scrub(text)
	default: // Drop, and whatever a later contract may invent
		return ""
	}
}

// source returns the text of a source column in the row in hand, for Choose.
func (c *Converter) source(name string) string {
	i, ok := c.plan.byName[name]
	if !ok {
		if i, ok = c.plan.byName[fold(name)]; !ok {
			return ""
		}
	}
	return coded.clean(c.fields[i])
}

func (c *Converter) reject(row, line int64, column string, p *problem) {
	c.noted.now = c.noted.now[:0]
	c.rejects = append(c.rejects, etl.Reject{
		Row: row, Line: line, Column: column, Rule: p.rule, Message: p.message, Raw: c.rawRow(c.fields), Key: c.key(),
	})
}

// Refuse puts a row that could not even be parted into fields rightly among the
// rejects, under a rule and a sentence of the caller's.
func (c *Converter) Refuse(row, line int64, fields []string, rule, message string) {
	c.rejects = append(c.rejects, etl.Reject{
		Row: row, Line: line, Rule: rule, Message: message, Raw: c.rawFields(fields), Key: c.doubtfulKey(fields),
	})
}

func (c *Converter) refuseWidth(row, line int64, fields []string) {
	have, want := len(fields), len(c.plan.header)
	rule := "too-many-fields"
	if have < want {
		rule = "too-few-fields"
	}
	c.Refuse(row, line, fields, rule, fmt.Sprintf("the row has %d fields and the header %d", have, want))
}
