package reference

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/reference/nearest"
)

// field is one column of a reference file, and the columns it becomes.
type field struct {
	name     string
	required bool
	columns  []Column
	// read returns one value per column. The text has no blanks round it and is
	// empty only where the field is not required.
	read func(r *reader, text string) ([]any, *problem)
}

// must makes a field required.
func (f field) must() field {
	f.required = true
	return f
}

// textField is any text; empty is NULL.
func textField(name string) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "varchar"}}, read: func(_ *reader, text string) ([]any, *problem) {
		if text == "" {
			return []any{nil}, nil
		}
		return []any{text}, nil
	}}
}

// choiceField is one of the given words in lower case; an empty one is otherwise.
func choiceField(name, otherwise string, choices ...string) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "varchar"}}, read: func(_ *reader, text string) ([]any, *problem) {
		if text == "" {
			return []any{otherwise}, nil
		}
		if choice := strings.ToLower(text); slices.Contains(choices, choice) {
			return []any{choice}, nil
		}
		return nil, unknownChoice(text, choices)
	}}
}

// unknownChoice says that a word is none of the choices.
func unknownChoice(text string, choices []string) *problem {
	p := problemf("%q is not one of %s", text, strings.Join(choices, ", "))
	if near := nearest.To(strings.ToLower(text), choices); near != "" {
		p.trying("write %s", near)
	}
	return p
}

// kpiField is the id of a KPI.
func kpiField(name string) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "varchar"}}, read: func(r *reader, text string) ([]any, *problem) {
		if kpis := r.options.KPIs; len(kpis) > 0 && !slices.Contains(kpis, text) {
			p := problemf("there is no KPI %q", text)
			if near := nearest.To(text, kpis); near != "" {
				p.trying("write %s", near)
			} else {
				p.trying("use an id from the list of KPIs")
			}
			return nil, p
		}
		return []any{text}, nil
	}}
}

// municipalityField is a municipality by code or name; empty is NULL.
func municipalityField(name string) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "varchar"}}, read: func(r *reader, text string) ([]any, *problem) {
		if text == "" {
			return []any{nil}, nil
		}
		code, p := r.places.code(text)
		return []any{code}, p
	}}
}

// numberField is a phone number, kept in E.164 and as its pseudonym: the landing
// holds the one or the other, depending on the column.
func numberField(name string) field {
	columns := []Column{{Name: name, SQL: "varchar"}, {Name: name + "_pseudonym", SQL: "varchar"}}
	return field{name: name, columns: columns, read: func(r *reader, text string) ([]any, *problem) {
		number := r.options.Normalise(text)
		if number == "" {
			p := problemf("%q is not a phone number", text)
			return nil, p.trying("write it as +45 and eight digits; a spreadsheet may have rounded it")
		}
		return []any{number, r.options.Pseudonym(number)}, nil
	}}
}

// integerField is a whole number from least upwards.
func integerField(name string, least, most int64) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "bigint"}}, read: func(_ *reader, text string) ([]any, *problem) {
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, problemf("%q is not a whole number", text)
		}
		if value < least || value > most {
			return nil, problemf("%d is not between %d and %d", value, least, most)
		}
		return []any{value}, nil
	}}
}

// decimalField is a number with a decimal point or comma.
func decimalField(name string) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "double"}}, read: func(_ *reader, text string) ([]any, *problem) {
		plain := text
		if !strings.Contains(text, ".") {
			plain = strings.Replace(text, ",", ".", 1)
		}
		if plain == "" || strings.Trim(plain, "-0123456789.") != "" {
			return nil, problemf("%q is not a number", text).trying("write 0.7, not 70 %%")
		}
		value, err := strconv.ParseFloat(plain, 64)
		if err != nil {
			return nil, problemf("%q is not a number", text)
		}
		return []any{value}, nil
	}}
}

// dateField is a date; an empty one becomes otherwise, a zero otherwise is NULL.
func dateField(name string, otherwise time.Time) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "date"}}, read: func(_ *reader, text string) ([]any, *problem) {
		if text == "" {
			if otherwise.IsZero() {
				return []any{nil}, nil
			}
			return []any{otherwise}, nil
		}
		day, p := parseDate(text)
		return []any{day}, p
	}}
}

// dateLayouts are ISO dates and the forms that a Danish spreadsheet turns them into.
var dateLayouts = []string{time.DateOnly, "02-01-2006", "2-1-2006", "02/01/2006", "2/1/2006", "02.01.2006", "2.1.2006"}

// parseDate reads a date between 1900 and 9999 as midnight UTC.
func parseDate(text string) (time.Time, *problem) {
	for _, layout := range dateLayouts {
		if day, err := time.Parse(layout, text); err == nil {
			if day.Year() < firstDay.Year() {
				return time.Time{}, problemf("the year of %q is before %d", text, firstDay.Year())
			}
			return day, nil
		}
	}
	return time.Time{}, problemf("%q is not a date", text).trying("write it as 2026-03-31")
}

// clockField is a time of day, kept in minutes since midnight as <name>_minute;
// "24:00" is 1440, and empty is NULL.
func clockField(name string) field {
	columns := []Column{{Name: name + "_minute", SQL: "integer"}}
	return field{name: name, columns: columns, read: func(_ *reader, text string) ([]any, *problem) {
		if text == "" {
			return []any{nil}, nil
		}
		minute, ok := parseClock(text)
		if !ok {
			return nil, problemf("%q is not a time of day", text).trying("write it as 08:00; midnight at the end of the day is 24:00")
		}
		return []any{minute}, nil
	}}
}

// parseClock reads "8:00", "08:00", "08.00" or "08:00:00" as minutes since midnight.
func parseClock(text string) (minute int64, ok bool) {
	text = strings.ReplaceAll(text, ".", ":")
	if whole, cut := strings.CutSuffix(text, ":00"); cut && strings.Count(text, ":") == 2 {
		text = whole
	}
	hours, minutes, found := strings.Cut(text, ":")
	h, herr := strconv.ParseUint(hours, 10, 8)
	m, merr := strconv.ParseUint(minutes, 10, 8)
	if !found || herr != nil || merr != nil || len(minutes) != 2 || m > 59 || h*60+m > minutesPerDay {
		return 0, false
	}
	return int64(h*60 + m), true
}

const minutesPerDay = 24 * 60

// clock prints minutes since midnight.
func clock(minute int64) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
