package sqlserver_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/sourcetest"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// simulated is the simulated database behind its server, read through the real
// driver. Its keys are calls whose numbers no int64 holds.
type simulated struct {
	t      *testing.T
	db     *rawdata.Database
	server *tds.Server
	dsn    string
	feed   *sqlserver.Feed       // of the program that was started last
	noted  map[int][]rawdata.Row // by key
}

const firstCall = uint64(9_300_000_000_000_000_000)

func newSimulated(t *testing.T) *simulated {
	t.Helper()
	db, err := rawdata.New(t.Context(), rawdata.Options{Zone: copenhagen, Name: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &simulated{t: t, db: db, server: serve(t, db), noted: map[int][]rawdata.Row{}}
	s.dsn = dsn(t, s.server)
	return s
}

func (s *simulated) Table() etl.Table { return puzzel.CallEvents }
func (s *simulated) Parts() int       { return 4 }
func (s *simulated) Versions() bool   { return true }

func (s *simulated) Compared() string {
	return "concat_ws('|', call_id, call_sequence, strftime(dte_updated, '%Y-%m-%dT%H:%M:%S'), menue_key)"
}

func (s *simulated) Row(r sourcetest.Record) string {
	return fmt.Sprintf("%d|%d|%s|%s", firstCall+uint64(r.Key), r.Part, r.Updated.In(copenhagen).Format("2006-01-02T15:04:05"), r.Text)
}

func wall(t time.Time) time.Time {
	t = t.In(copenhagen)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// Show notes the records; they are written when somebody can next look.
func (s *simulated) Show(_ context.Context, now time.Time, records []sourcetest.Record) error {
	fresh := map[int][]rawdata.Row{}
	for _, r := range records {
		fresh[r.Key] = append(fresh[r.Key], rawdata.Row{
			"rec_id": now.UnixMicro() + int64(r.Part), "call_id": firstCall + uint64(r.Key), "call_sequence": r.Part,
			"dte_start": wall(r.Happened), "event_type": "i", "dte_updated": wall(r.Updated), "menue_key": r.Text,
		})
	}
	maps.Copy(s.noted, fresh)
	return nil
}

// write writes what was noted, and sets the database's clock.
func (s *simulated) write(now time.Time) error {
	rows := slices.Concat(slices.Collect(maps.Values(s.noted))...)
	clear(s.noted)
	s.db.SetNow(now)
	return s.db.Insert(s.t.Context(), "call_events", now, rows...)
}

func (s *simulated) Source(w sourcetest.World) (etl.Source, error) {
	if err := s.write(w.Now()); err != nil {
		return nil, err
	}
	if s.feed != nil {
		s.feed.Close()
	}
	feed, err := sqlserver.New(sqlserver.Options{DSN: s.dsn, Zone: w.Zone, Now: w.Now, Stall: 10 * time.Second})
	if err != nil {
		return nil, err
	}
	s.feed = feed
	s.t.Cleanup(func() { feed.Close() })
	return windowed.New(windowed.Options{
		Name: "puzzel", Feed: feed, Tables: []windowed.Table{{Table: puzzel.CallEvents}}, Protect: w.Protect,
		Zone: w.Zone, Now: w.Now, Overlap: w.Overlap, Chunk: 5 * 24 * time.Hour, Since: w.Since, Policy: w.Policy, World: w.Retry,
	})
}

// Disturb makes the server fail at the next login or the next query of calls.
func (s *simulated) Disturb(pick int) string {
	const calls = "[call_events]"
	faults := []tds.Fault{
		{Kind: tds.Cut, Query: calls, Rows: pick % 5},
		{Kind: tds.Truncate, Query: calls, Rows: pick % 3},
		{Kind: tds.Deadlock, Query: calls, Rows: pick % 2},
		{Kind: tds.Throttle, Query: calls},
		{Kind: tds.Fail, Query: calls, Err: &tds.Error{Number: 40613, State: 1, Class: 17, Message: "Database is not currently available."}},
		{Kind: tds.Fail, Query: "INFORMATION_SCHEMA", Err: &tds.Error{Number: 596, State: 1, Class: 21, Message: "The session is in the kill state."}},
		{Kind: tds.RefuseLogin},
		{Kind: tds.CutLogin},
	}
	fault := faults[pick%len(faults)]
	s.server.Faults().Inject(fault)
	return string(fault.Kind)
}

func TestConformance(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.System { return newSimulated(t) })
}
