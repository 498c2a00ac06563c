package survey

import (
	"math"
	"path/filepath"
	"strconv"
	"testing"
)

// mirroredFile holds invented replies in pairs: a kind one, and an unkind one in the
// same sentence pattern with a score from the other end of the scale.
var mirroredFile = filepath.Join("..", "..", "testdata", "source", "survey", "mirrored.csv")

// TestMirroredRepliesAreReadAlike: of two replies that say the opposite in the same way
// both are read, as what they say, or neither is. Else the mean would lean towards
// those whose words the parser happens to know.
func TestMirroredRepliesAreReadAlike(t *testing.T) {
	rows := readRows(t, mirroredFile)
	if len(rows) < 150 {
		t.Fatalf("%s has %d pairs, want at least 150", mirroredFile, len(rows))
	}
	var read, readSum, wantSum int
	for _, row := range rows {
		kind, unkind := row[0], row[2]
		wantKind, wantUnkind := whole(t, row[1]), whole(t, row[3])
		wantSum += wantKind + wantUnkind
		gotKind, kindRule := ParseScore(kind)
		gotUnkind, unkindRule := ParseScore(unkind)
		if (gotKind > 0) != (gotUnkind > 0) {
			t.Errorf("ParseScore(%q) = %d, %s, but ParseScore(%q) = %d, %s", kind, gotKind, kindRule, unkind, gotUnkind, unkindRule)
		}
		if gotKind > 0 && gotKind != wantKind || gotUnkind > 0 && gotUnkind != wantUnkind {
			t.Errorf("%q and %q read as %d and %d, want %d and %d", kind, unkind, gotKind, gotUnkind, wantKind, wantUnkind)
		}
		for _, score := range []int{gotKind, gotUnkind} {
			if score > 0 {
				read++
				readSum += score
			}
		}
	}
	mean, want := float64(readSum)/float64(read), float64(wantSum)/float64(2*len(rows))
	t.Logf("%d of %d replies are read; their mean is %.2f, that of all %.2f", read, 2*len(rows), mean, want)
	if share := float64(read) / float64(2*len(rows)); share < 0.85 {
		t.Errorf("only %.0f %% of the replies are read", share*100)
	}
	if math.Abs(mean-want) > 0.1 {
		t.Errorf("the mean of what is read is %.2f, that of all replies %.2f", mean, want)
	}
}

func whole(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRefusalsDoNotDependOnTheDigit: in one sentence pattern every digit is read or
// none is, but for the patterns whose reason is the digit itself.
func TestRefusalsDoNotDependOnTheDigit(t *testing.T) {
	for _, pattern := range []string{
		"#", "# tak", "#!", "#.", "#, ikke helt som ventet", "# fordi det tog tid", "# men lang ventetid", "# pga lang ventetid",
		"# ventetiden var lang", "# fik ikke svar på alt", "# ingen ventetid", "# jeg kom igennem", "# herfra", "herfra #", "jeg giver #",
		"nr #", "#.0", "#/9", "# af 9", "# på skalaen", "# blandet oplevelse", "# lang samtale", "# opkald", "# søde medarbejdere",
		"# medarbejder", "# på kontoret", "# i kø", "# gange", "# minutter", "måske #", "# måske", "#?", "kl. #", "#. gang", "#-årig",
		"Jeg har ringet # gange", "Jeg ventede i # minutter", "# af jer", "# kort",
	} {
		read := 0
		for digit := '1'; digit <= '9'; digit++ {
			if score, _ := ParseScore(replaceMark(pattern, digit)); score > 0 {
				read++
				if score != int(digit-'0') {
					t.Errorf("%q reads as %d", replaceMark(pattern, digit), score)
				}
			}
		}
		if read != 0 && read != 9 {
			t.Errorf("%q is read with %d of 9 digits", pattern, read)
		}
	}
}

func replaceMark(pattern string, digit rune) string {
	out := []rune(pattern)
	for i, r := range out {
		if r == '#' {
			out[i] = digit
		}
	}
	return string(out)
}
