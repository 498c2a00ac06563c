package survey

import (
	"strings"
	"unicode"
)

// numeral returns the value of a rune that stands for a whole number, and the
// number of decimal digits it counts for: 9 for '9', '９', '⑨' and '٩'; 10 for '🔟'.
func numeral(r rune) (value, digits int, ok bool) {
	if r >= '0' && r <= '9' {
		return int(r - '0'), 1, true
	}
	if r <= unicode.MaxLatin1 {
		return 0, 0, false
	}
	if r == '🔟' {
		return 10, 2, true
	}
	for _, circled := range circledDigits {
		if r >= circled && r < circled+9 {
			return int(r-circled) + 1, 1, true
		}
	}
	return decimalDigit(r)
}

// isNumeral reports whether a rune stands for a whole number.
func isNumeral(r rune) bool {
	_, _, ok := numeral(r)
	return ok
}

// circledDigits are the runes for 1 in the blocks of circled and parenthesised
// digits; 2-9 follow each of them.
var circledDigits = []rune{'①', '⑴', '⒈', '⓵', '❶', '➀', '➊'}

// decimalDigit reads a decimal digit of any script. Unicode lays them out in runs
// of ten, from zero to nine.
func decimalDigit(r rune) (value, digits int, ok bool) {
	for _, run := range unicode.Nd.R16 {
		if lo := rune(run.Lo); r >= lo && r <= rune(run.Hi) {
			return int(r-lo) % 10, 1, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if lo := rune(run.Lo); r >= lo && r <= rune(run.Hi) {
			return int(r-lo) % 10, 1, true
		}
	}
	return 0, 0, false
}

// power10 is 10 to the number of digits that one numeral counts for.
func power10(digits int) int {
	if digits == 2 {
		return 100
	}
	return 10
}

// numberWords are the Danish number words with a value of their own here. "en" and
// "et" are left out: they are articles far more often than they are the score 1.
var numberWords = map[string]int{
	"nul": 0, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6,
	"syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13,
	"fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19,
	"tyve": 20, "tredive": 30, "fyrre": 40, "halvtreds": 50, "tres": 60,
	"halvfjerds": 70, "firs": 80, "halvfems": 90, "hundrede": 100,
}

// digitNouns are the nouns for one digit: "en nier".
var digitNouns = map[string]int{
	"etter": 1, "toer": 2, "treer": 3, "firer": 4, "femmer": 5, "sekser": 6, "syver": 7,
	"otter": 8, "nier": 9, "tier": 10, "tolver": 12,
}

// numberWord returns the value of a Danish number word, noun or compound:
// "ni" 9, "nital" 9, "nier" 9, "femogtyve" 25.
func numberWord(text string) (int, bool) {
	if value, ok := numberWords[text]; ok {
		return value, true
	}
	if value, ok := digitNouns[text]; ok {
		return value, true
	}
	if stem, found := strings.CutSuffix(text, "tal"); found {
		if stem == "et" {
			return 1, true
		}
		if value, ok := numberWords[stem]; ok {
			return value, true
		}
	}
	one, ten, found := strings.Cut(text, "og")
	if !found {
		return 0, false
	}
	units, ok := numberWords[one]
	tens, tenOK := numberWords[ten]
	if one == "en" {
		units, ok = 1, true
	}
	if !ok || !tenOK || units > 9 || tens < 20 {
		return 0, false
	}
	return units + tens, true
}
