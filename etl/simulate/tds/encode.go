package tds

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// appendColumns appends COLMETADATA.
func appendColumns(b []byte, columns []Column) []byte {
	b = append(b, tokenColumns)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(columns)))
	for _, c := range columns {
		b = binary.LittleEndian.AppendUint32(b, 0) // user type
		flags := uint16(1)                         // may be NULL
		if c.NotNull {
			flags = 0
		}
		b = binary.LittleEndian.AppendUint16(b, flags)
		b = appendShort(c.appendType(b), c.Name)
	}
	return b
}

// appendType appends TYPE_INFO. Columns that cannot be NULL come as fixed types where
// there is one, as from SQL Server.
func (c Column) appendType(b []byte) []byte {
	if c.NotNull {
		if code, ok := fixedWire[c.Type]; ok {
			return append(b, code)
		}
	}
	switch c.Type {
	case Bit:
		return append(b, wireBitN, 1)
	case TinyInt:
		return append(b, wireIntN, 1)
	case SmallInt:
		return append(b, wireIntN, 2)
	case Int:
		return append(b, wireIntN, 4)
	case BigInt:
		return append(b, wireIntN, 8)
	case Float:
		return append(b, wireFloatN, 8)
	case Numeric:
		return append(b, wireNumericN, byte(numericSize(c.Precision)), byte(c.Precision), byte(c.Scale))
	case DateTime:
		return append(b, wireDateTimeN, 8)
	case DateTime2:
		return append(b, wireDateTime2N, byte(c.Scale))
	case DateTimeOffset:
		return append(b, wireDateTimeOffsetN, byte(c.Scale))
	case Date:
		return append(b, wireDateN)
	case UniqueIdentifier:
		return append(b, wireGUID, 16)
	}
	return c.appendTextType(b)
}

var fixedWire = map[Type]byte{
	Bit: wireBit, TinyInt: wireInt1, SmallInt: wireInt2, Int: wireInt4, BigInt: wireInt8,
	Float: wireFloat8, DateTime: wireDateTime,
}

func (c Column) appendTextType(b []byte) []byte {
	code, width := byte(wireVarChar), 1
	switch c.Type {
	case Char:
		code = wireChar
	case NChar:
		code, width = wireNChar, 2
	case NVarChar:
		code, width = wireNVarChar, 2
	}
	size := uint16(c.Length * width)
	if c.Length == Max {
		size = lengthMax
	}
	b = binary.LittleEndian.AppendUint16(append(b, code), size)
	return append(b, collation[:]...)
}

// appendRow appends a row, in the form in which NULLs take one bit each where that is
// the shorter one.
func appendRow(b []byte, columns []Column, values []any) ([]byte, error) {
	nulls := 0
	for _, v := range values {
		if v == nil {
			nulls++
		}
	}
	if bits := (len(columns) + 7) / 8; nulls > bits {
		return appendRowNulls(b, columns, values, bits)
	}
	b = append(b, tokenRow)
	var err error
	for i, c := range columns {
		if b, err = c.appendValue(b, values[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func appendRowNulls(b []byte, columns []Column, values []any, bits int) ([]byte, error) {
	b = append(b, tokenRowNulls)
	at := len(b)
	b = append(b, make([]byte, bits)...)
	var err error
	for i, c := range columns {
		if values[i] == nil && !c.NotNull {
			b[at+i/8] |= 1 << (i % 8)
			continue
		}
		if b, err = c.appendValue(b, values[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// appendValue appends a value with the length that goes before it.
func (c Column) appendValue(b []byte, value any) ([]byte, error) {
	if value == nil {
		return c.appendNull(b)
	}
	switch c.Type {
	case Bit, TinyInt, SmallInt, Int, BigInt, Float:
		return c.appendNumber(b, value)
	case Numeric:
		return c.appendNumeric(b, value)
	case Char, VarChar, NChar, NVarChar:
		return c.appendText(b, value)
	case UniqueIdentifier:
		return c.appendUUID(b, value)
	}
	t, ok := value.(time.Time)
	if !ok {
		return nil, c.misfit(value)
	}
	return c.appendTime(b, t)
}

func (c Column) appendNull(b []byte) ([]byte, error) {
	if c.NotNull {
		return nil, &Error{515, 2, 16, fmt.Sprintf("Cannot show NULL in column '%s': it does not allow NULLs.", c.Name)}
	}
	switch c.Type {
	case Char, VarChar, NChar, NVarChar:
		if c.Length == Max {
			return binary.LittleEndian.AppendUint64(b, chunksNull), nil
		}
		return binary.LittleEndian.AppendUint16(b, lengthNull), nil
	}
	return append(b, 0), nil
}

// misfit is the error of a handler's value that the column's type does not take.
func (c Column) misfit(value any) *Error {
	return &Error{8114, 5, 16, fmt.Sprintf("Error converting a value of Go's %T to %s in column '%s'.", value, c.Type, c.Name)}
}

func (c Column) overflow() *Error {
	return &Error{8115, 2, 16, fmt.Sprintf("Arithmetic overflow error converting expression to data type %s in column '%s'.", c.Type, c.Name)}
}

// length appends the length of a value in one byte, which fixed types go without.
func (c Column) length(b []byte, n int) []byte {
	if c.NotNull {
		if _, fixed := fixedWire[c.Type]; fixed {
			return b
		}
	}
	return append(b, byte(n))
}

func (c Column) appendNumber(b []byte, value any) ([]byte, error) {
	if c.Type == Float {
		switch f := value.(type) {
		case float64:
			return binary.LittleEndian.AppendUint64(c.length(b, 8), math.Float64bits(f)), nil
		case int64:
			return binary.LittleEndian.AppendUint64(c.length(b, 8), math.Float64bits(float64(f))), nil
		}
		return nil, c.misfit(value)
	}
	n, ok := value.(int64)
	if truth, is := value.(bool); is {
		ok = c.Type == Bit
		if truth {
			n = 1
		}
	}
	if !ok {
		return nil, c.misfit(value)
	}
	return c.appendWhole(b, n)
}

func (c Column) appendWhole(b []byte, n int64) ([]byte, error) {
	switch c.Type {
	case Bit:
		if n != 0 {
			n = 1
		}
		return append(c.length(b, 1), byte(n)), nil
	case TinyInt:
		if n < 0 || n > math.MaxUint8 {
			return nil, c.overflow()
		}
		return append(c.length(b, 1), byte(n)), nil
	case SmallInt:
		if n != int64(int16(n)) {
			return nil, c.overflow()
		}
		return binary.LittleEndian.AppendUint16(c.length(b, 2), uint16(n)), nil
	case Int:
		if n != int64(int32(n)) {
			return nil, c.overflow()
		}
		return binary.LittleEndian.AppendUint32(c.length(b, 4), uint32(n)), nil
	default:
		return binary.LittleEndian.AppendUint64(c.length(b, 8), uint64(n)), nil
	}
}
