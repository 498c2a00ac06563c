package schedule

import (
	"context"
	"slices"
	"time"
)

// Loop runs jobs as they become due, one run at a time, until its context ends.
type Loop struct {
	Now func() time.Time
	// Sleep waits; it returns early, with an error, when the context ends.
	Sleep func(ctx context.Context, d time.Duration) error
	// Look returns the jobs as they are configured and the attempts as they are
	// recorded. It is asked before every decision.
	Look func() ([]Job, History)
	// Run does what is due, as one run, and records the attempts. Its own trouble it
	// tells by itself; jobs that it left unrecorded rest for a while and are then
	// due again.
	Run func(ctx context.Context, due []Slot)
}

const (
	// glance is how long the loop sleeps at most: configurations change, clocks are
	// set, machines are suspended.
	glance = time.Minute
	// nap is how long it sleeps at least, lest a timer that wakes too early spins.
	nap = time.Second
	// firstRest and longestRest bound how long a job rests that could not be tried,
	// because somebody else has the warehouse or the configuration lacks something.
	firstRest   = time.Minute
	longestRest = 15 * time.Minute
)

// rest is how long a job is left alone, and from when to when that is.
type rest struct {
	length   time.Duration
	from, to time.Time
}

// over reports whether the rest has ended; a clock that was set back ends it too.
func (r rest) over(now time.Time) bool { return now.Before(r.from) || !now.Before(r.to) }

// Serve works until the context ends.
func (l Loop) Serve(ctx context.Context) {
	resting := map[string]rest{}
	for ctx.Err() == nil {
		jobs, history := l.Look()
		now := l.Now()
		coming := Coming(now, jobs, history)
		for i, s := range coming {
			if r := resting[s.Job]; !r.over(now) && r.to.After(s.At) {
				coming[i].At = r.to
			}
		}
		due := slices.DeleteFunc(slices.Clone(coming), func(s Slot) bool { return s.At.After(now) })
		if len(due) > 0 {
			l.Run(ctx, due)
			l.restUnrecorded(due, history, resting)
			continue
		}
		if l.Sleep(ctx, pause(now, coming)) != nil {
			return
		}
	}
}

// pause is how long nothing will be due.
func pause(now time.Time, coming []Slot) time.Duration {
	length := glance
	for _, s := range coming {
		length = min(length, s.At.Sub(now))
	}
	return max(length, nap)
}

// restUnrecorded lets the jobs rest whose run left no attempt and that are due still,
// each time for longer.
func (l Loop) restUnrecorded(run []Slot, before History, resting map[string]rest) {
	jobs, history := l.Look()
	now := l.Now()
	still := Due(now, jobs, history)
	for _, s := range run {
		isDue := slices.ContainsFunc(still, func(d Slot) bool { return d.Job == s.Job })
		if !isDue || !history[s.Job].Equal(before[s.Job]) {
			delete(resting, s.Job)
			continue
		}
		length := min(max(2*resting[s.Job].length, firstRest), longestRest)
		resting[s.Job] = rest{length: length, from: now, to: now.Add(length)}
	}
}
