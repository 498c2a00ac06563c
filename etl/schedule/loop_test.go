package schedule_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
)

// world is a machine with a clock, a recorded history and a loop that is started on
// it again and again. Nothing in it waits.
type world struct {
	jobs     []schedule.Job
	clock    time.Time
	attempts []schedule.Attempt // as recorded
	history  schedule.History   // of the attempts
	random   *rand.Rand
	slowest  time.Duration // runs take up to so long
	crashes  float64       // share of runs in which the process dies
	locked   func(now time.Time) bool
	looks    int
	runs     [][]schedule.Slot
	running  bool
}

var errEnd = errors.New("the loop was stopped")

// serve lets the loop work until a time, or until the process dies.
func (w *world) serve(t *testing.T, until time.Time) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	schedule.Loop{
		Now: func() time.Time { return w.clock },
		Sleep: func(ctx context.Context, d time.Duration) error {
			if d < time.Second || d > 15*time.Minute {
				t.Errorf("the loop sleeps for %v", d)
			}
			w.clock = w.clock.Add(d)
			if !w.clock.Before(until) {
				stop()
				return errEnd
			}
			return ctx.Err()
		},
		Look: func() ([]schedule.Job, schedule.History) {
			w.looks++
			return w.jobs, w.history
		},
		Run: func(_ context.Context, due []schedule.Slot) { w.run(t, due, stop) },
	}.Serve(ctx)
}

// run is one run: it records its attempts, unless the process dies in its middle or
// somebody else has the warehouse.
func (w *world) run(t *testing.T, due []schedule.Slot, die func()) {
	if w.running {
		t.Error("two runs at once")
	}
	w.running = true
	defer func() { w.running = false }()
	if w.locked != nil && w.locked(w.clock) {
		return
	}
	w.runs = append(w.runs, due)
	began, dies := w.clock, w.random.Float64() < w.crashes
	if w.slowest > 0 {
		w.clock = w.clock.Add(time.Duration(w.random.Int64N(int64(w.slowest))))
	}
	if dies {
		die()
	}
	for _, s := range due {
		w.attempts = append(w.attempts, schedule.Attempt{Job: s.Job, Started: began, Interrupted: dies})
	}
	w.history = schedule.Recorded(w.attempts)
}

// starts are the attempts of a job that count, in the order in which they were made.
func (w *world) starts(job string) []time.Time {
	var all []time.Time
	for _, a := range w.attempts {
		if a.Job == job && !a.Interrupted {
			all = append(all, a.Started)
		}
	}
	return all
}

// nightsAndQuarters are the jobs of a real configuration.
func nightsAndQuarters(t *testing.T) []schedule.Job {
	return []schedule.Job{
		{Name: "puzzel", Schedule: parsed(t, "*/15 * * * *")},
		{Name: "survey", Schedule: parsed(t, "5 * * * *")},
		{Name: "guides", Schedule: parsed(t, "30 2 * * *")},
		{Name: "reconcile", Schedule: parsed(t, "10 2 * * 0")},
	}
}

// thirtyDays begin so that a clock change lies in their middle.
func thirtyDays(t *testing.T) map[string]time.Time {
	return map[string]time.Time{"spring": at(t, "2026-03-14 12:01"), "autumn": at(t, "2026-10-10 12:01")}
}

// newWorld begins with every job just done.
func newWorld(t *testing.T, from time.Time, seed uint64) *world {
	t.Logf("seed %d", seed)
	w := &world{jobs: nightsAndQuarters(t), clock: from, random: rand.New(rand.NewPCG(seed, 1))}
	for _, j := range w.jobs {
		w.attempts = append(w.attempts, schedule.Attempt{Job: j.Name, Started: from})
	}
	w.history = schedule.Recorded(w.attempts)
	return w
}

// TestThirtyDays: every scheduled time is served exactly once, within seconds, over
// both clock changes, and the loop does not spin.
func TestThirtyDays(t *testing.T) {
	for name, from := range thirtyDays(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, from, 3)
			w.slowest = 20 * time.Second
			until := from.AddDate(0, 0, 30)
			w.serve(t, until)
			for _, j := range w.jobs {
				want, got := between(j.Schedule, from, until), w.starts(j.Name)[1:]
				if len(got) != len(want) {
					t.Fatalf("%s ran %d times, want %d", j.Name, len(got), len(want))
				}
				for i := range want {
					if late := got[i].Sub(want[i]); late < 0 || late > w.slowest {
						t.Errorf("%s ran %v after %v", j.Name, late, want[i])
					}
				}
			}
			if perDay := w.looks / 30; perDay > 2000 {
				t.Errorf("the loop looks %d times a day", perDay)
			}
		})
	}
}

