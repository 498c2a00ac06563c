package survey

import (
	"slices"
	"strings"
)

// gap is what stands between a score and the words after it.
type gap uint8

const (
	blank   gap = iota // nothing else: the form of the words decides
	point              // one point: the end of a sentence, or an ordinal ("4. gang")
	parting            // a comma, dash, new line, pictogram …: what follows is a remark
	welding            // "3-årig", "9b", "9) Hvis …": the number belongs to what follows
)

// gapAt returns the gap at the start of the tokens after a score, and how many of
// them it is made of.
func gapAt(tail []token) (kind gap, length int) {
	for length < len(tail) && (tail[length].kind == emoji || tail[length].kind == mark) {
		length++
	}
	marks, next := tail[:length], at(tail, length)
	switch {
	case length == 0 && next.glued:
		return welding, 0
	case length == 0 && next.fresh:
		return parting, 0
	case length == 0:
		return blank, 0
	case marks[0].kind == mark && !strings.Contains(separators+equals, marks[0].text), marks[0].is(")"):
		return welding, length
	case !marks[0].glued && (marks[0].is(`"`) || marks[0].is("'")):
		return welding, length // the name of something: 7 "Z"
	case marks[0].is(".") && !next.fresh && length == 1 && marks[0].glued:
		return point, length
	case marks[0].is(".") && slices.ContainsFunc(marks, func(t token) bool { return t.is("-") }):
		return welding, length // "2. - Jeg …": an item of a list
	case length == 1 && marks[0].glued && next.glued && (marks[0].is("-") || marks[0].is("'")):
		return welding, length
	}
	return parting, length
}

// remark reports whether the words after the score are free text that leaves the
// number alone. It looks at their form only (see the package comment).
func remark(tail []token, value token) bool {
	kind, length := gapAt(tail)
	tail = tail[length:]
	words := leadingWords(tail)
	if len(words) == 0 || afterthoughts[words[0]] || isHedge(words) {
		return false
	}
	if len(words) == len(tail) && len(words) <= longestDangling && danglers[words[len(words)-1]] {
		return false
	}
	switch kind {
	case parting:
		return true
	case blank:
		if value.digits == 0 { // "to dårlige medarbejdere", "fem fordi …"
			return conjunctions[words[0]]
		}
		return standsAlone(words)
	case point:
		return isWhole(words) || len(tail) <= longestSentence && opensSentence(words[0])
	}
	return false
}

// longestDangling is how many words may be a text that breaks off.
const longestDangling = 2

// longestSentence is in tokens. Longer texts after "2. " are items of a list.
const longestSentence = 12

// opensSentence reports whether a word after "9. " begins a sentence and is no thing in
// its place in a row ("4. gang").
func opensSentence(text string) bool {
	return classOf(text) == closing || finiteVerbs[text] || text == "i"
}

// isHedge reports whether the words leave the number open. "over al forventning" and
// "ingen hjælp" do not.
func isHedge(words []string) bool {
	return hedges[words[0]] && classOf(words[0]) == other && (len(words) == 1 || words[1] != "al")
}

// leadingWords are the texts of the words up to the first mark, number or pictogram.
func leadingWords(tokens []token) []string {
	var words []string
	for i, t := range tokens {
		if t.kind != word || i > 0 && t.fresh {
			break
		}
		words = append(words, t.text)
	}
	return words
}

// standsAlone reports whether a number right before the words cannot be counting.
func standsAlone(words []string) bool {
	for i, text := range words {
		switch {
		case text == "i" && i+1 < len(words):
			return finiteVerbs[words[i+1]] // "I er …", not "i kø"
		case text == "på" && i+1 < len(words):
			return words[i+1] == "grund" || words[i+1] == "trods"
		case (text == "over" || text == "under") && i+1 < len(words):
			return words[i+1] == "al"
		case (text == "og" || text == "eller") && i > 0 && i+1 < len(words):
			continue
		case i > 0 && finiteVerbs[text]:
			return true // "personalet var …"
		case text == "alt" && i+1 < len(words) && words[i+1] == "for":
			continue
		}
		switch classOf(text) {
		case closing, mass:
			return true
		case other:
			return false
		}
	}
	return !unfinished[words[len(words)-1]]
}

// isWhole reports whether every word is of a known class. After one point a single
// word that could be counted makes the number an ordinal or an item of a list.
func isWhole(words []string) bool {
	for _, text := range words {
		if classOf(text) == other && !finiteVerbs[text] && text != "og" && text != "i" && text != "at" {
			return false
		}
	}
	return !unfinished[words[len(words)-1]] && !superlatives[words[0]]
}

var (
	// afterthoughts take the number back or leave it open: "9, hvis …", "8, nej".
	afterthoughts = set(`hvis, medmindre, nej, eller, plus, minus, måske`)
	danglers      = set(`for, er, det, til, den, at, med, af, i`) // "9 tak for"
	conjunctions  = set(`fordi, da, men, dog, selvom, pga, grundet, desværre`)
	finiteVerbs   = set(`er, var, har, havde, kan, kunne, gør, gjorde, skal, skulle, fik, får, må, blev, bliver, hjalp, ved, virker, virkede`)
	superlatives  = set(`bedst, bedste, dårligst, dårligste, værst, værste, ringest`)
)

