package sqlserver_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/retry"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// bulk answers every query of call_events with so many rows of a usual look. The
// values are made beforehand, so that the benchmark measures driver and Feed as far
// as a server in the same process lets it.
type bulk struct {
	*shelf
	count int
}

func (b bulk) Query(ctx context.Context, query string, params []tds.Param) (tds.Rows, error) {
	rows, err := b.shelf.Query(ctx, query, params)
	if a, ok := rows.(*answer); ok && strings.Contains(query, "[dbo]") {
		return &repeat{answer: a, row: a.rows[0], left: b.count}, err
	}
	return rows, err
}

type repeat struct {
	*answer
	row  []any
	left int
}

func (r *repeat) Next(values []any) error {
	if r.left == 0 {
		return io.EOF
	}
	r.left--
	copy(values, r.row)
	return nil
}

// wide is call_events with all the columns of its contract.
func wide() *shelf {
	at := time.Date(2026, 3, 10, 11, 45, 12, 340_000_000, time.UTC)
	text := func(name string) tds.Column { return tds.Column{Name: name, Type: tds.VarChar, Length: 100} }
	whole := func(name string) tds.Column { return tds.Column{Name: name, Type: tds.Int} }
	clock := func(name string) tds.Column { return tds.Column{Name: name, Type: tds.DateTime} }
	t := shelved{name: "call_events"}
	var row []any
	add := func(c tds.Column, value any) { t.columns, row = append(t.columns, c), append(row, value) }
	add(tds.Column{Name: "rec_id", Type: tds.BigInt, NotNull: true}, int64(9_000_000_123))
	add(tds.Column{Name: "call_id", Type: tds.Numeric, Precision: 19, NotNull: true}, uint64(9_223_372_036_854_775_999))
	add(whole("call_sequence"), int64(3))
	add(whole("media_type_id"), int64(1))
	add(clock("dte_start"), at)
	add(whole("duration_tot_sec"), int64(240))
	add(whole("duration_speak_sec"), int64(228))
	add(clock("dte_speak_start"), at)
	add(text("source"), "+4520304050")
	add(text("destination"), "70101010")
	add(text("service_num"), "70101010")
	add(tds.Column{Name: "queue_key", Type: tds.NVarChar, Length: 100}, "borgerservice")
	add(tds.Column{Name: "menue_key", Type: tds.NVarChar, Length: 100}, nil)
	add(text("menue_choice"), nil)
	add(whole("agent_id"), int64(100_234))
	add(tds.Column{Name: "event_type", Type: tds.Char, Length: 1, NotNull: true}, "c")
	add(tds.Column{Name: "result_code", Type: tds.Char, Length: 2}, "k")
	add(tds.Column{Name: "answered", Type: tds.TinyInt}, int64(1))
	add(tds.Column{Name: "ciq", Type: tds.Char, Length: 1}, nil)
	add(tds.Column{Name: "call_transfer", Type: tds.Bit}, false)
	for _, name := range []string{"wrap_up_sec", "alert_ms", "setup_ms", "block_duration_sec"} {
		add(whole(name), int64(1800))
	}
	add(tds.Column{Name: "internal_iq_session_id", Type: tds.UniqueIdentifier}, "01234567-89AB-CDEF-FEDC-BA9876543210")
	add(tds.Column{Name: "internal_odr_id", Type: tds.BigInt}, int64(77_000_111))
	add(clock("dte_updated"), at)
	for _, name := range []string{"sla", "alt_sla"} {
		add(whole(name), int64(60))
	}
	add(tds.Column{Name: "dte_scheduled_callback", Type: tds.DateTimeOffset, Scale: 7}, nil)
	add(whole("result_response"), nil)
	add(tds.Column{Name: "request_id", Type: tds.BigInt}, nil)
	for _, name := range []string{"hold", "consult", "caller_on_hold_sec"} {
		add(whole(name), int64(0))
	}
	add(text("leg_type"), "Agent")
	t.rows = [][]any{row}
	return &shelf{tables: []shelved{t}}
}

// tally is a Receiver that only counts.
type tally struct{ rows, bytes int }

func (t *tally) Header([]string) error { return nil }
func (t *tally) Row(fields []string) error {
	t.rows++
	for _, f := range fields {
		t.bytes += len(f)
	}
	return nil
}

const bulkRows = 20_000

// BenchmarkFetch reads call_events through the real driver, TLS included, from a
// server in this process: driver, Feed and server together, on the same cores.
func BenchmarkFetch(b *testing.B) {
	feed := connect(b, serve(b, bulk{wide(), bulkRows}))
	q := windowed.Query{Table: puzzel.CallEvents, Window: etl.Window{From: noon.Add(-time.Hour), To: noon}}
	b.ReportAllocs()
	var got tally
	for b.Loop() {
		got = tally{}
		if err := feed.Fetch(b.Context(), q, &got); err != nil {
			b.Fatal(err)
		}
	}
	report(b, got.rows)
	b.ReportMetric(float64(got.bytes)/bulkRows, "bytes/row")
}

// BenchmarkPull does the same through windowed, to where the rows are protected Arrow
// batches and a landing would write them down.
func BenchmarkPull(b *testing.B) {
	key, err := privacy.New([]byte("a key for benchmarks, of no worth"))
	if err != nil {
		b.Fatal(err)
	}
	source, err := windowed.New(windowed.Options{
		Name: "puzzel", Feed: connect(b, serve(b, bulk{wide(), bulkRows})), Tables: []windowed.Table{{Table: puzzel.CallEvents}},
		Protect: key, Zone: copenhagen, Now: func() time.Time { return noon }, Chunk: 24 * time.Hour, Since: noon.Add(-time.Hour),
		World: retry.World{Sleep: retry.Sleep, Chance: func() float64 { return 0 }},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var got int64
	for b.Loop() {
		sink := &drain{}
		if pulled, err := source.Pull(b.Context(), sink, nil); err != nil || len(pulled.Faults) > 0 {
			b.Fatal(err, pulled.Faults)
		}
		got = sink.rows
	}
	report(b, int(got))
}

func report(b *testing.B, rows int) {
	if rows != bulkRows {
		b.Fatalf("%d rows, want %d", rows, bulkRows)
	}
	b.ReportMetric(bulkRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// drain is a Sink that keeps nothing.
type drain struct{ rows int64 }

func (*drain) Known(etl.Table, string) bool                                            { return false }
func (d *drain) Begin(etl.Batch) (etl.Writer, error)                                   { return d, nil }
func (*drain) Recent(context.Context, etl.Table, time.Time, func(etl.Delivered)) error { return nil }
func (*drain) Cursor(string, etl.Table) time.Time                                      { return time.Time{} }
func (*drain) Advance(string, etl.Table, time.Time)                                    {}
func (d *drain) Write(rec arrow.RecordBatch) error                                     { d.rows += rec.NumRows(); return nil }
func (*drain) Reject(etl.Reject) error                                                 { return errors.New("a row was rejected") }
func (*drain) Commit(etl.Drift) (etl.Landed, error)                                    { return etl.Landed{}, nil }
func (*drain) Abort() error                                                            { return nil }
