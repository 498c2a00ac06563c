package survey

import (
	"strconv"
	"strings"
)

// Rules that found a score.
const (
	ruleBare        = "bare"           // "9"
	ruleTrimmed     = "trimmed"        // " 9.", "(9)", "9!"
	ruleEmoji       = "emoji"          // "9 👍", "9 :-)"
	ruleKeycap      = "keycap"         // "9️⃣", "⑨", "９"
	ruleWord        = "word"           // "ni"
	ruleGreeting    = "with-greeting"  // "hej 9"
	ruleThanks      = "with-thanks"    // "8 tak for hjælpen"
	ruleSignature   = "with-signature" // "8 mvh Bente"
	ruleJudgement   = "with-judgement" // "1 (meget utilfreds)"
	ruleRemark      = "with-remark"    // "8, dog lidt lang ventetid", "1 fik ingen hjælp"
	ruleAttribution = "from-me"        // "9 herfra"
	rulePoints      = "points"         // "9 stjerner"
	ruleDigitNoun   = "digit-noun"     // "et 9-tal", "en 9'er"
	ruleLabel       = "label"          // "karakter: 9"
	ruleGive        = "i-give"         // "jeg giver 9"
	ruleRepeated    = "repeated"       // "9 (ni)", "9 9"
	ruleOfNine      = "of-nine"        // "7/9", "9 ud af 9"
	ruleOnTheScale  = "on-the-scale"   // "9 på en skala fra 1-9"
)

// Rules that found none.
const (
	ruleEmpty       = "empty"        // nothing but blanks
	ruleNoNumber    = "no-number"    // "tak"
	rulePhone       = "phone"        // "12345678"
	ruleDate        = "date"         // "9. maj"
	ruleTime        = "time"         // "kl. 9", "9 minutter"
	ruleDecimal     = "decimal"      // "8,5", "8½"
	rulePrice       = "price"        // "9 kr"
	rulePercent     = "percent"      // "9 %"
	ruleOtherScale  = "other-scale"  // "7/10", "5 stjerner"
	ruleRange       = "range"        // "8-9"
	ruleTwoNumbers  = "two-numbers"  // "8 eller 9"
	ruleZero        = "zero"         // "0"
	ruleOutOfRange  = "out-of-range" // "10"
	ruleDoubtful    = "doubtful"     // "9?", "måske 9", "9+"
	ruleArticle     = "article"      // "1 stor tak", "1 knus til jer"
	ruleContradicts = "contradicts"  // "1 god service", "9 = dårligst"
	ruleRunningText = "running-text" // "jeg ringede 4 gange"
)

// scoreRules are the rules that found a score, from the barest form to the most
// telling one. A reply that shows several forms is named by the last of them here.
var scoreRules = []string{
	ruleBare, ruleTrimmed, ruleEmoji, ruleKeycap, ruleWord, ruleGreeting, ruleJudgement, ruleRemark,
	ruleThanks, ruleSignature, ruleAttribution, rulePoints, ruleDigitNoun, ruleLabel,
	ruleGive, ruleRepeated, ruleOfNine, ruleOnTheScale,
}

// rank orders the score rules; it has no entry for a rule that found no score.
var rank = func() map[string]int {
	ranks := make(map[string]int, len(scoreRules))
	for i, rule := range scoreRules {
		ranks[rule] = i
	}
	return ranks
}()

// longestReply is in bytes: far beyond any score with trimmings, and short enough
// to read in no time whatever it holds.
const longestReply = 1024

// ParseScore reads the score 1-9 (9 best) that a citizen texted back, and names
// the rule that fired; without a score it returns 0 and the rule that says why. The
// package comment tells what a score is.
func ParseScore(text string) (score int, rule string) {
	if text = strings.TrimSpace(text); len(text) > longestReply {
		return 0, ruleRunningText
	}
	tokens := foldWords(foldWhole(foldThousandThanks(tokenise(text))))
	if len(tokens) == 0 {
		return 0, ruleEmpty
	}
	if firstNumber(tokens) < 0 {
		return 0, ruleNoNumber
	}
	if rule := firstShape(tokens); rule != "" {
		return 0, rule
	}
	r := &reply{}
	tokens, otherScale := r.foldScale(tokens)
	if otherScale {
		return 0, ruleOtherScale
	}
	if rule := notOneScore(tokens); rule != "" {
		return 0, rule
	}
	return r.read(tokens)
}

// scoreText is the score as the warehouse stores it: "7", or "" without one.
func scoreText(text string) string {
	score, _ := ParseScore(text)
	if score == 0 {
		return ""
	}
	return strconv.Itoa(score)
}

// scoreRule is the rule as the warehouse stores it. A row without a reply, such
// as the question itself, has no rule.
func scoreRule(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	_, rule := ParseScore(text)
	return rule
}
