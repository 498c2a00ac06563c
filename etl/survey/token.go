package survey

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kind tells the pieces of a reply apart.
type kind uint8

const (
	number kind = iota // digits in any script, or a Danish number word
	word               // a run of letters, in lower case
	mark               // one punctuation mark or symbol
	emoji              // one pictogram, or an emoticon such as ":-)"
)

// token is one piece of a reply.
type token struct {
	kind    kind
	text    string
	value   int  // of a number, capped at maxValue
	digits  int  // how many digits a number was written with; 0 when spelled out
	dressed bool // digits other than 0-9: "９", "⑨", "9️⃣"
	glued   bool // no blank before it
	fresh   bool // on a new line
}

// maxValue is where numbers stop growing: all that matters is that they are not 1-9.
const maxValue = 1_000_000

// is reports whether the token is the given mark or word.
func (t token) is(text string) bool {
	return (t.kind == mark || t.kind == word) && t.text == text
}

// tokenise splits a reply. Letters are lower-cased, and invisible runes such as
// variation selectors and joiners are dropped.
func tokenise(text string) []token {
	text = strings.ToLower(norm.NFC.String(text))
	var tokens []token
	glued, fresh := false, false
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsSpace(r) {
			glued, fresh, text = false, fresh || r == '\n' || r == '\r', text[size:]
			continue
		}
		if invisible(r) {
			text = text[size:]
			continue
		}
		t, length := next(text)
		t.glued, t.fresh = glued, fresh
		tokens = append(tokens, t)
		glued, fresh, text = true, false, text[length:]
	}
	return tokens
}

// next reads the token at the start of text, which is neither blank nor invisible.
func next(text string) (token, int) {
	if length := emoticonAt(text); length > 0 {
		return token{kind: emoji, text: text[:length]}, length
	}
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case isNumeral(r):
		return numberAt(text)
	case unicode.IsLetter(r):
		return wordAt(text)
	case r != utf8.RuneError && unicode.In(r, unicode.So, unicode.Sk) && r > unicode.MaxLatin1:
		return token{kind: emoji, text: text[:size]}, size
	}
	return token{kind: mark, text: plainMark(r)}, size
}

// numberAt reads a run of numerals; keycaps and other dressings may differ within it.
func numberAt(text string) (token, int) {
	t := token{kind: number}
	end := 0
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if r == keycap {
			t.dressed = true
		}
		if value, digits, ok := numeral(r); ok {
			t.value = min(t.value*power10(digits)+value, maxValue)
			t.digits += digits
			t.dressed = t.dressed || r > unicode.MaxASCII
		} else if !invisible(r) {
			break
		}
		end += size
	}
	t.text = text[:end]
	return t, end
}

// wordAt reads a run of letters, which may turn out to be a number word.
func wordAt(text string) (token, int) {
	end := strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r)
	})
	if end < 0 {
		end = len(text)
	}
	t := token{kind: word, text: text[:end]}
	if value, ok := numberWord(t.text); ok {
		t.kind, t.value = number, value
	}
	return t, end
}

const keycap = '\u20e3'

// invisible reports runes that only dress the rune before them.
func invisible(r rune) bool {
	return r == keycap || unicode.Is(unicode.Cf, r) || (r >= 0xfe00 && r <= 0xfe0f)
}

// plainMark folds the many dashes and quotes to one of each.
func plainMark(r rune) string {
	switch r {
	case '–', '—', '‐', '‑', '−':
		return "-"
	case '’', '‘', '´', '`':
		return "'"
	case '“', '”', '„', '«', '»', '‹', '›':
		return `"`
	}
	return string(r)
}

// emoticons are faces made of punctuation; longer ones come before their prefixes.
var emoticons = []string{
	":-)", ":-d", ":-(", ":-p", ":-*", ":-o", ";-)", ":o)", "^_^", "<3", ":)", ":d",
	":(", ":p", ":*", ":]", ";)", "=)", "=d", "(:", "^^",
}

// emoticonAt returns the length in bytes of the emoticon at the start of text. A
// letter at its end must end the word: ":d" is a face, ":de" is not.
func emoticonAt(text string) int {
	for _, face := range emoticons {
		if !strings.HasPrefix(text, face) {
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[len(face):])
		last, _ := utf8.DecodeLastRuneInString(face)
		if !unicode.IsPunct(last) && (unicode.IsLetter(after) || unicode.IsDigit(after)) {
			continue
		}
		return len(face)
	}
	return 0
}
