package privacy_test

import (
	"regexp"
	"testing"
)

func TestFingerprintIsOfTheKey(t *testing.T) {
	first := newKey(t, secret).Fingerprint()
	if !regexp.MustCompile(`^k[a-z2-7]{26}$`).MatchString(first) {
		t.Fatalf("fingerprint %q has an unexpected form", first)
	}
	if got := newKey(t, secret).Fingerprint(); got != first {
		t.Errorf("the same key gives %q, then %q", first, got)
	}
	if got := newKey(t, secret+"!").Fingerprint(); got == first {
		t.Error("two keys have one fingerprint")
	}
}

// A changed fingerprint would refuse the key of every landing there is.
func TestFingerprintStaysTheSameForever(t *testing.T) {
	const want = "k7evqclzpne5h6gd7gcahisihbi"
	if got := newKey(t, secret).Fingerprint(); got != want {
		t.Errorf("Fingerprint = %q, want %q", got, want)
	}
}
