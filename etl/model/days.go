package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Day is a calendar date as days since 1970-01-01.
type Day int32

// The window of a whole build. Days outside of it are not built.
var (
	firstDay = mustDay("1900-01-01")
	lastDay  = mustDay("2200-01-01") // exclusive
)

// ParseDay reads "2026-01-31".
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no date of the form 2026-01-31", text)
	}
	return Day(t.Unix() / 86400), nil
}

func mustDay(text string) Day {
	d, err := ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

// String writes the day as "2026-01-31".
func (d Day) String() string {
	return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly)
}

func (d Day) literal() string { return "date '" + d.String() + "'" }

// Range is the half-open span of days [From, To).
type Range struct{ From, To Day }

// String writes first and last day: "2026-01-01..2026-01-03", or the one day.
func (r Range) String() string {
	if r.To == r.From+1 {
		return r.From.String()
	}
	return r.From.String() + ".." + (r.To - 1).String()
}

// Days is a set of days: ranges in order that neither overlap nor touch.
type Days []Range

// NewDays makes a set of any ranges; empty ones are dropped.
func NewDays(ranges ...Range) Days {
	sorted := slices.DeleteFunc(slices.Clone(ranges), func(r Range) bool { return r.To <= r.From })
	slices.SortFunc(sorted, func(a, b Range) int { return cmp.Compare(a.From, b.From) })
	var out Days
	for _, r := range sorted {
		if last := len(out) - 1; last >= 0 && r.From <= out[last].To {
			out[last].To = max(out[last].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Union is the days in either set.
func (d Days) Union(other Days) Days { return NewDays(slices.Concat(d, other)...) }

// Widen adds the days before and after each range, inside the buildable window.
func (d Days) Widen(back, ahead int) Days {
	wide := make([]Range, len(d))
	for i, r := range d {
		wide[i] = Range{max(r.From-Day(back), firstDay), min(r.To+Day(ahead), lastDay)}
	}
	return NewDays(wide...)
}

// Bridge closes gaps of up to gap days and then the smallest gaps until at most
// limit ranges are left: building a few days too many costs less than one more
// statement for each of them.
func (d Days) Bridge(gap, limit int) Days {
	out := slices.Clone(d)
	for len(out) > 1 {
		i := closest(out)
		if between := int(out[i+1].From - out[i].To); between > gap && len(out) <= limit {
			break
		}
		out[i].To = out[i+1].To
		out = slices.Delete(out, i+1, i+2)
	}
	return out
}

// closest is the index of the range with the smallest gap after it.
func closest(d Days) int {
	best := 0
	for i := 1; i+1 < len(d); i++ {
		if d[i+1].From-d[i].To < d[best+1].From-d[best].To {
			best = i
		}
	}
	return best
}

// Count is the number of days in the set.
func (d Days) Count() int {
	n := 0
	for _, r := range d {
		n += int(r.To - r.From)
	}
	return n
}

// String lists the ranges: "2026-01-01, 2026-01-05..2026-01-07".
func (d Days) String() string {
	parts := make([]string, len(d))
	for i, r := range d {
		parts[i] = r.String()
	}
	return strings.Join(parts, ", ")
}

// where is a condition that the column lies in one of the ranges.
func (d Days) where(column string) string {
	parts := make([]string, len(d))
	for i, r := range d {
		parts[i] = fmt.Sprintf("%s >= %s and %s < %s", quote(column), r.From.literal(), quote(column), r.To.literal())
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

// plural writes "1 day" or "3 days".
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
