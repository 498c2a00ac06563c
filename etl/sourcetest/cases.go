package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// version is a key's rows, written at a time about something a little earlier.
func (b *bench) version(key int, updated time.Time, text string) []Record {
	return b.about(key, updated.Add(-2*time.Minute), updated, text)
}

func (b *bench) about(key int, happened, updated time.Time, text string) []Record {
	var rows []Record
	for part := range 1 + key%b.system.Parts() {
		rows = append(rows, Record{Key: key, Part: part + 1, Happened: happened, Updated: updated, Text: text})
	}
	return rows
}

// windowEdges writes rows just before, at and after the moments of polls.
func windowEdges(_ *testing.T, b *bench) {
	b.poll()
	key := 0
	for range 4 {
		edge := b.now
		for _, off := range []time.Duration{-time.Second, 0, 10 * time.Millisecond, time.Second} {
			key++
			b.now = edge.Add(max(off, 0))
			b.show(b.version(key, edge.Add(off), "first")...)
		}
		b.now = edge
		b.poll()
		b.now = edge.Add(15 * time.Minute)
	}
	b.poll()
	b.same()
}

// ties writes many keys in one instant, half of them after a poll at that instant.
func ties(_ *testing.T, b *bench) {
	at := b.now
	for key := range 50 {
		b.show(b.version(key, at, "first")...)
	}
	b.poll()
	for key := 50; key < 100; key++ {
		b.show(b.version(key, at, "first")...)
	}
	b.poll()
	b.now = b.now.Add(15 * time.Minute)
	b.poll()
	b.same()
}

// lateAndNew lets rows come after their time, within the overlap, and keys anew with
// other rows in place of theirs.
func lateAndNew(_ *testing.T, b *bench) {
	for key := range 20 {
		b.show(b.version(key, b.now, "first")...)
	}
	b.poll()
	for step := range 8 {
		b.now = b.now.Add(30 * time.Minute)
		b.show(b.version(100+step, b.now.Add(-overlap+40*time.Minute), "late")...)
		if b.system.Versions() {
			key := step % 20
			newer := b.about(key, b.shown[key][0].Happened, b.now, fmt.Sprint("version ", step))
			b.show(newer[:1+step%len(newer)]...)
		}
		b.poll()
	}
	b.now = b.now.Add(15 * time.Minute)
	b.poll()
	b.same()
	if again := b.poll(); len(again.Batches) != 0 {
		b.t.Errorf("%d batches came of a poll with nothing new", len(again.Batches))
	}
}

// emptyWindow polls a system that shows nothing.
func emptyWindow(_ *testing.T, b *bench) {
	for range 3 {
		if pulled := b.poll(); len(pulled.Batches) != 0 {
			b.t.Errorf("%d batches came of nothing", len(pulled.Batches))
		}
		b.now = b.now.Add(15 * time.Minute)
	}
	b.same()
	b.show(b.version(1, b.now.Add(-time.Minute), "first")...)
	b.poll()
	b.same()
}

// lostCursors lets the program forget where it was.
func lostCursors(_ *testing.T, b *bench) {
	for key := range 30 {
		b.show(b.version(key, b.now, "first")...)
		b.now = b.now.Add(7 * time.Minute)
		b.poll()
	}
	b.store.forget(b.ctx, b.t)
	b.poll()
	b.same()
}

// cancelAndResume breaks a long first pull off, several times.
func cancelAndResume(_ *testing.T, b *bench) {
	start := b.now.Add(-20 * 24 * time.Hour)
	for key := range 400 {
		b.show(b.version(key, start.Add(time.Duration(key)*time.Hour), "first")...)
	}
	for after := range 3 {
		ctx, cancel := context.WithCancel(b.ctx)
		sink := &counted{cancel: cancel, after: 1 + after}
		_, err := b.store.pollThrough(ctx, b.open(), sink)
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			b.t.Fatalf("a cancelled poll ended with %v", err)
		}
	}
	b.poll()
	b.same()
}

