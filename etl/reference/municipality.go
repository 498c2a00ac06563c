package reference

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/reference/nearest"
)

// Municipality is one of the country's municipalities.
type Municipality struct {
	Code string // official code, four digits: "0751"
	Name string // official name without "Kommune": "Aarhus"
}

// ReadMunicipalities reads the built-in list: CSV with at least the columns
// municipality_code and name.
func ReadMunicipalities(in io.Reader) ([]Municipality, error) {
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("municipalities: %w", err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("municipalities: the file is empty")
	}
	code, name := slices.Index(rows[0], "municipality_code"), slices.Index(rows[0], "name")
	if code < 0 || name < 0 {
		return nil, fmt.Errorf("municipalities:1: the columns municipality_code and name are needed")
	}
	var all []Municipality
	for i, row := range rows[1:] {
		if !isCode(row[code]) || row[name] == "" {
			return nil, fmt.Errorf("municipalities:%d: a code of four digits and a name are needed", i+2)
		}
		all = append(all, Municipality{Code: row[code], Name: row[name]})
	}
	return all, nil
}

// isCode reports whether text is a municipality code of four digits.
func isCode(text string) bool {
	return len(text) == 4 && strings.Trim(text, "0123456789") == ""
}

// nicknames are names in use that no rule of spelling leads to the official one.
var nicknames = map[string]string{
	"Mors": "Morsø", "Nordfyn": "Nordfyns", "Vesthimmerland": "Vesthimmerlands",
	"Lyngby": "Lyngby-Taarbæk", "Faaborg": "Faaborg-Midtfyn", "Ikast": "Ikast-Brande",
	"Ringkøbing": "Ringkøbing-Skjern", "Kbh": "København",
}

// places finds municipalities by what people write.
type places struct {
	codes map[string]string // folded name or code → official code
	names map[string]string // official code → name
	known []string          // official names, for suggestions
	all   []Municipality
}

// newPlaces indexes the municipalities by code, name and nickname.
func newPlaces(all []Municipality) places {
	p := places{codes: map[string]string{}, names: map[string]string{}, all: all}
	byName := map[string]string{}
	for _, m := range all {
		p.names[m.Code], byName[m.Name] = m.Name, m.Code
		p.known = append(p.known, m.Name)
		p.codes[m.Code], p.codes[strings.TrimLeft(m.Code, "0")] = m.Code, m.Code
		p.codes[foldName(m.Name)] = m.Code
	}
	for nickname, name := range nicknames {
		if code, ok := byName[name]; ok {
			p.codes[foldName(nickname)] = code
		}
	}
	return p
}

// find returns the official code for a code or a name, with or without "Kommune".
func (p places) find(text string) (code string, ok bool) {
	name := foldName(text)
	if code, ok = p.codes[name]; ok {
		return code, true
	}
	stem, cut := strings.CutSuffix(name, "kommune")
	if !cut {
		return "", false
	}
	if code, ok = p.codes[stem]; ok {
		return code, true
	}
	code, ok = p.codes[strings.TrimSuffix(stem, "s")]
	return code, ok
}

// code returns the official code for a code or a name, or says what is wrong with it.
func (p places) code(text string) (string, *problem) {
	if code, ok := p.find(text); ok {
		return code, nil
	}
	fault := problemf("there is no municipality %q", text)
	if near := nearest.To(text, p.known); near != "" {
		for code, name := range p.names {
			if name == near {
				fault.trying("%s is %s", code, name)
			}
		}
	} else {
		fault.trying("use the official code of four digits")
	}
	return "", fault
}

// spellings folds the letters that are written in more than one way.
var spellings = strings.NewReplacer("å", "aa", "æ", "ae", "ø", "oe", "ö", "oe", "ä", "ae", "-", "", " ", "", ".", "")

// foldName reduces the spellings of one name to one: "Århus" and "AARHUS" are the
// same, and so are "Høje-Taastrup" and "Hoeje Tåstrup".
func foldName(text string) string {
	return spellings.Replace(strings.ToLower(strings.TrimSpace(text)))
}

// table lists every spelling that a source may use for a municipality, in lower
// case: SQL joins on it after lower(trim(…)).
func (p places) table() Table {
	t := Table{
		Name:    "municipality_spellings",
		Columns: []Column{{Name: "spelling", SQL: "varchar"}, {Name: "municipality_code", SQL: "varchar"}},
	}
	seen := map[string]bool{}
	add := func(spelling, code string) {
		if spelling = strings.ToLower(spelling); spelling != "" && !seen[spelling] {
			seen[spelling] = true
			t.Rows = append(t.Rows, []any{spelling, code})
		}
	}
	for _, m := range p.all {
		add(m.Code, m.Code)
		add(strings.TrimLeft(m.Code, "0"), m.Code)
		for _, name := range append([]string{m.Name}, nicknamesOf(m.Name)...) {
			for _, spelling := range respelled(name) {
				add(spelling, m.Code)
				add(spelling+" kommune", m.Code)
				add(spelling+"s kommune", m.Code)
			}
		}
	}
	seal(&t)
	return t
}

// nicknamesOf returns the nicknames of a municipality in a fixed order.
func nicknamesOf(name string) []string {
	var found []string
	for nickname, official := range nicknames {
		if official == name {
			found = append(found, nickname)
		}
	}
	slices.Sort(found)
	return found
}

// respelled returns a name in the spellings that are in use: with å or aa, with
// hyphen or blank, and without Danish letters.
func respelled(name string) []string {
	name = strings.ToLower(name)
	ring := strings.ReplaceAll(name, "aa", "å")
	plain := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(name)
	var all []string
	for _, spelling := range []string{name, ring, plain} {
		all = append(all, spelling, strings.ReplaceAll(spelling, "-", " "))
	}
	return all
}
