package sqlserver_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

func TestOnlyContractColumnsAreAskedFor(t *testing.T) {
	data := queues()
	data.tables[0].columns = append(data.tables[0].columns, tds.Column{Name: "Owner_CPR", Type: tds.VarChar, Length: 10})
	for i := range data.tables[0].rows {
		data.tables[0].rows[i] = append(data.tables[0].rows[i], "0101700000")
	}
	got, err := readQueues(t.Context(), connect(t, serve(t, data)))
	if err != nil {
		t.Fatal(err)
	}
	want := &sheet{header: []string{"service_num", "queue_key", "descript", "Owner_CPR"}, rows: [][]string{
		{"70101010", "borger", "Borgerservice", ""}, {"70101010", "skat", "Skat og gæld", ""}, {"", "pas", "", ""},
	}}
	if diff := cmp.Diff(want.header, got.header); diff != "" {
		t.Errorf("an unknown column is to be reported, one that is left out on purpose is not (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.rows, got.rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if asked := data.asked(); len(asked) != 1 || strings.Contains(asked[0], "CPR") || strings.Contains(asked[0], "customer_key") {
		t.Errorf("asked for %q", asked)
	}
}

func TestColumnMapNamesTheSourcesColumns(t *testing.T) {
	data := queues()
	data.tables[0].columns[2].Name = "Queue]Key"
	var got sheet
	err := connect(t, serve(t, data)).Fetch(t.Context(), windowed.Query{
		Table: puzzel.Queues, Names: map[string]string{"queue_key": "queue]key"},
	}, &got)
	if err == nil || !strings.Contains(data.asked()[0], "[Queue]]Key]") {
		t.Fatalf("asked for %q, %v", data.asked(), err) // the shelf itself knows no such name
	}
	data.tables[0].columns[2].Name = "key2"
	err = connect(t, serve(t, data)).Fetch(t.Context(), windowed.Query{
		Table: puzzel.Queues, Names: map[string]string{"queue_key": "KEY2"},
	}, &got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"service_num", "key2", "descript"}, got.header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

// datetimeoffset, as which the driver sends a time.Time, would make the server convert
// every row's datetime.
func TestWindowsAreAskedForInDatetime(t *testing.T) {
	data := calls(true)
	w := etl.Window{From: noon.Add(-time.Hour), To: noon}
	if err := connect(t, serve(t, data)).Fetch(t.Context(), windowed.Query{Table: puzzel.CallEvents, Window: w}, &sheet{}); err != nil {
		t.Fatal(err)
	}
	want := []tds.Param{
		{Name: "@p1", Type: tds.DateTime, Value: time.Date(2026, 3, 10, 11, 0, 0, 0, time.UTC)},
		{Name: "@p2", Type: tds.DateTime, Value: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, data.params[len(data.params)-1]); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}

// A column that goes or comes while the program runs is noticed by what the server
// says to a query for it.
func TestCatalogueIsReadAgainWhenTheTableHasChanged(t *testing.T) {
	data := queues()
	feed := connect(t, serve(t, data))
	if _, err := readQueues(t.Context(), feed); err != nil {
		t.Fatal(err)
	}
	data.mu.Lock()
	data.tables[0].columns[1].Name = "number"
	data.mu.Unlock()
	got, err := readQueues(t.Context(), feed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"queue_key", "descript", "number"}, got.header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if len(got.rows) != 3 {
		t.Errorf("%d rows, want 3", len(got.rows))
	}
}

func TestCatalogueIsReadOnceADay(t *testing.T) {
	data := queues()
	now := noon
	feed := connect(t, serve(t, data), func(o *sqlserver.Options) { o.Now = func() time.Time { return now } })
	reads := func() (count int) {
		for _, q := range data.queries {
			if strings.Contains(q, "INFORMATION_SCHEMA") {
				count++
			}
		}
		return count
	}
	for i, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {time.Hour, 1}, {12 * time.Hour, 2}, {0, 2}} {
		now = now.Add(step.after)
		if _, err := readQueues(t.Context(), feed); err != nil {
			t.Fatal(err)
		}
		if got := reads(); got != step.want {
			t.Errorf("step %d, at %s: the catalogue was read %d times, want %d", i, now, got, step.want)
		}
	}
}

func TestTablesThatCannotBeRead(t *testing.T) {
	lacking := queues()
	lacking.tables[0].columns[2].Name = "key"
	untimed := &shelf{tables: []shelved{{name: "call_events", columns: []tds.Column{
		{Name: "call_id", Type: tds.Numeric, Precision: 19}, {Name: "dte_start", Type: tds.DateTime}, {Name: "event_type", Type: tds.Char, Length: 1},
	}}}}
	hidden := queues()
	hidden.tables[0].hidden = true
	for _, c := range []struct {
		name    string
		data    *shelf
		fault   tds.Fault
		table   etl.Table
		kind    etl.Kind
		message string
	}{
		{"no table", queues(), tds.Fault{}, puzzel.MediaTypes, etl.Contract, "there is no such table"},
		{"denied", hidden, tds.Fault{Kind: tds.Deny, Query: "queues"}, puzzel.Queues, etl.Permission, "ask Puzzel to let the user read"},
		{"hidden", hidden, tds.Fault{}, puzzel.Queues, etl.Contract, "does not show"},
		{"lacks a column", lacking, tds.Fault{}, puzzel.Queues, etl.Contract, "lacks the column queue_key"},
		{"lacks the time", untimed, tds.Fault{}, puzzel.CallEvents, etl.Contract, "lacks the column dte_updated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, c.data)
			if c.fault.Kind != "" {
				server.Faults().Inject(c.fault)
			}
			w := etl.Window{From: noon.Add(-time.Hour), To: noon}
			err := connect(t, server).Fetch(t.Context(), windowed.Query{Table: c.table, Window: w}, &sheet{})
			wantTrouble(t, err, c.kind, c.message)
		})
	}
}

// What the receiver answers comes back as it is, and the connection is still good.
func TestReceiversErrorEndsTheQuery(t *testing.T) {
	server := serve(t, queues())
	feed := connect(t, server)
	full := errors.New("the disk is full")
	err := feed.Fetch(t.Context(), windowed.Query{Table: puzzel.Queues}, &sheet{row: func() error { return full }})
	if err != full {
		t.Errorf("%v, want the receiver's error", err)
	}
	if got, err := readQueues(t.Context(), feed); err != nil || len(got.rows) != 3 {
		t.Errorf("%d rows, %v", len(got.rows), err)
	}
	if server.Logins() != 1 {
		t.Errorf("%d logins, want 1", server.Logins())
	}
}

// endless answers every query of a table with rows without end.
type endless struct{ *shelf }

func (e endless) Query(ctx context.Context, query string, params []tds.Param) (tds.Rows, error) {
	rows, err := e.shelf.Query(ctx, query, params)
	if a, ok := rows.(*answer); ok && strings.Contains(query, "[dbo]") {
		return &circle{answer: a, rows: a.rows}, err
	}
	return rows, err
}

type circle struct {
	*answer
	rows [][]any
	at   int
}

func (c *circle) Next(values []any) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	copy(values, c.rows[c.at%len(c.rows)])
	c.at++
	return nil
}

func TestCancelReachesTheServerAndLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	data := queues()
	data.ended = make(chan struct{}, 1)
	server := serve(t, endless{data})
	feed := connect(t, server)
	ctx, cancel := context.WithCancel(t.Context())
	rows := 0
	err := feed.Fetch(ctx, windowed.Query{Table: puzzel.Queues}, &sheet{row: func() error {
		if rows++; rows == 1000 {
			cancel()
		}
		return nil
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
	select {
	case <-data.ended:
	case <-time.After(10 * time.Second):
		t.Error("the server still sends")
	}
	enough := errors.New("enough")
	if err := feed.Fetch(t.Context(), windowed.Query{Table: puzzel.Queues}, &sheet{row: func() error { return enough }}); err != enough {
		t.Errorf("the next query ended with %v", err)
	}
	if server.Logins() != 1 {
		t.Errorf("%d logins, want 1: the server confirmed that it stopped, so the connection is good", server.Logins())
	}
	feed.Close()
	server.Close()
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// The rows of an answer are spread over the time that the rate allows.
func TestRateIsKept(t *testing.T) {
	data := queues()
	for range 8 {
		data.tables[0].rows = append(data.tables[0].rows, data.tables[0].rows...)
	}
	now, slept := noon, []time.Duration(nil)
	feed := connect(t, serve(t, data), func(o *sqlserver.Options) {
		o.Rate = 100
		o.Now = func() time.Time { return now }
		o.Sleep = func(_ context.Context, d time.Duration) error {
			now, slept = now.Add(d), append(slept, d)
			return nil
		}
	})
	got, err := readQueues(t.Context(), feed)
	if err != nil {
		t.Fatal(err)
	}
	if took, want := now.Sub(noon), 7680*time.Millisecond; len(got.rows) != 768 || took != want {
		t.Errorf("%d rows took %s, want 768 and %s", len(got.rows), took, want)
	}
	for _, d := range slept {
		if d > 21*time.Millisecond {
			t.Errorf("waited for %s at once", d)
		}
	}
	stop := errors.New("stop")
	feed = connect(t, serve(t, data), func(o *sqlserver.Options) {
		o.Rate = 1
		o.Sleep = func(context.Context, time.Duration) error { return stop }
	})
	if _, err := readQueues(t.Context(), feed); !errors.Is(err, stop) {
		t.Errorf("%v, want what ended the sleep", err)
	}
}

func TestFeedNeedsItsSurroundings(t *testing.T) {
	for _, o := range []sqlserver.Options{
		{Now: time.Now},
		{Zone: copenhagen},
		{Zone: copenhagen, Now: time.Now, Rate: 5},
	} {
		o.DSN = "sqlserver://reader:geheim@host?database=x"
		if _, err := sqlserver.New(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}
