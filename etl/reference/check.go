package reference

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// row is one parsed line of a reference file.
type row struct {
	line   int64
	values []any
}

// day returns the date in a column.
func (r row) day(column int) time.Time { return r.values[column].(time.Time) }

// minute returns the minute of the day in a column; ok is false where it is empty.
func (r row) minute(column int) (minute int64, ok bool) {
	minute, ok = r.values[column].(int64)
	return minute, ok
}

// key is what the row is about, as one text: keys are compared in their one form.
func (r row) key(columns []int) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, Key(fmt.Sprint(r.values[c])))
	}
	return strings.Join(parts, "\x00")
}

// check looks at the rows of a file together and reports what does not fit.
type check func(rows []row, report func(line int64, column string, p *problem))

// unique reports rows that are about the same thing as an earlier one.
func unique(column string, key ...int) check {
	return func(rows []row, report func(int64, string, *problem)) {
		seen := map[string]int64{}
		for _, r := range rows {
			k := r.key(key)
			if line, twice := seen[k]; twice {
				report(r.line, column, problemf("this stands on line %d already", line).trying("delete one of the two"))
				continue
			}
			seen[k] = r.line
		}
	}
}

// orderedPeriods reports rows whose valid_from is after their valid_to. from is the
// position of valid_from; valid_to follows it.
func orderedPeriods(from int) check {
	return func(rows []row, report func(int64, string, *problem)) {
		for _, r := range rows {
			if first, last := r.day(from), r.day(from+1); first.After(last) {
				report(r.line, "valid_from", problemf("%s is after valid_to %s", isoDate(first), isoDate(last)).
					trying("swap the two dates; both are inclusive"))
			}
		}
	}
}

// periods reports rows with valid_from after valid_to, and rows of one key whose
// periods overlap.
func periods(from int, key ...int) check {
	return func(rows []row, report func(int64, string, *problem)) {
		orderedPeriods(from)(rows, report)
		eachOverlap(groups(rows, key), from, func(a, b row) {
			report(b.line, "valid_from", overlapping(a, b, from))
		})
	}
}

// overlapping says with which line a row's period overlaps.
func overlapping(a, b row, from int) *problem {
	if a.day(from).Equal(b.day(from)) && a.day(from+1).Equal(b.day(from+1)) {
		return problemf("this stands on line %d already", a.line).trying("delete one of the two")
	}
	return problemf("the period %s overlaps that of line %d, %s", period(b, from), a.line, period(a, from)).
		trying("end the older row the day before the newer one begins")
}

// groups puts rows of one key together, in the order of their first rows.
func groups(rows []row, key []int) [][]row {
	place := map[string]int{}
	var all [][]row
	for _, r := range rows {
		k := r.key(key)
		i, ok := place[k]
		if !ok {
			i = len(all)
			place[k] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], r)
	}
	return all
}

// eachOverlap calls found with every two rows of a group whose periods overlap, the
// row of the earlier line first. Rows with a period the wrong way round are left out.
func eachOverlap(all [][]row, from int, found func(a, b row)) {
	for _, group := range all {
		sorted := slices.DeleteFunc(slices.Clone(group), func(r row) bool { return r.day(from).After(r.day(from + 1)) })
		slices.SortStableFunc(sorted, func(a, b row) int { return a.day(from).Compare(b.day(from)) })
		var last *row // of the rows so far, the one that ends last
		for i := range sorted {
			r := sorted[i]
			if last != nil && !r.day(from).After(last.day(from+1)) {
				a, b := *last, r
				if a.line > b.line {
					a, b = b, a
				}
				found(a, b)
			}
			if last == nil || r.day(from+1).After(last.day(from+1)) {
				last = &sorted[i]
			}
		}
	}
}

// oneAgentPerUser reports a guide user who is mapped to two agents at one time.
func oneAgentPerUser(rows []row, report func(int64, string, *problem)) {
	const agent, user, from = 0, 2, 3
	named := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.values[user] == nil })
	eachOverlap(groups(named, []int{user}), from, func(a, b row) {
		if a.values[agent] != b.values[agent] {
			report(b.line, "sbnu_user", problemf("%s belongs to agent %v on line %d in the same period", b.values[user], a.values[agent], a.line))
		}
	})
}

