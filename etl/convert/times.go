package convert

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // Windows and bare containers have no time zones of their own
)

const (
	microsPerSecond = 1_000_000
	secondsPerDay   = 86_400
	microsPerDay    = secondsPerDay * microsPerSecond
)

// span is the years that a column may hold, both inclusive.
type span struct{ first, last int64 }

// Times are when something happened: beyond the warehouse's calendar (int_days) they
// would belong to no period and vanish from every figure. Dates can be the open ends
// of a validity.
var (
	timeSpan = span{2010, 2040}
	dateSpan = span{1900, 9999}
)

func (s span) holds(days int64) bool {
	return days >= civilDays(s.first, 1, 1) && days < civilDays(s.last+1, 1, 1)
}

// copenhagen is the time zone that wall-clock times are in (DOMAIN §5).
var copenhagen = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic("convert: the embedded time zones lack Europe/Copenhagen: " + err.Error())
	}
	return zone
})

// moment is a date and time as written.
type moment struct {
	days    int64 // since 1970-01-01
	micros  int64 // since midnight
	timed   bool  // a time of day was given
	zoned   bool  // an offset from UTC was given
	seconds int64 // the offset, east positive
}

// wall is the moment as microseconds since 1970-01-01 on a Danish clock.
func (m moment) wall() int64 {
	local := m.days*microsPerDay + m.micros
	if !m.zoned {
		return local
	}
	utc := local - m.seconds*microsPerSecond
	return utc + offset(utc)
}

// day is the moment's day on a Danish clock, in days since 1970-01-01.
func (m moment) day() int64 {
	if !m.zoned {
		return m.days
	}
	return floorDiv(m.wall(), microsPerDay)
}

// instant is the moment as microseconds since the epoch in UTC. Of the two
// moments that the repeated autumn hour makes possible it is the later, as
// DuckDB has it (DESIGN §4); a time in the skipped spring hour is moved on.
func (m moment) instant() int64 {
	local := m.days*microsPerDay + m.micros
	if m.zoned {
		return local - m.seconds*microsPerSecond
	}
	const winter, summer = 3600 * microsPerSecond, 7200 * microsPerSecond
	if offset(local-winter) != winter && offset(local-summer) == summer {
		return local - summer
	}
	return local - winter
}

// offset is what a Danish clock is ahead of UTC, in microseconds.
func offset(utc int64) int64 {
	_, seconds := time.UnixMicro(utc).In(copenhagen()).Zone()
	return int64(seconds) * microsPerSecond
}

func (f Format) localTime(text string) (int64, *problem) {
	if wall, ok := usualTime(text); ok {
		return wall, nil
	}
	m, p := f.moment(text, timeSpan, notLocalTime)
	if p == nil && !m.timed {
		p = notLocalTime
	}
	return m.wall(), p
}

func (f Format) instant(text string) (int64, *problem) {
	m, p := f.moment(text, timeSpan, notInstant)
	if p == nil && !m.timed {
		p = notInstant
	}
	return m.instant(), p
}

// date reads an etl.Date as days since 1970-01-01. A time of day is let go, as in
// the "2026-01-01 00:00:00" of many exports.
func (f Format) date(text string) (int64, *problem) {
	m, p := f.moment(text, dateSpan, notDate)
	return m.day(), p
}

// moment reads a date with or without time of day; bad is what it says where it
// cannot.
func (f Format) moment(text string, years span, bad *problem) (moment, *problem) {
	m, ok := f.serial(text)
	if !ok {
		var w written
		if m, w, ok = parseMoment(text); !ok {
			return moment{}, bad
		}
		order := w.order
		if order == Unsettled {
			order = f.DayMonth
		}
		if order == Unsettled {
			return moment{}, openDate
		}
		if m.days, ok = w.under(order); !ok {
			return moment{}, bad
		}
	}
	if !years.holds(m.day()) {
		if years == dateSpan {
			return moment{}, oddDate
		}
		return moment{}, oddYear
	}
	return m, nil
}

// serial reads a spreadsheet's number of days, to the millisecond.
func (f Format) serial(text string) (moment, bool) {
	if f.SerialEpoch == 0 || strings.Trim(text, "0123456789.") != "" {
		return moment{}, false
	}
	days, err := strconv.ParseFloat(text, 64)
	if err != nil || days > 1e6 {
		return moment{}, false
	}
	millis := int64(math.Round((days - float64(f.SerialEpoch)) * secondsPerDay * 1000))
	whole := floorDiv(millis, secondsPerDay*1000)
	return moment{days: whole, micros: (millis - whole*secondsPerDay*1000) * 1000, timed: true}, true
}

// usualTime reads "2026-10-25 02:30:00" and "2026-10-25 02:30:00.443", as nearly all
// times come, without trying what else it could be. What it does not read may be a
// time all the same.
func usualTime(text string) (micros int64, ok bool) {
	const seconds, millis = len("2026-10-25 02:30:00"), len("2026-10-25 02:30:00.443")
	if len(text) != seconds && len(text) != millis ||
		text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':' {
		return 0, false
	}
	var fraction int64
	if len(text) == millis {
		if text[seconds] != '.' || !allDigits(text[seconds+1:]) {
			return 0, false
		}
		fraction = 100*int64(text[20]-'0') + pair(text, 21)
	}
	century, year, month, day := pair(text, 0), pair(text, 2), pair(text, 5), pair(text, 8)
	hour, minute, second := pair(text, 11), pair(text, 14), pair(text, 17)
	year += 100 * century
	if min(century, year, month, day, hour, minute, second) < 0 || hour > 23 || minute > 59 || second > 59 ||
		year < timeSpan.first || year > timeSpan.last || !exists(year, month, day) {
		return 0, false
	}
	return civilDays(year, month, day)*microsPerDay +
		(hour*3600+minute*60+second)*microsPerSecond + fraction*1000, true
}

// pair reads two digits; what is none gives a number far below zero.
func pair(text string, at int) int64 {
	tens, ones := text[at]-'0', text[at+1]-'0'
	if tens > 9 || ones > 9 {
		return -1 << 20
	}
	return 10*int64(tens) + int64(ones)
}

func allDigits(text string) bool {
	for i := range len(text) {
		if text[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// parseMoment reads "2026-10-25", "2026-10-25 02:30:00.443", "25-10-2026 02.30",
// "10/25/2026 2:30:00 AM" and their like, with "T" or a blank between, and with or
// without an offset. The moment's day is left to the caller: it hangs on the order.
func parseMoment(text string) (moment, written, bool) {
	s, m := scanner{text: text}, moment{}
	w, ok := s.date()
	if !ok || s.done() {
		return m, w, ok
	}
	if !s.accept('T') && !s.accept('t') && !s.blanks() && (w.order != DayFirst || !s.accept(':')) {
		return m, w, false
	}
	m.timed = true
	if m.micros, ok = s.clock(); !ok {
		return m, w, false
	}
	s.blanks()
	if !s.done() {
		m.zoned = true
		if m.seconds, ok = s.zone(); !ok {
			return m, w, false
		}
	}
	return m, w, s.done()
}

// civilDays counts the days from 1970-01-01 to a date of the Gregorian calendar
// (Howard Hinnant, "chrono-compatible low-level date algorithms").
func civilDays(year, month, day int64) int64 {
	if month <= 2 {
		year--
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*((month+9)%12)+2)/5 + day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
