package rawdata_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// pollQuery is what a loader asks for: the whole of every call that has news.
const pollQuery = `select [call_id], [call_sequence], [rec_id], [dte_updated] from [dbo].[call_events]
	where [call_id] in (select [call_id] from [dbo].[call_events] where [dte_updated] >= @p1 and [dte_updated] < @p2)
	order by [call_id], [call_sequence], [rec_id]`

// open opens a database and the real driver on a server before it.
func open(t testing.TB, o rawdata.Options) (*rawdata.Database, *sql.DB) {
	t.Helper()
	data, err := rawdata.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { data.Close() })
	server, err := tds.Serve(t.Context(), tds.Options{User: "reader", Password: "secret", Database: "ConnectCallData", Handler: data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, server.CA(), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlserver", server.DSN(file)+"&guid+conversion=true")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return data, db
}

// simulated fills a database with a simulation from New Year 2026.
func simulated(t testing.TB, data *rawdata.Database, callsPerYear int, to time.Time) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := simulate.Run(t.Context(), simulate.Options{
		Dir: dir, From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: to, Seed: 4, CallsPerYear: callsPerYear,
	}); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"puzzel", "survey"} {
		if err := data.LoadFolder(t.Context(), filepath.Join(dir, "inbox", folder)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// texts gives a result as text, for comparing; NULL is "-".
func texts(ctx context.Context, db *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all []string
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				row[i] = "-"
			case []byte:
				row[i] = string(v)
			case time.Time:
				row[i] = v.Format("2006-01-02 15:04:05.999")
			default:
				row[i] = fmt.Sprint(v)
			}
		}
		all = append(all, strings.Join(row, "|"))
	}
	return all, rows.Err()
}

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", clock)
	if err != nil {
		panic(err)
	}
	return t
}

// call is the rows of one call as the phone system writes them.
func call(id uint64, updated string, recs ...int) []rawdata.Row {
	var rows []rawdata.Row
	for i, rec := range recs {
		rows = append(rows, rawdata.Row{
			"rec_id": rec, "call_id": id, "call_sequence": i + 1, "event_type": "i", "result_code": "k",
			"dte_start": "2026-03-02 12:00:00", "dte_updated": updated,
		})
	}
	return rows
}

// write puts rows into call_events at their dte_updated.
func write(t *testing.T, data *rawdata.Database, when time.Time, rows []rawdata.Row) {
	t.Helper()
	if err := data.Insert(t.Context(), "call_events", when, rows...); err != nil {
		t.Fatal(err)
	}
}

func TestACallIsShownAsItWasThen(t *testing.T) {
	data, db := open(t, rawdata.Options{})
	const big = 9_300_000_007_797_828_681
	write(t, data, time.Time{}, call(big, "2026-03-02 12:10:00", 1, 2))
	write(t, data, time.Time{}, call(7, "2026-03-02 12:20:00", 3))
	write(t, data, time.Time{}, call(big, "2026-03-03 09:00:00", 4, 5, 6))
	for _, c := range []struct {
		now  string
		want []string
	}{
		{"2026-03-02 12:09", nil},
		{"2026-03-02 12:10", []string{"9300000007797828681|1", "9300000007797828681|2"}},
		{"2026-03-03 09:00", []string{"7|3", "9300000007797828681|4", "9300000007797828681|5", "9300000007797828681|6"}},
		{"2026-03-02 12:30", []string{"7|3", "9300000007797828681|1", "9300000007797828681|2"}}, // and back again
	} {
		data.SetNow(at(c.now))
		got, err := texts(t.Context(), db, "select [call_id], [rec_id] from [dbo].[call_events] order by [call_id], [rec_id]")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("at %s (-want +got)\n%s", c.now, diff)
		}
	}
}

// TestTheClockIsSetBack shows the second of the two hours from two to three.
func TestTheClockIsSetBack(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	data, db := open(t, rawdata.Options{Zone: zone})
	first := time.Date(2026, 10, 25, 0, 50, 0, 0, time.UTC) // 02:50 summer time
	second := first.Add(20 * time.Minute)                   // 02:10 winter time
	write(t, data, first, call(1, "2026-10-25 02:50:00", 1))
	write(t, data, second, call(2, "2026-10-25 02:10:00", 2))
	data.SetNow(second)
	got, err := texts(t.Context(), db, "select [rec_id], [dte_updated], sysdatetime() from [dbo].[call_events] order by 1")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"1|2026-10-25 02:50:00|2026-10-25 02:10:00", "2|2026-10-25 02:10:00|2026-10-25 02:10:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRetention(t *testing.T) {
	data, db := open(t, rawdata.Options{Now: at("2026-06-01 00:00")})
	write(t, data, time.Time{}, call(1, "2026-03-02 12:10:00", 1))
	count := func() string {
		got, err := texts(t.Context(), db, "select count(*) from dbo.call_events")
		if err != nil {
			t.Fatal(err)
		}
		return got[0]
	}
	if n := count(); n != "1" {
		t.Errorf("%s rows before", n)
	}
	if err := data.Retain(t.Context(), "call_events", at("2026-03-03 00:00")); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != "0" {
		t.Errorf("%s rows after", n)
	}
	data.SetNow(at("2026-05-01 00:00"))
	if n := count(); n != "1" {
		t.Errorf("%s rows in the time before", n)
	}
}

// TestTheSimulatorsFiles compares what is polled in steps with what is there at the end.
func TestTheSimulatorsFiles(t *testing.T) {
	data, db := open(t, rawdata.Options{})
	simulated(t, data, 5000, time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC))
	calls := make(map[string][]string)
	from := at("2026-01-01 00:00")
	for now := from; now.Before(at("2026-03-01 00:00")); now = now.Add(6 * time.Hour) {
		data.SetNow(now)
		rows, err := texts(t.Context(), db, pollQuery, mssql.DateTime1(now.Add(-7*time.Hour)), mssql.DateTime1(now.Add(time.Second)))
		if err != nil {
			t.Fatal(err)
		}
		news := make(map[string][]string)
		for _, r := range rows {
			id, _, _ := strings.Cut(r, "|")
			news[id] = append(news[id], r)
		}
		for id, rows := range news {
			calls[id] = rows
		}
	}
	everything, err := texts(t.Context(), db, "select [call_id], [call_sequence], [rec_id], [dte_updated] from [dbo].[call_events]")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]bool)
	for _, r := range everything {
		want[r] = true
	}
	got := 0
	for _, rows := range calls {
		for _, r := range rows {
			if got++; !want[r] {
				t.Errorf("polled %s, which is not there at the end", r)
			}
		}
	}
	if got != len(everything) || got < 1000 || len(want) != got {
		t.Errorf("polled %d rows, %d are there at the end, %d different", got, len(everything), len(want))
	}
}

// number is the number of SQL Server's error; 0 for none.
func number(err error) int32 {
	var e mssql.Error
	errors.As(err, &e)
	return e.Number
}
