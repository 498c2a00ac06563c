package convert

import (
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/sql"
)

// reading is a text and what it should read as: a printed value or a rule.
type reading struct{ text, want string }

// print reads a text as a type and prints what came of it.
func (f Format) print(t etl.Type, text string) string {
	c := column{kind: t}
	c.reserve(1)
	if p := c.set(f, 0, text); p != nil {
		return p.rule
	}
	values := c.flush(1)
	defer values.Release()
	switch values := values.(type) {
	case *array.Timestamp:
		return time.UnixMicro(int64(values.Value(0))).UTC().Format("2006-01-02 15:04:05.999999")
	case *array.Float64:
		return strconv.FormatFloat(values.Value(0), 'g', -1, 64)
	}
	return values.ValueStr(0)
}

func check(t *testing.T, f Format, kind etl.Type, readings []reading) {
	t.Helper()
	for _, r := range readings {
		if got := f.print(kind, r.text); got != r.want {
			t.Errorf("%q as %v gives %q, want %q", r.text, kind, got, r.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	check(t, Format{}, etl.Integer, []reading{
		{"5", "5"}, {"-3", "-3"}, {"+7", "7"}, {"5.0", "5"}, {"5.0000", "5"}, {"007", "7"}, {"true", "1"}, {"False", "0"},
		{"9223372036854775807", "9223372036854775807"}, {"-9223372036854775808", "-9223372036854775808"},
		{"9223372036854775808", "out-of-range"}, {"-9223372036854775809", "out-of-range"},
		{"99999999999999999999", "out-of-range"}, {"99999999999999999999x", "not-an-integer"},
		{"5.5", "not-an-integer"}, {"5.", "not-an-integer"}, {".0", "not-an-integer"},
		{"-", "not-an-integer"}, {"1e3", "not-an-integer"}, {"abc", "not-an-integer"},
	})
	check(t, Format{}, etl.Integer, []reading{
		{"5,0", "5"}, {"5,5", "not-an-integer"}, {"1.234.567", "1234567"}, {"1,234,567", "1234567"}, {"1.234.56", "not-an-integer"},
		{"12.345", "ambiguous-number"}, {"12,345", "ambiguous-number"}, {"-1.000", "ambiguous-number"}, {"0.000", "0"},
		{"12 345", "12345"}, {"12\u00a0345", "12345"}, {"12'345", "12345"}, {"1 23", "not-an-integer"}, {"1.234,0", "1234"},
		{"SAND", "1"}, {"falsk", "0"}, {"Ja", "1"}, {"off", "0"}, {"1,234.0", "1234"}, {"1,23,4.0", "not-an-integer"},
	})
	check(t, Format{Decimal: ',', Thousands: '.'}, etl.Integer, []reading{
		{"12.345", "12345"}, {"12,000", "12"}, {"12,345", "not-an-integer"}, {"12.5", "not-an-integer"},
	})
	check(t, Format{Decimal: '.'}, etl.Integer, []reading{{"12.345", "not-an-integer"}, {"12.000", "12"}, {"12,345", "12345"}})
	check(t, Format{}, etl.Identifier, []reading{
		{"0", "0"}, {"123.0", "123"}, {"18446744073709551615", "18446744073709551615"},
		{"18446744073709551616", "out-of-range"}, {"-1", "not-an-identifier"}, {"1.8E+19", "not-an-identifier"},
	})
	check(t, Format{}, etl.Decimal, []reading{
		{"2.5", "2.5"}, {"-1e3", "-1000"}, {"2,5", "2.5"}, {"NaN", "not-a-decimal"},
		{"Infinity", "not-a-decimal"}, {"0x1p4", "not-a-decimal"}, {"1e999", "out-of-range"},
	})
	check(t, Format{}, etl.Decimal, []reading{{"1.250,5", "1250.5"}, {"1,250.5", "1250.5"}, {"1.250", "ambiguous-number"}})
	check(t, Format{}, etl.Boolean, []reading{
		{"1", "true"}, {"0", "false"}, {"TRUE", "true"}, {"f", "false"}, {"ja", "true"}, {"Nej", "false"}, {"yes", "true"},
		{"SAND", "true"}, {"Falsk", "false"}, {"-1", "true"}, {"J", "true"}, {"on", "true"}, {"Off", "false"}, {"1.0", "true"},
		{"2", "not-a-boolean"}, {"x", "not-a-boolean"},
	})
	check(t, Format{}, etl.Text, []reading{{"æøå", "æøå"}, {"a\xe5b", "a\uFFFDb"}})
}

func TestTimes(t *testing.T) {
	check(t, Format{}, etl.LocalTime, []reading{
		{"2026-10-25 02:30:00.443", "2026-10-25 02:30:00.443"},
		{"2026-10-25T02:30:00", "2026-10-25 02:30:00"},
		{"2026-10-25 02:30", "2026-10-25 02:30:00"},
		{"2026-10-25  2:30", "2026-10-25 02:30:00"},
		{"25.10.2026 02.30.05,5", "2026-10-25 02:30:05.5"},
		{"5/1/2026 2:30", "ambiguous-date"},
		{"2026-10-25 02:30:00.1234567", "2026-10-25 02:30:00.123456"},
		{"2026-07-01T10:00:00Z", "2026-07-01 12:00:00"},
		{"2026-01-01 10:00:00.0000000 +00:00", "2026-01-01 11:00:00"},
		{"2026-07-01T10:00:00+0200", "2026-07-01 10:00:00"},
		{"2026-07-01T10:00:00-05", "2026-07-01 17:00:00"},
		{"2026-10-25T00:30:00Z", "2026-10-25 02:30:00"},
		{"2026-10-25T01:30:00Z", "2026-10-25 02:30:00"},
		{"2024-02-29 00:00:00", "2024-02-29 00:00:00"},
		{"2026-02-29 00:00:00", "not-a-local-time"},
		{"2026-10-25", "not-a-local-time"},
		{"2026-10-25 24:00:00", "not-a-local-time"},
		{"2026-10-25 02:60", "not-a-local-time"},
		{"2026-10-25 02:30:00.", "not-a-local-time"},
		{"2026-10-25 02:30:00 CET", "not-a-local-time"},
		{"2026-10-25x02:30:00", "not-a-local-time"},
		{"2026-10/25 02:30:00", "not-a-local-time"},
		{"45955.5", "not-a-local-time"},
		{"2026-1x-25 02:30:00", "not-a-local-time"},
		{"2026-10-25 02:30:0x", "not-a-local-time"},
		{"2026-10-25 02:30:00.4x3", "not-a-local-time"},
		{"2010-01-01 00:00:00", "2010-01-01 00:00:00"},
		{"2040-12-31 23:59:59.999", "2040-12-31 23:59:59.999"},
		{"2009-12-31 23:59:59", "implausible-year"},
		{"31.12.2009 23:59", "implausible-year"},
		{"2041-01-01 00:00:00", "implausible-year"},
		{"2009-12-31T23:30:00Z", "2010-01-01 00:30:00"}, // the year on the Danish clock counts
		{"2040-12-31T23:30:00Z", "implausible-year"},
		{"0001-01-01 00:00:00", "implausible-year"},
	})
	check(t, Format{}, etl.Instant, []reading{
		{"2016-10-21T15:27:04.387+0200", "2016-10-21 13:27:04.387"},
		{"2016-10-21T15:27:04+02:00", "2016-10-21 13:27:04"},
		{"2016-10-21T15:27:04Z", "2016-10-21 15:27:04"},
		{"2016-10-21 15:27:04", "2016-10-21 13:27:04"},
		{"2026-01-05 12:00", "2026-01-05 11:00:00"},
		{"2026-10-25 02:30:00", "2026-10-25 01:30:00"}, // twice on the clock: the later
		{"2026-03-29 02:30:00", "2026-03-29 01:30:00"}, // never on the clock: 03:30
		{"2009-12-31T23:00:00Z", "2009-12-31 23:00:00"},
		{"2009-12-31T22:59:59Z", "implausible-year"},
		{"2041-01-01T00:00:00+01:00", "implausible-year"},
		{"2026-01-05", "not-an-instant"},
	})
	check(t, Format{}, etl.Date, []reading{
		{"2026-01-05", "2026-01-05"}, {"5.1.2026", "2026-01-05"}, {"2026-01-05 00:00:00", "2026-01-05"},
		{"2026-01-05T23:30:00Z", "2026-01-06"}, {"2026-13-05", "not-a-date"}, {"20260105", "2026-01-05"},
		{"1900-01-01", "1900-01-01"}, {"9999-12-31", "9999-12-31"}, {"1899-12-31", "implausible-year"},
	})
}

// What the calendar of the warehouse does not hold would be in no figure.
func TestTimesReachAsFarAsTheCalendar(t *testing.T) {
	text, err := fs.ReadFile(sql.Models(), "intermediate/int_days.sql")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("generate_series(date '%d-01-01', date '%d-12-31', interval 1 day)", timeSpan.first, timeSpan.last)
	if !strings.Contains(string(text), want) {
		t.Errorf("int_days.sql has no %s", want)
	}
	if want := fmt.Sprintf("between %d and %d", timeSpan.first, timeSpan.last); !strings.Contains(oddYear.message, want) {
		t.Errorf("%q does not say %s", oddYear.message, want)
	}
}

func TestDatesInASettledOrder(t *testing.T) {
	check(t, Format{DayMonth: DayFirst}, etl.LocalTime, []reading{
		{"25-10-2026 02:30:00", "2026-10-25 02:30:00"}, {"5/1/2026 2:30", "2026-01-05 02:30:00"},
		{"1/25/2026 2:30", "not-a-local-time"}, {"5/1/26 2:30 PM", "2026-01-05 14:30:00"}, {"2026/01/05 02:30", "2026-01-05 02:30:00"},
	})
	check(t, Format{DayMonth: MonthFirst}, etl.LocalTime, []reading{
		{"5/1/2026 2:30", "2026-05-01 02:30:00"}, {"25/1/2026 2:30", "not-a-local-time"}, {"5.1.2026 2.30", "2026-01-05 02:30:00"},
	})
	check(t, Format{DayMonth: YearFirst}, etl.LocalTime, []reading{{"26-08-25 02:30", "2026-08-25 02:30:00"}})
}

func TestSpreadsheetTimes(t *testing.T) {
	f := Format{SerialEpoch: 25569}
	check(t, f, etl.LocalTime, []reading{
		{"46027.5", "2026-01-05 12:00:00"},
		{"46027.520833333336", "2026-01-05 12:30:00"},
		{"2026-01-05 12:30:00", "2026-01-05 12:30:00"},
		{"5", "implausible-year"},
		{"1e9", "not-a-local-time"},
	})
	check(t, f, etl.Date, []reading{{"46027", "2026-01-05"}})
	check(t, Format{SerialEpoch: 24107}, etl.Date, []reading{{"44565", "2026-01-05"}})
}

// The offsets of a wall clock must agree with the time zone database at every hour.
func TestInstantAgreesWithTheTimeZone(t *testing.T) {
	start := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	for hour := 0; hour < 30*366*24; hour += 5 {
		want := start.Add(time.Duration(hour) * time.Hour)
		wall := want.In(copenhagen())
		got, p := Format{}.instant(wall.Format("2006-01-02 15:04:05"))
		if p != nil {
			t.Fatal(p.rule)
		}
		later := want.Add(time.Hour)
		if got != want.UnixMicro() && (got != later.UnixMicro() || later.In(copenhagen()).Hour() != wall.Hour()) {
			t.Fatalf("%v reads as %v", wall, time.UnixMicro(got).UTC())
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "k ": "k", " k": "k", "\tk\r": "k", "\u00a0k\u00a0": "k", "NULL": "", " NULL ": "", "null": "", "å": "å",
		"None": "None", "-": "-", "N/A": "N/A", "NA": "NA", ".": ".",
		`\N`: "", "nan": "", "NaN": "", "NaT": "", "<NA>": "", "(null)": "", "[NULL]": "", "#N/A": "", "#I/T": "",
	} {
		if got := clean(text); got != want {
			t.Errorf("clean(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"None": "", "none": "", "-": "", "N/A": "", "NA": "", ".": "", "\u2013": "", "-1": "-1", "none of these": "none of these", "n": "n",
	} {
		if got := coded.clean(text); got != want {
			t.Errorf("coded.clean(%q) = %q, want %q", text, got, want)
		}
	}
	if named.clean("NA") != "NA" || named.clean("None") != "" {
		t.Error("initials are somebody, None is nobody")
	}
}

func FuzzTimes(f *testing.F) {
	for _, seed := range []string{
		"2026-10-25 02:30:00.443", "25-10-2026 02.30", "2016-10-21T15:27:04.387+0200", "2026-1-5", "-", "2026-10-25T",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, last := time.Date(2009, 12, 31, 22, 0, 0, 0, time.UTC), time.Date(2041, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, kind := range []etl.Type{etl.LocalTime, etl.Instant} {
			c := column{kind: kind}
			c.reserve(1)
			if c.set(Format{SerialEpoch: 25569}, 0, text+" ") != nil {
				continue
			}
			if at := time.UnixMicro(c.numbers[0]); at.Before(first) || !at.Before(last) {
				t.Errorf("%q reads as %v", text, at)
			}
		}
		if reference, err := time.Parse("2006-01-02 15:04:05", text); err == nil && len(text) == 19 &&
			int64(reference.Year()) >= timeSpan.first && int64(reference.Year()) <= timeSpan.last {
			if got, p := (Format{}).localTime(text); p != nil || got != reference.UnixMicro() {
				t.Errorf("%q reads as %v (%v), want %v", text, got, p, reference)
			}
		}
	})
}

func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"5", "-5.0", "18446744073709551615", "9223372036854775808", "+", "1e3", "2,5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = clean(text)
		if text == "" {
			return
		}
		want, err := strconv.ParseInt(text, 10, 64)
		got, p := Format{}.integer(text)
		if err == nil && (p != nil || got != want) {
			t.Errorf("integer(%q) = %d, %v, want %d", text, got, p, want)
		}
		large, err := strconv.ParseUint(text, 10, 64)
		if id, p := (Format{}).identifier(text); err == nil && (p != nil || id != large) {
			t.Errorf("identifier(%q) = %d, %v, want %d", text, id, p, large)
		}
		if value, p := (Format{}).decimal(text); p == nil && (math.IsNaN(value) || math.IsInf(value, 0)) {
			t.Errorf("decimal(%q) = %v", text, value)
		}
	})
}

// A look-up that failed is an answer where the contract says so, and no missing value.
func TestFailedLookUpsAreKeptWhereTheyAreAnswers(t *testing.T) {
	w := wordingOf(etl.Column{Type: etl.Text, Look: etl.Look{Failed: true}})
	for text, want := range map[string]string{"#N/A": "#N/A", "#I/T": "#I/T", "nan": "", "None": "", "-": "", "Aarhus": "Aarhus"} {
		if got := w.clean(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
