package survey

import (
	"slices"
	"strings"
)

// firstNumber returns the position of the first number, or -1.
func firstNumber(tokens []token) int {
	return slices.IndexFunc(tokens, func(t token) bool { return t.kind == number })
}

// notOneScore names the reason why the numbers are not one number 1-9, or "".
func notOneScore(tokens []token) string {
	i := firstNumber(tokens)
	if i < 0 {
		return ruleNoNumber
	}
	first := tokens[i]
	if isTo(at(tokens, i+1)) && at(tokens, i+2).kind == number {
		return ruleRange
	}
	if second := at(tokens, i+2); second.kind == number && second.glued && tokens[i+1].glued {
		return ruleDoubtful // "9:9"
	}
	for _, t := range tokens[i+1:] {
		if t.kind == number && t.value != first.value {
			return ruleTwoNumbers
		}
	}
	switch {
	case first.value == 0:
		return ruleZero
	case first.value > bestScore:
		return ruleOutOfRange
	case first.digits > 1:
		return ruleDoubtful // "09": a code, an hour, a slip?
	case isStarred(tokens, first.value):
		return ruleOtherScale
	case isSigned(tokens, i):
		return ruleDoubtful
	}
	return ""
}

// isStarred reports four to six stars: good marks on the scales of reviews, so not
// surely the middle of ours. One to three are few on any scale, seven and more are
// ours alone.
func isStarred(tokens []token, value int) bool {
	return value >= 4 && value <= 6 && slices.ContainsFunc(tokens, func(t token) bool {
		return t.is("stjerner") || t.kind == emoji && strings.ContainsAny(t.text, "⭐🌟★☆✩")
	})
}

// isSigned reports "-9", "- 9" at the start, and "9-" at the end: a sign, a bullet
// or a shade of a mark. A dash with text on both sides is a separator.
func isSigned(tokens []token, i int) bool {
	if dash := at(tokens, i-1); dash.is("-") {
		return i == 1 || tokens[i].glued && !dash.glued
	}
	return at(tokens, i+1).is("-") && tokens[i+1].glued && i+2 == len(tokens)
}

// reply collects what is known of a reply that holds one number.
type reply struct {
	rank int // position in scoreRules of the most telling trimming so far
}

// note records a trimming by the rule it stands for.
func (r *reply) note(rule string) { r.rank = max(r.rank, rank[rule]) }

// read takes the number's value when everything round it is a known trimming.
func (r *reply) read(tokens []token) (score int, rule string) {
	i := firstNumber(tokens)
	value := tokens[i]
	r.noteForm(value)
	lead, tail := tokens[:i], tokens[i+1:]
	tail = r.withoutRepeats(tail)
	tail = r.digitNoun(tail)
	if !balanced(lead, tail) && !isSlip(lead, tail, value) {
		return 0, ruleDoubtful
	}
	rule = r.before(lead, value)
	if rule == "" {
		rule = r.after(tail, value)
	} else if endsWith(lead, value) && r.trimmings(tail, value) == "" {
		r.note(ruleRemark)
		rule = ""
	}
	if rule != "" {
		return 0, rule
	}
	return value.value, scoreRules[r.rank]
}

// isSlip reports one bracket too many right after the score and nothing more: "9)". An
// 8 with one is a face with sunglasses.
func isSlip(lead, tail []token, value token) bool {
	return value.value != 8 && len(lead) == 0 && len(tail) == 1 && tail[0].is(")")
}

// noteForm records how the number itself is written.
func (r *reply) noteForm(t token) {
	switch {
	case t.dressed:
		r.note(ruleKeycap)
	case t.digits > 0:
		r.note(ruleBare)
	case digitNouns[t.text] > 0 || strings.HasSuffix(t.text, "tal"):
		r.note(ruleDigitNoun)
	default:
		r.note(ruleWord)
	}
}

// withoutRepeats takes out further mentions of the same number: "9 (ni)".
func (r *reply) withoutRepeats(tail []token) []token {
	if firstNumber(tail) < 0 {
		return tail
	}
	r.note(ruleRepeated)
	return slices.DeleteFunc(slices.Clone(tail), func(t token) bool { return t.kind == number })
}

// digitNoun takes the ending of "9'er", "9er", "9-tal" off the tail.
func (r *reply) digitNoun(tail []token) []token {
	end := 0
	if t := at(tail, 0); t.glued && (t.is("'") || t.is("-")) {
		end++
	}
	ending := at(tail, end)
	if !ending.glued || ending.kind != word {
		return tail
	}
	switch ending.text {
	case "er", "ere", "eren", "tal", "taller":
		r.note(ruleDigitNoun)
		return tail[end+1:]
	}
	return tail
}

