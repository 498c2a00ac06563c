package reference

import (
	"strings"
	"testing"
)

func TestMunicipalityByWhatPeopleWrite(t *testing.T) {
	p := newPlaces(testOptions(t).Municipalities)
	for _, c := range []struct{ text, want string }{
		{"0751", "0751"}, {"751", "0751"}, {"Aarhus", "0751"}, {"Århus", "0751"}, {"AARHUS KOMMUNE", "0751"},
		{"Vesthimmerland", "0820"}, {"Vesthimmerlands Kommune", "0820"}, {"Københavns Kommune", "0101"},
		{"Høje Taastrup", "0169"}, {"høje-tåstrup", "0169"}, {"Hoeje-Taastrup", "0169"}, {"Mors", "0773"},
		{"Morsø Kommune", "0773"}, {"Sorø", "0340"}, {"soroe", "0340"}, {"Nordfyn", "0480"},
		{"Randers Kommune", "0730"}, {"Horsens", "0615"}, {"Åbenrå", "0580"}, {"Ikast Brande", "0756"},
		{"Holbæks Kommune", "0316"}, {"Sjælland", ""}, {"0752", ""}, {"", ""}, {"kommune", ""},
	} {
		if got, _ := p.code(c.text); got != c.want {
			t.Errorf("code(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// What sources write, folded as SQL folds it, is found in the table of spellings: names
// of before too, but nothing that could be two.
func TestSpellingsOfSources(t *testing.T) {
	p := newPlaces(testOptions(t).Municipalities)
	found := map[string]string{}
	for _, row := range p.table().Rows {
		if _, twice := found[row[0].(string)]; twice {
			t.Errorf("%q is there twice: it would double rows", row[0])
		}
		found[row[0].(string)] = row[1].(string)
	}
	for text, want := range map[string]string{
		"Ta\u030arnby": "0185", "A\u030arhus": "0751", "Bornholms Regionskommune": "0400", "Struer\u00a0Kommune": "0671",
		"Brønderslev-Dronninglund": "0810", "BRØNDERSLEV  KOMMUNE": "0810", "0751": "0751", "751": "0751", "751.0": "0751",
		"751,0": "0751", "0751 Aarhus": "0751", "Aarhus Kommune (751)": "0751", "København": "0101", "Københavns Kommune": "0101",
		"Københavns": "0101", "Kommune Holbæk": "0316", "Frederiksværk-Hundested Kommune": "0260", "Hobro": "0846",
		"Kbh.": "0101", "Nykøbing F": "", "Aalestrup": "", "Nørager": "", "Atlantis": "", "0751 Holbæk": "", "kommune": "", "0752": "",
	} {
		if got := found[foldName(text)]; got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for name, before := range former {
		if p.codes[foldName(name)] == "" {
			t.Errorf("%q is no municipality of today", name)
		}
		for _, old := range before {
			if code, ok := p.codes[foldName(old)]; ok && p.names[code] != name {
				t.Errorf("%q was put into %s and is %s today", old, name, p.names[code])
			}
		}
	}
}

func TestReadMunicipalities(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no column", "code,name\n", "municipalities:1: the columns municipality_code and name are needed"},
		{"short code", "municipality_code,name\n751,Aarhus\n", "municipalities:2: a code of four digits and a name are needed"},
		{"empty", "", "municipalities: the file is empty"},
	} {
		if _, err := ReadMunicipalities(strings.NewReader(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}