// sharesBetween0And1 reports targets in per cent: the figures they are compared with
// are shares.
func sharesBetween0And1(shares []string) check {
	const kpi, target = 0, 1
	return func(rows []row, report func(int64, string, *problem)) {
		for _, r := range rows {
			value := r.values[target].(float64)
			if value >= 0 && value <= 1 || !slices.Contains(shares, r.values[kpi].(string)) {
				continue
			}
			p := problemf("%v is not between 0 and 1, and %v is a share", value, r.values[kpi])
			if value > 1 && value <= 100 {
				p.trying("write %v for %v %%", value/100, value)
			}
			report(r.line, "target", p)
		}
	}
}

// openThenClose reports hours that end before they begin, and half of a pair. opens
// is the position of the opening minute; the closing minute follows it.
func openThenClose(opens int) check {
	return func(rows []row, report func(int64, string, *problem)) {
		for _, r := range rows {
			from, hasFrom := r.minute(opens)
			to, hasTo := r.minute(opens + 1)
			switch {
			case hasFrom != hasTo:
				report(r.line, "opens", problemf("opens and closes belong together").trying("leave both empty for a closed day"))
			case hasFrom && from >= to:
				report(r.line, "closes", problemf("%s is not after opens %s", clock(to), clock(from)).
					trying("split hours that pass midnight into two rows"))
			}
		}
	}
}

// openingHoursApart reports hours of one weekday that overlap in time and validity.
func openingHoursApart(rows []row, report func(int64, string, *problem)) {
	const weekday, opens, from = 0, 1, 3
	for i, b := range rows {
		for _, a := range rows[:i] {
			if a.values[weekday] == b.values[weekday] && sharesDays(a, b, from) && sharesHours(a, b, opens) {
				report(b.line, "opens", problemf("%s overlaps %s of line %d on the same weekday and dates",
					hours(b, opens), hours(a, opens), a.line).trying("end the older row the day before the newer one begins"))
			}
		}
	}
}

// specialDaysApart reports a date with overlapping hours, or both open and closed.
func specialDaysApart(rows []row, report func(int64, string, *problem)) {
	const date, opens = 0, 1
	for _, day := range groups(rows, []int{date}) {
		for i, b := range day {
			for _, a := range day[:i] {
				_, aOpen := a.minute(opens)
				_, bOpen := b.minute(opens)
				switch {
				case aOpen != bOpen:
					report(b.line, "opens", problemf("line %d says otherwise: a day is either open or closed", a.line))
				case !aOpen:
					report(b.line, "date", problemf("the day is closed on line %d already", a.line).trying("delete one of the two"))
				case sharesHours(a, b, opens):
					report(b.line, "opens", problemf("%s overlaps %s of line %d", hours(b, opens), hours(a, opens), a.line))
				}
			}
		}
	}
}

// sharesDays reports whether two rows are valid on a common day.
func sharesDays(a, b row, from int) bool {
	return !a.day(from).After(b.day(from+1)) && !b.day(from).After(a.day(from+1))
}

// sharesHours reports whether two rows are open at a common minute; closing at the
// minute at which the other opens is not common.
func sharesHours(a, b row, opens int) bool {
	aFrom, _ := a.minute(opens)
	aTo, _ := a.minute(opens + 1)
	bFrom, _ := b.minute(opens)
	bTo, _ := b.minute(opens + 1)
	return aFrom < bTo && bFrom < aTo
}

// hours prints a row's hours, "08:00-16:00".
func hours(r row, opens int) string {
	from, _ := r.minute(opens)
	to, _ := r.minute(opens + 1)
	return clock(from) + "-" + clock(to)
}

// period prints a row's validity; an open end is left out.
func period(r row, from int) string {
	text := func(day, open time.Time) string {
		if day.Equal(open) {
			return ""
		}
		return isoDate(day)
	}
	return text(r.day(from), firstDay) + ".." + text(r.day(from+1), lastDay)
}

// isoDate prints a date as the files write it.
func isoDate(day time.Time) string { return day.Format(time.DateOnly) }