// balanced reports whether every bracket has its partner: "8)" may be a face.
func balanced(parts ...[]token) bool {
	depth := 0
	for _, part := range parts {
		for _, t := range part {
			switch {
			case t.is("("), t.is("["):
				depth++
			case t.is(")"), t.is("]"):
				depth--
			}
			if depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// separators are the marks that may stand round a score and between trimmings.
const separators = `.,!:;"'*_-()[]…`

// equals may stand after a score besides: "9 = bedst".
const equals = "="

// before reads what stands before the score; it names the reason to refuse, or "".
func (r *reply) before(lead []token, value token) string {
	if len(lead) > 0 && value.glued && lead[len(lead)-1].kind == word {
		return ruleDoubtful // "b9"
	}
	joins, said := false, false
	for i := 0; i < len(lead); {
		if r.skip(lead[i], separators) {
			i++
			continue
		}
		p, length := phraseAt(lead, i)
		if length == 0 || p.side == after || p.first && said {
			return refusal(lead)
		}
		r.note(p.rule)
		joins, said = p.joins, true
		i += length
	}
	if joins {
		return ruleRunningText
	}
	return ""
}

// after reads what stands after the score; it names the reason to refuse, or "".
func (r *reply) after(tail []token, value token) string {
	switch {
	case isArticle(tail, value):
		return ruleArticle
	case contradicts(tail, value):
		return ruleContradicts
	}
	known := *r
	rule := known.trimmings(tail, value)
	if rule == "" {
		*r = known
		return ""
	}
	if remark(tail, value) {
		r.note(ruleRemark)
		return ""
	}
	return rule
}

// trimmings reads a tail of nothing but known trimmings; it names the reason to refuse,
// or "". Something that the number may count is refused whatever the number is: where
// only the 1 were, which may be an article, the unhappy would be lost.
func (r *reply) trimmings(tail []token, value token) string {
	counting, joins := true, false
	closed := 0 // where the last trimming ended that a remark may follow
	for i := 0; i < len(tail); {
		if r.skip(tail[i], separators+equals) {
			counting = false
			i++
			continue
		}
		if r.signed(tail[i:]) {
			return ""
		}
		p, length := phraseAt(tail, i)
		if length == 0 || p.side == before {
			if !counting && closed > 0 && remark(tail[closed:], value) {
				r.note(ruleRemark)
				return ""
			}
			return refusal(tail)
		}
		if p.count && counting {
			return ruleRunningText
		}
		r.note(p.rule)
		counting, joins = counting && p.rule == ruleJudgement && !p.joins, p.joins
		i += length
		if !p.joins && p.rule != ruleJudgement {
			closed = i
		}
	}
	if joins {
		return ruleRunningText
	}
	return ""
}

// skip reports whether a token is an emoji or one of the marks, and notes it.
func (r *reply) skip(t token, marks string) bool {
	switch {
	case t.kind == emoji:
		r.note(ruleEmoji)
		return true
	case t.kind == mark && strings.Contains(marks, t.text):
		r.note(ruleTrimmed)
		return true
	}
	return false
}

// signed reports whether the tokens are a closing formula and a short name.
func (r *reply) signed(tail []token) bool {
	length := 0
	for n := min(longestPhrase, len(tail)); n > 0 && length == 0; n-- {
		if text, ok := joined(tail[:n]); ok && signatures[text] {
			length = n
		}
	}
	if length == 0 {
		return false
	}
	words := 0
	for _, t := range tail[length:] {
		switch {
		case t.kind == word && !hedges[t.text]:
			words++
		case !r.skip(t, separators):
			return false
		}
	}
	r.note(ruleSignature)
	return words <= longestSignedName
}

// longestSignedName is the number of words a sender's name may have.
const longestSignedName = 4

// phraseAt returns the longest phrase that starts at i, and its length in tokens.
func phraseAt(tokens []token, i int) (phrase, int) {
	for n := min(longestPhrase, len(tokens)-i); n > 0; n-- {
		if text, ok := joined(tokens[i : i+n]); ok {
			if p, known := phrases[text]; known {
				return p, n
			}
		}
	}
	return phrase{}, 0
}

// joined returns the tokens as one phrase; ok is false when one is not a word.
func joined(tokens []token) (text string, ok bool) {
	if len(tokens) == 1 {
		return tokens[0].text, tokens[0].kind == word
	}
	texts := make([]string, len(tokens))
	for i, t := range tokens {
		if t.kind != word {
			return "", false
		}
		texts[i] = t.text
	}
	return strings.Join(texts, " "), true
}

// refusal names the reason why tokens with an unknown one among them are refused.
func refusal(tokens []token) string {
	unknownMark := false
	for _, t := range tokens {
		if t.kind == word && hedges[t.text] {
			return ruleDoubtful
		}
		unknownMark = unknownMark || t.kind == mark && !strings.Contains(separators, t.text)
	}
	if unknownMark {
		return ruleDoubtful
	}
	return ruleRunningText
}
