package tds

import (
	"fmt"
	"strconv"
)

// The types on the wire (MS-TDS 2.2.5.4), as they come and go.
const (
	wireNull = 0x1f

	wireInt1     = 0x30
	wireBit      = 0x32
	wireInt2     = 0x34
	wireInt4     = 0x38
	wireDateTime = 0x3d
	wireFloat8   = 0x3e
	wireInt8     = 0x7f

	wireGUID            = 0x24
	wireIntN            = 0x26
	wireDateN           = 0x28
	wireTimeN           = 0x29
	wireDateTime2N      = 0x2a
	wireDateTimeOffsetN = 0x2b
	wireBitN            = 0x68
	wireDecimalN        = 0x6a
	wireNumericN        = 0x6c
	wireFloatN          = 0x6d
	wireMoneyN          = 0x6e
	wireDateTimeN       = 0x6f

	wireVarBinary = 0xa5
	wireVarChar   = 0xa7
	wireBinary    = 0xad
	wireChar      = 0xaf
	wireNVarChar  = 0xe7
	wireNChar     = 0xef
)

const (
	lengthNull    = 0xffff             // of a value of a type with a length in two bytes
	lengthMax     = 0xffff             // of such a type: its values come in chunks
	chunksNull    = 0xffffffffffffffff // where the length of a value in chunks stands
	chunksUnknown = 0xfffffffffffffffe
)

// parseParams reads the parameters of a procedure call up to the message's end.
func parseParams(c *cursor) ([]Param, error) {
	var params []Param
	for !c.done() {
		p := Param{Name: c.short()}
		c.uint8() // by reference, default
		w := readWireType(c)
		raw := w.value(c)
		if c.err == nil {
			p.Type, p.Value = w.kind, w.decode(c, raw)
		}
		if c.err != nil {
			return nil, badParam(len(params)+1, p.Name, c.err)
		}
		params = append(params, p)
	}
	return params, c.err
}

// badParam is what SQL Server says to a parameter it cannot read.
func badParam(number int, name string, err error) *Error {
	return &Error{8009, 3, 16, "The incoming tabular data stream (TDS) remote procedure call (RPC) protocol stream is incorrect. Parameter " +
		strconv.Itoa(number) + " (" + strconv.Quote(name) + "): " + err.Error() + "."}
}

// wireType is TYPE_INFO: how the values of a parameter come.
type wireType struct {
	code  uint8
	kind  Type
	size  int // greatest length, or the length of a value where that is fixed
	scale int
}

func readWireType(c *cursor) wireType {
	w := wireType{code: c.uint8()}
	switch w.code {
	case wireNull:
		w.kind = NVarChar
	case wireBit, wireInt1, wireInt2, wireInt4, wireInt8, wireFloat8, wireDateTime:
		w.kind, w.size = fixedKind(w.code)
	case wireGUID, wireIntN, wireBitN, wireFloatN, wireMoneyN, wireDateTimeN:
		w.size = int(c.uint8())
		w.kind = byteKind(w.code, w.size)
	case wireDecimalN, wireNumericN:
		w.kind, w.size = Numeric, int(c.uint8())
		c.uint8() // precision
		w.scale = int(c.uint8())
	case wireDateN:
		w.kind, w.size = Date, 3
	case wireTimeN, wireDateTime2N, wireDateTimeOffsetN:
		w.scale = int(c.uint8())
		w.kind = map[uint8]Type{wireTimeN: Time, wireDateTime2N: DateTime2, wireDateTimeOffsetN: DateTimeOffset}[w.code]
		if w.scale > 7 {
			c.fail(fmt.Errorf("scale %d of a time is too great", w.scale))
		}
	case wireVarBinary, wireBinary, wireVarChar, wireChar, wireNVarChar, wireNChar:
		w.kind = longKind(w.code)
		w.size = int(c.uint16())
		if w.kind != Binary {
			c.take(len(collation))
		}
	default:
		c.fail(fmt.Errorf("type 0x%02x is not understood", w.code))
	}
	return w
}

func fixedKind(code uint8) (Type, int) {
	switch code {
	case wireBit:
		return Bit, 1
	case wireInt1:
		return TinyInt, 1
	case wireInt2:
		return SmallInt, 2
	case wireInt4:
		return Int, 4
	case wireInt8:
		return BigInt, 8
	case wireFloat8:
		return Float, 8
	default:
		return DateTime, 8
	}
}

func byteKind(code uint8, size int) Type {
	switch code {
	case wireGUID:
		return UniqueIdentifier
	case wireBitN:
		return Bit
	case wireFloatN:
		return Float
	case wireMoneyN:
		return Money
	case wireDateTimeN:
		return DateTime
	}
	switch size {
	case 1:
		return TinyInt
	case 2:
		return SmallInt
	case 4:
		return Int
	default:
		return BigInt
	}
}

func longKind(code uint8) Type {
	switch code {
	case wireVarChar:
		return VarChar
	case wireChar:
		return Char
	case wireNVarChar:
		return NVarChar
	case wireNChar:
		return NChar
	default:
		return Binary
	}
}

// value reads the bytes of one value; nil is NULL.
func (w wireType) value(c *cursor) []byte {
	switch w.code {
	case wireNull:
		return nil
	case wireBit, wireInt1, wireInt2, wireInt4, wireInt8, wireFloat8, wireDateTime:
		return c.take(w.size)
	case wireVarBinary, wireBinary, wireVarChar, wireChar, wireNVarChar, wireNChar:
		if w.size == lengthMax {
			return chunks(c)
		}
		n := int(c.uint16())
		if n == lengthNull {
			return nil
		}
		return c.take(n)
	}
	n := int(c.uint8())
	if n == 0 {
		return nil
	}
	return c.take(n)
}

// chunks reads a value that comes in pieces (MS-TDS 2.2.5.2.3).
func chunks(c *cursor) []byte {
	if c.uint64() == chunksNull {
		return nil
	}
	value := []byte{}
	for c.err == nil {
		n := c.uint32()
		if n == 0 {
			break
		}
		value = append(value, c.take(int(min(n, largestMessage+1)))...)
	}
	return value
}
