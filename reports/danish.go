package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Missing is how a figure that does not exist, or may not be shown, is printed:
// never as 0 % or 100 % (DOMAIN §4).
const Missing = "-"

var monthNames = [...]string{
	"januar", "februar", "marts", "april", "maj", "juni",
	"juli", "august", "september", "oktober", "november", "december",
}

var weekdayNames = [...]string{"mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"}

// Weekday names a day by its ISO number: 1 is "mandag", 7 is "søndag".
func Weekday(iso int) string { return weekdayNames[iso-1] }

// Date writes "31. marts 2026"; the zero time is Missing.
func Date(t time.Time) string {
	if t.IsZero() {
		return Missing
	}
	return fmt.Sprintf("%d. %s %d", t.Day(), monthNames[t.Month()-1], t.Year())
}

// DateTime writes "31. marts 2026 kl. 14.05" in the time's own zone.
func DateTime(t time.Time) string {
	if t.IsZero() {
		return Missing
	}
	return fmt.Sprintf("%s kl. %02d.%02d", Date(t), t.Hour(), t.Minute())
}

// Integer writes "1.234", rounded to the nearest whole number.
func Integer(x float64) string { return Decimal(x, 0) }

// Decimal writes "1.234,5" with the given number of decimals; NaN and infinities
// are Missing. A number that rounds to zero has no sign.
func Decimal(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Missing
	}
	digits := strconv.FormatFloat(math.Abs(x), 'f', max(decimals, 0), 64)
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	var b strings.Builder
	if x < 0 && strings.Trim(digits, "0.") != "" {
		b.WriteByte('-')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(digit)
	}
	if hasFraction {
		b.WriteByte(',')
		b.WriteString(fraction)
	}
	return b.String()
}

// Percent writes a share of 1 as "70,3 %".
func Percent(share float64, decimals int) string {
	text := Decimal(100*share, decimals)
	if text == Missing {
		return Missing
	}
	return text + " %"
}

// Duration writes seconds as minutes and seconds, "0:47", from an hour on with hours,
// "1:15:03", rounded to the nearest second.
func Duration(seconds float64) string {
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return Missing
	}
	whole := int64(math.Round(math.Abs(seconds)))
	sign := ""
	if seconds < 0 && whole > 0 {
		sign = "-"
	}
	if whole >= 3600 {
		return fmt.Sprintf("%s%d:%02d:%02d", sign, whole/3600, whole/60%60, whole%60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, whole/60, whole%60)
}

// Capital writes the text with a capital first letter, æøå included.
func Capital(text string) string {
	for i, r := range text {
		if i == 0 {
			return strings.ToUpper(string(r)) + text[len(string(r)):]
		}
	}
	return text
}

// Compare orders texts as a Danish reader expects: without regard to case, æ ø å
// after z, "aa" as å; equal texts by their bytes. It returns -1, 0 or 1.
func Compare(a, b string) int {
	if c := strings.Compare(sortKey(a), sortKey(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

var sortLetters = strings.NewReplacer(
	"aa", "{3", "å", "{3", "ä", "{1", "æ", "{1", "ö", "{2", "ø", "{2", "é", "e", "ü", "y",
)

// sortKey maps æ, ø and å to pairs that begin with "{", the character after "z".
func sortKey(text string) string { return sortLetters.Replace(strings.ToLower(text)) }
