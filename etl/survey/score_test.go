package survey

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// repliesFile holds invented replies with the score and the rule they must give.
var repliesFile = filepath.Join("..", "..", "testdata", "source", "survey", "scores.csv")

// readReplies returns the rows of repliesFile: text, score, rule.
func readReplies(t testing.TB) [][]string {
	t.Helper()
	return readRows(t, repliesFile)
}

// readRows returns the rows of a CSV file without its header.
func readRows(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func TestParseScore(t *testing.T) {
	rows := readReplies(t)
	if len(rows) < 450 {
		t.Fatalf("%s has %d replies, want at least 450", repliesFile, len(rows))
	}
	for _, row := range rows {
		text, rule := row[0], row[2]
		score := 0
		if row[1] != "" {
			score = int(row[1][0] - '0')
		}
		if gotScore, gotRule := ParseScore(text); gotScore != score || gotRule != rule {
			t.Errorf("ParseScore(%q) = %d, %s; want %d, %s", text, gotScore, gotRule, score, rule)
		}
	}
}

func TestEveryRuleHasAnExample(t *testing.T) {
	shown := map[string]bool{}
	for _, row := range readReplies(t) {
		shown[row[2]] = true
	}
	wanted := append([]string{
		ruleEmpty, ruleNoNumber, rulePhone, ruleDate, ruleTime, ruleDecimal, rulePrice, rulePercent,
		ruleOtherScale, ruleArticle, ruleContradicts, ruleRange, ruleTwoNumbers, ruleZero, ruleOutOfRange, ruleDoubtful, ruleRunningText,
	}, scoreRules...)
	for _, rule := range wanted {
		if !shown[rule] {
			t.Errorf("no reply in %s shows the rule %s", repliesFile, rule)
		}
	}
}

func TestDerivedColumns(t *testing.T) {
	for _, c := range []struct{ text, score, rule string }{
		{"7", "7", ruleBare},
		{"8 tak for hjælpen", "8", ruleThanks},
		{"8-9", "", ruleRange},
		{"", "", ""},
		{"  \n", "", ""},
	} {
		if got := scoreText(c.text); got != c.score {
			t.Errorf("scoreText(%q) = %q, want %q", c.text, got, c.score)
		}
		if got := scoreRule(c.text); got != c.rule {
			t.Errorf("scoreRule(%q) = %q, want %q", c.text, got, c.rule)
		}
	}
}

func FuzzParseScore(f *testing.F) {
	for _, row := range readReplies(f) {
		f.Add(row[0])
	}
	f.Add("9\xff")
	f.Add("((((9))))")
	f.Fuzz(func(t *testing.T, text string) {
		score, rule := ParseScore(text)
		_, isScoreRule := rank[rule]
		if found := score >= 1 && score <= 9; found != isScoreRule || !found && score != 0 {
			t.Errorf("ParseScore(%q) = %d, %s", text, score, rule)
		}
		if s, r := ParseScore(" \n" + text + "\t "); s != score || r != rule {
			t.Errorf("blanks round %q change %d, %s into %d, %s", text, score, rule, s, r)
		}
		if score > 0 && !strings.Contains(scoreText(text), strconv.Itoa(score)) {
			t.Errorf("scoreText(%q) has no %d", text, score)
		}
	})
}

func BenchmarkParseScore(b *testing.B) {
	rows := readReplies(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, row := range rows {
			ParseScore(row[0])
		}
	}
	b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds(), "replies/s")
}
