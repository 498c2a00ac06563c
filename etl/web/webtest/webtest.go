// Package webtest is what the tests of web sources have in common: a clock that moves
// when somebody sleeps, a sink in memory that replaces rows as the warehouse does, and
// a list of what no error may say. It is for tests only.
package webtest

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/retry"
)

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	Slept  []time.Duration
	Failed []error // what was tried again
}

// NewClock returns a clock that shows a time.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock on.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// World is a world in which sleeping moves the clock, and nothing else.
func (c *Clock) World(seed uint64) retry.World {
	dice := rand.New(rand.NewPCG(seed, seed))
	return retry.World{
		Chance: dice.Float64,
		Note:   func(_ int, _ time.Duration, err error) { c.Failed = append(c.Failed, err) },
		Sleep: func(ctx context.Context, d time.Duration) error {
			c.Move(d)
			c.Slept = append(c.Slept, d)
			return ctx.Err()
		},
	}
}

// Leaks returns what a text says of that must not be said.
func Leaks(text string, secrets ...string) []string {
	var all []string
	for _, secret := range secrets {
		if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
			all = append(all, secret)
		}
	}
	return all
}
