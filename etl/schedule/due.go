package schedule

import (
	"fmt"
	"slices"
	"time"
)

// Job is something to be done at scheduled times.
type Job struct {
	Name     string
	Schedule *Schedule // nil: only when asked for
}

// Attempt is a job's part in a run.
type Attempt struct {
	Job         string
	Started     time.Time
	Interrupted bool // killed or stopped before its end
}

// History is when the last attempt of each job that counts began. A failed attempt
// counts: the job's next time is its next chance.
type History map[string]time.Time

// Recorded makes the history of attempts in the order in which they were recorded.
// The last one decides, not the latest: a clock can be set back. Interrupted ones do
// not count, so what they began is due again.
func Recorded(attempts []Attempt) History {
	h := History{}
	for _, a := range attempts {
		if !a.Interrupted {
			h[a.Job] = a.Started
		}
	}
	return h
}

// Slot is a job's time to run.
type Slot struct {
	Job string
	// At is the scheduled time, of several that were missed the first; now for a job
	// that is due without one.
	At     time.Time
	Missed bool // several times have passed, or one long since: the job runs once to catch up
	reason string
}

// Reason says in a clause why the job is to run: "scheduled for 2026-10-05 07:15".
func (s Slot) Reason() string {
	const layout = "2006-01-02 15:04"
	switch {
	case s.reason != "":
		return s.reason
	case s.Missed:
		return fmt.Sprintf("missed since %s, to catch up once", s.At.Format(layout))
	}
	return "scheduled for " + s.At.Format(layout)
}

// String is the job and its reason.
func (s Slot) String() string { return s.Job + " (" + s.Reason() + ")" }

const (
	// punctual is how late a run may be and still be the scheduled one: a run that
	// was under way, a process that looks only now and then.
	punctual = time.Hour
	// trusted is how far in the future an attempt may lie and still stand for the
	// times up to then. One further ahead was made by a clock that has been set right
	// since, and must not hold its job back for as long.
	trusted = 2 * time.Hour
)

// Due are the slots of the jobs that are due now, the longest overdue first: those
// with a scheduled time after the start of their last attempt and not after now. A
// job with a schedule that has never been tried is due.
func Due(now time.Time, jobs []Job, h History) []Slot {
	var due []Slot
	for _, s := range Coming(now, jobs, h) {
		if !s.At.After(now) {
			due = append(due, s)
		}
	}
	return due
}

// Next is the slot that comes next, due ones included; ok is false where no job has a
// schedule.
func Next(now time.Time, jobs []Job, h History) (next Slot, ok bool) {
	coming := Coming(now, jobs, h)
	if len(coming) == 0 {
		return Slot{}, false
	}
	return coming[0], true
}

// Coming are the next slots of all jobs that have a schedule, one each, the earliest
// first. Those that are due lie not after now.
func Coming(now time.Time, jobs []Job, h History) []Slot {
	var all []Slot
	for _, j := range jobs {
		if s := j.coming(now, h); !s.At.IsZero() {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Slot) int { return a.At.Compare(b.At) })
	return all
}

// coming is the job's next slot; its time is zero where there is none.
func (j Job) coming(now time.Time, h History) Slot {
	if j.Schedule == nil {
		return Slot{}
	}
	last, tried := h[j.Name]
	switch {
	case !tried:
		return Slot{Job: j.Name, At: now, reason: "has never run"}
	case last.After(now.Add(trusted)):
		return Slot{Job: j.Name, At: now, reason: "the clock has been set back since it ran"}
	}
	s := Slot{Job: j.Name, At: j.Schedule.Next(last)}
	if s.At.IsZero() || s.At.After(now) {
		return s
	}
	second := j.Schedule.Next(s.At)
	s.Missed = now.Sub(s.At) > punctual || !second.IsZero() && !second.After(now)
	return s
}
