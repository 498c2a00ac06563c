package world

import (
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
)

// Interval is a stretch of a day in which the hotline is open: seconds into the
// day, half open.
type Interval struct{ Opens, Closes int }

// Special is a day whose hours differ from its weekday's. Without hours it is closed.
type Special struct {
	Hours []Interval
	Note  string
}

const hour = 3600

// week are the opening hours of DOMAIN §2 by weekday, 1 = Monday.
var week = [8][]Interval{
	1: {{8 * hour, 20 * hour}}, 2: {{8 * hour, 20 * hour}}, 3: {{8 * hour, 20 * hour}}, 4: {{8 * hour, 20 * hour}},
	5: {{8 * hour, 16 * hour}},
	7: {{16 * hour, 20 * hour}},
}

// Hours returns the opening hours of a day.
func (w *World) Hours(d clock.Day) []Interval {
	if s, ok := w.special[d]; ok {
		return s.Hours
	}
	return week[d.Weekday()]
}

// Open reports whether the hotline is open at a moment.
func (w *World) Open(t clock.Local) bool {
	s := t.SecondOfDay()
	for _, h := range w.Hours(t.Day()) {
		if s >= h.Opens && s < h.Closes {
			return true
		}
	}
	return false
}

// specialDays are the public holidays (DOMAIN §5), on which the hotline is closed,
// and the days on which the hours are the centre's own decision (DOMAIN §2).
func specialDays(from, to clock.Day) map[clock.Day]Special {
	days := make(map[clock.Day]Special)
	first, _, _ := from.Civil()
	last, _, _ := to.Civil()
	for year := first; year <= last; year++ {
		for _, h := range closedDays(year) {
			days[h.day] = Special{Note: h.note}
		}
		for _, h := range []holiday{
			{clock.Date(year, time.May, 1), "1. maj"}, {clock.Date(year, time.June, 5), "Grundlovsdag"},
		} {
			_, holy := days[h.day]
			if !holy && h.day.Weekday() <= 5 {
				days[h.day] = Special{Hours: []Interval{{8 * hour, 12 * hour}}, Note: h.note}
			}
		}
	}
	return days
}

type holiday struct {
	day  clock.Day
	note string
}

func closedDays(year int) []holiday {
	easter := Easter(year)
	days := []holiday{
		{clock.Date(year, time.January, 1), "Nytårsdag"},
		{easter - 3, "Skærtorsdag"}, {easter - 2, "Langfredag"}, {easter, "Påskedag"}, {easter + 1, "2. påskedag"},
		{easter + 39, "Kristi himmelfartsdag"}, {easter + 49, "Pinsedag"}, {easter + 50, "2. pinsedag"},
		{clock.Date(year, time.December, 24), "Juleaftensdag"},
		{clock.Date(year, time.December, 25), "Juledag"}, {clock.Date(year, time.December, 26), "2. juledag"},
		{clock.Date(year, time.December, 31), "Nytårsaftensdag"},
	}
	if year <= 2023 {
		days = append(days, holiday{easter + 26, "Store bededag"})
	}
	return days
}

// Easter returns Easter Sunday (Gregorian computus, Butcher's form).
func Easter(year int) clock.Day {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return clock.Date(year, time.Month(n/31), n%31+1)
}

// NextOpen draws a moment within the opening hours of a day, or of the first day
// after it that has any.
func (w *World) NextOpen(d clock.Day, dc *dice.Dice) clock.Local {
	for len(w.Hours(d)) == 0 {
		d++
	}
	h := dice.Pick(dc, w.Hours(d))
	return d.At(dc.Between(h.Opens, h.Closes-1))
}
