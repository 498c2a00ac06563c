package privacy_test

import (
	"regexp"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

func TestIdentifiers(t *testing.T) {
	for _, c := range []struct {
		name string
		is   func(string) bool
		yes  []string
		no   []string
	}{
		{
			"opaque", privacy.IsOpaque,
			[]string{
				"30E30B66-9A69-21F1-EEA4-74E379A2A989", "{30e30b66-9a69-21f1-eea4-74e379a2a989}",
				"30306699-1234-1234-1234-010190123456", "30e30b669a6921f1eea474e379a2a989", "a20123456b010190",
			},
			[]string{
				"", "{}", "q1", "20123456", "a20123456", "010190-1234", "1234567890123456", "20123456-20123457",
				"30E30B66-9A69-21F1-EEA4-74E379A2A98", "30E30B669-A69-21F1-EEA4-74E379A2A989", "30E30B66-9A69-21F1-EEA4-74E379A2A98G",
				"30E30B66 9A69 21F1 EEA4 74E379A2A989", "------------------------------------",
			},
		},
		{
			"serial", privacy.IsSerial,
			[]string{"1", "123456", "1234567", "123456789", "9999999999", "1234567890123"},
			[]string{"", "20123456", "4520123456", "004520123456", "0046701234567", "0101901234", "6101901234", "123-456", "+123", "1 2", "a1"},
		},
		{
			"address", privacy.IsAddress,
			[]string{"anna@kommune.example", "åse.ø_1@høje-taastrup.example"},
			[]string{"", "anna", "@", "til anna@kommune.example", "a@b.example, c@d.example", "20123456@sms.example", "0101901234@x.example", "a@b@c.example"},
		},
		{"masked", privacy.IsMasked, []string{"[cpr]", "ring [telefon]!", "[e-mail]"}, []string{"", "cpr", "[udeladt]"}},
	} {
		for _, text := range c.yes {
			if !c.is(text) {
				t.Errorf("%q is not %s", text, c.name)
			}
		}
		for _, text := range c.no {
			if c.is(text) {
				t.Errorf("%q is %s", text, c.name)
			}
		}
	}
}

func TestScrubTitle(t *testing.T) {
	for text, want := range map[string]string{
		"Ring til 70 10 10 10":                   "Ring til 70 10 10 10",
		"Ring til +45 70101010 kl. 8-16":         "Ring til +45 70101010 kl. 8-16",
		"Flytning inden 25-10-2026":              "Flytning inden 25-10-2026",
		"Borger 010190-1234":                     "Borger [cpr]",
		"0101901234, tlf. 70101010":              "[cpr], tlf. 70101010",
		"Skriv til pas@kommune.example":          "Skriv til [e-mail]",
		"Skriv til pas (at) kommune.example":     "Skriv til [e-mail]",
		"70101010 og 010190 1234 (a@b.example) ": "70101010 og [cpr] ([e-mail]) ",
	} {
		if got := privacy.ScrubTitle(text); got != want {
			t.Errorf("ScrubTitle(%q) = %q, want %q", text, got, want)
		}
	}
}

var plainCPR = regexp.MustCompile(`(?:^|[^\d+])(\d{2})(\d{2})(\d{2})-?\d{4}(?:\D|$)`)

// FuzzScrubTitle checks that no CPR number in its usual forms and no address gets through.
func FuzzScrubTitle(f *testing.F) {
	for _, seed := range []string{"Ring til 70 10 10 10", "cpr 010190-1234", "a@b.dk 0101901234", "+45 010190-1234", "1.1.010190-1234"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := privacy.ScrubTitle(text)
		if again := privacy.ScrubTitle(clean); again != clean {
			t.Errorf("ScrubTitle(%q) = %q, and of that %q", text, clean, again)
		}
		if found := address.FindString(clean); found != "" {
			t.Errorf("ScrubTitle(%q) = %q leaves %q", text, clean, found)
		}
		for _, found := range plainCPR.FindAllStringSubmatch(clean, -1) {
			if isDate(found[1], found[2], found[3]) {
				t.Errorf("ScrubTitle(%q) = %q leaves the CPR number %q", text, clean, found[0])
			}
		}
	})
}
