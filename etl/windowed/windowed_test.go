package windowed_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/retry"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

func contract(name string) etl.Table {
	return etl.Table{
		Owner: "test", Name: name, Version: 1,
		Columns: []etl.Column{{Name: "id", Type: etl.Integer, Required: true, NotNull: true}, {Name: "at", Type: etl.LocalTime}},
		Replace: etl.Replace{Key: []string{"id"}, Updated: "at"},
	}
}

// feed answers with so many rows, or with an error, and notes what it was asked.
type feed struct {
	rows   map[string]int
	errs   map[string]error
	header []string
	asked  []string
}

func (f *feed) Fetch(_ context.Context, q windowed.Query, out windowed.Receiver) error {
	asked := q.Table.Name
	if !q.Window.Empty() {
		const layout = "02 15:04"
		asked = fmt.Sprintf("%s %s %s-%s", asked, q.Window.Of, q.Window.From.Format(layout), q.Window.To.Format(layout))
	}
	f.asked = append(f.asked, asked)
	if err := f.errs[q.Table.Name]; err != nil {
		return err
	}
	if err := out.Header(f.header); err != nil {
		return err
	}
	for i := range f.rows[q.Table.Name] {
		if err := out.Row([]string{fmt.Sprint(i), "2026-03-02T10:00:00"}); err != nil {
			return err
		}
	}
	return nil
}

// sink counts what lands and keeps cursors.
type sink struct {
	landed  []string
	known   map[string]bool
	cursors map[string]time.Time
	rows    int64
	batch   etl.Batch
	open    etl.Delivered              // the batch under way
	recent  map[string][]etl.Delivered // by table
	amnesia bool                       // recent cannot be read
}

func (s *sink) Known(t etl.Table, content string) bool      { return s.known[t.Name+content] }
func (s *sink) Cursor(_ string, t etl.Table) time.Time      { return s.cursors[t.Name] }
func (s *sink) Advance(_ string, t etl.Table, at time.Time) { s.cursors[t.Name] = at }
func (s *sink) Abort() error                                { return nil }

func (s *sink) Recent(_ context.Context, t etl.Table, _ time.Time, each func(etl.Delivered)) error {
	for _, d := range s.recent[t.Name] {
		each(d)
	}
	if s.amnesia {
		return errors.New("a landing file cannot be read")
	}
	return nil
}

func (s *sink) Begin(b etl.Batch) (etl.Writer, error) {
	s.batch, s.rows, s.open = b, 0, etl.Delivered{}
	return s, nil
}

func (s *sink) Write(r arrow.RecordBatch) error {
	r.Retain()
	s.rows += r.NumRows()
	s.open.Rows = append(s.open.Rows, r)
	return nil
}

func (s *sink) Reject(r etl.Reject) error {
	s.open.Rejects = append(s.open.Rejects, r)
	return nil
}

func (s *sink) Commit(d etl.Drift) (etl.Landed, error) {
	s.landed = append(s.landed, fmt.Sprintf("%s: %d rows", s.batch.Origin, s.rows))
	s.known[s.batch.Table.Name+s.batch.Content] = true
	s.recent[s.batch.Table.Name] = append(s.recent[s.batch.Table.Name], s.open)
	return etl.Landed{Batch: s.batch, Counts: etl.Counts{Read: s.rows, Landed: s.rows}, Drift: d}, nil
}

// bench is a source with its surroundings.
type bench struct {
	feed    *feed
	sink    *sink
	now     time.Time
	waits   []time.Duration
	options windowed.Options
}

