package tds

import (
	"testing"
	"time"
)

// TestDecodingUndoesEncoding covers the types that the driver sends only with types of
// its own or of others' packages.
func TestDecodingUndoesEncoding(t *testing.T) {
	at := time.Date(2026, 10, 25, 2, 30, 15, 157_000_000, time.UTC)
	for _, c := range []struct {
		column Column
		give   any
		want   any
	}{
		{Column{Type: Numeric, Precision: 19}, uint64(9_999_999_999_999_999_999), "9999999999999999999"},
		{Column{Type: Numeric, Precision: 9}, uint64(999_999_999), "999999999"},
		{Column{Type: Numeric, Precision: 5, Scale: 2}, "-0.05", "-0.05"},
		{Column{Type: Numeric, Precision: 38, Scale: 38}, "0.1", "0.10000000000000000000000000000000000000"},
		{Column{Type: DateTime2, Scale: 0}, at, at.Truncate(time.Second)},
		{Column{Type: DateTime2, Scale: 3}, at, at},
		{Column{Type: DateTimeOffset, Scale: 7}, at.In(time.FixedZone("", -90*60)), at.In(time.FixedZone("", -90*60))},
		{Column{Type: DateTime}, at, at},
		{Column{Type: DateTime}, time.Date(2026, 12, 31, 23, 59, 59, 999_000_000, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Column{Type: Date}, at, at.Truncate(24 * time.Hour)},
		{Column{Type: UniqueIdentifier}, "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF"},
		{Column{Type: NVarChar, Length: Max}, "", ""},
		{Column{Type: VarChar, Length: 3}, "æ€ж", "æ€?"},
		{Column{Type: Float}, int64(3), 3.0},
		{Column{Type: Bit}, true, true},
	} {
		b, err := c.column.appendValue(c.column.appendType(nil), c.give)
		if err != nil {
			t.Errorf("%s: %v", c.column, err)
			continue
		}
		from := &cursor{rest: b}
		w := readWireType(from)
		got := w.decode(from, w.value(from))
		if from.err != nil || !from.done() {
			t.Errorf("%s: %d bytes left, %v", c.column, len(from.rest), from.err)
		}
		if at, ok := got.(time.Time); ok {
			got, c.want = at.Format(time.RFC3339Nano), c.want.(time.Time).Format(time.RFC3339Nano)
		}
		if w.kind != c.column.Type || got != c.want {
			t.Errorf("%s: %v came back as %s %v", c.column, c.give, w.kind, got)
		}
	}
}

func TestMoneyIsRead(t *testing.T) {
	for _, c := range []struct {
		raw  []byte
		want string
	}{
		{[]byte{0x10, 0x27, 0, 0}, "1.0000"},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "-0.0001"},
		{[]byte{1, 0, 0, 0, 0, 0, 0, 0}, "429496.7296"},
	} {
		if got := moneyText(c.raw); got != c.want {
			t.Errorf("% x is %s, want %s", c.raw, got, c.want)
		}
	}
}

func TestColumnsThatCannotBe(t *testing.T) {
	for _, c := range []Column{
		{Type: Numeric}, {Type: Numeric, Precision: 39}, {Type: Numeric, Precision: 5, Scale: 6},
		{Type: Char}, {Type: Char, Length: Max}, {Type: VarChar, Length: 8001}, {Type: NVarChar, Length: 4001}, {Type: DateTime2, Scale: 8}, {Type: Money},
	} {
		if c.valid() == nil {
			t.Errorf("%s was let through", c)
		}
	}
}
