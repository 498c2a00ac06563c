package tds_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// kinds make a column and, for each row, a value and what the driver gives for it.
var kinds = map[string]func(dice *rand.Rand) (tds.Column, func() (sent, want any)){
	"bit": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		return tds.Column{Type: tds.Bit}, func() (any, any) { v := dice.IntN(2) == 1; return v, v }
	},
	"whole": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		bits := dice.IntN(4)
		kind := []tds.Type{tds.TinyInt, tds.SmallInt, tds.Int, tds.BigInt}[bits]
		return tds.Column{Type: kind}, func() (any, any) {
			n := int64(dice.Uint64()) >> (64 - 8<<bits)
			if kind == tds.TinyInt {
				n &= 0xff
			}
			return n, n
		}
	},
	"float": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		return tds.Column{Type: tds.Float}, func() (any, any) { v := (dice.Float64() - 0.5) * math.Pow10(dice.IntN(40)); return v, v }
	},
	"numeric": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		precision := 1 + dice.IntN(38)
		scale := dice.IntN(precision + 1)
		return tds.Column{Type: tds.Numeric, Precision: precision, Scale: scale}, func() (any, any) {
			limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(1+dice.IntN(precision))), nil)
			n := new(big.Int).SetUint64(dice.Uint64())
			n.Mul(n, n).Mod(n, limit)
			digits := fmt.Sprintf("%0*s", scale+1, n)
			text := digits[:len(digits)-scale]
			if scale > 0 {
				text += "." + digits[len(digits)-scale:]
			}
			if n.Sign() > 0 && dice.IntN(2) == 1 {
				text = "-" + text
			}
			return text, []byte(text)
		}
	},
	"identifier": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		return tds.Column{Type: tds.Numeric, Precision: 19}, func() (any, any) {
			n := dice.Uint64N(10_000_000_000_000_000_000)
			if n <= math.MaxInt64 && dice.IntN(2) == 1 {
				return int64(n), fmt.Append(nil, n)
			}
			return n, fmt.Append(nil, n)
		}
	},
	"text": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		c := tds.Column{Length: 1 + dice.IntN(200), Type: []tds.Type{tds.Char, tds.VarChar, tds.NChar, tds.NVarChar}[dice.IntN(4)]}
		if c.Type == tds.Char && dice.IntN(2) == 1 {
			c.Length = 2
		}
		alphabet := []rune("abc æøåÆØÅ'€“…")
		if c.Type == tds.NChar || c.Type == tds.NVarChar {
			alphabet = append(alphabet, 'ж', '漢', '\u0301')
		}
		return c, func() (any, any) {
			text := letters(dice, alphabet, dice.IntN(c.Length+1))
			if c.Type == tds.Char || c.Type == tds.NChar {
				return text, text + strings.Repeat(" ", c.Length-len([]rune(text)))
			}
			return text, text
		}
	},
	"long text": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		c := tds.Column{Length: tds.Max, Type: []tds.Type{tds.VarChar, tds.NVarChar}[dice.IntN(2)]}
		alphabet := []rune("xyzæ")
		if c.Type == tds.NVarChar {
			alphabet = append(alphabet, '😀')
		}
		return c, func() (any, any) { text := letters(dice, alphabet, dice.IntN(12000)); return text, text }
	},
	"datetime": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		return tds.Column{Type: tds.DateTime}, func() (any, any) {
			t := moment(dice, 1753)
			ticks := math.Round(float64(t.Nanosecond()) * 300 / 1e9)
			return t, t.Truncate(time.Second).Add(time.Duration(math.Round(ticks*10/3)) * time.Millisecond)
		}
	},
	"datetime2": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		c := tds.Column{Type: tds.DateTime2, Scale: dice.IntN(8)}
		return c, func() (any, any) { t := moment(dice, 1); return t, t.Truncate(fractions[c.Scale]) }
	},
	"datetimeoffset": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		c := tds.Column{Type: tds.DateTimeOffset, Scale: dice.IntN(8)}
		return c, func() (any, any) {
			t := moment(dice, 2).In(time.FixedZone("", (dice.IntN(1681)-840)*60))
			return t, t.Truncate(fractions[c.Scale])
		}
	},
	"date": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		return tds.Column{Type: tds.Date}, func() (any, any) { t := moment(dice, 1); return t, t.Truncate(24 * time.Hour) }
	},
	"uniqueidentifier": func(dice *rand.Rand) (tds.Column, func() (any, any)) {
		return tds.Column{Type: tds.UniqueIdentifier}, func() (any, any) {
			var id mssql.UniqueIdentifier
			for i := range id {
				id[i] = byte(dice.UintN(256))
			}
			wire, _ := id.Value()
			if dice.IntN(2) == 1 {
				return id.String(), wire
			}
			return [16]byte(id), wire
		}
	},
}

