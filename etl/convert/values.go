package convert

import (
	"math"
	"strconv"
	"strings"
)

// problem is why a value was not accepted: a stable rule and a sentence.
type problem struct{ rule, message string }

var (
	notInteger    = &problem{"not-an-integer", "the value does not read as an integer"}
	notIdentifier = &problem{"not-an-identifier", "the value does not read as a whole number from 0 to 18446744073709551615"}
	notDecimal    = &problem{"not-a-decimal", "the value does not read as a decimal number"}
	notBoolean    = &problem{"not-a-boolean", "the value does not read as true or false"}
	notLocalTime  = &problem{"not-a-local-time", "the value does not read as a date and time of day"}
	notInstant    = &problem{"not-an-instant", "the value does not read as a point in time"}
	notDate       = &problem{"not-a-date", "the value does not read as a date"}
	outOfRange    = &problem{"out-of-range", "the number is larger than the column can hold"}
	tooLarge      = &problem{"too-large", "the number is larger than any real one of its column, such as a length of weeks or one in milliseconds"}
	oddYear       = &problem{"implausible-year", "the year is not between 2010 and 2040"}
	oddDate       = &problem{"implausible-year", "the year is not between 1900 and 9999"}
	openNumber    = &problem{"ambiguous-number", "the mark in the number can part thousands or begin decimals, and nothing in the column tells"}
	openDate      = &problem{"ambiguous-date", "the date can be read day first or month first, and nothing in the delivery tells"}
	missingValue  = &problem{"missing-value", "the column must have a value"}
	maskedValue   = &problem{"masked-value", "something was masked in the value when the row was set aside, so it must be given again"}
)

// unknownCode is what is wrong with a value that is none of the codes; nil where there
// are none.
func unknownCode(codes []string) *problem {
	if len(codes) == 0 {
		return nil
	}
	return &problem{"unknown-code", "the value is none of " + list(codes)}
}

// integer reads an etl.Integer. Switches come as numbers or as words.
func (f Format) integer(text string) (int64, *problem) {
	if text[0] > '9' {
		switch flag, known := switches[strings.ToLower(text)]; {
		case !known:
			return 0, notInteger
		case flag:
			return 1, nil
		}
		return 0, nil
	}
	text, p := f.whole(text, notInteger)
	if p != nil {
		return 0, p
	}
	negative := text[0] == '-'
	if negative || text[0] == '+' {
		text = text[1:]
	}
	magnitude, p := digits(text)
	switch {
	case p == notInteger:
		return 0, p
	case p != nil, magnitude > math.MaxInt64 && (!negative || magnitude > math.MaxInt64+1):
		return 0, outOfRange
	case negative:
		return -int64(magnitude), nil
	}
	return int64(magnitude), nil
}

// identifier reads an etl.Identifier.
func (f Format) identifier(text string) (uint64, *problem) {
	text, p := f.whole(text, notIdentifier)
	if p != nil {
		return 0, p
	}
	value, p := digits(text)
	if p == notInteger {
		return 0, notIdentifier
	}
	return value, p
}

// digits reads a number without sign.
func digits(text string) (uint64, *problem) {
	if text == "" {
		return 0, notInteger
	}
	var value uint64
	for i := 0; i < len(text); i++ {
		d := uint64(text[i] - '0')
		if d > 9 {
			return 0, notInteger
		}
		if value > math.MaxUint64/10 || value*10 > math.MaxUint64-d {
			if strings.Trim(text[i:], "0123456789") != "" {
				return 0, notInteger
			}
			return 0, outOfRange
		}
		value = value*10 + d
	}
	return value, nil
}

// decimal reads an etl.Decimal; infinity and not-a-number are none.
func (f Format) decimal(text string) (float64, *problem) {
	text, p := f.plain(text, notDecimal)
	if p != nil {
		return 0, p
	}
	if strings.Trim(text, "0123456789.+-eE") != "" {
		return 0, notDecimal
	}
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case err == nil:
		return value, nil
	case math.IsInf(value, 0):
		return 0, outOfRange
	}
	return 0, notDecimal
}
