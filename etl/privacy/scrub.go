package privacy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands in a text where Scrub took something out.
const (
	maskedCPR   = "[cpr]"
	maskedPhone = "[telefon]"
	maskedEmail = "[e-mail]"
)

// Scrub masks the CPR numbers, phone numbers and e-mail addresses in a text
// (DOMAIN §6). A CPR number is DDMMYY and four digits with a valid date, joined
// or parted; modulus 11 is not asked for, since new numbers break it. A phone
// number is any run of eight digits or more, eight digits in the groups Danes
// write them in, or "+" or "00" with at least seven digits. Times, dates, short
// numbers and amounts stay. In doubt it masks: a lost order number hurts less
// than a leaked phone number.
//
// What remains is free of all three: Scrub(Scrub(text)) == Scrub(text). A text
// without a digit, "@" or bracket is returned as it is, without allocation.
func Scrub(text string) string { return scrub(text, numberRules) }

// ScrubTitle masks the CPR numbers and e-mail addresses in a text that is written for
// all to read, such as a guide's title. A phone number there is that of an office:
// "Ring til 70 10 10 10" stays.
func ScrubTitle(text string) string { return scrub(text, cprRules) }

func scrub(text string, rules []rule) string {
	for suspicious(text) {
		clean := scrubNumbers(scrubEmails(text), rules)
		if clean == text {
			break
		}
		text = clean // masking can bring two harmless pieces of number side by side
	}
	return text
}

// suspicious reports whether text has anything that an address or a number could
// be made of.
func suspicious(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isDigit(c), c == '@':
			return true
		case c == '(', c == '[':
			if _, size := atSign(text[i:]); size > 0 {
				return true
			}
		}
	}
	return false
}

// scrubEmails masks "name@host", also "name @ host.dk" and "name (at) host.dk".
func scrubEmails(text string) string {
	var out strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		loose, size := atSign(text[i:])
		if size == 0 {
			continue
		}
		from := done + localPart(text[done:i], loose)
		to := i + size + hostPart(text[i+size:], loose)
		if from == i || to == i+size {
			continue
		}
		out.WriteString(text[done:from])
		out.WriteString(maskedEmail)
		done = to
		i = to - 1
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// atSign returns the bytes of the at sign that text begins with, 0 where it begins
// with none. A loose one is spelled out and stands between blanks as a rule.
func atSign(text string) (loose bool, size int) {
	if text[0] == '@' {
		return false, 1
	}
	if text[0] != '(' && text[0] != '[' {
		return false, 0
	}
	for _, spelled := range [...]string{"(at)", "[at]", "(a)", "[a]", "(snabel-a)", "[snabel-a]", "(snabela)"} {
		if len(text) >= len(spelled) && strings.EqualFold(text[:len(spelled)], spelled) {
			return true, len(spelled)
		}
	}
	return false, 0
}

// localPart returns where in text the name that ends it begins; len(text) where
// none does.
func localPart(text string, loose bool) int {
	at := len(text)
	end := at
	if loose {
		end = len(strings.TrimRight(text, " "))
	}
	start := end
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !isNameRune(r) {
			break
		}
		start -= size
	}
	if start == end {
		return at
	}
	return start
}

// hostPart returns the length of the host that text begins with, 0 where it
// begins with none. A host has a letter; after a loose at sign a dot as well.
func hostPart(text string, loose bool) int {
	start := 0
	if loose {
		start = len(text) - len(strings.TrimLeft(text, " "))
	}
	end, letter := start, false
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !isHostRune(r) {
			break
		}
		letter = letter || unicode.IsLetter(r)
		end += size
	}
	host := strings.TrimRight(text[start:end], ".-")
	if !letter || loose && !strings.Contains(host, ".") {
		return 0
	}
	return start + len(host)
}

func isNameRune(r rune) bool {
	return isHostRune(r) || strings.ContainsRune("!#$%&'*+/=?^_`{|}~", r)
}

func isHostRune(r rune) bool {
	return r == '.' || r == '-' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}