// TestThirtyRoughDays: the process dies in the middle of runs and stays away for up to
// a day, runs take up to two hours, others hold the warehouse. No scheduled time is
// served twice, and none is left out: those that were missed are caught up in one run.
func TestThirtyRoughDays(t *testing.T) {
	for name, from := range thirtyDays(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, from, 5)
			w.slowest, w.crashes = 2*time.Hour, 0.1
			w.locked = func(now time.Time) bool { return now.Hour()%7 == 3 }
			until := from.AddDate(0, 0, 30)
			for w.clock.Before(until) {
				w.serve(t, until)
				w.clock = w.clock.Add(time.Duration(w.random.Int64N(int64(24 * time.Hour)))) // until somebody starts it again
			}
			w.crashes, w.locked = 0, nil
			w.serve(t, w.clock.Add(3*time.Hour))
			interrupted := slices.ContainsFunc(w.attempts, func(a schedule.Attempt) bool { return a.Interrupted })
			caughtUp := slices.ContainsFunc(w.runs, func(run []schedule.Slot) bool { return run[0].Missed })
			if !interrupted || !caughtUp {
				t.Errorf("the days were not rough: interrupted %v, caught up %v", interrupted, caughtUp)
			}
			for _, j := range w.jobs {
				w.everySlotOnce(t, j)
			}
		})
	}
}

// everySlotOnce wants at least one scheduled time before each attempt that counts and
// after the one before it, which is no double, and none that is still open.
func (w *world) everySlotOnce(t *testing.T, j schedule.Job) {
	t.Helper()
	starts := w.starts(j.Name)
	for i, start := range starts[1:] {
		if len(between(j.Schedule, starts[i], start)) == 0 {
			t.Errorf("%s ran at %v and again at %v, with no scheduled time between", j.Name, starts[i], start)
		}
	}
	if open := schedule.Due(w.clock, []schedule.Job{j}, schedule.Recorded(w.attempts)); len(open) > 0 && w.clock.Sub(open[0].At) > w.slowest {
		t.Errorf("at %v still open: %v", w.clock, open)
	}
}

// TestTheClockIsSetBack: what has run for a time does not run for it again when the
// clock is set back a little; set back far, the jobs go on by the new clock at once.
func TestTheClockIsSetBack(t *testing.T) {
	for _, c := range []struct {
		name     string
		back     time.Duration
		runs     int // of the quarter-hourly job in the two hours after 12:00, and again after the jump
		doubling bool
	}{
		{"seconds", 20 * time.Second, 8, false},
		{"ninety minutes", 90 * time.Minute, 8, false},
		{"a week", 7 * 24 * time.Hour, 8 + 9, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			noon := at(t, "2026-10-05 12:00")
			w := newWorld(t, noon, 7)
			w.jobs = w.jobs[:1]
			w.serve(t, noon.Add(2*time.Hour+time.Minute))
			w.clock = w.clock.Add(-c.back)
			jumped := w.clock
			until := noon.Add(2*time.Hour + 2*time.Minute)
			if c.doubling {
				until = jumped.Add(2*time.Hour + time.Minute)
			}
			w.serve(t, until)
			starts := w.starts("puzzel")[1:]
			if len(starts) != c.runs {
				t.Errorf("%d runs, want %d: %v", len(starts), c.runs, starts)
			}
			if c.doubling && !starts[8].Equal(jumped) {
				t.Errorf("the first run after the jump was at %v, not at %v", starts[8], jumped)
			}
		})
	}
}

// TestWhatCannotBeTriedRests: a job whose run leaves no attempt, because the warehouse
// is locked, is tried again after 1, 2, 4, 8 and then every 15 minutes.
func TestWhatCannotBeTriedRests(t *testing.T) {
	noon := at(t, "2026-10-05 12:00")
	w := newWorld(t, noon.Add(-time.Minute), 11)
	w.jobs = w.jobs[:1]
	var tries []time.Duration
	free := noon.Add(time.Hour)
	w.locked = func(now time.Time) bool {
		tries = append(tries, now.Sub(noon))
		return now.Before(free)
	}
	w.serve(t, noon.Add(2*time.Hour-time.Minute))
	want := []time.Duration{0, 1, 3, 7, 15, 30, 45, 60, 75, 90, 105}
	for i := range want {
		want[i] *= time.Minute
	}
	if !slices.Equal(tries, want) {
		t.Errorf("tried after %v, want %v", tries, want)
	}
	if first := w.runs[0][0]; !first.Missed || !first.At.Equal(noon) {
		t.Errorf("the first run was for %v", first)
	}
}

// TestANewConfigurationCounts: jobs come and go while the loop works.
func TestANewConfigurationCounts(t *testing.T) {
	noon := at(t, "2026-10-05 12:00")
	w := newWorld(t, noon, 13)
	w.jobs = nil
	w.serve(t, noon.Add(time.Hour))
	if len(w.runs) > 0 {
		t.Errorf("without jobs ran %v", w.runs)
	}
	w.jobs = []schedule.Job{{Name: "new", Schedule: parsed(t, "0 4 * * *")}}
	w.serve(t, noon.Add(2*time.Hour))
	if len(w.runs) != 1 || w.runs[0][0].Job != "new" {
		t.Errorf("ran %v, want the new job once", w.runs)
	}
}
