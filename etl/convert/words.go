package convert

import (
	"strings"
	"unicode/utf8"

	"github.com/den-digitale-hotline/ddh/etl"
)

// wording is which words for "no value" a column's texts may be.
type wording uint8

const (
	coded  wording = iota // a number, a time or a key: every such word is no value
	named                 // who somebody is: "NA" may be initials
	prose                 // what people wrote: only words that no person writes
	looked                // what was looked up: a spreadsheet's error is no missing value
)

// wordingOf tells by the contract how a column's words for "no value" are told.
func wordingOf(c etl.Column) wording {
	switch {
	case c.Treat == etl.Scrub, c.Look.Prose:
		return prose
	case c.Look.Failed:
		return looked
	case c.Type != etl.Text:
		return coded
	case c.Look.Address:
		return named
	}
	return coded
}

// nothing are the words that programs write for no value: databases, pandas, R, SAS,
// Java, Excel in English and Danish. The value is how much of a word of people's it can be.
var nothing = map[string]wording{
	"null": prose, "(null)": prose, "[null]": prose, "<null>": prose, `\n`: prose, "nan": prose, "nat": prose,
	"<na>": prose, "#n/a": prose, "#i/t": prose, "#n/a n/a": prose, "#null!": prose, "#nul!": prose, "(null) ": prose,
	"none": named, "n/a": named, "-nan": named, "undefined": named, "<none>": named,
	"(none)": named, "-": named, "--": named, "(blank)": named, "(tom)": named, "\u2013": named, "\u2014": named,
	"na": coded, ".": coded, "nil": coded,
}

// longestNothing is the length of the longest of these words in bytes.
const longestNothing = 9

// mayBeNothing tells at once, for nearly all texts, that they are none of the words.
var mayBeNothing = func() (starts [256]bool) {
	for word := range nothing {
		starts[word[0]] = true
		starts[strings.ToUpper(word[:1])[0]] = true
	}
	return starts
}()

// clean trims blanks, the padding of char(2) among them, and empties the words that
// stand for no value in a column of this wording.
func (w wording) clean(text string) string {
	if text == "" {
		return ""
	}
	if first, last := text[0], text[len(text)-1]; first <= ' ' || last <= ' ' ||
		first >= utf8.RuneSelf || last >= utf8.RuneSelf {
		if text = strings.TrimSpace(text); text == "" {
			return ""
		}
	}
	if mayBeNothing[text[0]] && len(text) <= longestNothing && w.isNothing(text) {
		return ""
	}
	return text
}

func (w wording) isNothing(text string) bool {
	of, known := nothing[strings.ToLower(text)]
	if w == looked {
		return known && text[0] != '#'
	}
	return known && of >= w
}

// clean is what a text says whatever column it stands in.
func clean(text string) string { return prose.clean(text) }

// switches are the words for true and false in English and Danish, as databases, Excel,
// Access, R and pandas write them, in lower case. Access writes -1 for true.
var switches = map[string]bool{
	"true": true, "false": false, "t": true, "f": false, "yes": true, "no": false, "y": true, "n": false, "on": true, "off": false,
	"sand": true, "falsk": false, "sandt": true, "ja": true, "nej": false, "j": true, "til": true, "fra": false,
	"1": true, "0": false, "-1": true, "1.0": true, "0.0": false, "1,0": true, "0,0": false, "-1.0": true,
}

// boolean reads an etl.Boolean in English or Danish.
func boolean(text string) (bool, *problem) {
	switch text {
	case "1":
		return true, nil
	case "0":
		return false, nil
	}
	if flag, known := switches[strings.ToLower(text)]; known {
		return flag, nil
	}
	return false, notBoolean
}
