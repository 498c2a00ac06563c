package privacy_test

import (
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

func TestNormalise(t *testing.T) {
	for text, want := range map[string]string{
		"+4520123456":                     "+4520123456",
		"004520123456":                    "+4520123456",
		"4520123456":                      "+4520123456",
		"20123456":                        "+4520123456",
		" 20 12 34 56 ":                   "+4520123456",
		"+45 20.12.34.56":                 "+4520123456",
		"(+45) 20-12-34-56":               "+4520123456",
		"20\u00a012\u00a034\u00a056":      "+4520123456",
		"tel:+4520123456":                 "+4520123456",
		"sip:+4520123456@sip.example":     "+4520123456",
		"<SIP:20123456;user=phone>":       "+4520123456",
		"+46701234567":                    "+46701234567",
		"0046 70 123 45 67":               "+46701234567",
		"112":                             "112",
		"1813":                            "1813",
		"004512":                          "",
		"+45 123":                         "",
		"+45201234567":                    "",
		"12":                              "",
		"123456789":                       "",
		"+1234567890123456":               "",
		"0":                               "",
		"0000":                            "",
		"00000000":                        "",
		"":                                "",
		"anonymous":                       "",
		"Skjult nummer":                   "",
		"withheld":                        "",
		"sip:anonymous@anonymous.example": "",
		"20123456x":                       "",
		"2012+3456":                       "",
	} {
		if got := privacy.Normalise(text); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	for number, want := range map[string]string{
		"+4520123456": "+452012****", "1813": "****", "112": "***", "": "",
	} {
		if got := privacy.Mask(number); got != want {
			t.Errorf("Mask(%q) = %q, want %q", number, got, want)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{"+45 20 12 34 56", "0046701234567", "sip:1813@x", "skjult", "(+45) 2", "\xff1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number := privacy.Normalise(text)
		if again := privacy.Normalise(number); again != number {
			t.Errorf("Normalise(%q) = %q, and of that %q", text, number, again)
		}
		if len(number) > 16 {
			t.Errorf("Normalise(%q) = %q, which is longer than a number", text, number)
		}
		if masked := privacy.Mask(number); len(masked) != len(number) {
			t.Errorf("Mask(%q) = %q", number, masked)
		}
	})
}
