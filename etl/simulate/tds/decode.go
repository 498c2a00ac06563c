package tds

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"time"
)

// decode turns the bytes of a value into what Param tells of.
func (w wireType) decode(c *cursor, raw []byte) any {
	if raw == nil {
		return nil
	}
	switch w.kind {
	case VarChar, Char:
		return from1252(raw)
	case NVarChar, NChar:
		return fromUTF16(raw)
	case Binary:
		return append([]byte(nil), raw...)
	}
	if err := w.fits(len(raw)); err != nil {
		c.fail(err)
		return nil
	}
	switch w.kind {
	case Bit:
		return raw[0] != 0
	case TinyInt, SmallInt, Int, BigInt:
		return wholeNumber(raw)
	case Float:
		if len(raw) == 4 {
			return float64(math.Float32frombits(binary.LittleEndian.Uint32(raw)))
		}
		return math.Float64frombits(binary.LittleEndian.Uint64(raw))
	case Numeric:
		return decimalText(raw[0] != 0, raw[1:], w.scale)
	case Money:
		return moneyText(raw)
	case UniqueIdentifier:
		return uuidText([16]byte(raw))
	}
	return w.time(raw)
}

// fits tells whether a value's length is one that its type can have.
func (w wireType) fits(n int) error {
	var lengths []int
	switch w.kind {
	case Bit:
		lengths = []int{1}
	case TinyInt, SmallInt, Int, BigInt:
		lengths = []int{1, 2, 4, 8}
	case Float, Money, DateTime:
		lengths = []int{4, 8}
	case Numeric:
		lengths = []int{5, 9, 13, 17}
	case UniqueIdentifier:
		lengths = []int{16}
	case Date:
		lengths = []int{3}
	case Time:
		lengths = []int{timeSize(w.scale)}
	case DateTime2:
		lengths = []int{timeSize(w.scale) + 3}
	case DateTimeOffset:
		lengths = []int{timeSize(w.scale) + 5}
	}
	for _, l := range lengths {
		if l == n {
			return nil
		}
	}
	return fmt.Errorf("a %s cannot have %d bytes", w.kind, n)
}

// wholeNumber reads 1 byte unsigned, as tinyint is, and more of them signed.
func wholeNumber(b []byte) int64 {
	switch len(b) {
	case 1:
		return int64(b[0])
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	default:
		return int64(binary.LittleEndian.Uint64(b))
	}
}

// decimalText writes a little-endian number with its decimal point.
func decimalText(positive bool, b []byte, scale int) string {
	digits := make([]byte, len(b))
	for i, c := range b {
		digits[len(b)-1-i] = c
	}
	n := new(big.Int).SetBytes(digits)
	if !positive {
		n.Neg(n)
	}
	return pointed(n, scale)
}

// pointed writes n / 10^scale with all of its scale's digits.
func pointed(n *big.Int, scale int) string {
	if scale == 0 {
		return n.String()
	}
	text := fmt.Sprintf("%0*s", scale+1, new(big.Int).Abs(n))
	text = text[:len(text)-scale] + "." + text[len(text)-scale:]
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}

// moneyText writes a money: ten-thousandths, the high half first.
func moneyText(b []byte) string {
	if len(b) == 4 {
		return pointed(big.NewInt(wholeNumber(b)), 4)
	}
	high, low := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	return pointed(big.NewInt(int64(uint64(high)<<32|uint64(low))), 4)
}

// firstDay and datetimeDay are where SQL Server begins to count days.
var (
	firstDay    = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	datetimeDay = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
)

func (w wireType) time(raw []byte) time.Time {
	switch w.kind {
	case Date:
		return firstDay.AddDate(0, 0, days(raw))
	case DateTime:
		if len(raw) == 4 {
			minutes := time.Duration(binary.LittleEndian.Uint16(raw[2:])) * time.Minute
			return datetimeDay.AddDate(0, 0, int(binary.LittleEndian.Uint16(raw))).Add(minutes)
		}
		day := datetimeDay.AddDate(0, 0, int(int32(binary.LittleEndian.Uint32(raw))))
		return day.Add(fromTicks(int64(binary.LittleEndian.Uint32(raw[4:]))))
	}
	size := timeSize(w.scale)
	clock := fraction(raw[:size], w.scale)
	switch rest := raw[size:]; w.kind {
	case Time:
		return firstDay.Add(clock)
	case DateTime2:
		return firstDay.AddDate(0, 0, days(rest)).Add(clock)
	default:
		offset := int(int16(binary.LittleEndian.Uint16(rest[3:]))) * 60
		return firstDay.AddDate(0, 0, days(rest)).Add(clock).In(time.FixedZone("", offset))
	}
}

func days(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// ticksPerSecond is the resolution of datetime.
const ticksPerSecond = 300

// fromTicks gives datetime's 1/300 s as SQL Server shows them, in whole milliseconds.
func fromTicks(ticks int64) time.Duration {
	milliseconds := (ticks%ticksPerSecond*10 + 1) / 3
	return time.Duration(ticks/ticksPerSecond)*time.Second + time.Duration(milliseconds)*time.Millisecond
}

// toTicks rounds a time of day to datetime's 1/300 s; at the day's end it may give the
// first tick of the next.
func toTicks(d time.Duration) int64 {
	const tick = int64(time.Second)
	return (int64(d)*ticksPerSecond + tick/2) / tick
}

// timeSize is the length of a time of day with a number of decimals.
func timeSize(scale int) int {
	switch {
	case scale <= 2:
		return 3
	case scale <= 4:
		return 4
	default:
		return 5
	}
}

// fraction reads a time of day counted in 10^-scale seconds.
func fraction(b []byte, scale int) time.Duration {
	var n int64
	for i := len(b) - 1; i >= 0; i-- {
		n = n<<8 | int64(b[i])
	}
	return time.Duration(n) * unit(scale)
}

// unit is 10^-scale seconds.
func unit(scale int) time.Duration {
	d := time.Second
	for range scale {
		d /= 10
	}
	return d
}

// uuidText writes a uniqueidentifier as SQL Server shows it. On the wire its first
// three groups have their bytes reversed.
func uuidText(b [16]byte) string {
	b = mixed(b)
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// mixed swaps between the order of a uniqueidentifier's text and that on the wire.
func mixed(b [16]byte) [16]byte {
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5] = b[5], b[4]
	b[6], b[7] = b[7], b[6]
	return b
}
