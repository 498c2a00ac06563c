// Package clock is the hotline's wall clock: local dates and seconds without a
// zone, as the phone system writes them. It knows the calendar and the two hours a
// year that a wall clock skips or repeats; it never asks what time it is.
package clock

import "time"

// SecondsPerDay is the length of a wall-clock day; the days on which the clock
// changes are no exception, since a wall clock shows 24 hours on those too.
const SecondsPerDay = 24 * 3600

// Day is a local calendar date, in days since 1970-01-01.
type Day int32

// Local is a reading of the wall clock, in seconds since 1970-01-01 00:00.
type Local int64

// DayOf returns the calendar date t shows, whatever its zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Date(y, m, d)
}

// Date returns the day of a calendar date; values out of range carry over.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / SecondsPerDay)
}

// Civil returns year, month (1-12) and day of the month. The method is Howard
// Hinnant's civil_from_days; it is here because every written row needs it.
func (d Day) Civil() (year, month, day int) {
	z := int(d) + 719468
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// Weekday returns 1 for Monday to 7 for Sunday, the numbering of opening_hours.csv.
func (d Day) Weekday() int {
	w := (int(d) + 3) % 7 // 1970-01-01 was a Thursday
	if w < 0 {
		w += 7
	}
	return w + 1
}

// Quarter returns the year and the quarter 1-4.
func (d Day) Quarter() (year, quarter int) {
	y, m, _ := d.Civil()
	return y, (m + 2) / 3
}

// At returns the reading of the clock the given number of seconds into the day.
func (d Day) At(second int) Local { return Local(d)*SecondsPerDay + Local(second) }

// String gives the date as "2026-03-31".
func (d Day) String() string { return string(d.Append(nil)) }

// Append appends the date as "2026-03-31".
func (d Day) Append(b []byte) []byte {
	y, m, day := d.Civil()
	b = append(b, byte('0'+y/1000), byte('0'+y/100%10))
	b = append(two(b, y%100), '-')
	b = append(two(b, m), '-')
	return two(b, day)
}

func two(b []byte, v int) []byte { return append(b, byte('0'+v/10), byte('0'+v%10)) }

// Day returns the date the clock shows.
func (l Local) Day() Day {
	if l < 0 {
		return Day((l - SecondsPerDay + 1) / SecondsPerDay)
	}
	return Day(l / SecondsPerDay)
}

// SecondOfDay returns the seconds since local midnight.
func (l Local) SecondOfDay() int { return int(l - l.Day().At(0)) }

// String gives the reading as "2026-03-31 08:00:00".
func (l Local) String() string { return string(l.Append(nil)) }

// Append appends the reading as "2026-03-31 08:00:00".
func (l Local) Append(b []byte) []byte { return l.AppendTime(append(l.Day().Append(b), ' ')) }

// AppendTime appends the time of day as "08:00:00".
func (l Local) AppendTime(b []byte) []byte {
	s := l.SecondOfDay()
	b = append(two(b, s/3600), ':')
	b = append(two(b, s/60%60), ':')
	return two(b, s%60)
}

// Sure moves a reading out of the hour from 02:00 to 03:00, which does not exist
// on one night a year and exists twice on another, so that nothing simulated
// depends on how an ambiguous reading is understood.
func (l Local) Sure() Local {
	if s := l.SecondOfDay(); s >= 2*3600 && s < 3*3600 {
		return l + 3600
	}
	return l
}

// Until returns the seconds that pass from one reading to another, which on a night
// when the clock changes are not the seconds between them.
func (l Local) Until(to Local) int { return int(to-l) - 3600*(to.Offset()-l.Offset()) }

// Offset returns the hours Danish time is ahead of UTC: 2 from the last Sunday of
// March 02:00 to the last Sunday of October 03:00, else 1.
func (l Local) Offset() int {
	y, _, _ := l.Day().Civil()
	if l >= lastSunday(y, time.March).At(2*3600) && l < lastSunday(y, time.October).At(3*3600) {
		return 2
	}
	return 1
}

func lastSunday(year int, month time.Month) Day {
	last := Date(year, month+1, 0)
	return last - Day(last.Weekday()%7)
}

// QuarterStart returns the first day of a quarter; quarter 5 is the first of the
// next year.
func QuarterStart(year, quarter int) Day { return Date(year, time.Month(3*quarter-2), 1) }
