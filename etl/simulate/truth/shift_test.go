package truth

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
)

func TestShifts(t *testing.T) {
	day := clock.Date(2026, time.March, 2)
	at := func(hour, minute int) clock.Local { return day.At(hour*3600 + minute*60) }
	for _, c := range []struct {
		name  string
		lived func(*Book)
		want  []Shift
	}{
		{"nobody logs on", func(b *Book) { b.Talked(1, at(9, 0), 60, 0) }, nil},
		{"ready from log-on to log-off", func(b *Book) {
			b.Moved(1, at(8, 0), Ready)
			b.Moved(1, at(12, 0), Away)
		}, []Shift{{1, day, 4 * 3600, 4 * 3600, 0}}},
		{"a pause lasts over a change of type until the return", func(b *Book) {
			b.Moved(1, at(8, 0), Ready)
			b.Moved(1, at(9, 0), Paused)
			b.Moved(1, at(9, 10), Paused)
			b.Moved(1, at(9, 30), Ready)
			b.Moved(1, at(10, 0), Away)
		}, []Shift{{1, day, 7200, 5400, 1800}}},
		{"calls and after-work are neither ready nor pause", func(b *Book) {
			b.Moved(1, at(8, 0), Ready)
			b.Talked(1, at(8, 58), 180, 120) // 58 to 61, then until 63
			b.Moved(1, at(9, 0), Paused)
			b.Moved(1, at(10, 0), Away)
			b.Talked(1, at(10, 0), 60, 0) // already gone
		}, []Shift{{1, day, 7200, 58 * 60, 57 * 60}}},
		{"who does not log off stays until midnight, and no longer", func(b *Book) {
			b.Moved(2, at(23, 0), Ready)
			b.Talked(2, at(23, 59), 300, 0)
			b.Moved(1, at(16, 0)+clock.SecondsPerDay, Paused)
		}, []Shift{{2, day, 3600, 59 * 60, 0}, {1, day + 1, 8 * 3600, 0, 8 * 3600}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b Book
			c.lived(&b)
			if got := b.Shifts(); !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestHoursOfAgents(t *testing.T) {
	b := book()
	b.Moved(1, noon, Ready)
	b.Talked(1, noon, 100, 20)
	b.Moved(1, noon+5400, Away)
	total := group{"2026-03", "total", agent, "total"}
	if f := figure(t, b, total, "logged_on_hours"); f.Value != 1.5 || f.Numerator != 5400 || f.Void() {
		t.Errorf("logged on: %+v, want 1.5 hours of 5400 s", f)
	}
	if f := figure(t, b, total, "ready_hours"); f.Numerator != 5280 {
		t.Errorf("ready: %+v, want 5280 s", f)
	}
	if f := figure(t, b, total, "pause_hours"); f.Numerator != 0 || f.Void() {
		t.Errorf("pause: %+v, want 0 hours", f)
	}
	idle := group{"2026-03", "agent", agent, strconv.Itoa(b.World.Agents[2].ID)}
	if f := figure(t, b, idle, "logged_on_hours"); !f.Void() {
		t.Errorf("%+v of an agent with calls who never logged on, want no value", f)
	}
}
