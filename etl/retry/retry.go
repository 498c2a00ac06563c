// Package retry tries again what failed in passing: exponential backoff with
// jitter, a server's Retry-After honoured, everything else given up at once. It
// knows the classes of etl.Trouble and no protocol; time and chance are injected.
package retry

import (
	"context"
	"errors"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Policy says how often and how patiently to try. The zero Policy tries once.
type Policy struct {
	Attempts int           // in all
	First    time.Duration // longest wait before the second attempt; it doubles from there
	Most     time.Duration // longest wait before any attempt, a server's own wish included
}

// Default waits up to 1, 2, 4, 8 seconds: a job of a quarter of an hour has no time
// for more, and the next run tries again.
var Default = Policy{Attempts: 5, First: time.Second, Most: 2 * time.Minute}

// World is what a retry needs of its surroundings.
type World struct {
	Sleep  func(ctx context.Context, d time.Duration) error // ends early with the context's error
	Chance func() float64                                   // in [0, 1)
	// Note, where set, hears of each failure that is tried again.
	Note func(attempt int, wait time.Duration, err error)
}

// Sleep waits in real time.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Do runs a job until it succeeds, fails for good or has used up its attempts. The
// error is the last one.
func Do(ctx context.Context, p Policy, w World, job func(ctx context.Context) error) error {
	for attempt := 1; ; attempt++ {
		err := job(ctx)
		if err == nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		var trouble *etl.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != etl.Passing || attempt >= p.Attempts || trouble.After > p.Most {
			return err
		}
		wait := p.wait(attempt, w.Chance(), trouble.After)
		if w.Note != nil {
			w.Note(attempt, wait, err)
		}
		if stopped := w.Sleep(ctx, wait); stopped != nil {
			return errors.Join(err, stopped)
		}
	}
}

// wait is the time before the next attempt: between half and all of First doubled
// per failure, or what the server asked for and a little more, so that those it sent
// away do not come back together.
func (p Policy) wait(attempt int, chance float64, asked time.Duration) time.Duration {
	limit := p.First
	for range attempt - 1 {
		limit = min(2*limit, p.Most)
	}
	if asked > 0 {
		return asked + time.Duration(chance*float64(limit)/2)
	}
	return limit/2 + time.Duration(chance*float64(limit)/2)
}
