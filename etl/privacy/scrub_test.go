package privacy_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

func TestScrubMasks(t *testing.T) {
	for text, want := range map[string]string{
		"cpr 010190-1234 tak":            "cpr [cpr] tak",
		"0101901234":                     "[cpr]",
		"010190 1234":                    "[cpr]",
		"010190/1234":                    "[cpr]",
		"010190 - 1234":                  "[cpr]",
		"010190–1234":                    "[cpr]",
		"01 01 90 1234":                  "[cpr]",
		"01.01.90-1234":                  "[cpr]",
		"01 01 90 12 34":                 "[cpr]",
		"290200-1234":                    "[cpr]",
		"610190-1234":                    "[cpr]", // replacement number: day + 60
		"CPR:0101901234.":                "CPR:[cpr].",
		"ring 20123456":                  "ring [telefon]",
		"20 12 34 56":                    "[telefon]",
		"20.12.34.56":                    "[telefon]",
		"20-12-34-56":                    "[telefon]",
		"2012 3456":                      "[telefon]",
		"20 123 456":                     "[telefon]",
		"201 23 456":                     "[telefon]",
		"20 12 3456":                     "[telefon]",
		"(20) 12 34 56":                  "([telefon]",
		"20 12-34 56":                    "[telefon]",
		"20\u00a012\u00a034\u00a056":     "[telefon]",
		"+45 20 12 34 56":                "[telefon]",
		"+4520123456":                    "[telefon]",
		"(+45) 20123456":                 "([telefon]",
		"0045 20 12 34 56":               "[telefon]",
		"00 45 20 12 34 56":              "[telefon]",
		"45 20 12 34 56":                 "[telefon]",
		"+46 70 123 45 67":               "[telefon]",
		"0046701234567":                  "[telefon]",
		"+45 20 12 34 56 kl. 12.30":      "[telefon] kl. 12.30",
		"20 12 34 56, 20 12 34 57":       "[telefon], [telefon]",
		"abc20123456def":                 "abc[telefon]def",
		"skriv til anna@kommune.dk.":     "skriv til [e-mail].",
		"åse.ø_1@høje-taastrup.dk":       "[e-mail]",
		"a+b%c@x.dk":                     "[e-mail]",
		"anna (at) kommune.dk":           "[e-mail]",
		"anna[AT]kommune.dk":             "[e-mail]",
		"ring til 20 12 34 56 eller a@b": "ring til [telefon] eller [e-mail]",
		"20123456@sms.example":           "[e-mail]",
		"3 010190-1234":                  "3 [cpr]",
		"den 25.10.2026 20 12 34 56":     "den 25.10.2026 [telefon]",
	} {
		if got := privacy.Scrub(text); got != want {
			t.Errorf("Scrub(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestScrubSpares(t *testing.T) {
	for _, text := range []string{
		"", "tak for hjælpen", "9", "8 tak for hjælpen", "7/9", "9-10",
		"kl. 12.30-14.30", "12:30-14:30", "kl. 10.00 - 12.00", "10-12 og 14-16", "man 10-12 14-16", "0800-1600",
		"25.10.2026 12.30", "25-10-2026 02:30:00", "2026-10-25 02:30:00.443", "25/10-26 12.30", "5.10.2026 12.30",
		"1.250,50 kr.", "12.345.678 kr.", "1250 kr", "sag 1234567", "2024-2025", "2024/2025", "rum 12 34",
		"vent 4 minutter", "@", "ring @ 10", "pris (a) 5", "991399-1234", "uge 43", "v2.10.3",
		"55.676098, 12.568337", "112 eller 1813",
	} {
		if got := privacy.Scrub(text); got != text {
			t.Errorf("Scrub(%q) = %q, want it unchanged", text, got)
		}
	}
}

func TestScrubOfHarmlessTextDoesNotAllocate(t *testing.T) {
	text := strings.Repeat("tak for den venlige hjælp (og råd) ", 20)
	if n := testing.AllocsPerRun(100, func() { privacy.Scrub(text) }); n != 0 {
		t.Errorf("a harmless text costs %v allocations", n)
	}
}

var (
	cprNumber = regexp.MustCompile(`(?:^|\D)(\d{2})(\d{2})(\d{2})[-/ ]?\d{4}(?:\D|$)`)
	digitRun  = regexp.MustCompile(`\d{8}`)
	pairs     = regexp.MustCompile(`(?:^|[\pL,;:!?] ?)\d\d \d\d \d\d \d\d(?:[^\d ]|$)`)
	address   = regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d.-]+\.\p{L}{2,}`)
)

// FuzzScrub checks with rules of its own that nothing personal gets through.
func FuzzScrub(f *testing.F) {
	for _, seed := range []string{
		"cpr 010190-1234", "ring 20 12 34 56 eller +45 20123456", "a@b.dk", "1.1.010190-1234", "25.10.2026 12 34 56 78",
		"12 34 56 78 90 12", "0045 2 0 12 34 56 78", "x (at) y.dk", "00 12 345 6789", "+1+2+20123456", "010190 1234 5678",
	} {
		f.Add(seed)
	}
	f.Fuzz(nothingPersonalLeft)
}

func nothingPersonalLeft(t *testing.T, text string) {
	clean := privacy.Scrub(text)
	if again := privacy.Scrub(clean); again != clean {
		t.Errorf("Scrub(%q) = %q, and of that %q", text, clean, again)
	}
	for _, found := range cprNumber.FindAllStringSubmatch(clean, -1) {
		if isDate(found[1], found[2], found[3]) {
			t.Errorf("Scrub(%q) = %q leaves the CPR number %q", text, clean, found[0])
		}
	}
	for name, rule := range map[string]*regexp.Regexp{"digits": digitRun, "pairs": pairs, "address": address} {
		if found := rule.FindString(clean); found != "" {
			t.Errorf("Scrub(%q) = %q leaves %s %q", text, clean, name, found)
		}
	}
}

// TestScrubOfRandomTexts runs the body of the fuzz test over texts made of pieces
// that come together in the worst ways.
func TestScrubOfRandomTexts(t *testing.T) {
	pieces := strings.Split("0|1|2|00|45|12|20|010190|1234|2026|123|20123456|+| |.|-|/| - |@|a|.dk|(at)|(|)|,|:|ø", "|")
	random := rand.New(rand.NewPCG(3, 5))
	for range 50_000 {
		var text strings.Builder
		for range random.IntN(16) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		nothingPersonalLeft(t, text.String())
	}
}

func isDate(day, month, year string) bool {
	_, err := time.Parse("020106", day+month+year)
	return err == nil
}

func BenchmarkScrub(b *testing.B) {
	for name, text := range map[string]string{
		"harmless": "tak for den venlige hjælp, det var rart at tale med jer",
		"numbers":  "ring 20 12 34 56 den 25.10.2026 kl. 12.30, cpr 010190-1234, anna@kommune.dk",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				privacy.Scrub(text)
			}
		})
	}
}
