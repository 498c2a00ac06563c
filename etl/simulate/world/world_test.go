package world_test

import (
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

func newWorld() *world.World {
	return world.New(clock.Date(2025, time.July, 1), clock.Date(2026, time.September, 30), dice.New(1, 0))
}

func TestEaster(t *testing.T) {
	for year, want := range map[int]string{2023: "2023-04-09", 2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2038: "2038-04-25"} {
		if got := world.Easter(year).String(); got != want {
			t.Errorf("Easter %d is %s, want %s", year, got, want)
		}
	}
}

func TestOpeningHours(t *testing.T) {
	w := newWorld()
	for _, c := range []struct {
		name   string
		month  time.Month
		day    int
		opens  int // hour; 0 = closed
		closes int
	}{
		{"Monday", time.March, 2, 8, 20},
		{"Friday", time.March, 6, 8, 16},
		{"Saturday", time.March, 7, 0, 0},
		{"Sunday", time.March, 8, 16, 20},
		{"Good Friday", time.April, 3, 0, 0},
		{"1 May, a Friday", time.May, 1, 8, 12},
		{"5 June, a Friday", time.June, 5, 8, 12},
		{"24 December", time.December, 24, 0, 0},
	} {
		d := clock.Date(2026, c.month, c.day)
		if open := w.Open(d.At(c.opens * 3600)); open != (c.opens > 0) {
			t.Errorf("%s at %d: open = %t", c.name, c.opens, open)
		}
		if c.opens > 0 && (w.Open(d.At(c.opens*3600-1)) || !w.Open(d.At(c.closes*3600-1)) || w.Open(d.At(c.closes*3600))) {
			t.Errorf("%s is not open from %d to the second before %d", c.name, c.opens, c.closes)
		}
	}
}

func TestMembersJoinMidQuarter(t *testing.T) {
	w := newWorld()
	before, after := 0, 0
	for i := range w.Municipalities {
		if w.Member(i, w.Joins-1) {
			before++
		}
		if w.Member(i, w.Joins) {
			after++
		}
	}
	if before != 30 || after != 31 {
		t.Errorf("%d members before %s, %d from then on; want 30 and 31", before, w.Joins, after)
	}
	if _, _, day := w.Joins.Civil(); day == 1 {
		t.Errorf("a municipality joins on %s, want mid-quarter", w.Joins)
	}
}

func TestNumbersAreDistinctAndNobodys(t *testing.T) {
	w := newWorld()
	seen := make(map[string]bool)
	add := func(number string) {
		if seen[number] || len(number) != 11 || number[:4] != "+451" {
			t.Errorf("number %s is taken or could be somebody's", number)
		}
		seen[number] = true
	}
	add(world.ServiceNumber)
	for _, a := range w.Access {
		add(a.Number)
	}
	for _, d := range w.Departments {
		add(d.Number)
	}
	for i := range w.Agents {
		add(w.AgentPhone(i))
	}
	callers := make(map[int]bool)
	for i := range 300_000 {
		n := world.CallerNumber(i)
		if callers[n] || n < 12_000_000 || n >= 20_000_000 {
			t.Fatalf("caller %d has number %d, which is taken or out of range", i, n)
		}
		callers[n] = true
	}
}

func TestAgentsHaveUniqueMailsAndOneMoves(t *testing.T) {
	w := newWorld()
	mails, moved := make(map[string]bool), 0
	for i := range w.Agents {
		a := &w.Agents[i]
		if mails[a.Email] {
			t.Errorf("mail %s twice", a.Email)
		}
		mails[a.Email] = true
		if a.Municipality(w.From) != a.Municipality(w.To) {
			moved++
		}
	}
	if moved != 2 || len(w.Agents) < 210 {
		t.Errorf("%d of %d agents change municipality, want 2 of at least 210", moved, len(w.Agents))
	}
}
