package sqlserver_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Every type of SOURCES §1 arrives as the text that etl/convert reads.
func TestValuesAreHandedOutAsText(t *testing.T) {
	summer := time.FixedZone("", 2*3600)
	local := func(hour, minute, second, nanos int) time.Time {
		return time.Date(2026, 10, 25, hour, minute, second, nanos, time.UTC)
	}
	for _, c := range []struct {
		column tds.Column
		value  any
		want   string
	}{
		{tds.Column{Type: tds.BigInt}, int64(-9007199254740993), "-9007199254740993"},
		{tds.Column{Type: tds.Int}, int64(0), "0"},
		{tds.Column{Type: tds.TinyInt}, int64(255), "255"},
		{tds.Column{Type: tds.Bit}, true, "1"},
		{tds.Column{Type: tds.Bit}, false, "0"},
		{tds.Column{Type: tds.Numeric, Precision: 19}, int64(42), "42"},
		{tds.Column{Type: tds.Numeric, Precision: 19}, uint64(9_999_999_999_999_999_999), "9999999999999999999"},
		{tds.Column{Type: tds.Numeric, Precision: 9, Scale: 2}, "-7.50", "-7.50"},
		{tds.Column{Type: tds.Float}, 0.1, "0.1"},
		{tds.Column{Type: tds.Char, Length: 2}, "k", "k"},
		{tds.Column{Type: tds.Char, Length: 2}, "", ""},
		{tds.Column{Type: tds.VarChar, Length: 40}, "Årø kø ", "Årø kø "},
		{tds.Column{Type: tds.NVarChar, Length: 40}, "borger 🙂 søn", "borger 🙂 søn"},
		{tds.Column{Type: tds.NVarChar, Length: tds.Max}, "lang", "lang"},
		{tds.Column{Type: tds.DateTime}, local(2, 30, 0, 0), "2026-10-25 02:30:00"},
		{tds.Column{Type: tds.DateTime}, local(2, 30, 0, 3_333_333), "2026-10-25 02:30:00.003"},
		{tds.Column{Type: tds.DateTime}, local(23, 59, 59, 996_666_667), "2026-10-25 23:59:59.997"},
		{tds.Column{Type: tds.DateTime2, Scale: 7}, local(2, 30, 0, 1_234_500), "2026-10-25 02:30:00.0012345"},
		{tds.Column{Type: tds.DateTime2, Scale: 7}, local(2, 30, 0, 120_000_000), "2026-10-25 02:30:00.120"},
		{tds.Column{Type: tds.Date}, local(0, 0, 0, 0), "2026-10-25"},
		{
			tds.Column{Type: tds.DateTimeOffset, Scale: 7},
			time.Date(2026, 10, 25, 2, 30, 0, 500_000_000, summer), "2026-10-25 02:30:00.500+02:00",
		},
		{
			tds.Column{Type: tds.UniqueIdentifier},
			"01234567-89AB-CDEF-FEDC-BA9876543210", "01234567-89AB-CDEF-FEDC-BA9876543210",
		},
	} {
		t.Run(c.column.Type.String()+" "+c.want, func(t *testing.T) {
			c.column.Name = "value"
			feed := connect(t, serve(t, &shelf{tables: []shelved{
				{name: "values", columns: []tds.Column{c.column}, rows: [][]any{{c.value}, {nil}, {c.value}}},
			}}))
			var got sheet
			table := etl.Table{Name: "values", Columns: []etl.Column{{Name: "value"}}}
			if err := feed.Fetch(t.Context(), windowed.Query{Table: table}, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][]string{{c.want}, {""}, {c.want}}, got.rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}
