package rest_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// TestWindowsOfDays asks for what was sent on a day, whenever it was answered. Both
// nights with a change of clock are days of their own length.
func TestWindowsOfDays(t *testing.T) {
	for _, c := range []struct{ day, from, to string }{
		{"an ordinary day", "2026-03-04 00:00 +0100", "2026-03-05 00:00 +0100"},
		{"23 hours", "2026-03-29 00:00 +0100", "2026-03-30 00:00 +0200"},
		{"25 hours", "2026-10-25 00:00 +0200", "2026-10-26 00:00 +0100"},
	} {
		t.Run(c.day, func(t *testing.T) {
			b := start(t, "2026-12-01 12:00 +0100", service.SurveyOptions{})
			from, to := b.at(c.from), b.at(c.to)
			late := b.clock.Now().Add(-time.Minute) // changed long after: a number was blanked, say
			state := func(id int64, sent, updated time.Time) service.Response {
				return service.Response{ID: id, Msisdn: "20123456", Agent: "17", Reply: "9", Sent: sent, Updated: updated}
			}
			b.api.Add(
				state(1, from.Add(-time.Millisecond), from.Add(time.Hour)),
				state(2, from, from),
				state(3, from.Add(3*time.Hour), late),
				state(4, to.Add(-time.Millisecond), to.Add(-time.Millisecond)),
				state(5, to.Add(-time.Millisecond), late),
				state(6, to, to.Add(time.Hour)),
			)
			pulled, err := b.source(1).Backfill(t.Context(), etl.Window{From: from, To: to, Of: etl.Happened}, b.sink, nil)
			if err != nil || len(pulled.Faults) > 0 || b.ids() != "2 3 4 5" {
				t.Errorf("%v %v %q", err, pulled.Faults, b.ids())
			}
			if got := b.sink.Cursor("", survey.Responses); !got.IsZero() {
				t.Errorf("a backfill moved the cursor to %v", got)
			}
		})
	}
}

// TestEdgesOfUpdates: every millisecond is in some window, also where the API takes
// both ends of a question out.
func TestEdgesOfUpdates(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
	from, to := b.clock.Now().Add(-time.Hour), b.clock.Now().Add(-time.Minute)
	for i, at := range []time.Time{from, from.Add(time.Millisecond), to.Add(-time.Millisecond)} {
		b.api.Add(service.Response{ID: int64(i + 1), Agent: "17", Sent: at, Updated: at})
	}
	var got rows
	query := windowed.Query{Table: survey.Responses, Window: etl.Window{From: from, To: to}}
	if err := b.feed.Fetch(t.Context(), query, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.all) != 3 {
		t.Errorf("%d rows, want 3", len(got.all))
	}
	if slices.ContainsFunc(got.header, func(name string) bool {
		return name == "name" || strings.HasPrefix(name, "extra") || strings.HasPrefix(name, "post")
	}) {
		t.Errorf("the header names %q", got.header)
	}
}

type rows struct {
	header []string
	all    [][]string
}

func (r *rows) Header(columns []string) error { r.header = slices.Clone(columns); return nil }
func (r *rows) Row(fields []string) error     { r.all = append(r.all, slices.Clone(fields)); return nil }

// TestASimulatedInboxIsPulled: every message that the simulator's surveys tell of
// becomes an item that comes over the network and reads.
func TestASimulatedInboxIsPulled(t *testing.T) {
	b := start(t, "2026-04-01 12:00 +0200", service.SurveyOptions{})
	b.since = b.at("2026-03-01 00:00 +0100")
	dir, day := t.TempDir(), time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	if _, err := simulate.Run(t.Context(), simulate.Options{Dir: dir, From: day, To: day, Seed: 5, CallsPerYear: 60_000}); err != nil {
		t.Fatal(err)
	}
	inbox := filepath.Join(dir, "inbox", "survey")
	if err := b.api.AddFolder(inbox); err != nil {
		t.Fatal(err)
	}
	if pulled, err := b.pull(); err != nil || len(pulled.Faults) > 0 {
		t.Fatal(err, pulled.Faults)
	}
	surveys, err := service.ReadFolder(inbox, "surveys")
	if err != nil {
		t.Fatal(err)
	}
	states, err := service.Responses(surveys, b.zone)
	if err != nil {
		t.Fatal(err)
	}
	items := states[len(states)-1].ID
	if got := b.sink.Counts; got.Landed != items || got.Rejected > 0 || items < 50 {
		t.Errorf("%+v of %d items", got, items)
	}
}
