package truth

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

var (
	first = clock.Date(2026, time.January, 1)
	noon  = clock.Date(2026, time.March, 2).At(12 * 3600)
	april = clock.Local(40 * clock.SecondsPerDay) // after noon
)

// book has three answered calls and one of each other kind that matters, all of
// the citizens of one municipality, answered by two agents of others.
func book() *Book {
	w := world.New(first, first+180, dice.New(1, 0))
	b := &Book{World: w}
	add := func(c Call) {
		c.Start += noon
		*b.Call(len(b.Calls)) = c
	}
	add(Call{ // answered by one agent, who asked for and got a 9
		Wait: 10, Legs: []Leg{{Agent: 1, Talk: 100, WrapUp: 20, Hold: 5}},
		Topics: []int{0}, Survey: Survey{Sent: true, Replied: true, Score: 9, Agent: 1},
	})
	add(Call{ // passed on by agent 1; agent 2 sends it back
		Start: 60, Wait: 70, Back: true, Target: "+4510200001",
		Legs:   []Leg{{Agent: 1, Talk: 50}, {Agent: 2, Talk: 30, WrapUp: 10, SentBack: true}},
		Survey: Survey{Sent: true, Replied: true, Score: 1, Agent: 2},
	})
	add(Call{Start: 120, Wait: 100, Municipality: world.None, Legs: []Leg{{Agent: 2, Talk: 20}}})
	add(Call{Start: 180, Outcome: hotline.Abandoned})
	add(Call{Start: 240, Outcome: hotline.ShortAbandoned})
	add(Call{Start: 300, Outcome: hotline.MenuOnly, Queue: world.None})
	b.CalledAgain(0, noon+secondsPerWeek)
	b.CalledAgain(3, noon+180+secondsPerWeek+1)
	add(Call{Start: april, Wait: 20, Legs: []Leg{{Agent: 1, Talk: 40}}}) // on the line
	add(Call{Start: april, ByCallback: true, CalledBack: 7200, Legs: []Leg{{Agent: 2, Talk: 40}}})
	add(Call{
		Start: april, ByCallback: true, CalledBack: 600, Back: true, Target: "+4510200002", Legs: []Leg{{Agent: 2, Talk: 60, SentBack: true}},
	})
	b.Glance(Glance{At: noon + 20, Call: 0, Agent: 1, Guide: 3})
	b.Glance(Glance{At: noon + 30, Call: 0, Agent: 1, Guide: 3, Sent: true})
	b.Glance(Glance{At: noon, Call: -1, Agent: world.None, Guide: 4, Municipality: world.None})
	return b
}

// figure finds a figure of the book, or fails.
func figure(t *testing.T, b *Book, g group, kpi string) Figure {
	t.Helper()
	all := rollUp(b.monthly())
	tally, ok := all[g]
	if !ok {
		t.Fatalf("no group %+v", g)
	}
	list := figures(g, tally)
	if f, ok := b.perInhabitant(all, g); ok {
		list = append(list, f)
	}
	for _, f := range list {
		if f.KPI == kpi {
			return f
		}
	}
	t.Fatalf("%+v has no %s", g, kpi)
	return Figure{}
}

