package survey

// Shapes are numbers that are recognisably something other than a score. Each
// function looks at one number in its place among the tokens.

// firstShape names the first shape that any number in the reply has, or "".
// Shapes come in the order in which one would hide another.
func firstShape(tokens []token) string {
	shapes := []struct {
		rule string
		at   func(tokens []token, i int) bool
	}{
		{ruleDate, dateAt},
		{rulePhone, phoneAt},
		{ruleTime, timeAt},
		{ruleDecimal, decimalAt},
		{rulePrice, priceAt},
		{rulePercent, percentAt},
	}
	for _, shape := range shapes {
		for i, t := range tokens {
			if t.kind == number && shape.at(tokens, i) {
				return shape.rule
			}
		}
	}
	return ""
}

// at returns the token at i, or a token equal to none where there is none.
func at(tokens []token, i int) token {
	if i < 0 || i >= len(tokens) {
		return token{kind: emoji}
	}
	return tokens[i]
}

// phoneDigits is the length of a Danish phone number.
const phoneDigits = 8

// phoneAt finds eight digits or more in one number or in neighbours: "12 34 56 78".
func phoneAt(tokens []token, i int) bool {
	digits := 0
	for ; at(tokens, i).kind == number; i++ {
		digits += tokens[i].digits
		if at(tokens, i+1).is("-") && at(tokens, i+2).kind == number {
			i++
		}
	}
	return digits >= phoneDigits
}

// dateAt finds "9. maj", "9 maj", "9/4-2026" and "09-04-2026".
func dateAt(tokens []token, i int) bool {
	next := i + 1
	if at(tokens, next).is(".") {
		next++
	}
	if t := at(tokens, next); t.kind == word && months[t.text] {
		return true
	}
	for _, step := range []int{1, 3} {
		separator := at(tokens, i+step)
		if !separator.glued || !(separator.is("-") || separator.is("/") || separator.is(".")) {
			return false
		}
		if part := at(tokens, i+step+1); part.kind != number || !part.glued {
			return false
		}
	}
	day, month, year := tokens[i], tokens[i+2], tokens[i+4]
	return day.value <= 31 && month.value <= 12 && (year.digits == 2 || year.digits == 4)
}

// timeAt finds times of day and spans of time: "kl. 9", "9:30", "halv ni", "9 minutter".
func timeAt(tokens []token, i int) bool {
	if t := at(tokens, i+1); t.kind == word && timeUnits[t.text] {
		return true
	}
	if minutes := at(tokens, i+2); gluedPair(tokens, i, ":", ".") && minutes.digits == 2 {
		return true
	}
	previous := i - 1
	if t := at(tokens, previous); t.is(".") || t.is(":") {
		previous--
	}
	t := at(tokens, previous)
	if t.is("i") || t.is("over") {
		return at(tokens, previous-1).is("kvart")
	}
	return t.kind == word && clockWords[t.text] || t.is("halv")
}

// decimalAt finds "8,5", "8.5", "8½" and "otte en halv".
func decimalAt(tokens []token, i int) bool {
	for _, fraction := range []string{"½", "¼", "¾"} {
		if at(tokens, i+1).is(fraction) {
			return true
		}
	}
	next := i + 1
	if at(tokens, next).is("og") {
		next++
	}
	if at(tokens, next).is("en") && at(tokens, next+1).is("halv") {
		return true
	}
	return gluedPair(tokens, i, ",", ".")
}

// priceAt finds "9 kr", "kr. 9", "9,-" and "9 €".
func priceAt(tokens []token, i int) bool {
	if at(tokens, i+2).is("-") && at(tokens, i+2).glued && (at(tokens, i+1).is(",") || at(tokens, i+1).is(".")) {
		return true
	}
	previous := i - 1
	if at(tokens, previous).is(".") {
		previous--
	}
	return isMoney(at(tokens, i+1)) || isMoney(at(tokens, previous))
}

func isMoney(t token) bool {
	return t.kind == word && moneyUnits[t.text] || t.kind == mark && moneyMarks[t.text]
}

// percentAt finds "9 %" and "9 pct".
func percentAt(tokens []token, i int) bool {
	next := at(tokens, i+1)
	return next.is("%") || next.is("pct") || next.is("procent")
}

// gluedPair reports whether the number at i and another stand together with one of
// the separators between them and no blank.
func gluedPair(tokens []token, i int, separators ...string) bool {
	middle, second := at(tokens, i+1), at(tokens, i+2)
	if second.kind != number || !second.glued || !middle.glued {
		return false
	}
	for _, separator := range separators {
		if middle.is(separator) {
			return true
		}
	}
	return false
}