func newBench(t *testing.T) *bench {
	t.Helper()
	key, err := privacy.New([]byte("a key of more than sixteen bytes"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{
		feed: &feed{rows: map[string]int{}, errs: map[string]error{}, header: []string{"id", "at"}},
		sink: &sink{known: map[string]bool{}, cursors: map[string]time.Time{}, recent: map[string][]etl.Delivered{}},
		now:  time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC),
	}
	b.options = windowed.Options{
		Name: "system", Feed: b.feed, Protect: key, Zone: time.UTC, Now: func() time.Time { return b.now },
		Tables:  []windowed.Table{{Table: contract("calls")}, {Table: contract("agents"), Whole: true}},
		Overlap: 3 * time.Hour, Chunk: 24 * time.Hour, Since: b.now.AddDate(0, 0, -2),
		Policy: retry.Policy{Attempts: 3, First: time.Second, Most: time.Minute},
		World: retry.World{
			Sleep:  func(_ context.Context, d time.Duration) error { b.waits = append(b.waits, d); return nil },
			Chance: func() float64 { return 1 },
		},
	}
	return b
}

func (b *bench) pull(t *testing.T) (etl.Pulled, error) {
	t.Helper()
	s, err := windowed.New(b.options)
	if err != nil {
		t.Fatal(err)
	}
	return s.Pull(t.Context(), b.sink, nil)
}

func TestWindowsBeginAtSinceThenOverlapTheCursor(t *testing.T) {
	b := newBench(t)
	b.feed.rows["calls"], b.feed.rows["agents"] = 3, 2
	if _, err := b.pull(t); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(15 * time.Minute)
	b.feed.rows["calls"] = 4
	pulled, err := b.pull(t)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"calls updates 28 09:00-01 12:00", "calls updates 01 12:00-02 12:00", "agents", // two pieces of a day
		"calls updates 02 09:00-02 12:15", // the lookup has had its day
	}
	if diff := cmp.Diff(want, b.feed.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if len(pulled.Batches) != 1 || pulled.Batches[0].Counts.Read != 1 { // the other three have landed
		t.Errorf("the second poll brought %+v", pulled.Batches)
	}
	if !b.sink.cursors["calls"].Equal(b.now) {
		t.Errorf("the cursor is at %v", b.sink.cursors["calls"])
	}
}

func TestWhatCannotBeComparedLandsAgain(t *testing.T) {
	b := newBench(t)
	b.sink.amnesia = true
	b.feed.rows["calls"] = 3
	if _, err := b.pull(t); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(15 * time.Minute)
	b.feed.rows["calls"] = 4
	pulled, err := b.pull(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(pulled.Batches) != 1 || pulled.Batches[0].Counts.Read != 4 {
		t.Errorf("the second poll brought %+v", pulled.Batches)
	}
}

func TestLookupLandsAgainTheNextDayEvenUnchanged(t *testing.T) {
	b := newBench(t)
	b.feed.rows["agents"] = 2
	for range 2 {
		if _, err := b.pull(t); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.AddDate(0, 0, 1)
	}
	want := []string{"agents, whole, 2026-03-02: 2 rows", "agents, whole, 2026-03-03: 2 rows"}
	if diff := cmp.Diff(want, b.sink.landed); diff != "" {
		t.Errorf("landed (-want +got):\n%s", diff)
	}
}

func TestSameRowsLandOnce(t *testing.T) {
	b := newBench(t)
	b.feed.rows["calls"] = 3
	if _, err := b.pull(t); err != nil {
		t.Fatal(err)
	}
	landed := len(b.sink.landed)
	b.now = b.now.Add(15 * time.Minute)
	pulled, err := b.pull(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.sink.landed) != landed || len(pulled.Known) != 1 {
		t.Errorf("landed %v, known %v", b.sink.landed, pulled.Known)
	}
}

func TestWhatBecomesOfErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		asked  int // of calls
		fault  string
		stops  bool
		agents bool // the other table is still asked for
	}{
		{"passing", &etl.Trouble{Kind: etl.Passing, Message: "no answer"}, 3, "", true, false},
		{"patience asked for", &etl.Trouble{Kind: etl.Passing, Message: "busy", After: 30 * time.Second}, 3, "", true, false},
		{"too much patience asked for", &etl.Trouble{Kind: etl.Passing, Message: "busy", After: time.Hour}, 1, "", true, false},
		{"login", &etl.Trouble{Kind: etl.Login, Message: "who are you"}, 1, "", true, false},
		{"permission", &etl.Trouble{Kind: etl.Permission, Message: "not this table"}, 1, "not this table", false, true},
		{"contract", &etl.Trouble{Kind: etl.Contract, Message: "no such table"}, 1, "no such table", false, true},
		{"fault", etl.Fault{Message: "no column id"}, 1, "no column id", false, true},
		{"anything else", errors.New("no idea"), 1, "", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.feed.errs["calls"] = c.err
			pulled, err := b.pull(t)
			calls, agents := 0, false
			for _, asked := range b.feed.asked {
				if strings.HasPrefix(asked, "calls") {
					calls++
				}
				agents = agents || asked == "agents"
			}
			if calls != c.asked || agents != c.agents || (err != nil) != c.stops {
				t.Errorf("calls asked %d times, agents %v, error %v", calls, agents, err)
			}
			if c.fault != "" && (len(pulled.Faults) != 1 || pulled.Faults[0].Message != c.fault) {
				t.Errorf("faults %v", pulled.Faults)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "source system: ") {
				t.Errorf("%v does not name the source", err)
			}
			if !b.sink.cursors["calls"].IsZero() {
				t.Error("the cursor moved over a window that failed")
			}
		})
	}
}