// endsWith reports whether the words before a number at the end of the reply leave
// it alone: they are a remark of their own, parted from it, or are judgement through
// and through ("fik ingen hjælp 1").
func endsWith(lead []token, value token) bool {
	i := len(lead)
	for i > 0 && (lead[i-1].kind == emoji || lead[i-1].kind == mark) {
		i--
	}
	marks := lead[i:]
	if i == 0 || lead[i-1].kind != word {
		return false
	}
	last := lead[i-1].text
	if len(marks) > 0 || value.fresh {
		return !hedges[last] && !isAbbreviation(last) && !welded(marks, value) && partings(marks)
	}
	words := leadingWords(lead)
	if len(words) != len(lead) || value.digits == 0 {
		return false
	}
	return (classOf(last) == adjective || isMass(last)) && isWhole(words) // not "Hovedgaden 7"
}

// partings reports whether marks before a number part it from the words before them.
// A colon and the like make those its name: "alder: 9".
func partings(marks []token) bool {
	for _, t := range marks {
		if t.kind == mark && !strings.Contains(`.,!;-(…`, t.text) {
			return false
		}
	}
	return true
}

// welded reports a dash or quote with no blank on either side: "tog-9".
func welded(marks []token, value token) bool {
	return len(marks) == 1 && marks[0].glued && value.glued && !marks[0].is(",") && !marks[0].is("!") && marks[0].kind == mark
}

// isAbbreviation reports whether a point after the word may end it instead of the sentence:
// "nr. 9", "stk. 4", "pkt. 3".
func isAbbreviation(text string) bool {
	return abbreviations[text] || !strings.ContainsAny(text, "aeiouyæøåé")
}

var abbreviations = set(`ca, art, afs, afd, kap, fig, eks, side, linje, sal, tlf, lok, lokal, kl, d, den, no, bus, stue, ring, tast, tryk`)

// isArticle knows a number that may be the article "en" or "et": "1 stor tak", "1
// knus til jer". Only thanks are looked for, which nobody sends with the worst score.
func isArticle(tail []token, value token) bool {
	if value.value != 1 {
		return false
	}
	kind, length := gapAt(tail)
	if kind == parting && at(tail, length).fresh {
		return false
	}
	sized := false
	for i, text := range leadingWords(tail[length:]) {
		sized = sized || sizes[text]
		switch {
		case embraces[text]:
			return true
		case text == "tak" || text == "takker":
			return i > 0
		case sized && isMass(text): // "en kæmpe hjælp"
			return true
		case !sizes[text] && classOf(text) != adjective && (classOf(text) != passing || text == "ikke"):
			return false
		}
	}
	return false
}

var (
	embraces = set(`knus, knuser, kram, krammer, kys, klem, hilsen, ros, high, tommel, tommelfinger, hjerte, smil, blomst, buket,
		applaus, cadeau, skulderklap, kudos`)
	sizes = set(`stor, stort, kæmpe, kæmpestor, kæmpestort, tusind, tusinde, gigantisk, hjertelig, varm, varmt, evig, million, mega, ordentlig`)
)

// contradicts reports whether the words after a score at one end of the scale are
// plain judgement of the other end: "9 - elendigt", "1 god service". The 1 may be an
// article, or the scale has been read upside down; the 9 is refused as the 1 is, so
// that neither end loses more than the other.
func contradicts(tail []token, value token) bool {
	if value.value != worstScore && value.value != bestScore {
		return false
	}
	_, length := gapAt(tail)
	words := leadingWords(tail[length:])
	kind, unkind := 0, 0
	for _, text := range words {
		c := classOf(text)
		switch {
		case judgements[text] > 0:
			kind++
		case judgements[text] < 0:
			unkind++
		case negations[text] || c == other && text != "og", c == closing:
			return false
		}
	}
	if value.value == worstScore {
		return kind > 0 && unkind == 0
	}
	return unkind > 0 && kind == 0
}

const worstScore = 1

var negations = set(`ikke, ingen, intet, aldrig, mangler, manglede, savner, savnede, for, kunne`)

// judgements are words of praise, 1, each with its opposite, -1.
var judgements = func() map[string]int {
	all := map[string]int{}
	for pair := range strings.SplitSeq(`god dårlig, godt dårligt, bedre dårligere, bedst dårligst, bedst værst, bedste dårligste,
		bedste værste, super elendig, supergodt elendigt, fantastisk forfærdelig, fantastisk forfærdeligt, fremragende ringe, dejlig træls,
		dejligt trælst, venlig uvenlig, venligt uvenligt, sød sur, sødt surt, kompetent inkompetent, professionel uprofessionel,
		professionelt uprofessionelt, tilfreds utilfreds, perfekt katastrofal, perfekt katastrofalt, flot pinlig, flot pinligt,
		fint skidt, fin sløj, behagelig ubehagelig, høflig uhøflig, top bund, kanon skandaløst`, ",") {
		words := strings.Fields(pair)
		all[words[0]], all[words[1]] = 1, -1
	}
	return all
}()
