package etl

import "time"

// Window is a half-open stretch of time in which a source is asked for rows.
type Window struct {
	From, To time.Time
	// Of says which time of a row must lie in the window.
	Of Side
}

// Side is the time by which a window picks rows.
type Side uint8

const (
	Updated  Side = iota // when the row was last written in the source: what is new
	Happened             // when what the row tells of took place: the calls of some days
)

// String names the side in origins and error messages.
func (s Side) String() string {
	if s == Happened {
		return "days"
	}
	return "updates"
}

// Empty reports whether nothing can lie in the window.
func (w Window) Empty() bool { return !w.From.Before(w.To) }

// Local returns the wall-clock window that holds every instant of w in a zone, as
// times labelled UTC. Where the clock is set back within w, or soon after its start,
// wall-clock times repeat: the result then reaches from the earliest to the latest
// of them, so it may hold more than w but never less.
func (w Window) Local(zone *time.Location) (from, to time.Time) {
	from, to = wall(w.From, zone), wall(w.To, zone)
	for at := w.From; at.Before(w.To); {
		_, change := at.In(zone).ZoneBounds()
		if change.IsZero() || change.After(w.To) {
			break
		}
		from = earlier(from, wall(change, zone))
		to = later(to, wall(change.Add(-time.Nanosecond), zone).Add(time.Nanosecond))
		at = change
	}
	return from, to
}

// wall is what a clock in the zone shows, labelled UTC.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Cursors are the ends of what each source has delivered of each table.
type Cursors map[CursorKey]time.Time

// CursorKey names one source's delivery of one table.
type CursorKey struct {
	Source string
	Table  string // RawName
}
