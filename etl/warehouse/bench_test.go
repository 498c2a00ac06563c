package warehouse_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// calls is replaced by whole calls, newer versions win, and a call has a day.
var calls = etl.Table{
	Owner: "phone", Name: "calls", Version: 1,
	Columns: []etl.Column{
		{Name: "call_id", Type: etl.Identifier, NotNull: true},
		{Name: "sequence", Type: etl.Integer},
		{Name: "started", Type: etl.LocalTime, NotNull: true, Doc: "local wall clock"},
		{Name: "updated", Type: etl.LocalTime},
		{Name: "note", Type: etl.Text},
	},
	Replace: etl.Replace{Key: []string{"call_id"}, Row: []string{"sequence"}, Updated: "updated", Day: "min(started)::date"},
}

// agents has neither versions nor days: what arrives later wins.
var agents = etl.Table{
	Owner: "phone", Name: "agents", Version: 1,
	Columns: []etl.Column{{Name: "agent_id", Type: etl.Integer}, {Name: "name", Type: etl.Text}},
	Replace: etl.Replace{Key: []string{"agent_id"}},
}

var clock = time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC)

// call is a row of calls. Times count minutes from the midnight that began the
// first day; nil pointers are NULL.
type call struct {
	id, sequence, started, updated *int64
	note                           string
}

func n(v int64) *int64 { return &v }

func row(id, sequence, started, updated int64, note string) call {
	return call{n(id), n(sequence), n(started), n(updated), note}
}

var dayZero = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func at(minute int64) arrow.Timestamp {
	return arrow.Timestamp(dayZero.Add(time.Duration(minute) * time.Minute).UnixMicro())
}

func callRecord(rows []call) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, calls.Schema())
	appendTime := func(b *array.TimestampBuilder, v *int64) {
		if v == nil {
			b.AppendNull()
		} else {
			b.Append(at(*v))
		}
	}
	for i, r := range rows {
		if r.id == nil {
			b.Field(0).AppendNull()
		} else {
			b.Field(0).(*array.Uint64Builder).Append(1<<63 + uint64(*r.id))
		}
		if r.sequence == nil {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.Int64Builder).Append(*r.sequence)
		}
		appendTime(b.Field(2).(*array.TimestampBuilder), r.started)
		appendTime(b.Field(3).(*array.TimestampBuilder), r.updated)
		b.Field(4).(*array.StringBuilder).Append(r.note)
		b.Field(5).(*array.Int64Builder).Append(int64(i + 1))
	}
	return b.NewRecordBatch()
}

func agentRecord(names map[int64]string) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, agents.Schema())
	row := int64(0)
	for id, name := range names {
		row++
		b.Field(0).(*array.Int64Builder).Append(id)
		b.Field(1).(*array.StringBuilder).Append(name)
		b.Field(2).(*array.Int64Builder).Append(row)
	}
	return b.NewRecordBatch()
}

// bench is a landing and a warehouse in a temporary folder.
type bench struct {
	testing.TB
	dir     string
	options warehouse.Options
	landing *landing.Landing
	w       *warehouse.Warehouse
	known   map[string]bool // ids of what land has returned
}

func schema(t testing.TB) fstest.MapFS {
	t.Helper()
	paths, err := filepath.Glob("../../sql/schema/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = &fstest.MapFile{Data: text}
	}
	return files
}

func newBench(t testing.TB) *bench {
	t.Helper()
	dir := t.TempDir()
	b := &bench{TB: t, dir: dir, known: map[string]bool{}, options: warehouse.Options{
		Path: filepath.Join(dir, "ddh.duckdb"), PublishedDir: filepath.Join(dir, "published"),
		Schema: schema(t), Tables: []etl.Table{calls, agents},
		Command: "ddh run", Now: func() time.Time { return clock }, MemoryLimit: "1GB", Threads: 2,
	}}
	b.reopenLanding()
	b.open()
	t.Cleanup(func() {
		if b.w != nil {
			b.close()
		}
	})
	return b
}

// reopenLanding opens the landing for the tables there are.
func (b *bench) reopenLanding() {
	b.Helper()
	l, err := landing.Open(filepath.Join(b.dir, "landing"), landing.Options{Run: "run-1", Start: clock, Tables: b.options.Tables})
	if err != nil {
		b.Fatal(err)
	}
	b.landing = l
}

