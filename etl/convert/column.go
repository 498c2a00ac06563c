package convert

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/den-digitale-hotline/ddh/etl"
)

// column gathers the values of one column, in the layout of Arrow. A value is set at
// the place of the row in hand, and setting it again overwrites it: a row that turns
// out not to read leaves its place to the next.
type column struct {
	kind     etl.Type
	valid    []byte    // a bit per row
	numbers  []int64   // integers and times
	large    []uint64  // identifiers
	decimals []float64 // decimals
	days     []int32   // dates
	flags    []byte    // booleans, a bit per row
	offsets  []int32   // of texts, one more than rows
	texts    []byte
}

// reserve makes room for so many rows.
func (c *column) reserve(rows int) {
	bytes := (rows + 7) / 8
	c.valid = extend(c.valid, bytes)
	switch c.kind {
	case etl.Integer, etl.LocalTime, etl.Instant:
		c.numbers = extend(c.numbers, rows)
	case etl.Identifier:
		c.large = extend(c.large, rows)
	case etl.Decimal:
		c.decimals = extend(c.decimals, rows)
	case etl.Date:
		c.days = extend(c.days, rows)
	case etl.Boolean:
		c.flags = extend(c.flags, bytes)
	default:
		c.offsets = extend(c.offsets, rows+1)
	}
}

func extend[T any](values []T, size int) []T {
	if size <= len(values) {
		return values
	}
	return append(values, make([]T, size-len(values))...)
}

// setNull leaves a row without a value.
func (c *column) setNull(row int) {
	setBit(c.valid, row, false)
	if c.kind == etl.Text {
		c.texts = c.texts[:c.offsets[row]]
		c.offsets[row+1] = c.offsets[row]
	}
}

// set reads a text that is not empty as the row's value.
func (c *column) set(f Format, row int, text string) (p *problem) {
	setBit(c.valid, row, true)
	switch c.kind {
	case etl.Integer:
		c.numbers[row], p = f.integer(text)
	case etl.Identifier:
		c.large[row], p = f.identifier(text)
	case etl.Decimal:
		c.decimals[row], p = f.decimal(text)
	case etl.Boolean:
		var flag bool
		flag, p = boolean(text)
		setBit(c.flags, row, flag)
	case etl.LocalTime:
		c.numbers[row], p = f.localTime(text)
	case etl.Instant:
		c.numbers[row], p = f.instant(text)
	case etl.Date:
		var day int64
		day, p = f.date(text)
		c.days[row] = int32(day)
	default:
		if !utf8.ValidString(text) { // Parquet readers refuse a whole file for one such text
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
		c.texts = append(c.texts[:c.offsets[row]], text...)
		c.offsets[row+1] = int32(len(c.texts))
	}
	return p
}

func setBit(bitmap []byte, at int, value bool) {
	mask := byte(1) << (at & 7)
	if value {
		bitmap[at>>3] |= mask
	} else {
		bitmap[at>>3] &^= mask
	}
}

// flush hands the first rows out as an array and forgets them; room must be made anew.
func (c *column) flush(rows int) arrow.Array {
	nulls := rows - countBits(c.valid, rows)
	buffers := []*memory.Buffer{memory.NewBufferBytes(c.valid), nil}
	switch c.kind {
	case etl.Integer, etl.LocalTime, etl.Instant:
		buffers[1] = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(c.numbers[:rows]))
	case etl.Identifier:
		buffers[1] = memory.NewBufferBytes(arrow.Uint64Traits.CastToBytes(c.large[:rows]))
	case etl.Decimal:
		buffers[1] = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(c.decimals[:rows]))
	case etl.Date:
		buffers[1] = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.days[:rows]))
	case etl.Boolean:
		buffers[1] = memory.NewBufferBytes(c.flags)
	default:
		buffers[1] = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.offsets[:rows+1]))
		buffers = append(buffers, memory.NewBufferBytes(c.texts[:c.offsets[rows]]))
	}
	data := array.NewData(c.kind.Arrow(), rows, buffers, nil, nulls, 0)
	defer data.Release()
	*c = column{kind: c.kind, texts: slices.Grow([]byte(nil), len(c.texts))}
	return array.MakeFromData(data)
}

// countBits counts the set ones among the first bits.
func countBits(bitmap []byte, size int) int {
	count := 0
	for _, b := range bitmap[:size/8] {
		count += bits.OnesCount8(b)
	}
	if rest := size % 8; rest > 0 {
		count += bits.OnesCount8(bitmap[size/8] & (1<<rest - 1))
	}
	return count
}

// reads reports whether a value reads as one of the types.
func (f Format) reads(types []etl.Type, value string) bool {
	return slices.ContainsFunc(types, func(t etl.Type) bool {
		c := column{kind: t}
		c.reserve(1)
		return c.set(f, 0, value) == nil
	})
}
