package survey

import "slices"

// bestScore is the upper end of the scale that the question names (DOMAIN §2).
const bestScore = 9

// foldThousandThanks turns the number of "1000 tak" into the word it stands for.
func foldThousandThanks(tokens []token) []token {
	for i, t := range tokens {
		if t.kind == number && t.value == 1000 && at(tokens, i+1).is("tak") {
			tokens[i] = token{kind: word, text: "tusind"}
		}
	}
	return tokens
}

// foldWhole takes the decimals off "9.0" and "9,0".
func foldWhole(tokens []token) []token {
	for i, t := range tokens {
		if zero := at(tokens, i+2); t.digits > 0 && zero.text == "0" && gluedPair(tokens, i, ".", ",") {
			if after := at(tokens, i+3); after.kind == emoji || !after.glued || at(tokens, i+4).kind != number {
				return slices.Delete(tokens, i+1, i+3)
			}
		}
	}
	return tokens
}

// foldWords turns number words that are none into what they are: a lone "et" is the
// score 1; after a number, "nul" and "én" before a word are a quantifier and a stressed
// article ("1 - nul hjælp").
func foldWords(tokens []token) []token {
	first, words := firstNumber(tokens), 0
	for i, t := range tokens {
		if t.kind == word {
			words++
		}
		if first >= 0 && i > first && t.kind == number && quantifiers[t.text] && at(tokens, i+1).kind == word {
			tokens[i].kind = word
		}
	}
	if first < 0 && words == 1 {
		for i, t := range tokens {
			if t.is("et") {
				tokens[i].kind, tokens[i].value = number, 1
			}
		}
	}
	return tokens
}

var quantifiers = set(`nul, én, ét`)

// foldScale takes the mentions of the scale 1-9 out of the tokens: "9 af 9", "7/9",
// "på en skala fra 1-9". otherScale reports a scale that ends elsewhere.
func (r *reply) foldScale(tokens []token) (rest []token, otherScale bool) {
	tokens = slices.Clone(tokens)
	for i := 0; i < len(tokens); i++ {
		from, to, top, rule := scaleAt(tokens, i)
		if to == 0 {
			continue
		}
		if top != bestScore {
			return nil, true
		}
		r.note(rule)
		tokens = slices.Delete(tokens, from, to)
		i = max(from-1, -1)
	}
	return tokens, false
}

// scaleAt finds the mention of a scale that token i is the key of: the half-open
// range of its tokens and the scale's upper end. to is 0 where there is none.
func scaleAt(tokens []token, i int) (from, to, top int, rule string) {
	t := tokens[i]
	switch {
	case t.is("/"):
		from, to, top = outOf(tokens, i, i+1)
		return from, to, top, ruleOfNine
	case t.is("af"):
		from, limit := i, i+1
		if at(tokens, i-1).is("ud") {
			from--
		}
		if at(tokens, limit).is("de") {
			limit++
		}
		from, to, top = outOf(tokens, from, limit)
		return from, to, top, ruleOfNine
	case t.is("skala") || t.is("skalaen"):
		from, to, top = namedScale(tokens, i)
		return from, to, top, ruleOnTheScale
	case t.is("("):
		low, high, dash := at(tokens, i+1), at(tokens, i+3), at(tokens, i+2)
		if low.value == 1 && low.kind == number && isTo(dash) && high.kind == number && at(tokens, i+4).is(")") {
			return i, i + 5, high.value, ruleOnTheScale
		}
	}
	return 0, 0, 0, ""
}

// outOf completes "<number> [from…] <limit>": a number must stand on either side.
func outOf(tokens []token, from, limit int) (int, int, int) {
	top := at(tokens, limit)
	if at(tokens, from-1).kind != number || top.kind != number {
		return 0, 0, 0
	}
	return from, limit + 1, top.value
}

// namedScale completes "[på en] skala [fra] 1-9 [hvor 9 er bedst]" round the word at i.
func namedScale(tokens []token, i int) (from, to, top int) {
	low := i + 1
	if t := at(tokens, low); t.is("fra") || t.is("på") || t.is(":") {
		low++
	}
	if at(tokens, low).value != 1 || !isTo(at(tokens, low+1)) || at(tokens, low+2).kind != number {
		return bareScale(tokens, i)
	}
	from, to, top = i, low+3, tokens[low+2].value
	for _, lead := range [][]string{{"en", "jeres", "den", "din"}, {"på", "i", "efter"}} {
		if t := at(tokens, from-1); t.kind == word && slices.Contains(lead, t.text) {
			from--
		}
	}
	if at(tokens, to).is(",") && at(tokens, to+1).is("hvor") {
		to++
	}
	if at(tokens, to).is("hvor") && at(tokens, to+1).value == top && at(tokens, to+2).is("er") {
		to += 4
	}
	return from, min(to, len(tokens)), top
}

// bareScale completes "9 på [jeres] skalaen": the question's own scale is meant.
func bareScale(tokens []token, i int) (from, to, top int) {
	from = i - 1
	if t := at(tokens, from); t.is("jeres") || t.is("den") || t.is("din") {
		from--
	}
	if t := at(tokens, from); !t.is("på") && !t.is("af") || at(tokens, from-1).kind != number {
		return 0, 0, 0
	}
	return from, i + 1, bestScore
}

// isTo reports whether a token stands between the ends of a range.
func isTo(t token) bool { return t.is("-") || t.is("til") }
