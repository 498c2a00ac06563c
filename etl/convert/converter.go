package convert

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Converter turns the rows of one delivery into Arrow batches. It belongs to one
// goroutine.
type Converter struct {
	plan      *Plan
	numbers   *privacy.Pseudonymiser
	builder   *array.RecordBuilder
	columns   []column
	rowNumber *array.Int64Builder
	cells     []cell
	rejects   []etl.Reject
	rows      int

	fields []string // of the row in hand
	get    func(string) string
}

// Converter returns a new Converter for one goroutine.
func (p *Plan) Converter() *Converter {
	c := &Converter{
		plan:    p,
		numbers: p.protect.Worker(),
		builder: array.NewRecordBuilder(memory.DefaultAllocator, p.table.Schema()),
		cells:   make([]cell, len(p.bindings)),
	}
	for i, b := range p.bindings {
		c.columns = append(c.columns, newColumn(b.Type, c.builder.Field(i)))
	}
	c.rowNumber = c.builder.Field(len(p.bindings)).(*array.Int64Builder)
	c.get = c.source
	return c
}

// Add converts one row: row is its number in the source, line that of the file
// line it starts on, both from 1, line 0 where there are no lines. The fields are
// the row's texts in the order of the header; none of them is kept. A row that
// does not read is put among the rejects.
func (c *Converter) Add(row, line int64, fields []string) {
	if len(fields) != len(c.plan.header) {
		c.refuseWidth(row, line, fields)
		return
	}
	c.fields = fields
	for i := range c.plan.bindings {
		b := &c.plan.bindings[i]
		if p := c.read(b, &c.cells[i]); p != nil {
			c.reject(row, line, b.Name, p)
			return
		}
	}
	for i := range c.columns {
		if len(c.plan.bindings[i].from) > 0 {
			c.columns[i].append(&c.cells[i])
		}
	}
	c.rowNumber.Append(row)
	c.rows++
}

// Rows is the number of rows that wait for Flush, rejected ones not counted.
func (c *Converter) Rows() int { return c.rows }

// Flush hands out what has been added since the last Flush: a batch with the
// table's Schema, to be released by the caller, and the rejects, in the order of
// the rows. The batch may have no rows.
func (c *Converter) Flush() (arrow.RecordBatch, []etl.Reject) {
	for i := range c.columns {
		if len(c.plan.bindings[i].from) == 0 {
			c.builder.Field(i).AppendNulls(c.rows)
		}
	}
	batch, rejects := c.builder.NewRecordBatch(), c.rejects
	c.builder.Reserve(c.rows) // the next batch will be of about this size
	c.rows, c.rejects = 0, nil
	return batch, rejects
}

// Release frees what the Converter holds.
func (c *Converter) Release() { c.builder.Release() }

// read takes one column's value out of the row in hand.
func (c *Converter) read(b *binding, into *cell) *problem {
	text := ""
	for _, i := range b.from {
		if text = clean(c.fields[i]); text != "" {
			break
		}
	}
	if b.Derive != nil && text != "" {
		text = clean(b.Derive(text))
	}
	if text != "" && (b.Treat != etl.Keep || b.Choose != nil) {
		text = c.treat(b, text)
	}
	if text == "" {
		into.null = true
		if b.NotNull {
			return missingValue
		}
		return nil
	}
	into.null = false
	return c.plan.format.parse(b.Type, text, into)
}

// treat applies the column's privacy treatment to a text.
func (c *Converter) treat(b *binding, text string) string {
	treatment := b.Treat
	if b.Choose != nil {
		treatment = b.Choose(c.get)
	}
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
	i, ok := c.plan.byName[strings.ToLower(name)]
	if !ok {
		return ""
	}
	return clean(c.fields[i])
}

func (c *Converter) reject(row, line int64, column string, p *problem) {
	c.rejects = append(c.rejects, etl.Reject{
		Row: row, Line: line, Column: column, Rule: p.rule, Message: p.message, Raw: c.rawRow(c.fields),
	})
}

// Refuse puts a row that could not even be parted into fields rightly among the
// rejects, under a rule and a sentence of the caller's.
func (c *Converter) Refuse(row, line int64, fields []string, rule, message string) {
	c.rejects = append(c.rejects, etl.Reject{
		Row: row, Line: line, Rule: rule, Message: message, Raw: c.rawFields(fields),
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
