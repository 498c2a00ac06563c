package convert

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
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
	oddYear       = &problem{"implausible-year", "the year is not between 2010 and 2040"}
	oddDate       = &problem{"implausible-year", "the year is not between 1900 and 9999"}
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

// clean trims blanks, the padding of char(2) among them, and empties the word
// NULL, which SQL Server's export writes for no value.
func clean(text string) string {
	if text == "" {
		return ""
	}
	if first, last := text[0], text[len(text)-1]; first <= ' ' || last <= ' ' ||
		first >= utf8.RuneSelf || last >= utf8.RuneSelf {
		text = strings.TrimSpace(text)
	}
	if text == "NULL" {
		return ""
	}
	return text
}

// whole cuts the zero decimals off a whole number: "5.0" and, with a decimal
// comma, "5,0".
func (f Format) whole(text string) string {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '.' && (c != ',' || !f.DecimalComma) {
			continue
		}
		if rest := text[i+1:]; i > 0 && rest != "" && strings.Trim(rest, "0") == "" {
			return text[:i]
		}
		return text
	}
	return text
}

// integer reads an etl.Integer. Switches come as numbers or as words.
func (f Format) integer(text string) (int64, *problem) {
	if text[0] > '9' {
		switch {
		case strings.EqualFold(text, "true"):
			return 1, nil
		case strings.EqualFold(text, "false"):
			return 0, nil
		}
		return 0, notInteger
	}
	text = f.whole(text)
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
	value, p := digits(f.whole(text))
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
	if f.DecimalComma && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
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

// boolean reads an etl.Boolean in English or Danish.
func boolean(text string) (bool, *problem) {
	switch text {
	case "1", "t", "T":
		return true, nil
	case "0", "f", "F":
		return false, nil
	}
	switch strings.ToLower(text) {
	case "true", "ja", "yes":
		return true, nil
	case "false", "nej", "no":
		return false, nil
	}
	return false, notBoolean
}
