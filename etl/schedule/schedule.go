// Package schedule says what is due and when: cron schedules on a wall clock that is
// set forward and back, the jobs that have them, and the loop that runs jobs as they
// become due. What is due follows from the recorded attempts alone, so that a restart
// forgets nothing and repeats nothing. It has no clock, no database and no idea what
// a job does; it must not run anything by itself.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a cron schedule of five fields (minute, hour, day of month, month, day
// of week) on the wall clock of a zone.
//
// The library behind it leaves out a time that a clock set forward jumps over, and
// meets a time twice when the clock is set back. Here a schedule with fixed times, as
// "30 2 * * *", means one instant a day: the jump's end where the time is jumped over,
// the first of the two where it comes twice. A schedule that goes round the hours
// ("5 * * * *") or the minutes ("*/15 1-4 * * *") means elapsed time: both passages
// through the repeated hour count.
type Schedule struct {
	text      string
	zone      *time.Location
	spec      *cron.SpecSchedule // in UTC: asked for wall-clock times labelled UTC
	everyHour bool               // elapsed time: a jump forward leaves nothing out
	repeats   bool               // elapsed time: the repeated hour counts twice
}

// maxMinute and maxHour are the last values of their fields.
const (
	maxMinute = 59
	maxHour   = 23
)

// Parse reads a cron expression of five fields, or @hourly, @daily, @weekly, @monthly
// or @yearly. A schedule that no day fits is an error.
func Parse(text string, zone *time.Location) (*Schedule, error) {
	if strings.Contains(text, "TZ=") {
		return nil, errors.New("a schedule has no time zone of its own")
	}
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		return nil, err
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, errors.New("@every has no fixed times")
	}
	spec.Location = time.UTC
	s := &Schedule{text: text, zone: zone, spec: spec, everyHour: covers(spec.Hour, maxHour)}
	s.repeats = s.everyHour || strings.HasPrefix(strings.TrimSpace(text), "*") || covers(spec.Minute, maxMinute)
	if empty(spec) || spec.Next(leapYear).IsZero() {
		return nil, errors.New("no day ever fits it")
	}
	return s, nil
}

// leapYear is a time from which every day of the calendar comes within the five years
// that the library looks ahead.
var leapYear = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// covers reports whether a field's bits hold every value up to most.
func covers(bits uint64, most uint) bool {
	all := uint64(1)<<(most+1) - 1
	return bits&all == all
}

// empty reports whether a field allows nothing: the library reads "," as no value.
func empty(s *cron.SpecSchedule) bool {
	for _, bits := range []uint64{s.Minute, s.Hour, s.Dom, s.Month, s.Dow} {
		if bits == 0 {
			return true
		}
	}
	return false
}

// String is the expression as it was written.
func (s *Schedule) String() string { return s.text }

// GoString keeps %#v readable.
func (s *Schedule) GoString() string { return fmt.Sprintf("schedule.Parse(%q, %v)", s.text, s.zone) }

// Next is the first scheduled instant after a time, in the schedule's zone; zero where
// there is none within five years.
func (s *Schedule) Next(after time.Time) time.Time {
	after = after.In(s.zone)
	start, end := after.ZoneBounds()
	wall := s.unseen(clock(after), start)
	for {
		next := s.spec.Next(wall)
		if next.IsZero() {
			return time.Time{}
		}
		at := next.Add(-ahead(after)).In(s.zone)
		if end.IsZero() || at.Before(end) {
			return at
		}
		if s.jumpedOver(end) {
			return end
		}
		after = end
		wall = s.unseen(clock(end).Add(-time.Second), end)
		_, end = after.ZoneBounds()
	}
}

// unseen moves a wall-clock time past what the clock had shown already before it was
// set back at a change, where the schedule means each time once.
func (s *Schedule) unseen(wall, change time.Time) time.Time {
	if s.repeats || change.IsZero() {
		return wall
	}
	if seen := clockBefore(change).Add(-time.Second); seen.After(wall) {
		return seen
	}
	return wall
}

// jumpedOver reports whether the clock, when it is set forward at a change, leaves
// out a scheduled time.
func (s *Schedule) jumpedOver(change time.Time) bool {
	if s.everyHour {
		return false
	}
	next := s.spec.Next(clockBefore(change).Add(-time.Second))
	return !next.IsZero() && next.Before(clock(change))
}

// clock is what the wall clock of t's zone shows at t, labelled UTC.
func clock(t time.Time) time.Time { return t.UTC().Add(ahead(t)) }

// clockBefore is what it would show at a change had it not been set.
func clockBefore(change time.Time) time.Time { return change.UTC().Add(ahead(change.Add(-1))) }

// ahead is how far the zone of t is ahead of UTC at t.
func ahead(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}
