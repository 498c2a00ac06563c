package convert

import (
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/den-digitale-hotline/ddh/etl"
)

// cell is one value of the row in hand. A row is read as a whole before any of it
// is appended, since an Arrow builder cannot take back a value.
type cell struct {
	text    string
	number  int64 // integers, times and dates
	large   uint64
	decimal float64
	flag    bool
	null    bool
}

// parse reads a text that is not empty as a value of the type.
func (f Format) parse(t etl.Type, text string, into *cell) (p *problem) {
	switch t {
	case etl.Integer:
		into.number, p = f.integer(text)
	case etl.Identifier:
		into.large, p = f.identifier(text)
	case etl.Decimal:
		into.decimal, p = f.decimal(text)
	case etl.Boolean:
		into.flag, p = boolean(text)
	case etl.LocalTime:
		into.number, p = f.localTime(text)
	case etl.Instant:
		into.number, p = f.instant(text)
	case etl.Date:
		into.number, p = f.date(text)
	default:
		if !utf8.ValidString(text) { // Parquet readers refuse a whole file for one such text
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
		into.text = text
	}
	return p
}

// column is the builder of a column, without its interface.
type column struct {
	kind     etl.Type
	integers *array.Int64Builder
	large    *array.Uint64Builder
	decimals *array.Float64Builder
	flags    *array.BooleanBuilder
	times    *array.TimestampBuilder
	dates    *array.Date32Builder
	texts    *array.StringBuilder
}

func newColumn(kind etl.Type, builder array.Builder) column {
	c := column{kind: kind}
	switch b := builder.(type) {
	case *array.Int64Builder:
		c.integers = b
	case *array.Uint64Builder:
		c.large = b
	case *array.Float64Builder:
		c.decimals = b
	case *array.BooleanBuilder:
		c.flags = b
	case *array.TimestampBuilder:
		c.times = b
	case *array.Date32Builder:
		c.dates = b
	case *array.StringBuilder:
		c.texts = b
	}
	return c
}

func (c *column) append(value *cell) {
	switch c.kind {
	case etl.Integer:
		add(c.integers, value.number, value.null)
	case etl.Identifier:
		add(c.large, value.large, value.null)
	case etl.Decimal:
		add(c.decimals, value.decimal, value.null)
	case etl.Boolean:
		add(c.flags, value.flag, value.null)
	case etl.LocalTime, etl.Instant:
		add(c.times, arrow.Timestamp(value.number), value.null)
	case etl.Date:
		add(c.dates, arrow.Date32(value.number), value.null)
	default:
		add(c.texts, value.text, value.null)
	}
}

// appender is what the builders of all types have in common.
type appender[T any] interface {
	Append(T)
	AppendNull()
}

func add[T any](b appender[T], value T, null bool) {
	if null {
		b.AppendNull()
		return
	}
	b.Append(value)
}