// fractions are the resolutions of the scales 0 to 7.
var fractions = []time.Duration{
	time.Second, time.Second / 10, time.Second / 100, time.Millisecond,
	time.Millisecond / 10, time.Millisecond / 100, time.Microsecond, 100,
}

func letters(dice *rand.Rand, alphabet []rune, n int) string {
	text := make([]rune, n)
	for i := range text {
		text[i] = alphabet[dice.IntN(len(alphabet))]
	}
	return string(text)
}

func moment(dice *rand.Rand, year int) time.Time {
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	last := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(first+dice.Int64N(last-first), dice.Int64N(1e9)).UTC()
}

// TestValuesComeBack sends random tables of every type through the real driver, some
// in packets so small that every value is cut somewhere.
func TestValuesComeBack(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 1))
			given, want := randomTable(dice)
			size := []int{512, 513, 4096, 16383, 32767}[dice.IntN(5)]
			_, db := serve(t, tds.Options{Handler: answers(func(context.Context, string, []tds.Param) (tds.Rows, error) {
				return given, nil
			})}, func(dsn string) string { return fmt.Sprintf("%s&packet+size=%d", dsn, size) })
			got, err := all(db.QueryContext(t.Context(), "select everything"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.Comparer(sameTime)); diff != "" {
				t.Errorf("packets of %d, columns %v (-want +got)\n%s", size, given.columns, diff)
			}
		})
	}
}

// sameTime also wants the offsets to be the same.
func sameTime(a, b time.Time) bool {
	return a.Equal(b) && a.Format(time.RFC3339) == b.Format(time.RFC3339)
}

func randomTable(dice *rand.Rand) (given *table, want [][]any) {
	names := slices.Sorted(maps.Keys(kinds)) // sorted, so that the seed decides alone
	given = &table{}
	var makers []func() (any, any)
	for i := range 1 + dice.IntN(20) {
		c, maker := kinds[names[dice.IntN(len(names))]](dice)
		c.Name, c.NotNull = fmt.Sprintf("c%d_æ", i), dice.IntN(2) == 1
		given.columns = append(given.columns, c)
		makers = append(makers, maker)
	}
	for range dice.IntN(40) {
		var row, wanted []any
		for i, maker := range makers {
			sent, expected := maker()
			if !given.columns[i].NotNull && dice.IntN(2) == 1 {
				sent, expected = nil, nil
			}
			row, wanted = append(row, sent), append(wanted, expected)
		}
		given.rows, want = append(given.rows, row), append(want, wanted)
	}
	return given, want
}

// all reads a result to its end.
func all(rows *sql.Rows, err error) ([][]any, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var table [][]any
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return table, err
		}
		table = append(table, values)
	}
	return table, rows.Err()
}

