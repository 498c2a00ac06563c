package reference

import "time"

// Holiday is a Danish public holiday.
type Holiday struct {
	Date time.Time // midnight UTC
	Name string    // in Danish
}

// lastStoreBededag is the last year in which the fourth Friday after Easter was a
// public holiday.
const lastStoreBededag = 2023

// Holidays returns a year's Danish public holidays in order of date (DOMAIN §5). The
// centre's own closing days, such as 24 December, are not among them.
func Holidays(year int) []Holiday {
	easter := easterSunday(year)
	after := func(days int, name string) Holiday { return Holiday{easter.AddDate(0, 0, days), name} }
	fixed := func(month time.Month, day int, name string) Holiday { return Holiday{date(year, month, day), name} }
	all := []Holiday{
		fixed(time.January, 1, "Nytårsdag"),
		after(-3, "Skærtorsdag"), after(-2, "Langfredag"), after(0, "Påskedag"), after(1, "2. påskedag"),
	}
	if year <= lastStoreBededag {
		all = append(all, after(26, "Store bededag"))
	}
	return append(all,
		after(39, "Kristi himmelfartsdag"), after(49, "Pinsedag"), after(50, "2. pinsedag"),
		fixed(time.December, 25, "Juledag"), fixed(time.December, 26, "2. juledag"))
}

// easterSunday is the date of Easter in the Gregorian calendar (the anonymous
// algorithm of 1876, as Meeus gives it).
func easterSunday(year int) time.Time {
	golden := year % 19
	century, inCentury := year/100, year%100
	correction := (century - (century+8)/25 + 1) / 3
	epact := (19*golden + century - century/4 - correction + 15) % 30
	weekday := (32 + 2*(century%4) + 2*(inCentury/4) - epact - inCentury%4) % 7
	late := (golden + 11*epact + 22*weekday) / 451
	n := epact + weekday - 7*late + 114
	return date(year, time.Month(n/31), n%31+1)
}

// date is midnight UTC of a day.
func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// OwnDay is a day on which the centre closes, or closes early, by its own decision.
type OwnDay struct {
	Holiday
	Closes string // "12:00"; "" when it does not open at all
}

// OwnDays returns a year's days of the centre's own decision as they are today: 1 May
// and 5 June close at 12 on weekdays, 24 and 31 December are closed (DOMAIN §2). Days
// that are public holidays anyway are left out. They are a proposal for
// special_days.csv, which alone decides.
func OwnDays(year int) []OwnDay {
	taken := map[time.Time]bool{}
	for _, h := range Holidays(year) {
		taken[h.Date] = true
	}
	var days []OwnDay
	add := func(month time.Month, day int, name, closes string) {
		d := date(year, month, day)
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if taken[d] || closes != "" && weekend {
			return
		}
		days = append(days, OwnDay{Holiday{d, name}, closes})
	}
	add(time.May, 1, "1. maj", "12:00")
	add(time.June, 5, "Grundlovsdag", "12:00")
	add(time.December, 24, "Juleaftensdag", "")
	add(time.December, 31, "Nytårsaftensdag", "")
	return days
}
