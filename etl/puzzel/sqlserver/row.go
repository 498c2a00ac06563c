package sqlserver

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// row turns the values of one row into text, "" for NULL. What is text already is
// taken as it is; all other values of a row are written into one buffer, so that a
// row costs one allocation and not one per value.
type row struct {
	cells  []cell
	dest   []any
	fields []string
	buffer []byte
}

// cell takes the value of one column. It implements sql.Scanner.
type cell struct {
	row      *row
	kind     kind
	text     string
	from, to int // in the row's buffer, where the value is not text; else equal
}

// kind is what the type of a value does not tell about how it is written.
type kind uint8

const (
	plain  kind = iota
	padded      // fixed width: the blanks at the end are no part of the value
	guid        // 16 bytes
	binary
	date
	clock
	offset // a time with its offset
)

func kindOf(databaseType string) kind {
	switch databaseType {
	case "CHAR", "NCHAR":
		return padded
	case "UNIQUEIDENTIFIER":
		return guid
	case "BINARY", "VARBINARY", "IMAGE":
		return binary
	case "DATE":
		return date
	case "TIME":
		return clock
	case "DATETIMEOFFSET":
		return offset
	}
	return plain
}

// newRow prepares for the rows of a result, to whose fields some are added that are
// always empty.
func newRow(rows *sql.Rows, empty int) (*row, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	r := &row{
		cells: make([]cell, len(types)), dest: make([]any, len(types)),
		fields: make([]string, len(types)+empty), buffer: make([]byte, 0, 512),
	}
	for i, t := range types {
		r.cells[i] = cell{row: r, kind: kindOf(t.DatabaseTypeName())}
		r.dest[i] = &r.cells[i]
	}
	return r, nil
}

// read returns the current row. It is overwritten by the next.
func (r *row) read(rows *sql.Rows) ([]string, error) {
	r.buffer = r.buffer[:0]
	if err := rows.Scan(r.dest...); err != nil {
		return nil, err
	}
	written := string(r.buffer)
	for i := range r.cells {
		if c := &r.cells[i]; c.to > c.from {
			r.fields[i] = written[c.from:c.to]
		} else {
			r.fields[i] = c.text
		}
	}
	return r.fields, nil
}

// Scan implements sql.Scanner. Its error names the type, never the value.
func (c *cell) Scan(value any) error {
	r := c.row
	c.text, c.from = "", len(r.buffer)
	switch v := value.(type) {
	case nil:
	case string:
		c.text = v
		if c.kind == padded {
			c.text = strings.TrimRight(v, " ")
		}
	case int64:
		r.buffer = strconv.AppendInt(r.buffer, v, 10)
	case bool:
		r.buffer = append(r.buffer, bit(v))
	case time.Time:
		r.buffer = appendTime(r.buffer, v, c.kind)
	case []byte:
		r.buffer = appendBytes(r.buffer, v, c.kind)
	case float64:
		r.buffer = strconv.AppendFloat(r.buffer, v, 'g', -1, 64)
	default:
		return &etl.Trouble{Kind: etl.Contract, Message: fmt.Sprintf("a value of type %T cannot be read", value)}
	}
	c.to = len(r.buffer)
	return nil
}

func bit(set bool) byte {
	if set {
		return '1'
	}
	return '0'
}

// appendBytes writes what the driver hands out as bytes: numeric and money are the
// digits themselves.
func appendBytes(to, value []byte, k kind) []byte {
	switch {
	case k == guid && len(value) == 16:
		return appendGUID(to, value)
	case k == binary:
		return hex.AppendEncode(append(to, "0x"...), value)
	}
	return append(to, value...)
}

// guidOrder is where SQL Server keeps the bytes of a uniqueidentifier: the first
// three groups are little-endian.
var guidOrder = [16]int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}

// appendGUID writes a uniqueidentifier as SQL Server prints it, in capitals.
func appendGUID(to, value []byte) []byte {
	const digits = "0123456789ABCDEF"
	for i, at := range guidOrder {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			to = append(to, '-')
		}
		to = append(to, digits[value[at]>>4], digits[value[at]&15])
	}
	return to
}

// appendTime writes ISO 8601 with a blank between date and time. A fraction has three
// digits, as datetime has, or as many as it needs; none where it is zero.
func appendTime(to []byte, t time.Time, k kind) []byte {
	if k != clock {
		year, month, day := t.Date()
		to = append(appendPair(appendPair(to, year/100), year%100), '-')
		to = append(appendPair(to, int(month)), '-')
		to = appendPair(to, day)
	}
	if k == date {
		return to
	}
	if k != clock {
		to = append(to, ' ')
	}
	hour, minute, second := t.Clock()
	to = append(appendPair(to, hour), ':')
	to = append(appendPair(to, minute), ':')
	to = appendPair(to, second)
	to = appendFraction(to, t.Nanosecond())
	if k == offset {
		to = t.AppendFormat(to, "-07:00")
	}
	return to
}

func appendPair(to []byte, number int) []byte {
	return append(to, byte('0'+number/10), byte('0'+number%10))
}

func appendFraction(to []byte, nanos int) []byte {
	if nanos == 0 {
		return to
	}
	to = append(to, '.')
	for unit := 100_000_000; unit >= 1_000_000 || nanos > 0; unit /= 10 {
		to = append(to, byte('0'+nanos/unit))
		nanos %= unit
	}
	return to
}