func TestParametersArrive(t *testing.T) {
	at := time.Date(2026, 10, 25, 2, 30, 15, 157_000_000, time.FixedZone("", 2*3600))
	wall := time.Date(2026, 10, 25, 2, 30, 15, 157_000_000, time.UTC)
	id := mssql.UniqueIdentifier{0x6F, 0x96, 0x19, 0xFF, 0x8B, 0x86, 0xD0, 0x11, 0xB4, 0x2D, 0x00, 0xC0, 0x4F, 0xC9, 0x64, 0xFF}
	cases := []struct {
		give any
		kind tds.Type
		want any
	}{
		{int64(-9_007_199_254_740_993), tds.BigInt, int64(-9_007_199_254_740_993)},
		{int32(-7), tds.Int, int64(-7)},
		{int16(-300), tds.SmallInt, int64(-300)},
		{byte(200), tds.TinyInt, int64(200)},
		{true, tds.Bit, true},
		{1.25, tds.Float, 1.25},
		{float32(0.5), tds.Float, 0.5},
		{"æ😀'\"", tds.NVarChar, "æ😀'\""},
		{"", tds.NVarChar, ""},
		{strings.Repeat("lang ", 3000), tds.NVarChar, strings.Repeat("lang ", 3000)},
		{mssql.VarChar("abc"), tds.VarChar, "abc"},
		{mssql.VarCharMax(strings.Repeat("x", 9000)), tds.VarChar, strings.Repeat("x", 9000)},
		{mssql.DateTime1(wall), tds.DateTime, wall},
		{at, tds.DateTimeOffset, at},
		{id, tds.UniqueIdentifier, "6F9619FF-8B86-D011-B42D-00C04FC964FF"},
		{[]byte{0, 1, 255}, tds.Binary, []byte{0, 1, 255}},
		{nil, tds.NVarChar, nil},
		{sql.NullInt64{}, tds.BigInt, nil},
		{sql.NullString{}, tds.NVarChar, nil},
		{sql.NullTime{}, tds.DateTimeOffset, nil},
		{sql.NullBool{}, tds.Bit, nil},
		{mssql.NullDate{}, tds.Date, nil},
		{mssql.NullDateTime{}, tds.DateTime2, nil},
		{mssql.NullTime{}, tds.Time, nil},
	}
	var got []tds.Param
	_, db := serve(t, tds.Options{Handler: answers(func(_ context.Context, _ string, params []tds.Param) (tds.Rows, error) {
		got = params
		return nil, nil
	})})
	var args []any
	for _, c := range cases {
		args = append(args, c.give)
	}
	if _, err := db.ExecContext(t.Context(), "select all of them", args...); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(cases) {
		t.Fatalf("%d parameters arrived of %d", len(got), len(cases))
	}
	for i, c := range cases {
		if p := got[i]; p.Name != fmt.Sprintf("@p%d", i+1) || p.Type != c.kind || !equal(p.Value, c.want) {
			t.Errorf("%T %v arrived as %s %s %v", c.give, c.give, p.Name, p.Type, p.Value)
		}
	}
}

func equal(a, b any) bool {
	if at, ok := a.(time.Time); ok {
		bt, ok := b.(time.Time)
		return ok && sameTime(at, bt)
	}
	return reflect.DeepEqual(a, b)
}

// TestEveryMessageLength puts the ends of questions and answers everywhere around the
// edges of packets.
func TestEveryMessageLength(t *testing.T) {
	_, db := serve(t, tds.Options{Handler: answers(func(_ context.Context, query string, _ []tds.Param) (tds.Rows, error) {
		return &table{columns: []tds.Column{{Name: "q", Type: tds.NVarChar, Length: tds.Max}}, rows: [][]any{{query}}}, nil
	})}, func(dsn string) string { return dsn + "&packet+size=512" })
	for n := 150; n < 530; n++ {
		query := "select " + strings.Repeat("x", n)
		var got string
		if err := db.QueryRowContext(t.Context(), query).Scan(&got); err != nil || got != query {
			t.Fatalf("%d characters: got %d, %v", len(query), len(got), err)
		}
	}
}