func TestMissingRequiredColumnIsAFaultOfTheTable(t *testing.T) {
	b := newBench(t)
	b.feed.header = []string{"at"}
	pulled, err := b.pull(t)
	if err != nil || len(pulled.Faults) != 2 || pulled.Faults[0].Column != "id" {
		t.Errorf("faults %v, error %v", pulled.Faults, err)
	}
}

func TestWindowThatShrinksIsHeldUntilConfirmedOrMended(t *testing.T) {
	b := newBench(t)
	b.options.Normal = func(context.Context, etl.Table, etl.Window) (int64, bool, error) { return 1000, true, nil }
	b.feed.rows["calls"] = 249
	pulled, err := b.pull(t)
	if err != nil || len(pulled.Faults) != 1 || !strings.Contains(pulled.Faults[0].Message, "brought 249 rows where about 1000 are usual") {
		t.Fatalf("faults %v, error %v", pulled.Faults, err)
	}
	if len(b.sink.landed) != 0 || !b.sink.cursors["calls"].IsZero() {
		t.Fatalf("landed %v, cursor %v", b.sink.landed, b.sink.cursors["calls"])
	}
	b.options.Confirmed = true
	if pulled, err = b.pull(t); err != nil || len(pulled.Batches) != 1 || len(pulled.Known) != 1 {
		t.Fatalf("confirmed: %+v, %v", pulled, err)
	}
	mended := newBench(t)
	mended.options.Normal = b.options.Normal
	mended.feed.rows["calls"] = 250
	if pulled, err = mended.pull(t); err != nil || len(pulled.Faults) != 0 {
		t.Errorf("a quarter of the usual: %v, %v", pulled.Faults, err)
	}
}

func TestBackfillAsksByDayAndMovesNoCursor(t *testing.T) {
	b := newBench(t)
	b.feed.rows["calls"] = 3
	s, err := windowed.New(b.options)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	if _, err := s.Backfill(t.Context(), etl.Window{From: from, To: from.AddDate(0, 0, 2), Of: etl.Happened}, b.sink, nil); err != nil {
		t.Fatal(err)
	}
	want := []string{"calls days 01 00:00-02 00:00", "calls days 02 00:00-03 00:00"}
	if diff := cmp.Diff(want, b.feed.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if len(b.sink.cursors) != 0 || !b.sink.batch.From.IsZero() || !b.sink.batch.To.IsZero() {
		t.Errorf("cursors %v, window %v to %v of the batch", b.sink.cursors, b.sink.batch.From, b.sink.batch.To)
	}
}
