// Package sourcetest is the conformance suite that every source passes (DESIGN §2):
// whatever a system does, slow, late, twice, cut off or down, what reaches the
// warehouse is what the system showed, each key once and in its newest version. It
// knows sources by their interface only; each brings a System, which can be told what
// to show and how to misbehave. Only tests use it.
package sourcetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/retry"
)

// Record is one row that a system shows. All rows of a key have the same Updated and
// are replaced together.
type Record struct {
	Key      int
	Part     int       // number of the row within its key, from 1
	Happened time.Time // what it tells of
	Updated  time.Time // when it was written
	Text     string    // what tells two versions apart
}

// World is what a source needs of its surroundings.
type World struct {
	Now     func() time.Time
	Protect *privacy.Key
	Zone    *time.Location
	Overlap time.Duration
	Since   time.Time
	Policy  retry.Policy
	Retry   retry.World
}

// System is a system outside, or its stand-in, with a source that reads it.
type System interface {
	// Table is the table whose rows are compared.
	Table() etl.Table
	// Parts is how many rows a key may have; Versions tells whether a key can be
	// written again.
	Parts() int
	Versions() bool
	// Show makes the system show records from now on. Those of a key take the place
	// of what it showed of that key.
	Show(ctx context.Context, now time.Time, records []Record) error
	// Source opens the system as a program does that has just been started.
	Source(w World) (etl.Source, error)
	// Disturb makes the system fail once at one of the next requests, in the way that
	// pick selects, and names the way; "" where it has no such way.
	Disturb(pick int) string
	// Compared is SQL text over the raw table's columns, and Row what it gives for a
	// record.
	Compared() string
	Row(r Record) string
}

// Maker makes a new system that shows nothing.
type Maker func(t *testing.T) System

// Run runs the whole suite.
func Run(t *testing.T, make Maker) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, newBench(t, make(t))) })
	}
}

var cases = []struct {
	name string
	run  func(t *testing.T, b *bench)
}{
	{"window edges", windowEdges},
	{"ties", ties},
	{"late rows and new versions", lateAndNew},
	{"empty window", emptyWindow},
	{"lost cursors give the same rows", lostCursors},
	{"cancel and resume", cancelAndResume},
	{"clock set back in October", func(t *testing.T, b *bench) { night(t, b, "2025-10-25T20:00:00Z") }},
	{"clock set forward in March", func(t *testing.T, b *bench) { night(t, b, "2026-03-28T20:00:00Z") }},
	{fmt.Sprintf("%d days of polling with faults", campaignDays), campaign},
}
