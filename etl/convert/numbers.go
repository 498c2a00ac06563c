package convert

import "strings"

// marks are the parts of a number that is not digits alone.
type marks struct {
	decimal   byte   // '.' or ',' where the form itself proves it to begin the decimals
	thousands byte   // '.' or ',' where the form itself proves it to part thousands
	open      byte   // '.' or ',' that can be either: one to three digits, the mark, three digits
	text      string // without blanks that part thousands
}

// formOf tells what the form of a number says of its marks; ok is false for what is no
// number with marks in it.
func formOf(text string) (m marks, ok bool) {
	m.text = text
	if strings.ContainsAny(text, " '\u00a0\u202f\u2019") {
		if m.text, ok = ungrouped(text); !ok {
			return m, false
		}
	}
	body := strings.TrimLeft(m.text, "+-")
	if strings.Trim(body, "0123456789.,") != "" {
		return m, false
	}
	points, commas := strings.Count(body, "."), strings.Count(body, ",")
	switch {
	case points+commas == 0:
		return m, true
	case points > 0 && commas > 0:
		m.decimal, m.thousands = '.', ','
		if strings.LastIndexByte(body, ',') > strings.LastIndexByte(body, '.') {
			m.decimal, m.thousands = ',', '.'
		}
		whole, _, _ := strings.Cut(body, string(m.decimal))
		return m, strings.Count(body, string(m.decimal)) == 1 && groups(whole, m.thousands)
	}
	mark := byte('.')
	if commas > 0 {
		mark = ','
	}
	if points+commas > 1 {
		m.thousands = mark
		return m, groups(body, mark)
	}
	at := strings.IndexByte(body, mark)
	if groups(body, mark) && body[0] != '0' {
		m.open = mark
	} else {
		m.decimal = mark
	}
	return m, at > 0 && at < len(body)-1
}

// groups reports whether a mark parts digits as thousands are: one to three, then three
// each time.
func groups(text string, mark byte) bool {
	for i, group := range strings.Split(text, string(mark)) {
		if i == 0 && (group == "" || len(group) > 3) || i > 0 && len(group) != 3 || !allDigits(group) {
			return false
		}
	}
	return true
}

// ungrouped takes out the blanks or apostrophes that part thousands.
func ungrouped(text string) (string, bool) {
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2019", " ", "'", " ").Replace(text)
	whole, rest := text, ""
	if at := strings.IndexAny(text, ".,"); at >= 0 {
		whole, rest = text[:at], text[at:]
	}
	if strings.Contains(rest, " ") || !groups(strings.TrimLeft(whole, "+-"), ' ') {
		return text, false
	}
	return strings.ReplaceAll(whole, " ", "") + rest, true
}

// plain writes a number with a decimal point and nothing between its thousands. A mark
// whose form leaves it open is read as the column was settled; bad is for a number that
// contradicts that.
func (f Format) plain(text string, bad *problem) (string, *problem) {
	if digitsOnly(text) {
		return text, nil
	}
	if !strings.ContainsAny(text, ".,' \u00a0\u202f\u2019") {
		return text, nil
	}
	m, ok := formOf(text)
	switch {
	case !ok:
		return text, nil // what it is fails where it is read
	case m.open != 0 && m.open == f.Decimal:
		m.decimal = m.open
	case m.open != 0 && (m.open == f.Thousands || f.Decimal != 0):
		m.thousands = m.open
	case m.open != 0:
		return "", openNumber
	case m.decimal != 0 && m.decimal == f.Thousands, m.thousands != 0 && m.thousands == f.Decimal:
		return "", bad
	}
	text = m.text
	if m.thousands != 0 {
		text = strings.ReplaceAll(text, string(m.thousands), "")
	}
	if m.decimal == ',' {
		text = strings.Replace(text, ",", ".", 1)
	}
	return text, nil
}

// whole is plain without the zero decimals of a whole number: "5.0" is 5.
func (f Format) whole(text string, bad *problem) (string, *problem) {
	if digitsOnly(text) {
		return text, nil
	}
	text, p := f.plain(text, bad)
	if p != nil {
		return "", p
	}
	if at := strings.IndexByte(text, '.'); at > 0 {
		if rest := text[at+1:]; rest != "" && strings.Trim(rest, "0") == "" {
			text = text[:at]
		}
	}
	return text, nil
}

// digitsOnly is allDigits for what is not empty.
func digitsOnly(text string) bool { return text != "" && allDigits(text) }
