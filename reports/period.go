package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// PeriodKind tells calendar periods, for which the warehouse keeps finished
// figures, from free ranges of days.
type PeriodKind string

// The kinds are spelled as in marts.dim_period; a Range is never in that table.
const (
	Month   PeriodKind = "month"
	Quarter PeriodKind = "quarter"
	Year    PeriodKind = "year"
	Range   PeriodKind = "range"
)

// Period is a span of whole local days. Make one with ParsePeriod; the zero value
// is no period.
type Period struct {
	Key  string     // "2026K3", "2026-10", "2026" or "2026-01-01..2026-03-31"
	Kind PeriodKind // what Key is
	From time.Time  // first day, midnight UTC standing for the local date
	To   time.Time  // last day, inclusive, likewise
}

const isoDate = "2006-01-02"

// ParsePeriod reads "2026K3" (quarter; k and Q are understood too), "2026-10"
// (month), "2026" (year) or "2026-01-01..2026-03-31" (range, both days included).
// A range keeps its own key even where it happens to be a quarter: see Calendar.
func ParsePeriod(text string) (Period, error) {
	text = strings.TrimSpace(text)
	if from, to, isRange := strings.Cut(text, ".."); isRange {
		return parseRange(text, from, to)
	}
	if len(text) < 4 {
		return Period{}, periodError(text)
	}
	year, err := strconv.Atoi(text[:4])
	if err != nil || year < 1900 || year > 2999 {
		return Period{}, periodError(text)
	}
	switch rest := text[4:]; {
	case rest == "":
		return yearPeriod(year), nil
	case len(rest) == 2 && strings.ContainsRune("KkQq", rune(rest[0])) && rest[1] >= '1' && rest[1] <= '4':
		return quarterPeriod(year, int(rest[1]-'0')), nil
	case len(rest) == 3 && rest[0] == '-':
		month, err := strconv.ParseUint(rest[1:], 10, 8)
		if err != nil || month < 1 || month > 12 {
			return Period{}, periodError(text)
		}
		return monthPeriod(year, time.Month(month)), nil
	}
	return Period{}, periodError(text)
}

func parseRange(text, fromText, toText string) (Period, error) {
	from, err := time.Parse(isoDate, fromText)
	if err != nil {
		return Period{}, fmt.Errorf("period %q: %q is not a date like 2026-01-01", text, fromText)
	}
	to, err := time.Parse(isoDate, toText)
	if err != nil {
		return Period{}, fmt.Errorf("period %q: %q is not a date like 2026-03-31", text, toText)
	}
	if to.Before(from) {
		return Period{}, fmt.Errorf("period %q ends before it begins", text)
	}
	return rangePeriod(from, to), nil
}

func periodError(text string) error {
	return fmt.Errorf("period %q is not a quarter (2026K3), month (2026-10), year (2026) or range (2026-01-01..2026-03-31)", text)
}

func yearPeriod(year int) Period {
	return Period{Key: fmt.Sprintf("%04d", year), Kind: Year, From: day(year, 1, 1), To: day(year, 12, 31)}
}

func quarterPeriod(year, quarter int) Period {
	first := time.Month(3*quarter - 2)
	return Period{
		Key:  fmt.Sprintf("%04dK%d", year, quarter),
		Kind: Quarter,
		From: day(year, first, 1),
		To:   day(year, first+3, 0),
	}
}

func monthPeriod(year int, month time.Month) Period {
	return Period{
		Key:  fmt.Sprintf("%04d-%02d", year, int(month)),
		Kind: Month,
		From: day(year, month, 1),
		To:   day(year, month+1, 0),
	}
}

func rangePeriod(from, to time.Time) Period {
	return Period{Key: from.Format(isoDate) + ".." + to.Format(isoDate), Kind: Range, From: from, To: to}
}

func day(year int, month time.Month, dayOfMonth int) time.Time {
	return time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC)
}

// Calendar returns the month, quarter or year that covers exactly the same days,
// and whether there is one: the warehouse's finished figures are keyed by those.
func (p Period) Calendar() (Period, bool) {
	if p.Kind != Range {
		return p, p.Kind != ""
	}
	year, month := p.From.Year(), p.From.Month()
	for _, candidate := range []Period{
		monthPeriod(year, month), quarterPeriod(year, (int(month)+2)/3), yearPeriod(year),
	} {
		if candidate.From.Equal(p.From) && candidate.To.Equal(p.To) {
			return candidate, true
		}
	}
	return p, false
}

// Label is the period in Danish prose: "3. kvartal 2026", "oktober 2026", "2026",
// "1. januar 2026 til 31. marts 2026".
func (p Period) Label() string {
	switch p.Kind {
	case Quarter:
		return fmt.Sprintf("%d. kvartal %d", p.quarter(), p.From.Year())
	case Month:
		return fmt.Sprintf("%s %d", monthNames[p.From.Month()-1], p.From.Year())
	case Year:
		return strconv.Itoa(p.From.Year())
	case Range:
		return Date(p.From) + " til " + Date(p.To)
	}
	return ""
}

// ThisKind names the period in running text: "kvartalet", "måneden", "året",
// "perioden".
func (p Period) ThisKind() string {
	switch p.Kind {
	case Quarter:
		return "kvartalet"
	case Month:
		return "måneden"
	case Year:
		return "året"
	}
	return "perioden"
}

// Previous is the period just before of the same kind; for a range, the same
// number of days ending the day before.
func (p Period) Previous() Period {
	switch p.Kind {
	case Quarter:
		before := p.From.AddDate(0, -3, 0)
		return quarterPeriod(before.Year(), (int(before.Month())+2)/3)
	case Month:
		before := p.From.AddDate(0, -1, 0)
		return monthPeriod(before.Year(), before.Month())
	case Year:
		return yearPeriod(p.From.Year() - 1)
	case Range:
		return rangePeriod(p.From.AddDate(0, 0, -p.Days()), p.From.AddDate(0, 0, -1))
	}
	return Period{}
}

// LastYear is the same period one year before; 29 February becomes 28 February.
func (p Period) LastYear() Period {
	switch p.Kind {
	case Quarter:
		return quarterPeriod(p.From.Year()-1, p.quarter())
	case Month:
		return monthPeriod(p.From.Year()-1, p.From.Month())
	case Year:
		return yearPeriod(p.From.Year() - 1)
	case Range:
		return rangePeriod(yearBefore(p.From), yearBefore(p.To))
	}
	return Period{}
}

func yearBefore(date time.Time) time.Time {
	if date.Month() == time.February && date.Day() == 29 {
		return day(date.Year()-1, time.February, 28)
	}
	return day(date.Year()-1, date.Month(), date.Day())
}

// Days is the number of local days in the period, both ends included.
func (p Period) Days() int {
	if p.Kind == "" {
		return 0
	}
	return int(p.To.Sub(p.From)/(24*time.Hour)) + 1
}

// String returns the key, which ParsePeriod reads back.
func (p Period) String() string { return p.Key }

// MarshalText writes the key.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.Key), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}

func (p Period) quarter() int { return (int(p.From.Month()) + 2) / 3 }