// night polls every quarter of an hour while the clock changes.
func night(_ *testing.T, b *bench, from string) {
	b.now = instant(from)
	key := 0
	for range 40 { // ten hours
		for minute := range 3 {
			key++
			b.show(b.version(key, b.now.Add(time.Duration(minute-14)*time.Minute), "first")...)
			if b.system.Versions() && key%5 == 0 {
				old := b.shown[key-4][0]
				b.show(b.about(key-4, old.Happened, b.now.Add(-time.Minute), "again")...)
			}
		}
		b.poll()
		b.now = b.now.Add(15 * time.Minute)
	}
	b.now = b.now.Add(overlap)
	b.poll()
	b.same()
}

// campaign polls for some days a system that fails now and then, in every way it
// can, and compares with what a single poll of a clean system gives.
func campaign(t *testing.T, b *bench) {
	const seed = 20261121
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 1))
	b.now = instant("2025-10-01T05:00:00Z")
	end := b.now.Add(campaignDays * 24 * time.Hour)
	faults, failed, polls, key := map[string]int{}, 0, 0, 0
	day := b.store.begin(b.ctx, t)
	for b.now.Before(end) {
		for range chance.IntN(4) {
			key++
			b.show(b.version(key, b.now.Add(-time.Duration(chance.IntN(50))*time.Minute), "first")...)
		}
		if b.system.Versions() && key > 3 && chance.IntN(3) == 0 {
			old := b.shown[1+chance.IntN(key)][0]
			newer := b.about(old.Key, old.Happened, b.now.Add(-time.Duration(chance.IntN(30))*time.Second), fmt.Sprint("v", polls))
			if newer[0].Updated.After(old.Updated) {
				b.show(newer[:1+chance.IntN(len(newer))]...)
			}
		}
		for chance.IntN(2) == 0 {
			if name := b.system.Disturb(chance.IntN(1000)); name != "" {
				faults[name]++
			}
		}
		if polls++; polls%8 == 0 { // the program is started anew
			day.end()
			day = b.store.begin(b.ctx, t)
		}
		if pulled, err := b.open().Pull(b.ctx, day.landing, nil); err != nil || len(pulled.Faults) > 0 {
			failed++
		}
		b.now = b.now.Add(time.Duration(360+chance.IntN(720)) * time.Minute)
	}
	day.end()
	for range 20 { // whatever is still to go wrong goes wrong here
		b.now = b.now.Add(time.Minute)       // a window without length asks for nothing
		_, _ = b.store.poll(b.ctx, b.open()) // the next one tries again
	}
	b.now = b.now.Add(time.Minute)
	b.poll()
	b.same()
	clean := newStore(t, b.system.Table(), func() time.Time { return b.now })
	if _, err := clean.poll(b.ctx, b.open()); err != nil {
		t.Fatal(err)
	}
	polled, pulledOnce := b.store.rows(b.ctx, t, b.system.Compared()), clean.rows(b.ctx, t, b.system.Compared())
	if diff := cmp.Diff(pulledOnce, polled); diff != "" {
		t.Errorf("rows in the warehouse (-one clean pull +polled):\n%s", diff)
	}
	total := 0
	for _, n := range faults {
		total += n
	}
	t.Logf("%d polls, %d failed, %d faults injected %v, %d keys, %d rows; rows lost 0, rows doubled 0",
		polls, failed, total, faults, len(b.shown), len(polled))
	if total < campaignDays {
		t.Errorf("only %d faults were injected", total)
	}
}

// counted ends the context after so many batches.
type counted struct {
	etl.Sink
	cancel context.CancelFunc
	after  int
}

func (c *counted) Begin(b etl.Batch) (etl.Writer, error) {
	w, err := c.Sink.Begin(b)
	if c.after--; c.after == 0 {
		c.cancel()
	}
	return w, err
}
