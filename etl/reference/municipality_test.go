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

func TestEverySpellingLeadsToItsMunicipality(t *testing.T) {
	p := newPlaces(testOptions(t).Municipalities)
	rows := p.table().Rows
	if len(rows) < 4*len(p.all) {
		t.Errorf("only %d spellings", len(rows))
	}
	for _, row := range rows {
		spelling, want := row[0].(string), row[1].(string)
		if got, _ := p.code(spelling); got != want {
			t.Errorf("code(%q) = %q, want %q", spelling, got, want)
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