func (b *bench) open() {
	b.Helper()
	w, err := warehouse.Open(context.Background(), b.options)
	if err != nil {
		b.Fatal(err)
	}
	b.w = w
}

func (b *bench) close() {
	b.Helper()
	if err := b.w.Close(); err != nil {
		b.Error(err)
	}
	b.w = nil
}

// land puts rows into the landing and returns the file the warehouse would load.
func (b *bench) land(table etl.Table, rec arrow.RecordBatch, rejects ...etl.Reject) etl.File {
	b.Helper()
	return b.landWith(etl.Drift{}, table, rec, rejects...)
}

func (b *bench) landWith(drift etl.Drift, table etl.Table, rec arrow.RecordBatch, rejects ...etl.Reject) etl.File {
	b.Helper()
	return b.landBatch(etl.Batch{Source: "puzzel", Table: table}, drift, rec, rejects...)
}

// landBatch lands a batch of which what tells it from others is not given.
func (b *bench) landBatch(batch etl.Batch, drift etl.Drift, rec arrow.RecordBatch, rejects ...etl.Reject) etl.File {
	b.Helper()
	defer rec.Release()
	sum := sha256.Sum256([]byte(fmt.Sprint(len(b.known))))
	batch.Origin, batch.Content = "test.csv", hex.EncodeToString(sum[:])
	w, err := b.landing.Begin(batch)
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		b.Fatal(err)
	}
	for _, r := range rejects {
		if err := w.Reject(r); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := w.Commit(drift); err != nil {
		b.Fatal(err)
	}
	files, err := b.landing.Unloaded(context.Background(), b.known)
	if err != nil || len(files) != 1 {
		b.Fatalf("landed %d files: %v", len(files), err)
	}
	b.known[files[0].Batch.ID] = true
	return files[0]
}

func (b *bench) files() []etl.File {
	b.Helper()
	files, err := b.landing.Files(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return files
}

func (b *bench) landCalls(rows ...call) etl.File {
	b.Helper()
	return b.land(calls, callRecord(rows))
}

func (b *bench) load(f etl.File) warehouse.Loaded {
	b.Helper()
	l, err := b.w.Load(context.Background(), f, warehouse.LoadOptions{})
	if err != nil {
		b.Fatal(err)
	}
	if l.Read != f.Counts.Read || l.Read != l.Loaded+l.Superseded+l.Quarantined {
		b.Errorf("%d rows delivered, counts do not add up: %v", f.Counts.Read, l)
	}
	return l
}

// query returns rows as text, the columns joined by blanks.
func (b *bench) query(query string) []string {
	b.Helper()
	conn, err := b.w.Conn(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	rows, err := conn.QueryContext(context.Background(), "select concat_ws(' ', *columns(*)) from ("+query+")")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	list := []string{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			b.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return list
}

// notes are the notes in raw, in order of call and sequence.
func (b *bench) notes() []string {
	b.Helper()
	return b.query("select note from raw.phone__calls order by call_id, sequence nulls last, note limit 1000")
}

func (b *bench) touched() []string {
	b.Helper()
	return b.query("select replace(table_name, 'raw.phone__', '') as t, coalesce(day::varchar, 'all') as d from meta.touched order by all")
}

// nullAgent is an agent without an id.
func nullAgent() arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, agents.Schema())
	b.Field(0).AppendNull()
	b.Field(1).(*array.StringBuilder).Append("Ingen")
	b.Field(2).(*array.Int64Builder).Append(1)
	return b.NewRecordBatch()
}

// exec changes the warehouse behind its back.
func (b *bench) exec(query string) {
	b.Helper()
	conn, err := b.w.Conn(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(context.Background(), query); err != nil {
		b.Fatal(err)
	}
}

// built does what the model engine does once it has built.
func (b *bench) built() { b.exec("delete from meta.touched") }

// empty makes room for the next history.
func (b *bench) empty() {
	b.exec("delete from raw.phone__calls; delete from meta.batches; delete from meta.touched; delete from meta.quarantine")
}
