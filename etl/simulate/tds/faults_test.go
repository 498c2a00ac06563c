package tds_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// once makes the pool keep one connection and try nothing twice of its own accord.
func once(dsn string) string { return dsn + "&disableretry=true" }

func TestEachFault(t *testing.T) {
	const rows = 1000
	for _, c := range []struct {
		name   string
		fault  tds.Fault
		number int32  // of SQL Server's error, where there is one
		text   string // part of the error's text
		rows   int    // that arrive before it
	}{
		{"login refused", tds.Fault{Kind: tds.RefuseLogin}, 18456, "Login failed for user 'ddh_reader'", 0},
		{"cut at login", tds.Fault{Kind: tds.CutLogin}, 0, "EOF", 0},
		{"cut before the answer", tds.Fault{Kind: tds.Cut}, 0, "EOF", 0},
		{"cut within the rows", tds.Fault{Kind: tds.Cut, Rows: 600}, 0, "EOF", 600},
		{"cut after the last row", tds.Fault{Kind: tds.Cut, Rows: rows * 2}, 0, "EOF", rows},
		{"packet truncated", tds.Fault{Kind: tds.Truncate, Rows: 600}, 0, "EOF", 406}, // what whole packets held,
		{"packet truncated at once", tds.Fault{Kind: tds.Truncate}, 0, "EOF", 0},
		{"throttled", tds.Fault{Kind: tds.Throttle}, 10928, "request limit", 0},
		{"throttled otherwise", tds.Fault{Kind: tds.Throttle, Err: &tds.Error{Number: 49918, State: 1, Class: 16, Message: "Not enough resources."}}, 49918, "resources", 0},
		{"deadlock", tds.Fault{Kind: tds.Deadlock}, 1205, "deadlock victim", 0},
		{"deadlock within the rows", tds.Fault{Kind: tds.Deadlock, Rows: 600}, 1205, "deadlock victim", 600},
		{"no permission", tds.Fault{Kind: tds.Deny, Query: "call_events"}, 229, "The SELECT permission was denied on the object 'call_events'", 0},
		{"any error", tds.Fault{Kind: tds.Fail, Err: &tds.Error{Number: 823, State: 2, Class: 24, Message: "I/O error."}}, 823, "I/O error", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, db := serve(t, tds.Options{Handler: count(rows)}, once)
			server.Faults().Inject(c.fault)
			got, err := all(db.QueryContext(t.Context(), "select n from dbo.CALL_EVENTS"))
			if err == nil || !strings.Contains(err.Error(), c.text) {
				t.Fatalf("got %v, want %q", err, c.text)
			}
			var e mssql.Error
			if errors.As(err, &e) != (c.number != 0) || e.Number != c.number {
				t.Errorf("number %d, want %d", e.Number, c.number)
			}
			if len(got) != c.rows {
				t.Errorf("%d rows arrived, want %d", len(got), c.rows)
			}
			if diff := cmp.Diff(map[string]int{string(c.fault.Kind): 1}, server.Faults().Injected()); diff != "" {
				t.Errorf("counted (-want +got)\n%s", diff)
			}
			db.SetMaxIdleConns(0) // among those may be one that the server has ended
			if got, err := all(db.QueryContext(t.Context(), "select n from dbo.call_events")); err != nil || len(got) != rows {
				t.Errorf("afterwards %d rows came, %v", len(got), err)
			}
		})
	}
}

func TestSlowFaultsWait(t *testing.T) {
	for _, c := range []struct {
		fault tds.Fault
		waits int
	}{
		{tds.Fault{Kind: tds.Slow, Delay: time.Hour}, 1},
		{tds.Fault{Kind: tds.SlowRows, Delay: time.Hour}, 10},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			waits := make(chan time.Duration, 100)
			server, db := serve(t, tds.Options{Handler: count(10), Sleep: func(_ context.Context, d time.Duration) error {
				waits <- d
				return nil
			}})
			server.Faults().Inject(c.fault)
			if got, err := all(db.QueryContext(t.Context(), "select n")); err != nil || len(got) != 10 {
				t.Fatalf("%d rows, %v", len(got), err)
			}
			if len(waits) != c.waits || <-waits != time.Hour {
				t.Errorf("waited %d times, want %d", len(waits), c.waits)
			}
			if n := server.Faults().Injected()[string(c.fault.Kind)]; n != 1 {
				t.Errorf("counted %d", n)
			}
		})
	}
}

