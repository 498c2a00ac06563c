package convert

import "strings"

// Order is how a date that is written in numbers is to be read.
type Order uint8

const (
	Unsettled  Order = iota
	DayFirst         // 25/8/2026
	MonthFirst       // 8/25/2026
	YearFirst        // 26-08-25, with a year of two digits; four digits need no telling
)

// String is the order as the configuration writes it.
func (o Order) String() string { return [...]string{"", "dmy", "mdy", "ymd"}[o] }

// OrderOf is the order of which name is the String, Unsettled for any other text.
func OrderOf(name string) Order {
	for _, o := range []Order{DayFirst, MonthFirst, YearFirst} {
		if name == o.String() {
			return o
		}
	}
	return Unsettled
}

// written is a date as its parts stand in a text.
type written struct {
	parts [3]int64
	order Order // what the form itself tells; Unsettled where both readings are possible forms
	short bool  // the year has two digits
}

// under reads the date in an order; ok is false where no such day exists.
func (w written) under(o Order) (days int64, ok bool) {
	var year, month, day int64
	switch o {
	case DayFirst:
		day, month, year = w.parts[0], w.parts[1], w.parts[2]
	case MonthFirst:
		month, day, year = w.parts[0], w.parts[1], w.parts[2]
	case YearFirst:
		year, month, day = w.parts[0], w.parts[1], w.parts[2]
	default:
		return 0, false
	}
	if w.short {
		year += 2000
	}
	if !exists(year, month, day) {
		return 0, false
	}
	return civilDays(year, month, day), true
}

// date reads the parts of a date: year-month-day or three numbers of which the last is
// the year, parted by one of "-", "/" and "."; 20260825; or with the month's name, "25 Aug
// 2026", "Aug 25, 2026" and SAS's "25AUG2026". Numbers parted by points are a Danish date
// and so day first.
func (s *scanner) date() (w written, ok bool) {
	if month, named := s.month(); named {
		return s.afterMonth(month)
	}
	start := s.at
	first, ok := s.number(1, 8)
	if !ok {
		return w, false
	}
	switch s.at - start {
	case 8:
		return written{parts: [3]int64{first / 10000, first / 100 % 100, first % 100}, order: YearFirst}, true
	case 1, 2, 4:
	default:
		return w, false
	}
	yearFirst := s.at-start == 4
	if s.done() {
		return w, false
	}
	sep := s.text[s.at]
	if !yearFirst && (sep == ' ' || sep == '-' || sep == '/' || sep == '.' || sep|0x20 >= 'a') {
		at := s.at
		for s.accept('.') || s.accept('-') || s.accept('/') || s.accept(' ') {
		}
		if month, named := s.month(); named {
			for s.accept('.') || s.accept('-') || s.accept('/') || s.accept(' ') {
			}
			w = written{parts: [3]int64{first, month}, order: DayFirst}
			w.parts[2], w.short, ok = s.year()
			return w, ok
		}
		s.at = at
	}
	if sep != '-' && sep != '/' && sep != '.' {
		return w, false
	}
	s.at++
	w.parts[0] = first
	if w.parts[1], ok = s.number(1, 2); !ok || !s.accept(sep) {
		return w, false
	}
	if yearFirst {
		w.order = YearFirst
		w.parts[2], ok = s.number(1, 2)
		return w, ok
	}
	if w.parts[2], w.short, ok = s.year(); !ok {
		return w, false
	}
	if sep == '.' {
		w.order = DayFirst
	}
	return w, true
}

// afterMonth reads the rest of "Aug 25, 2026".
func (s *scanner) afterMonth(month int64) (w written, ok bool) {
	s.accept('.')
	s.blanks()
	day, ok := s.number(1, 2)
	if !ok {
		return w, false
	}
	s.accept(',')
	if !s.blanks() {
		return w, false
	}
	w = written{parts: [3]int64{day, month}, order: DayFirst}
	w.parts[2], w.short, ok = s.year()
	return w, ok && !w.short
}

// year reads four digits, or two.
func (s *scanner) year() (year int64, short, ok bool) {
	start := s.at
	year, ok = s.number(2, 4)
	return year, s.at-start == 2, ok && s.at-start != 3
}

// months are the first letters of the months' names in English and Danish.
var months = map[string]int64{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "maj": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10,
	"nov": 11, "dec": 12,
}

// month reads a month's name, whole or cut to three letters or more.
func (s *scanner) month() (int64, bool) {
	start := s.at
	for !s.done() && s.text[s.at]|0x20 >= 'a' && s.text[s.at]|0x20 <= 'z' {
		s.at++
	}
	word := strings.ToLower(s.text[start:s.at])
	if len(word) >= 3 && len(word) <= len("september") {
		if month, known := months[word[:3]]; known {
			return month, true
		}
	}
	s.at = start
	return 0, false
}
