package pull_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
)

// TestPollingWithFaultsIsOnePull polls over a night with a change of clock, with faults
// by chance, and compares with one pull at the end.
func TestPollingWithFaultsIsOnePull(t *testing.T) {
	for night, begin := range map[string]string{"autumn": "2026-10-24 06:00 +0200", "spring": "2026-03-28 06:00 +0100"} {
		t.Run(night, func(t *testing.T) {
			const polls, seed = 200, 329
			t.Logf("seed %d", seed)
			b := start(t, begin)
			history(b, seed, polls)
			b.library.Faults.Randomly(0.25, seed, slices.DeleteFunc(service.Passing(), func(f service.Fault) bool { return f == service.Expired })...)
			failed := 0
			b.attempts = 2 // so that some polls fail for good, and later ones make up for them
			for poll := range polls {
				b.clock.Move(15 * time.Minute)
				pulled, err := b.source(uint64(poll)).Pull(t.Context(), b.sink, nil)
				if len(pulled.Faults) > 0 {
					t.Fatal(pulled.Faults)
				}
				if err != nil {
					failed++
				}
			}
			injected := b.library.Faults.Injected()
			b.library.Faults.Randomly(0, seed)
			b.clock.Move(2 * time.Hour) // what was to be seen at the end of the repeated hour is to be seen now
			if _, err := b.pull(); err != nil {
				t.Fatal(err)
			}
			clean := *b
			clean.sink = &webtest.Sink{}
			if _, err := clean.pull(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(clean.all(), b.all()); diff != "" || len(b.all()) < polls {
				t.Errorf("of %d rows (-one pull +polls):\n%s", len(b.all()), diff)
			}
			total := 0
			for _, n := range injected {
				total += n
			}
			if failed == 0 || total < polls/5 || len(injected) != len(service.Passing())-1 {
				t.Errorf("too few faults to tell anything: %v", injected)
			}
			if leaks := webtest.Leaks(fmt.Sprint(b.clock.Failed), secrets...); len(leaks) > 0 {
				t.Errorf("errors tell %q", leaks)
			}
			t.Logf("%d requests, %d faults, %d polls failed for good, %d rows", b.library.Faults.Asked(), total, failed, len(b.all()))
		})
	}
}

// history is a random history of views, and sends of some of them, a few of which lie in the
// hour that comes twice or not at all.
func history(b *bench, seed uint64, polls int) {
	dice := rand.New(rand.NewPCG(seed, 2))
	views := service.Sheet{Columns: []string{"viewed_at", "agent", "guide_id", "session_id"}}
	sends := service.Sheet{Columns: []string{"sent_at", "agent", "guide_id", "channel", "recipient"}}
	for i := range 2 * polls {
		at := b.clock.Now().Add(time.Duration(dice.Int64N(int64(polls) * int64(15*time.Minute)))).In(b.zone).Format(time.DateTime)
		guide := fmt.Sprintf("g%d", dice.IntN(20))
		views.Rows = append(views.Rows, []string{at, "anna", guide, fmt.Sprint("s", i)})
		if dice.IntN(4) == 0 {
			sends.Rows = append(sends.Rows, []string{at, "anna", guide, "sms", "20123456"})
		}
	}
	b.library.Add("guide_views", views)
	b.library.Add("guide_sends", sends)
	b.library.Add("guides", service.Sheet{Columns: []string{"guide_id", "title"}, Rows: [][]string{{"g1", "Flytning"}, {"g2", "Pas; og kørekort"}}})
}
