package sourcetest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/sourcetest"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// memory is the plainest system there is: it shows what it holds. What the suite
// finds with it is the windowed engine's own.
type memory struct {
	zone    *time.Location
	records map[int][]sourcetest.Record
	faults  []func(*request) error // of the next requests
}

// request is one Fetch under way.
type request struct {
	rows [][]string
	out  windowed.Receiver
}

func newMemory(*testing.T) sourcetest.System {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return &memory{zone: zone, records: map[int][]sourcetest.Record{}}
}

var things = etl.Table{
	Owner: "memory", Name: "things", Version: 1,
	Columns: []etl.Column{
		{Name: "key", Type: etl.Integer, Required: true, NotNull: true},
		{Name: "part", Type: etl.Integer},
		{Name: "happened", Type: etl.LocalTime},
		{Name: "updated", Type: etl.LocalTime},
		{Name: "text", Type: etl.Text},
	},
	Replace: etl.Replace{Key: []string{"key"}, Row: []string{"part"}, Updated: "updated", Day: "min(happened)::date"},
}

func (m *memory) Table() etl.Table { return things }
func (m *memory) Parts() int       { return 3 }
func (m *memory) Versions() bool   { return true }
func (m *memory) Compared() string {
	return "concat_ws('|', key, part, strftime(updated, '%Y-%m-%dT%H:%M:%S'), text)"
}

func (m *memory) Row(r sourcetest.Record) string {
	return fmt.Sprintf("%d|%d|%s|%s", r.Key, r.Part, r.Updated.In(m.zone).Format("2006-01-02T15:04:05"), r.Text)
}

func (m *memory) Show(_ context.Context, _ time.Time, records []sourcetest.Record) error {
	for _, r := range records {
		m.records[r.Key] = nil
	}
	for _, r := range records {
		m.records[r.Key] = append(m.records[r.Key], r)
	}
	return nil
}

func (m *memory) Source(w sourcetest.World) (etl.Source, error) {
	return windowed.New(windowed.Options{
		Name: "memory", Feed: m, Tables: []windowed.Table{{Table: things}}, Protect: w.Protect, Zone: w.Zone, Now: w.Now,
		Overlap: w.Overlap, Chunk: 24 * time.Hour, Since: w.Since, Policy: w.Policy, World: w.Retry,
	})
}

var errCut = errors.New("connection reset")

var memoryFaults = []struct {
	name string
	do   func(*request) error
}{
	{"down", func(*request) error { return &etl.Trouble{Kind: etl.Passing, Message: "no answer"} }},
	{"down for long", func(*request) error {
		return &etl.Trouble{Kind: etl.Passing, Message: "come back tomorrow", After: 24 * time.Hour}
	}},
	{"refused", func(*request) error { return &etl.Trouble{Kind: etl.Login, Message: "who are you"} }},
	{"cut off", func(r *request) error {
		for _, row := range r.rows[:len(r.rows)/2] {
			if err := r.out.Row(row); err != nil {
				return err
			}
		}
		return &etl.Trouble{Kind: etl.Passing, Message: "cut off", Err: errCut}
	}},
	{"twice", func(r *request) error { r.rows = append(r.rows, r.rows...); return nil }},
}

func (m *memory) Disturb(pick int) string {
	f := memoryFaults[pick%len(memoryFaults)]
	m.faults = append(m.faults, f.do)
	return f.name
}

// Fetch picks by wall clock, as a database does whose times have no zone.
func (m *memory) Fetch(ctx context.Context, q windowed.Query, out windowed.Receiver) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{out: out}
	from, to := q.Window.Local(m.zone)
	local := func(t time.Time) string { return t.In(m.zone).Format("2006-01-02T15:04:05.000") }
	for _, records := range m.records {
		inside := slices.ContainsFunc(records, func(x sourcetest.Record) bool {
			at := local(x.Updated)
			return at >= from.Format("2006-01-02T15:04:05.000") && at < to.Format("2006-01-02T15:04:05.000")
		})
		for _, x := range records {
			if inside {
				r.rows = append(r.rows, []string{fmt.Sprint(x.Key), fmt.Sprint(x.Part), local(x.Happened), local(x.Updated), x.Text})
			}
		}
	}
	slices.SortFunc(r.rows, func(a, b []string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	if err := out.Header([]string{"key", "part", "happened", "updated", "text"}); err != nil {
		return err
	}
	if len(m.faults) > 0 {
		fault := m.faults[0]
		m.faults = m.faults[1:]
		if err := fault(r); err != nil {
			return err
		}
	}
	for _, row := range r.rows {
		if err := out.Row(row); err != nil {
			return err
		}
	}
	return nil
}

func TestEngine(t *testing.T) { sourcetest.Run(t, newMemory) }
