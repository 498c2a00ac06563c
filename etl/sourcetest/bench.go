package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	_ "time/tzdata" // the suite is about Copenhagen's clock, whatever machine it runs on

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/retry"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// bench is a system, a clock, and the landing and warehouse its source fills.
type bench struct {
	t      *testing.T
	ctx    context.Context
	system System
	now    time.Time
	store  *store
	shown  map[int][]Record // what the system shows, by key
	waits  int              // how often a retry waited
}

// overlap is what the suite's sources reach back: more than the hour that a clock set
// back repeats.
const overlap = 3 * time.Hour

func newBench(t *testing.T, s System) *bench {
	b := &bench{t: t, ctx: t.Context(), system: s, now: instant("2026-01-05T08:00:00Z"), shown: map[int][]Record{}}
	b.store = newStore(t, s.Table(), func() time.Time { return b.now })
	return b
}

func instant(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

func copenhagen() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return zone
}

// open opens the system's source anew.
func (b *bench) open() etl.Source {
	b.t.Helper()
	key, err := privacy.New([]byte("the suite's key, of no worth at all"))
	if err != nil {
		b.t.Fatal(err)
	}
	source, err := b.system.Source(World{
		Now: func() time.Time { return b.now }, Protect: key, Zone: copenhagen(),
		Overlap: overlap, Since: instant("2025-10-01T00:00:00Z"),
		Policy: retry.Policy{Attempts: 3, First: time.Second, Most: time.Minute},
		Retry: retry.World{
			Sleep:  func(ctx context.Context, _ time.Duration) error { b.waits++; return ctx.Err() },
			Chance: func() float64 { return 0.5 },
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return source
}

// show lets the system show records, of which Updated is not after now.
func (b *bench) show(records ...Record) {
	b.t.Helper()
	fresh := map[int]bool{}
	for _, r := range records {
		if !fresh[r.Key] {
			fresh[r.Key], b.shown[r.Key] = true, nil
		}
		b.shown[r.Key] = append(b.shown[r.Key], r)
	}
	if err := b.system.Show(b.ctx, b.now, records); err != nil {
		b.t.Fatal(err)
	}
}

// poll pulls and loads once, and lets nothing go wrong.
func (b *bench) poll() etl.Pulled {
	b.t.Helper()
	pulled, err := b.store.poll(b.ctx, b.open())
	if err != nil {
		b.t.Fatalf("poll at %s: %v", b.now.Format(time.RFC3339), err)
	}
	for _, f := range pulled.Faults {
		b.t.Fatalf("poll at %s: %v", b.now.Format(time.RFC3339), f)
	}
	return pulled
}

// same checks that the warehouse holds what the system shows.
func (b *bench) same() {
	b.t.Helper()
	want := []string{}
	for _, records := range b.shown {
		for _, r := range records {
			want = append(want, b.system.Row(r))
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, b.store.rows(b.ctx, b.t, b.system.Compared())); diff != "" {
		b.t.Fatalf("rows in the warehouse (-shown +loaded):\n%s", diff)
	}
}

// store is a landing and a warehouse.
type store struct {
	dir   string
	table etl.Table
	now   func() time.Time
	w     *warehouse.Warehouse
	run   int
}

func newStore(t *testing.T, table etl.Table, now func() time.Time) *store {
	t.Helper()
	s := &store{dir: t.TempDir(), table: table, now: now}
	w, err := warehouse.Open(t.Context(), warehouse.Options{
		Path: filepath.Join(s.dir, "warehouse.duckdb"), PublishedDir: filepath.Join(s.dir, "published"),
		Schema: ddhsql.Schema(), Tables: []etl.Table{table}, Command: "sourcetest", Now: now, Threads: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.w = w
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// poll is a run: pull from the cursors, load, keep the cursors.
func (s *store) poll(ctx context.Context, source etl.Source) (etl.Pulled, error) {
	return s.pollThrough(ctx, source, nil)
}

// pollThrough is poll with something between the source and the landing.
func (s *store) pollThrough(ctx context.Context, source etl.Source, between *counted) (etl.Pulled, error) {
	l, err := s.open(ctx)
	if err != nil {
		return etl.Pulled{}, err
	}
	var sink etl.Sink = l
	if between != nil {
		between.Sink = l
		sink = between
	}
	pulled, err := source.Pull(ctx, sink, nil)
	return pulled, errors.Join(err, s.load(context.WithoutCancel(ctx), l))
}

// session is some polls of one program, loaded when it ends.
type session struct {
	landing *landing.Landing
	end     func()
}

func (s *store) begin(ctx context.Context, t *testing.T) session {
	t.Helper()
	l, err := s.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return session{l, func() {
		t.Helper()
		if err := s.load(ctx, l); err != nil {
			t.Fatal(err)
		}
	}}
}

// forget loses the cursors, those that batches tell included.
func (s *store) forget(ctx context.Context, t *testing.T) {
	t.Helper()
	conn, err := s.w.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "delete from meta.cursors; update meta.batches set window_to = null"); err != nil {
		t.Fatal(err)
	}
}

// longest is how long a session lasts at most. A batch of it must not tell of what came
// after its run began, so runs are named after the end that they can have.
const longest = 7 * 24 * time.Hour

// open opens the landing for the next run.
func (s *store) open(ctx context.Context) (*landing.Landing, error) {
	cursors, err := s.w.Cursors(ctx)
	if err != nil {
		return nil, err
	}
	s.run++ // the clock may stand still, names of runs may not
	start := s.now().UTC().Truncate(time.Second).Add(longest + time.Duration(s.run)*time.Second)
	return landing.Open(filepath.Join(s.dir, "landing"), landing.Options{
		Run: start.Format("20060102T150405Z"), Start: start, Tables: []etl.Table{s.table}, Cursors: cursors,
	})
}

func (s *store) load(ctx context.Context, l *landing.Landing) error {
	known, err := s.w.KnownBatches(ctx)
	if err != nil {
		return err
	}
	files, err := l.Unloaded(ctx, known)
	if err != nil {
		return err
	}
	if _, err := s.w.LoadAll(ctx, files, nil, nil); err != nil {
		return err
	}
	return s.w.KeepCursors(ctx, l.Cursors())
}

// rows are the raw table's rows as text, sorted.
func (s *store) rows(ctx context.Context, t *testing.T, compared string) []string {
	t.Helper()
	conn, err := s.w.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	found, err := conn.QueryContext(ctx, fmt.Sprintf("select %s from %s", compared, s.table.RawName()))
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	rows := []string{}
	for found.Next() {
		var row string
		if err := found.Scan(&row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}
