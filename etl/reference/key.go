package reference

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nothing is what programs write for "no value".
var nothing = []string{
	"nan", "null", "(null)", "[null]", "none", "<na>", "nat", "nil", `\n`, "#n/a", "#n/a!", "n/a", "#i/t", "#i/t!",
	"#value!", "#værdi!", "#ref!", "#reference!", "#name?", "#navn?", "#null!", "#num!", "#div/0!",
}

// Key is the form in which a code or name is compared: without case, in Unicode form
// NFC, with single plain blanks inside and none round it, and "" for what is no value.
// It is meta.key of the warehouse, in Go: two lines of a file that are one to SQL are a
// fault.
func Key(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff':
			return -1
		case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
			return ' '
		}
		return unicode.ToLower(r)
	}, norm.NFC.String(text))
	text = strings.Join(strings.Fields(text), " ")
	if slices.Contains(nothing, text) {
		return ""
	}
	return text
}