// TestCancelling ends queries that would never end, and uses their connection again.
func TestCancelling(t *testing.T) {
	stuck := answers(func(ctx context.Context, query string, _ []tds.Param) (tds.Rows, error) {
		if query == "select 1" {
			return &numbers{last: 1}, nil
		}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	for _, c := range []struct {
		name    string
		handler tds.Handler
		fault   tds.Fault
	}{
		{"hanging before the answer", count(5), tds.Fault{Kind: tds.Hang}},
		{"hanging within the rows", count(5000), tds.Fault{Kind: tds.Hang, Rows: 3000}},
		{"slow", count(5), tds.Fault{Kind: tds.Slow, Delay: time.Hour}},
		{"slow rows", count(5), tds.Fault{Kind: tds.SlowRows, Delay: time.Hour}},
		{"a handler that waits", stuck, tds.Fault{}},
		{"rows without end", endless, tds.Fault{}},
	} {
		for _, args := range [][]any{nil, {1}} {
			t.Run(c.name, func(t *testing.T) {
				var asked atomic.Bool
				server, db := serve(t, tds.Options{Handler: answers(func(ctx context.Context, query string, params []tds.Param) (tds.Rows, error) {
					asked.Store(true)
					return c.handler.Query(ctx, query, params)
				})})
				db.SetMaxOpenConns(1)
				if c.fault.Kind != "" {
					server.Faults().Inject(c.fault)
				}
				// Not a deadline: after one of those the driver drops the connection
				// in any case, as it takes it for an error of the net.
				ctx, cancel := context.WithCancel(t.Context())
				go func() {
					met := func() bool { return server.Faults().Injected()[string(c.fault.Kind)] > 0 }
					if c.fault.Kind == "" {
						met = asked.Load
					}
					for !met() && t.Context().Err() == nil {
						time.Sleep(time.Millisecond)
					}
					cancel()
				}()
				if _, err := all(db.QueryContext(ctx, "select n", args...)); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				var n int64
				if err := db.QueryRowContext(t.Context(), "select 1").Scan(&n); err != nil || n != 1 {
					t.Errorf("afterwards got %d, %v", n, err)
				}
				if server.Logins() != 1 {
					t.Errorf("%d logins: the connection was not fit for use", server.Logins())
				}
			})
		}
	}
}

func TestLeavingRowsUnread(t *testing.T) {
	server, db := serve(t, tds.Options{Handler: endless})
	db.SetMaxOpenConns(1)
	for range 20 {
		var n int64
		if err := db.QueryRowContext(t.Context(), "select n").Scan(&n); err != nil || n != 1 {
			t.Fatalf("got %d, %v", n, err)
		}
	}
	if server.Logins() != 1 {
		t.Errorf("%d logins", server.Logins())
	}
}

func TestFaultsByChanceAndByQuery(t *testing.T) {
	run := func() (failed []int, injected map[string]int) {
		faults := tds.NewFaults(7)
		faults.Inject(tds.Fault{Kind: tds.Deadlock, Query: "Agents", Times: 2})
		faults.Inject(tds.Fault{Kind: tds.Throttle, Chance: 0.3, Times: tds.Always})
		_, db := serve(t, tds.Options{Handler: count(1), Faults: faults})
		for i := range 100 {
			query := "select n from call_events"
			if i%10 == 5 {
				query = "select n from agents"
			}
			if _, err := all(db.QueryContext(t.Context(), query)); err != nil {
				failed = append(failed, i)
			}
		}
		return failed, faults.Injected()
	}
	failed, injected := run()
	again, _ := run()
	if diff := cmp.Diff(failed, again); diff != "" {
		t.Errorf("the same seed gave other faults (-first +second)\n%s", diff)
	}
	if injected["deadlock"] != 2 || injected["throttle"] < 20 || injected["throttle"] > 40 || len(failed) != injected["deadlock"]+injected["throttle"] {
		t.Errorf("%d failed, counted %v", len(failed), injected)
	}
}

func TestClearForgetsWhatIsWaiting(t *testing.T) {
	server, db := serve(t, tds.Options{Handler: count(1)})
	server.Faults().Inject(tds.Fault{Kind: tds.Fail, Times: tds.Always})
	if err := db.QueryRow("select n").Scan(new(int)); err == nil {
		t.Error("the fault did not happen")
	}
	server.Faults().Clear()
	if err := db.QueryRow("select n").Scan(new(int)); err != nil {
		t.Error(err)
	}
	if n := server.Faults().Injected()["fail"]; n != 1 {
		t.Errorf("counted %d", n)
	}
}

func TestHangupAndClose(t *testing.T) {
	server, db := serve(t, tds.Options{Handler: endless}, once)
	rows, err := db.QueryContext(t.Context(), "select n")
	if err != nil {
		t.Fatal(err)
	}
	server.Hangup()
	for rows.Next() {
	}
	if rows.Err() == nil {
		t.Error("the rows ended as if that were all")
	}
	if err := db.QueryRow("select n").Scan(new(int)); err != nil {
		t.Errorf("after a hang-up: %v", err)
	}
	server.Close()
	if err := db.QueryRow("select n").Scan(new(int)); err == nil {
		t.Error("a closed server answered")
	}
}

func TestAHandlersErrors(t *testing.T) {
	broken := func(value any) answers {
		return func(context.Context, string, []tds.Param) (tds.Rows, error) {
			return &table{columns: []tds.Column{{Name: "n", Type: tds.TinyInt, NotNull: true}}, rows: [][]any{{int64(1)}, {value}}}, nil
		}
	}
	for _, c := range []struct {
		name    string
		handler answers
		number  int32
	}{
		{"its own", func(context.Context, string, []tds.Param) (tds.Rows, error) {
			return nil, &tds.Error{Number: 208, State: 1, Class: 16, Message: "Invalid object name 'dbo.x'."}
		}, 208},
		{"any other", func(context.Context, string, []tds.Param) (tds.Rows, error) { return nil, errors.New("out of luck") }, 50000},
		{"a value of another type", broken("x"), 8114},
		{"a value too great", broken(int64(256)), 8115},
		{"a NULL that cannot be", broken(nil), 515},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, db := serve(t, tds.Options{Handler: c.handler})
			for _, args := range [][]any{nil, {1}} {
				_, err := all(db.QueryContext(t.Context(), "select n", args...))
				var e mssql.Error
				if !errors.As(err, &e) || e.Number != c.number {
					t.Errorf("got %v, want error %d", err, c.number)
				}
			}
		})
	}
}

func TestAServerThatCannotEncrypt(t *testing.T) {
	server, db := serve(t, tds.Options{Handler: count(1), Plaintext: true})
	if err := db.Ping(); err == nil || !strings.Contains(err.Error(), "server does not support encryption") {
		t.Errorf("a client that insists got %v", err)
	}
	db, err := sql.Open("sqlserver", strings.Replace(server.DSN(""), "encrypt=true", "encrypt=disable", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("select n").Scan(new(int)); err != nil {
		t.Error(err)
	}
}
