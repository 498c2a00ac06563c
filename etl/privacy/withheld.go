package privacy

import "strings"

// A phone system that is not told who calls writes something all the same. Words
// are no numbers to Normalise; this file knows the numbers that stand for nobody.
// Taken for a number, all who hide theirs would be one citizen who calls all day.

// nobodyWords are what phone systems put for a caller that is not shown. Where the
// field must be a number, some spell the word on the keypad: +266696687 is ANONYMOUS.
var nobodyWords = []string{
	"anonymous", "unavailable", "restricted", "private", "unknown", "blocked", "withheld", "payphone", "outofarea", "unlisted",
}

// misspelt are RESTRICTED and PRIVATE with a slip of the finger, as they are found in
// the wild; neither is a number that can be dialled.
var misspelt = []string{"7378742883", "7748483"}

// keypadNobody holds the words' digits.
var keypadNobody = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range nobodyWords {
		all[keypad(word)] = true
	}
	for _, digits := range misspelt {
		all[digits] = true
	}
	return all
}()

// keypad spells a word of lower-case letters a-z on a phone's keys.
func keypad(word string) string {
	const keys = "22233344455566677778889999"
	return strings.Map(func(r rune) rune { return rune(keys[r-'a']) }, word)
}

// isNobody reports whether the digits of an international number, without "+", stand
// for a caller that is not shown. Only what is no subscriber's number does: a Danish
// number that begins with 0, or is all 1 or all 9; the same digit throughout; a
// country code and zeros; a word on the keypad, alone or behind the code 1 of those
// who send them. +45 22222222 can be somebody's, and so can +45 94844353, although
// that is WITHHELD on the keypad.
func isNobody(digits string) bool {
	if national, danish := strings.CutPrefix(digits, "45"); danish {
		return national[0] == '0' || isRepeated(national) && (national[0] == '1' || national[0] == '9')
	}
	if isRepeated(digits) || len(strings.TrimRight(digits, "0")) <= longestCountry && strings.HasSuffix(digits, zeros) {
		return true
	}
	return keypadNobody[digits] || digits[0] == '1' && keypadNobody[digits[1:]]
}

const (
	longestCountry = 3         // digits of a country code
	zeros          = "0000000" // too many to be a subscriber's number
	// leastRepeated is how many equal digits make an internal number a filler: 112 and
	// 1111 can be dialled.
	leastRepeated = 5
)

// isFiller reports whether an internal number is 0, 1 or 9 throughout.
func isFiller(digits string) bool {
	return digits[0] == '0' && isRepeated(digits) ||
		len(digits) >= leastRepeated && isRepeated(digits) && (digits[0] == '1' || digits[0] == '9')
}

// isRepeated reports whether a number is one digit over and over.
func isRepeated(digits string) bool {
	return strings.Trim(digits, digits[:1]) == ""
}

// SameNumber reports whether two texts are one phone number in two spellings:
// "+4520123456" and "20 12 34 56". What is no number is the same as nothing.
func SameNumber(a, b string) bool {
	if !sameEnd(subscriber(a), subscriber(b)) {
		return false
	}
	number := Normalise(a)
	return number != "" && number == Normalise(b)
}

// sameEnd reports whether the last digits of two texts are equal: it rules out most
// pairs at no cost.
func sameEnd(a, b string) bool {
	x, y := len(a)-1, len(b)-1
	for range minShort {
		for x >= 0 && !isDigit(a[x]) {
			x--
		}
		for y >= 0 && !isDigit(b[y]) {
			y--
		}
		if x < 0 || y < 0 || a[x] != b[y] {
			return false
		}
		x, y = x-1, y-1
	}
	return true
}
