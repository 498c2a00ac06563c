package privacy_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

const secret = "sixteen bytes or more"

func newKey(t testing.TB, secret string) *privacy.Key {
	t.Helper()
	key, err := privacy.New([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestPseudonymIsOfTheNumberNotOfItsSpelling(t *testing.T) {
	worker := newKey(t, secret).Worker()
	first := worker.Pseudonym("+4520123456")
	if !regexp.MustCompile(`^p[a-z2-7]{26}$`).MatchString(first) {
		t.Fatalf("pseudonym %q has an unexpected form", first)
	}
	for _, same := range []string{"20123456", "0045 20 12 34 56", "+4520123456"} {
		if got := worker.Pseudonym(same); got != first {
			t.Errorf("Pseudonym(%q) = %q, want %q", same, got, first)
		}
	}
	if got := worker.Pseudonym("20123457"); got == first {
		t.Error("two numbers have one pseudonym")
	}
	if got := newKey(t, "another key of enough bytes").Pseudonym("20123456"); got == first {
		t.Error("two keys give one pseudonym")
	}
}

// A changed pseudonym would cut all history off from what comes after.
func TestPseudonymStaysTheSameForever(t *testing.T) {
	const want = "pb6nu35ptrgy4q7nyr52nbb2ak4"
	if got := newKey(t, secret).Pseudonym("20123456"); got != want {
		t.Errorf("Pseudonym = %q, want %q", got, want)
	}
}

func TestWithheldNumbersHaveNoPseudonym(t *testing.T) {
	key := newKey(t, secret)
	for _, text := range []string{"", "0", "anonymous", "hidden", "Skjult", "unknown", "withheld", "private", " "} {
		if got := key.Pseudonym(text); got != "" {
			t.Errorf("Pseudonym(%q) = %q, want none", text, got)
		}
	}
}

func TestKeyIsRefusedAndHidden(t *testing.T) {
	if _, err := privacy.New([]byte("fifteen bytes !")); err == nil || !strings.Contains(err.Error(), "15 bytes") {
		t.Errorf("a short key gives %v", err)
	}
	key := newKey(t, secret)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, key) + fmt.Sprintf(verb, *key); strings.Contains(got, "sixteen") {
			t.Errorf("%s shows the key: %s", verb, got)
		}
	}
}

func TestWorkersAgree(t *testing.T) {
	key := newKey(t, secret)
	want := key.Pseudonym("20123456")
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			worker := key.Worker()
			for n := range 1000 {
				worker.Pseudonym(fmt.Sprint(20_000_000 + n))
			}
			if got := worker.Pseudonym("20123456"); got != want {
				t.Errorf("a worker gives %q, want %q", got, want)
			}
		})
	}
	running.Wait()
}

func TestRepeatedNumberCostsNoAllocation(t *testing.T) {
	worker := newKey(t, secret).Worker()
	worker.Pseudonym("20123456")
	if n := testing.AllocsPerRun(100, func() { worker.Pseudonym("20123456") }); n != 0 {
		t.Errorf("a repeated number costs %v allocations", n)
	}
}

func BenchmarkPseudonym(b *testing.B) {
	numbers := make([]string, 1<<17)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+45%d", 20_000_000+i)
	}
	worker := newKey(b, secret).Worker()
	b.Run("new", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			worker.Pseudonym(numbers[i%len(numbers)])
		}
	})
	b.Run("repeated", func(b *testing.B) {
		for b.Loop() {
			worker.Pseudonym(numbers[0])
		}
	})
}
