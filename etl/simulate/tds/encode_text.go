package tds

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// appendText appends a text with its length in two bytes, or in one chunk where the
// column has no greatest length.
func (c Column) appendText(b []byte, value any) ([]byte, error) {
	text, ok := value.(string)
	if !ok {
		return nil, c.misfit(value)
	}
	at := len(b)
	head := 2
	if c.Length == Max {
		head = 12
	}
	b = append(b, make([]byte, head)...)
	width := 1
	if c.Type == NChar || c.Type == NVarChar {
		width, b = 2, appendUTF16(b, text)
	} else {
		b = append1252(b, text)
	}
	n := len(b) - at - head
	if c.Length == Max {
		return closeChunk(b, at, n), nil
	}
	if n > c.Length*width {
		return nil, &Error{8152, 2, 16, fmt.Sprintf("String or binary data would be truncated in column '%s'.", c.Name)}
	}
	if c.Type == Char || c.Type == NChar {
		for ; n < c.Length*width; n += width {
			b = append(append(b, ' '), make([]byte, width-1)...)
		}
	}
	binary.LittleEndian.PutUint16(b[at:], uint16(n))
	return b, nil
}

// closeChunk writes the lengths before a value of n bytes, and the end after it.
func closeChunk(b []byte, at, n int) []byte {
	binary.LittleEndian.PutUint64(b[at:], uint64(n))
	if n == 0 {
		return b[:at+12] // an empty chunk is the end
	}
	binary.LittleEndian.PutUint32(b[at+8:], uint32(n))
	return append(b, 0, 0, 0, 0)
}

func (c Column) appendUUID(b []byte, value any) ([]byte, error) {
	var id [16]byte
	switch v := value.(type) {
	case [16]byte:
		id = v
	case string:
		raw, err := hex.DecodeString(strings.ReplaceAll(v, "-", ""))
		if err != nil || len(raw) != len(id) {
			return nil, &Error{8169, 2, 16, "Conversion failed when converting from a character string to uniqueidentifier."}
		}
		id = [16]byte(raw)
	default:
		return nil, c.misfit(value)
	}
	id = mixed(id)
	return append(append(b, byte(len(id))), id[:]...), nil
}

// numericSize is the length of a numeric's values, sign included.
func numericSize(precision int) int {
	switch {
	case precision <= 9:
		return 5
	case precision <= 19:
		return 9
	case precision <= 28:
		return 13
	default:
		return 17
	}
}

// tens are the powers of ten that fit into 64 bits.
var tens = func() (tens [20]uint64) {
	tens[0] = 1
	for i := 1; i < len(tens); i++ {
		tens[i] = tens[i-1] * 10
	}
	return tens
}()

// appendIdentifier appends a numeric without decimals of at most 19 digits: every
// call_id is one, so it is worth a way of its own.
func (c Column) appendIdentifier(b []byte, n uint64) ([]byte, error) {
	if n >= tens[c.Precision] {
		return nil, c.overflow()
	}
	if numericSize(c.Precision) == 5 {
		return binary.LittleEndian.AppendUint32(append(b, 5, 1), uint32(n)), nil
	}
	return binary.LittleEndian.AppendUint64(append(b, 9, 1), n), nil
}

func (c Column) appendNumeric(b []byte, value any) ([]byte, error) {
	if n, ok := value.(uint64); ok && c.Scale == 0 && c.Precision < len(tens) {
		return c.appendIdentifier(b, n)
	}
	n := new(big.Int)
	switch v := value.(type) {
	case int64:
		n.Mul(n.SetInt64(v), power(c.Scale))
	case uint64:
		n.Mul(n.SetUint64(v), power(c.Scale))
	case string:
		whole, decimals, _ := strings.Cut(v, ".")
		if len(decimals) > c.Scale {
			return nil, c.overflow()
		}
		if _, ok := n.SetString(whole+decimals+strings.Repeat("0", c.Scale-len(decimals)), 10); !ok {
			return nil, c.misfit(value)
		}
	default:
		return nil, c.misfit(value)
	}
	if n.CmpAbs(power(c.Precision)) >= 0 {
		return nil, c.overflow()
	}
	size := numericSize(c.Precision)
	positive := byte(1)
	if n.Sign() < 0 {
		positive = 0
	}
	b = append(b, byte(size), positive)
	digits := n.FillBytes(make([]byte, size-1))
	for i := len(digits) - 1; i >= 0; i-- {
		b = append(b, digits[i])
	}
	return b, nil
}

func power(digits int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
}

// appendTime appends a date, a datetime, a datetime2 or a datetimeoffset.
func (c Column) appendTime(b []byte, t time.Time) ([]byte, error) {
	_, offset := t.Zone()
	if c.Type == DateTimeOffset {
		t = t.UTC()
	}
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	day := dayNumber(t)
	switch c.Type {
	case Date:
		return appendDay(append(b, 3), day), nil
	case DateTime:
		ticks := toTicks(clock)
		day += ticks/(24*3600*ticksPerSecond) - dayNumber(datetimeDay)
		b = binary.LittleEndian.AppendUint32(c.length(b, 8), uint32(day))
		return binary.LittleEndian.AppendUint32(b, uint32(ticks%(24*3600*ticksPerSecond))), nil
	case DateTime2:
		size := timeSize(c.Scale)
		return appendDay(appendClock(append(b, byte(size+3)), clock, c.Scale), day), nil
	case DateTimeOffset:
		size := timeSize(c.Scale)
		b = appendDay(appendClock(append(b, byte(size+5)), clock, c.Scale), day)
		return binary.LittleEndian.AppendUint16(b, uint16(int16(offset/60))), nil
	}
	return nil, c.misfit(t)
}

// dayNumber counts the days from 0001-01-01 to a time's date.
func dayNumber(t time.Time) int64 {
	date := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (date.Unix() - firstDay.Unix()) / (24 * 3600)
}

func appendDay(b []byte, day int64) []byte {
	return append(b, byte(day), byte(day>>8), byte(day>>16))
}

// appendClock appends a time of day in 10^-scale seconds, cut, not rounded: a rounded
// one could reach the next day.
func appendClock(b []byte, clock time.Duration, scale int) []byte {
	n := clock / unit(scale)
	for range timeSize(scale) {
		b = append(b, byte(n))
		n >>= 8
	}
	return b
}
