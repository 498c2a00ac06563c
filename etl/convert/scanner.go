package convert

import "strings"

// scanner reads the parts of a date and time from left to right.
type scanner struct {
	text string
	at   int
}

func (s *scanner) done() bool { return s.at == len(s.text) }

func (s *scanner) accept(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// blanks skips blanks and reports whether there were any.
func (s *scanner) blanks() bool {
	start := s.at
	for s.accept(' ') {
	}
	return s.at > start
}

// number reads between least and most digits.
func (s *scanner) number(least, most int) (int64, bool) {
	var value int64
	n := 0
	for ; n < most && s.at < len(s.text) && s.text[s.at]-'0' <= 9; n++ {
		value = value*10 + int64(s.text[s.at]-'0')
		s.at++
	}
	return value, n >= least
}

func exists(year, month, day int64) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}

// clock reads hour and minute, and seconds with any number of decimals where they
// are, of a day of 24 hours or of twice 12, and returns microseconds since midnight;
// what is finer is cut off.
func (s *scanner) clock() (int64, bool) {
	hour, ok := s.number(1, 2)
	if !ok || hour > 23 || s.done() {
		return 0, false
	}
	micros, ok := s.afterHour(hour)
	if !ok {
		return 0, false
	}
	afternoon, halved := s.half()
	if !halved {
		return micros, true
	}
	if hour == 0 || hour > 12 {
		return 0, false
	}
	if hour == 12 {
		micros -= 12 * 3600 * microsPerSecond
	}
	if afternoon {
		micros += 12 * 3600 * microsPerSecond
	}
	return micros, true
}

// half reads AM or PM, if it is there.
func (s *scanner) half() (afternoon, found bool) {
	start := s.at
	s.blanks()
	if s.done() {
		s.at = start
		return false, false
	}
	rest := strings.ToLower(s.text[s.at:])
	for _, word := range []string{"a.m.", "p.m.", "am", "pm"} {
		if strings.HasPrefix(rest, word) {
			s.at += len(word)
			return word[0] == 'p', true
		}
	}
	s.at = start
	return false, false
}

func (s *scanner) afterHour(hour int64) (int64, bool) {
	sep := s.text[s.at]
	if sep != ':' && sep != '.' {
		return 0, false
	}
	s.at++
	minute, ok := s.number(2, 2)
	if !ok || minute > 59 {
		return 0, false
	}
	micros := (hour*3600 + minute*60) * microsPerSecond
	if !s.accept(sep) {
		return micros, true
	}
	second, ok := s.number(2, 2)
	if !ok || second > 59 {
		return 0, false
	}
	fraction, ok := s.fraction()
	return micros + second*microsPerSecond + fraction, ok
}

// fraction reads the decimals of a second, if any, as microseconds.
func (s *scanner) fraction() (int64, bool) {
	if !s.accept('.') && !s.accept(',') && !s.accept(':') {
		return 0, true
	}
	start := s.at
	value, ok := s.number(1, 6)
	for n := s.at - start; n < 6; n++ {
		value *= 10
	}
	for !s.done() && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	return value, ok
}

// zone reads "Z", "+02:00", "+0200" or "+02" as seconds east of UTC.
func (s *scanner) zone() (int64, bool) {
	if s.accept('Z') || s.accept('z') {
		return 0, true
	}
	west := s.accept('-')
	if !west && !s.accept('+') {
		return 0, false
	}
	hours, ok := s.number(2, 2)
	if !ok || hours > 18 {
		return 0, false
	}
	var minutes int64
	if !s.done() {
		s.accept(':')
		if minutes, ok = s.number(2, 2); !ok || minutes > 59 {
			return 0, false
		}
	}
	seconds := hours*3600 + minutes*60
	if west {
		seconds = -seconds
	}
	return seconds, true
}
