package privacy

// rule looks at the groups of a cluster from i on and returns how many of them it
// knows, and what they are masked by: "" for what is spared.
type rule func(c *cluster, i int) (groups int, mask string)

var (
	// numberRules know CPR and phone numbers. CPR numbers are looked for first, so
	// that half of one is never taken for a phone number.
	numberRules = []rule{parted, abroad, longRun, date, grouped}
	cprRules    = []rule{parted, joined}
)

// joined knows a CPR number in an unbroken run of ten digits.
func joined(c *cluster, i int) (int, string) {
	if n, mask := longRun(c, i); mask == maskedCPR {
		return n, mask
	}
	return 0, ""
}

// longRun knows an unbroken run of eight digits or more.
func longRun(c *cluster, i int) (int, string) {
	switch size := c.groups[i].size(); {
	case size < danishDigits:
		return 0, ""
	case size == cprDigits && !c.groups[i].plus && isCPR(c.digits(i, 1)):
		return 1, maskedCPR
	}
	return 1, maskedPhone
}

// cprDigits is the length of a CPR number: DDMMYY and a serial number.
const cprDigits = 10

// parted knows a CPR number in groups: "010190-1234", "01 01 90 1234". A serial
// number that is parted itself must have the separators of the rest, else
// "01.01.90 12.34" would be one.
func parted(c *cluster, i int) (int, string) {
	n := c.span(i, cprDigits, 2)
	if n < 2 || c.groups[i].plus || !isCPR(c.digits(i, n)) {
		return 0, ""
	}
	if c.groups[i+n-1].size() != 4 && !c.uniform(i, n) || !c.breaksAfter(i, 6) {
		return 0, ""
	}
	return n, maskedCPR
}

// breaksAfter reports whether a group ends when so many digits have passed from i on.
func (c *cluster) breaksAfter(i, digits int) bool { return c.span(i, digits, 2) > 0 }

// isCPR reports whether ten digits begin with a date DDMMYY. The day may be raised
// by 60, as in the replacement numbers that authorities give to persons without one.
func isCPR(digits string) bool {
	day, month, year := number(digits[:2]), number(digits[2:4]), number(digits[4:6])
	if day > 60 {
		day -= 60
	}
	return isDay(day, month, year)
}

// abroad knows a number with its country code: "+46 70 123 45 67", "0045 12 34 56
// 78". A Danish one ends after its eight digits, a foreign one with the cluster or
// the longest number there is.
func abroad(c *cluster, i int) (int, string) {
	g := c.groups[i]
	zeros := c.text[g.start] == '0' && g.size() > 1 && c.text[g.start+1] == '0' && (g.size() > 3 || i == 0)
	if !g.plus && !zeros {
		return 0, ""
	}
	digits, most := 0, maxE164
	if zeros {
		digits = -2
	}
	for n := i; n < len(c.groups); n++ {
		if n > i && c.groups[n].plus || digits+c.groups[n].size() > most {
			return enough(n-i, digits)
		}
		digits += c.groups[n].size()
		if digits == danishDigits+2 && c.danish(i, n-i+1) {
			return n - i + 1, maskedPhone
		}
	}
	return enough(len(c.groups)-i, digits)
}

func enough(groups, digits int) (int, string) {
	if digits < minForeign {
		return 0, ""
	}
	return groups, maskedPhone
}

// danish reports whether the n groups from i on begin with the country code 45.
func (c *cluster) danish(i, n int) bool {
	digits := c.digits(i, n)
	if !c.groups[i].plus {
		digits = digits[2:]
	}
	return digits[:2] == "45"
}

// date spares a calendar date, so that its parts make no phone number with what
// follows: "25.10.2026 12.30", "5/10-26", "2026-10-25".
func date(c *cluster, i int) (int, string) {
	if i+3 > len(c.groups) {
		return 0, ""
	}
	a, b, y := c.groups[i], c.groups[i+1], c.groups[i+2]
	if a.size() == 4 {
		a, y = y, a
	}
	if a.size() > 2 || b.size() > 2 || !isDay(c.value(a), c.value(b), c.value(y)) {
		return 0, ""
	}
	switch {
	case y.size() == 4 && isYear(c.value(y)):
		return 3, ""
	case y.size() == 2 && c.groups[i+1].sep != ' ' && y.sep != ' ' &&
		(i+3 == len(c.groups) || c.groups[i+3].sep != y.sep):
		return 3, ""
	}
	return 0, ""
}

// grouped knows eight digits in two to four groups, or ten that begin with 45.
func grouped(c *cluster, i int) (int, string) {
	n := c.span(i, danishDigits+2, 2)
	if n > 1 && c.uniform(i, n) && c.digits(i, n)[:2] == "45" {
		return n, maskedPhone
	}
	n = c.span(i, danishDigits, 2)
	if n < 2 || n > 4 || c.ordinary(i, n) {
		return 0, ""
	}
	return n, maskedPhone
}

// ordinary reports whether n groups of together eight digits are something else
// than a phone number: two times or ranges of hours, two years, an amount.
func (c *cluster) ordinary(i, n int) bool {
	first, last := c.groups[i], c.groups[i+n-1]
	sep := c.groups[i+1].sep
	switch {
	case n == 2 && first.size() != 4:
		return first.size() > 5 || sep == '.' // 251026 12 and 55.676098
	case n == 2:
		return sep != ' ' && (c.years(i) || sep == '-' && c.clock(first) && c.clock(last))
	case n == 3 && first.size() == 2 && last.size() == 3:
		return sep == '.' && last.sep == '.' // 12.345.678
	case n == 4 && !c.uniform(i, n):
		// 12.30-14.30 and 10-12 14-16, but neither 12 34-56 78 nor 12-34 56 78.
		return sep != ' ' && last.sep == sep
	}
	return n == 3 && !c.uniform(i, n) && sep == '.'
}

// years reports whether two groups of four are years: "2024/2025".
func (c *cluster) years(i int) bool {
	return isYear(c.value(c.groups[i])) && isYear(c.value(c.groups[i+1]))
}

// clock reports whether a group of four is a time of day: "1230".
func (c *cluster) clock(g group) bool {
	value := c.value(g)
	return value/100 <= 24 && value%100 < 60
}

func (c *cluster) value(g group) int { return number(c.text[g.start:g.end]) }

// number reads at most four digits; more are of no interest here and give -1.
func number(digits string) int {
	if len(digits) > 4 {
		return -1
	}
	value := 0
	for i := range len(digits) {
		value = value*10 + int(digits[i]-'0')
	}
	return value
}

func isYear(year int) bool { return year >= 1900 && year <= 2100 }

// isDay reports whether a day and month exist in a year of two or four digits.
func isDay(day, month, year int) bool {
	if month < 1 || month > 12 || day < 1 || year < 0 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 {
		days = 29
	}
	return day <= days
}
