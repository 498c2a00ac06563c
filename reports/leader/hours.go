package leader

import (
	"context"
	"fmt"

	"github.com/den-digitale-hotline/ddh/reports"
)

// Hour is one hour of the local day on one weekday, added up over the period: a row
// of marts.kpi_hour_profile.
type Hour struct {
	Weekday int // ISO: 1 Monday to 7 Sunday
	Clock   int // 0-23: the hour that begins then
	Calls
}

// Calls is what happened in an hour, or in several added up.
type Calls struct {
	Offered, Answered, Abandoned int64
	Outside                      int64 // calls while the hotline was closed
	OnLine                       int64 // answered, but not by callback: the calls that have a wait
	WaitSeconds                  int64 // of those, together
	OpenMinutes                  int64 // of the hotline, the same for every municipality
}

// hours reads the own citizens' profile and that of all of DDH.
func (l *loader) hours(ctx context.Context) error {
	return query(ctx, l.db, `
		select grouping, weekday, local_hour, calls_offered, calls_answered, calls_abandoned,
		       calls_outside_hours, calls_answered_on_line, wait_seconds, open_minutes
		from marts.kpi_hour_profile
		where period = ? and (grouping = 'total' or (grouping = 'municipality' and key = ?))
		order by weekday, local_hour`,
		[]any{l.data.Period.Key, l.code}, func(scan func(...any) error) error {
			var grouping string
			var h Hour
			err := scan(&grouping, &h.Weekday, &h.Clock, &h.Offered, &h.Answered, &h.Abandoned,
				&h.Outside, &h.OnLine, &h.WaitSeconds, &h.OpenMinutes)
			if grouping == "total" {
				l.data.TotalHours = append(l.data.TotalHours, h)
			} else {
				l.data.Hours = append(l.data.Hours, h)
			}
			return err
		})
}

// add adds up the hours for which a condition holds.
func add(hours []Hour, holds func(Hour) bool) Calls {
	var sum Calls
	for _, h := range hours {
		if holds(h) {
			sum.Offered += h.Offered
			sum.Answered += h.Answered
			sum.Abandoned += h.Abandoned
			sum.Outside += h.Outside
			sum.OnLine += h.OnLine
			sum.WaitSeconds += h.WaitSeconds
			sum.OpenMinutes += h.OpenMinutes
		}
	}
	return sum
}

func everyHour(Hour) bool { return true }

func onDay(weekday int) func(Hour) bool { return func(h Hour) bool { return h.Weekday == weekday } }

func within(s span) func(Hour) bool {
	return func(h Hour) bool { return s.from <= h.Clock && h.Clock < s.to }
}

func (h Hour) span() span { return span{h.Clock, h.Clock + 1} }

// isOpen tells hours in which calls could be taken. Nobody is offered to a closed
// hotline, so that calls are a sign of it, too.
func (c Calls) isOpen() bool { return c.OpenMinutes > 0 || c.Offered > 0 }

// closedWord stands in the cells of hours in which the hotline is never open.
const closedWord = "lukket"

// offered is how many calls came in, or that the hotline was closed.
func (c Calls) offered() reports.Value {
	if !c.isOpen() {
		return reports.Text(closedWord)
	}
	return reports.Count(c.Offered)
}

// wait is the mean wait of the calls answered on the line, divided once from the sums.
func (b builder) wait(c Calls) reports.Value {
	if !c.isOpen() {
		return reports.Text(closedWord)
	}
	return reports.Number(float64(c.WaitSeconds)/float64(c.OnLine), b.kpi(waitMean).Format).From(c.OnLine)
}

// abandonedShare is of the calls offered, short calls included.
func (c Calls) abandonedShare() reports.Value {
	if !c.isOpen() {
		return reports.Text(closedWord)
	}
	return reports.Number(float64(c.Abandoned)/float64(c.Offered), shareFormat).From(c.Offered)
}

// perOpenHour is missing where the municipality was a member for only a part of the
// open hours, which are the hotline's.
func (b builder) perOpenHour(c Calls) reports.Value {
	if !c.isOpen() {
		return reports.Text(closedWord)
	}
	if membership, known := b.membership(b.Municipality.Code, b.Period); known && !membership.isWhole() {
		return reports.Value{}
	}
	return reports.Number(60*float64(c.Offered)/float64(c.OpenMinutes), reports.Format{Unit: reports.UnitCount, Decimals: 1})
}

// span is a part of the day: from an hour on the clock until another.
type span struct{ from, to int }

// cell sorts as text: "08-09".
func (s span) cell() string { return fmt.Sprintf("%02d-%02d", s.from, s.to) }

// phrase is for sentences: "kl. 8-9".
func (s span) phrase() string { return fmt.Sprintf("kl. %d-%d", s.from, s.to) }

// spans divides the day into its open hours, one by one, and the closed hours before
// and after them, each in one, where anybody called in them.
func (b builder) spans() []span {
	opens, closes := usualHours(b.Hours)
	if closes < opens {
		opens, closes = 24, 23
	}
	var spans []span
	if early := (span{0, opens}); add(b.Hours, within(early)).Outside > 0 {
		spans = append(spans, early)
	}
	for clock := opens; clock <= closes; clock++ {
		spans = append(spans, span{clock, clock + 1})
	}
	if late := (span{closes + 1, 24}); add(b.Hours, within(late)).Outside > 0 {
		spans = append(spans, late)
	}
	return spans
}

// usualHours is the first and the last hour on the clock in which the hotline is open
// in any of the given hours; the last is before the first where it never is.
func usualHours(hours []Hour) (opens, closes int) {
	opens, closes = 24, -1
	for _, h := range hours {
		if h.isOpen() {
			opens, closes = min(opens, h.Clock), max(closes, h.Clock)
		}
	}
	return opens, closes
}

// openDaysOfWeek lists the weekdays on which the hotline is open at all.
func (b builder) openDaysOfWeek() []int {
	var weekdays []int
	for weekday := 1; weekday <= 7; weekday++ {
		if add(b.Hours, onDay(weekday)).isOpen() {
			weekdays = append(weekdays, weekday)
		}
	}
	return weekdays
}
