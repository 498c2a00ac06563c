package privacy

import (
	"strings"
	"unicode/utf8"
)

const (
	danishDigits = 8  // digits of a Danish subscriber number
	minForeign   = 7  // digits of the shortest international number taken for one
	maxE164      = 15 // digits of the longest international number (ITU-T E.164)
	minShort     = 3  // digits of the shortest internal number
	maxShort     = 6  // digits of the longest internal number
)

// Normalise returns a phone number in E.164 form: "+45" and eight digits for
// Danish numbers, "+" and 7-15 digits for foreign ones (written with "+" or
// "00"). Internal numbers of 3-6 digits come back as digits. Blanks, dots,
// dashes, slashes and brackets between digits are ignored, as are "tel:" and
// "sip:". Whatever is no number gives "", and so does what phone systems write for
// a caller that is not shown: words, zeros, 11111111, 99999999, ANONYMOUS on the
// keypad (DOMAIN §5).
func Normalise(text string) string {
	var buf [maxE164 + 3]byte
	digits, plus, ok := phoneDigits(buf[:0], subscriber(text))
	if !ok {
		return ""
	}
	if !plus && len(digits) > 2 && digits[0] == '0' && digits[1] == '0' {
		plus, digits = true, digits[2:]
	}
	if plus {
		return international(digits)
	}
	switch n := len(digits); {
	case n == danishDigits:
		return shown("45" + string(digits))
	case n == danishDigits+2 && digits[0] == '4' && digits[1] == '5':
		return shown(string(digits))
	case n >= minShort && n <= maxShort && !isFiller(string(digits)):
		return string(digits)
	}
	return ""
}

// Mask stars the last four digits of a number that Normalise returned:
// "+451234****". A number of four digits or fewer is starred whole.
func Mask(number string) string {
	const hidden = 4
	if len(number) <= hidden {
		return strings.Repeat("*", len(number))
	}
	return number[:len(number)-hidden] + strings.Repeat("*", hidden)
}

// subscriber cuts a "tel:" or "sip:" address down to its number.
func subscriber(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "<>")
	scheme, rest, found := strings.Cut(text, ":")
	if !found {
		return text
	}
	switch strings.ToLower(scheme) {
	case "tel", "sip", "sips":
		if end := strings.IndexAny(rest, "@;"); end >= 0 {
			rest = rest[:end]
		}
		return rest
	}
	return text
}

// phoneDigits appends the digits of text to dst; plus says that a "+" stood
// before them. ok is false where text holds anything but digits and separators,
// or more digits than a number has.
func phoneDigits(dst []byte, text string) (digits []byte, plus, ok bool) {
	for i := 0; i < len(text); {
		if c := text[i]; isDigit(c) {
			if len(dst) == cap(dst) {
				return dst, plus, false
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '+' && len(dst) == 0 && !plus:
			plus = true
		case !isSeparator(r):
			return dst, plus, false
		}
		i += size
	}
	return dst, plus, len(dst) > 0
}

// international returns "+" and the digits where they can be a number. The
// digits after the country code 45 must be a whole Danish number.
func international(digits []byte) string {
	n := len(digits)
	if n < minForeign || n > maxE164 || digits[0] == '0' {
		return ""
	}
	if digits[0] == '4' && digits[1] == '5' && n != danishDigits+2 {
		return ""
	}
	return shown(string(digits))
}

// shown is an international number in E.164 form, "" where it stands for nobody.
func shown(digits string) string {
	if isNobody(digits) {
		return ""
	}
	return "+" + digits
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// isSeparator reports whether people write r between the groups of a number.
func isSeparator(r rune) bool {
	switch r {
	case ' ', '\t', '.', '-', '/', '(', ')',
		'\u00a0', '\u2009', '\u202f', // no-break, thin and narrow blanks
		'\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212': // dashes
		return true
	}
	return false
}
