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

// TestNormaliseKnowsNobody lists what phone systems write for a caller that is not
// shown. Taken for a number, all of them would be one citizen.
func TestNormaliseKnowsNobody(t *testing.T) {
	for _, text := range []string{
		"", " ", "+", "0", "00", "000", "0000", "00000000", "0000000000", "000000000000000", "+0", "+00000000",
		"+4500000000", "4500000000", "004500000000", "+45 00 00 00 00", "+45 0000 0001", "01234567", "+4501234567",
		"1", "-1", "9", "45", "+45", "11111", "111111", "99999", "999999", "1111111", "9999999",
		"11111111", "+4511111111", "4511111111", "004511111111", "11 11 11 11", "+11111111", "+1111111111",
		"99999999", "+4599999999", "4599999999", "0045 99 99 99 99", "+99999999", "+999999999999", "999999999",
		"+46000000000", "+10000000000", "+4600000000",
		"266696687", "+266696687", "00266696687", "+1266696687", "+45266696687", "0045266696687", "sip:+266696687@sip.example",
		"86282452253", "+86282452253", "7378742833", "+7378742833", "+17378742833", "+7378742883",
		"7748283", "+7748283", "+17748283", "+7748483", "8656696", "+8656696", "2562533", "+2562533", "+457748283", "+94844353",
		"anonymous", "Anonymous", "ANONYMOUS", "Anonymous@anonymous.invalid", "sip:anonymous@anonymous.invalid",
		"<sip:anonymous@anonymous.invalid>", "sip:0@sip.example", "tel:anonymous", "sip:unavailable@unknown.invalid",
		"unknown", "Unavailable", "private", "Private number", "restricted", "withheld", "blocked", "No Caller ID", "asserted",
		"hemmeligt nummer", "Hemmeligt nr.", "skjult", "Skjult nummer", "ukendt", "Ukendt nummer", "udeladt", "N/A", "null", "-",
	} {
		if got := privacy.Normalise(text); got != "" {
			t.Errorf("Normalise(%q) = %q, and it is nobody's number", text, got)
		}
		if got := newKey(t, secret).Pseudonym(text); got != "" {
			t.Errorf("Pseudonym(%q) = %q, and it is nobody's number", text, got)
		}
	}
}

// TestNormaliseKeepsCitizensWhoseNumbersLookOdd holds the numbers that come close.
func TestNormaliseKeepsCitizensWhoseNumbersLookOdd(t *testing.T) {
	for text, want := range map[string]string{
		"26669668": "+4526669668", "+4526669668": "+4526669668", "86282452": "+4586282452", "+4573787428": "+4573787428",
		"94844353": "+4594844353", "+4594844353": "+4594844353", "72974663": "+4572974663",
		"22222222": "+4522222222", "88888888": "+4588888888", "33333333": "+4533333333", "20000000": "+4520000000",
		"99999998": "+4599999998", "11111112": "+4511111112", "90000000": "+4590000000", "+46701000000": "+46701000000",
		"+2666968712": "+2666968712", "+8628245225": "+8628245225", "112": "112", "1111": "1111", "114": "114", "1813": "1813",
		"123456": "123456", "22222": "22222",
	} {
		if got := privacy.Normalise(text); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSameNumber(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"+4526111111", "26111111", true},
		{"26 11 11 11", "004526111111", true},
		{"(26) 11-11-11", "tel:+4526111111", true},
		{"+4526111111", "+4526111112", false},
		{"+4526111111", "+4526211111", false},
		{"+4526111111", "", false},
		{"", "", false},
		{"0", "00000000", false},
		{"anonymous", "anonymous", false},
		{"11111111", "+4511111111", false},
		{"1813", "1813", true},
		{"sip:1813@host.0", "1813", true},
		{"813", "1813", false},
	} {
		if got := privacy.SameNumber(c.a, c.b); got != c.want {
			t.Errorf("SameNumber(%q, %q) = %t", c.a, c.b, got)
		}
		if got := privacy.SameNumber(c.b, c.a); got != c.want {
			t.Errorf("SameNumber(%q, %q) = %t", c.b, c.a, got)
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
	for _, seed := range []string{"+45 20 12 34 56", "0046701234567", "sip:1813@x", "skjult", "+266696687", "11111111", "+17378742833", "(+45) 2", "\xff1"} {
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
		if number != "" && (!privacy.SameNumber(text, number) || newKey(t, secret).Pseudonym(number) == "") {
			t.Errorf("Normalise(%q) = %q, which is another's number or nobody's", text, number)
		}
		if masked := privacy.Mask(number); len(masked) != len(number) {
			t.Errorf("Mask(%q) = %q", number, masked)
		}
	})
}
