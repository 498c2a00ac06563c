package privacy

import "strings"

// leastHex is how many hexadecimal digits are too many for a phone or CPR number
// with a letter typed into it.
const leastHex = 16

// IsOpaque reports whether a text is what machines call something by: a UUID, in
// braces or not, or 16 hexadecimal digits or more of which one is a letter. Scrub
// would take the digits in it for a number.
func IsOpaque(text string) bool {
	if len(text) > 1 && text[0] == '{' && text[len(text)-1] == '}' {
		text = text[1 : len(text)-1]
	}
	digits, letters := 0, 0
	for i := range len(text) {
		switch c := text[i] | ' '; {
		case isDigit(text[i]):
			digits++
		case 'a' <= c && c <= 'f':
			letters++
		case text[i] != '-' || !isUUIDDash(len(text), i):
			return false
		}
	}
	if len(text) == uuidLength {
		return digits+letters == uuidLength-4
	}
	return digits+letters >= leastHex && letters > 0
}

// uuidLength is that of "30e30b66-9a69-21f1-eea4-74e379a2a989".
const uuidLength = 36

func isUUIDDash(length, at int) bool {
	return length == uuidLength && (at == 8 || at == 13 || at == 18 || at == 23)
}

// IsSerial reports whether a text is nothing but digits that make neither a phone
// number, as Normalise reads them, nor a CPR number.
func IsSerial(text string) bool {
	if text == "" || !allDigits(text) || len(text) == cprDigits && isCPR(text) {
		return false
	}
	return len(text) <= maxShort || Normalise(text) == ""
}

// IsAddress reports whether a text is one e-mail address and nothing else, with no
// CPR or phone number in it.
func IsAddress(text string) bool {
	name, host, found := strings.Cut(text, "@")
	return found && scrubEmails(text) == maskedEmail && Scrub(name) == name && Scrub(host) == host
}

// IsMasked reports whether Scrub took something out of a text.
func IsMasked(text string) bool {
	for _, mask := range [...]string{maskedCPR, maskedPhone, maskedEmail} {
		if strings.Contains(text, mask) {
			return true
		}
	}
	return false
}

func allDigits(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return true
}
