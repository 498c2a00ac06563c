// Package simulate writes a simulated hotline's deliveries to a folder, together
// with the truth about them: for the demo, for tests and for benchmarks. The
// deliveries are as awkward as the real ones (SOURCES): repeated rows, calls
// inserted again, numbers in every spelling, replies without a score. The truth is
// what the simulation made happen. It reads no delivery, knows no warehouse, and
// everything in it is invented.
package simulate

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/truth"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// DefaultCallsPerYear is the published volume of 2024 (DOMAIN §2).
const DefaultCallsPerYear = 230_000

// Options say what to simulate.
type Options struct {
	Dir          string    // folder that receives inbox/, reference/ and truth/
	From, To     time.Time // first and last local date, both inclusive; the time of day is ignored
	Seed         uint64    // one seed is one history
	CallsPerYear int       // inbound calls a year; 0 is DefaultCallsPerYear
	Watch        etl.Watch // hears the days done; may be nil
}

// Summary is what one run made, with the truth's headline figures.
type Summary struct {
	Days  int
	Calls int64            // inbound calls
	Rows  map[string]int64 // rows per source table, repeated and corrected ones included
	Truth truth.Headline
}

// Streams of random draws: what comes after a call does not move the calls.
const (
	worldStream = iota
	callStream
	afterStream
)

// Run simulates the hotline and writes inbox/{puzzel,survey,guides}/*.csv,
// reference/*.csv and truth/ into Options.Dir. The same options give the same
// bytes. Files of the same names are replaced, others are left alone.
func Run(ctx context.Context, o Options) (Summary, error) {
	from, to := clock.DayOf(o.From), clock.DayOf(o.To)
	switch {
	case o.Dir == "":
		return Summary{}, fmt.Errorf("simulate: no folder given")
	case to < from:
		return Summary{}, fmt.Errorf("simulate: the last day %s is before the first day %s", to, from)
	case o.CallsPerYear < 0:
		return Summary{}, fmt.Errorf("simulate: %d calls per year are too few", o.CallsPerYear)
	}
	if o.CallsPerYear == 0 {
		o.CallsPerYear = DefaultCallsPerYear
	}
	w := world.New(from, to, dice.New(o.Seed, worldStream))
	if err := w.WriteReference(filepath.Join(o.Dir, "reference")); err != nil {
		return Summary{}, err
	}
	book := &truth.Book{World: w}
	clerk := newRecorder(w, dice.New(o.Seed, afterStream), book, filepath.Join(o.Dir, "inbox"))
	days := int(to-from) + 1
	err := hotline.New(w, dice.New(o.Seed, callStream), o.CallsPerYear, clerk).Run(ctx, func(done int) {
		if o.Watch != nil {
			o.Watch("simulate", int64(done), int64(days))
		}
	})
	if closing := clerk.close(); err == nil {
		err = closing
	}
	if err != nil {
		return Summary{}, fmt.Errorf("simulate: %w", err)
	}
	if err := book.Write(filepath.Join(o.Dir, "truth")); err != nil {
		return Summary{}, err
	}
	return Summary{Days: days, Calls: int64(len(book.Calls)), Rows: clerk.shelf.rows, Truth: book.Headline()}, nil
}
