package rawdata

import (
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// FuzzTranslate shows that no text panics, and that what is translated reads only
// tables that were named.
func FuzzTranslate(f *testing.F) {
	for _, query := range []string{
		"select top (1) [a] from [dbo].[call_events] with (nolock) where x = @p1 order by 1 offset 1 rows",
		"set nocount on; with x as (select 1) select * from x", "select convert(date, a), dateadd(day, 1, b)",
		"select cast(", "select dbo.", "select top", "select 'a''b' /* -- */ -- x", "select has_perms_by_name(1,2,3)",
	} {
		f.Add(query)
	}
	tables, err := schema("")
	if err != nil {
		f.Fatal(err)
	}
	d := &Database{zone: time.UTC, name: "ConnectCallData", tables: tables, now: endOfTime}
	f.Fuzz(func(t *testing.T, query string) {
		got, err := d.translate(query, []tds.Param{{Name: "@p1", Type: tds.Int, Value: int64(1)}})
		if err != nil && err.Number == 0 {
			t.Error("an error without a number")
		}
		if err == nil && strings.Contains(got.query, "history.") && len(got.columns) == 0 {
			t.Errorf("%q became %q", query, got.query)
		}
	})
}