func TestFiguresOfASmallBook(t *testing.T) {
	b := book()
	total := func(perspective string) group { return group{"2026-03", "total", perspective, "total"} }
	april := func(perspective string) group { return group{"2026-04", "total", perspective, "total"} }
	code := b.World.Municipalities[0].Code
	for _, c := range []struct {
		g    group
		kpi  string
		want float64
	}{
		{total(citizen), "calls_offered", 5},
		{total(citizen), "calls_answered", 3},
		{total(citizen), "calls_abandoned", 1},
		{total(citizen), "calls_short_abandoned", 1},
		{total(citizen), "calls_menu_only", 1},
		{total(citizen), "answer_rate", 3.0 / 4},
		{total(citizen), "wait_seconds_mean", 60},
		{total(citizen), "wait_seconds_median", 70},
		{total(citizen), "wait_seconds_p90", 94},
		{total(citizen), "answered_within_60s", 1.0 / 3},
		{total(citizen), "first_contact_resolution", 2.0 / 3},
		{total(citizen), "talk_seconds_mean", 50},
		{total(citizen), "handling_seconds_mean", 57.5},
		{total(citizen), "hold_seconds_mean", 1.25},
		{total(citizen), "repeat_calls_7d", 1.0 / 2},
		{total(citizen), "survey_sent", 1}, // the call that was sent back is left out
		{total(citizen), "satisfaction_mean", 9},
		{total(citizen), "satisfaction_share_high", 1},
		{total(citizen), "guide_coverage", 1.0 / 3},
		{total(citizen), "guide_send_rate", 1.0 / 3},
		{total(citizen), "guide_views", 2},
		{total(citizen), "guide_sends", 1},
		{total(agent), "calls_answered", 4}, // one call counts for two agents
		{total(agent), "calls_transferred_back", 1},
		{total(agent), "first_contact_resolution", 3.0 / 4},
		{total(agent), "guide_coverage", 1.0 / 4},
		{group{"2026-03", "municipality", citizen, code}, "calls_answered", 2},
		{group{"2026-03", "municipality", citizen, "unknown"}, "calls_answered", 1},
		{group{"2026-03", "transfer_number", citizen, "+4510200001"}, "calls_transferred_back", 1},
		{group{"2026-03", "topic", citizen, "101"}, "calls_answered", 1},
		{group{"2026-03", "topic", citizen, "unknown"}, "calls_answered", 2},
		{group{"2026-03", "guide", citizen, b.World.Guides[3].ID}, "satisfaction_mean", 9},
		{group{"2026-03", "guide", citizen, b.World.Guides[4].ID}, "guide_views", 1},
		{group{"2026-03", "agent", agent, "unknown"}, "guide_views", 1},
		{group{"2026K1", "total", citizen, "total"}, "wait_seconds_median", 70},
		{group{"2026", "total", citizen, "total"}, "calls_offered", 8},
		{april(citizen), "calls_answered", 3},
		{april(citizen), "calls_answered_by_callback", 2},
		{april(citizen), "wait_seconds_mean", 20},
		{april(citizen), "wait_seconds_max", 20},
		{april(citizen), "answered_within_20s", 1},
		{april(citizen), "callback_wait_seconds_mean", 3900},
		{april(citizen), "callback_wait_seconds_median", 3900},
		{april(citizen), "first_contact_resolution", 2.0 / 3},
		{april(agent), "calls_answered_by_callback", 2},
		{total(citizen), "wait_seconds_max", 100},
		{total(citizen), "answered_within_20s", 1.0 / 3},
		{total(citizen), "calls_answered_by_callback", 0},
		{group{"2026", "total", citizen, "total"}, "wait_seconds_mean", 50},
	} {
		if f := figure(t, b, c.g, c.kpi); math.Abs(f.Value-c.want) > 1e-12 {
			t.Errorf("%s of %+v is %g (%d/%d), want %g", c.kpi, c.g, f.Value, f.Numerator, f.Denominator, c.want)
		}
	}
}

func TestNothingToDivideByIsNoValue(t *testing.T) {
	b := book()
	g := group{"2026-03", "guide", citizen, b.World.Guides[4].ID} // opened, but in no call
	if f := figure(t, b, g, "wait_seconds_mean"); !f.Void() {
		t.Errorf("mean of no waits is %g, want no value", f.Value)
	}
	if f := figure(t, b, g, "calls_answered"); f.Void() || f.Value != 0 {
		t.Errorf("count of no calls is %+v, want 0", f)
	}
}

func TestInhabitantsAreThoseOfTheMembersOnTheLastDay(t *testing.T) {
	b := book()
	want := 0
	for i, m := range b.World.Municipalities {
		if b.World.Member(i, clock.Date(2026, time.March, 31)) {
			want += m.Population
		}
	}
	f := figure(t, b, group{"2026-03", "total", citizen, "total"}, "calls_per_1000_inhabitants")
	// The caller of unknown municipality is left out.
	if f.Numerator != 4 || f.Denominator != int64(want) || f.Value != 4000/float64(want) {
		t.Errorf("%+v, want 4 calls of %d inhabitants", f, want)
	}
}

func TestLastDay(t *testing.T) {
	for period, want := range map[string]string{"2026-02": "2026-02-28", "2026-12": "2026-12-31", "2026K1": "2026-03-31", "2026K4": "2026-12-31", "2024": "2024-12-31"} {
		if got := lastDay(period).String(); got != want {
			t.Errorf("last day of %s is %s, want %s", period, got, want)
		}
	}
}

func TestWrittenFiguresAreSortedAndComplete(t *testing.T) {
	dir := t.TempDir()
	if err := book().Write(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kpi.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"period,by,perspective,key,kpi,value,numerator,denominator\n",
		"\n2026-03,total,citizen,total,wait_seconds_mean,60,180,3\n",
		"\n2026-03,total,citizen,total,wait_seconds_p90,94,,3\n",
		"\n2026K1,total,citizen,total,calls_offered,5,5,\n",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("kpi.csv lacks %q", line)
		}
	}
	for _, name := range []string{"calls.csv", "agent_calls.csv", "replies.csv", "guide_uses.csv", "shifts.csv", "README.md"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
