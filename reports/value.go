package reports

import (
	"encoding/json"
	"math"
	"time"
)

// Unit is what a number measures. The names are those of marts.dim_kpi.
type Unit string

// The units. A share is a part of 1; seconds are printed as m:ss, from an hour on as h:mm:ss.
const (
	UnitText    Unit = "text"
	UnitDate    Unit = "date"
	UnitSeconds Unit = "seconds"
	UnitShare   Unit = "share"
	UnitScore   Unit = "score"
	UnitCount   Unit = "count"
	UnitHours   Unit = "hours"
	UnitPer1000 Unit = "per_1000"
	UnitPerCall Unit = "per_call"
	UnitMixed   Unit = "mixed" // a column whose rows have units of their own
)

// Label names the unit in Danish for a column's description.
func (u Unit) Label() string {
	switch u {
	case UnitDate:
		return "dato"
	case UnitSeconds:
		return "minutter og sekunder"
	case UnitShare:
		return "andel i procent"
	case UnitScore:
		return "karakter 1-9"
	case UnitCount:
		return "antal"
	case UnitHours:
		return "timer"
	case UnitPer1000:
		return "pr. 1.000 indbyggere"
	case UnitPerCall:
		return "pr. opkald"
	case UnitMixed:
		return "efter rækken"
	}
	return "tekst"
}

// Format is a unit and the decimals to print; for shares the decimals of the
// percentage.
type Format struct {
	Unit     Unit `json:"unit"`
	Decimals int  `json:"decimals,omitempty"`
}

// ValueKind tells what a Value holds.
type ValueKind uint8

// A Value of kind Absent has no data; one of kind Hidden has, but it may not be
// shown (DOMAIN §4, small numbers). Both print as Missing.
const (
	Absent ValueKind = iota
	Hidden
	IsText
	IsNumber
	IsDate
)

// Value is one typed cell. The zero Value is Absent.
type Value struct {
	Kind      ValueKind
	Text      string
	Number    float64
	Format    Format // of a number
	Date      time.Time
	Uncertain bool // too few observations lie behind the number; set by From
}

// Text makes a text cell; an empty text is Absent, so that no table has blank cells.
func Text(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{Kind: IsText, Text: text}
}

// Number makes a number cell; NaN and infinities are Absent.
func Number(x float64, format Format) Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Value{}
	}
	return Value{Kind: IsNumber, Number: x, Format: format}
}

// Count makes a number cell without decimals.
func Count(n int64) Value { return Number(float64(n), Format{Unit: UnitCount}) }

// Day makes a date cell; the zero time is Absent.
func Day(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Value{Kind: IsDate, Date: t}
}

// Suppressed makes a cell whose figure exists and may not be shown.
func Suppressed() Value { return Value{Kind: Hidden} }

// IsMissing reports whether the cell prints as Missing.
func (v Value) IsMissing() bool { return v.Kind == Absent || v.Kind == Hidden }

// String prints the cell in Danish.
func (v Value) String() string {
	switch v.Kind {
	case IsText:
		return v.Text
	case IsDate:
		return Date(v.Date)
	case IsNumber:
		return v.Format.print(v.Number)
	}
	return Missing
}

func (f Format) print(x float64) string {
	switch f.Unit {
	case UnitSeconds:
		return Duration(x)
	case UnitShare:
		return Percent(x, f.Decimals)
	}
	return Decimal(x, f.Decimals)
}

// Unchanged is a difference that rounds to nothing.
const Unchanged = "uændret"

// shortest prints a number with no more decimals than it needs, for targets:
// "70 %" where the figures beside it read "68,4 %".
func (v Value) shortest() string {
	if v.Kind != IsNumber {
		return v.String()
	}
	for f := (Format{Unit: v.Format.Unit}); f.Decimals < v.Format.Decimals; f.Decimals++ {
		shown := v.Number
		if f.Unit == UnitShare {
			shown *= 100
		}
		if scaled := shown * math.Pow10(f.Decimals); math.Abs(scaled-math.Round(scaled)) < 1e-9 {
			return f.print(v.Number)
		}
	}
	return v.String()
}

// Difference prints now minus then with sign and unit: "+1,2 procentpoint",
// "-5 sek.", "+0,1", Unchanged; Missing where either is missing.
func Difference(now, then Value) string {
	if now.Kind != IsNumber || then.Kind != IsNumber {
		return Missing
	}
	delta := now.Number - then.Number
	number, unit := Decimal(delta, now.Format.Decimals), ""
	switch now.Format.Unit {
	case UnitSeconds:
		number, unit = Integer(delta), " sek."
	case UnitHours:
		unit = " timer"
	case UnitShare:
		number, unit = Decimal(100*delta, now.Format.Decimals), " procentpoint"
	}
	if isZero(number) {
		return Unchanged
	}
	if delta > 0 {
		number = "+" + number
	}
	return number + unit
}

func isZero(number string) bool {
	for _, r := range number {
		if r >= '1' && r <= '9' {
			return false
		}
	}
	return true
}

// MarshalJSON writes a number as a number, a text as a text, a date as
// "2026-03-31", a missing cell as null, a hidden one as {"suppressed":true} and an
// uncertain one as {"value":7.9,"uncertain":true}.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.Kind {
	case Hidden:
		return []byte(`{"suppressed":true}`), nil
	case IsText:
		return json.Marshal(v.Text)
	case IsDate:
		return json.Marshal(v.Date.Format(isoDate))
	case IsNumber:
		if v.Uncertain {
			return json.Marshal(struct {
				Value     float64 `json:"value"`
				Uncertain bool    `json:"uncertain"`
			}{v.Number, true})
		}
		return json.Marshal(v.Number)
	}
	return []byte("null"), nil
}
