package reference

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

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
	stem = strings.TrimSuffix(stem, "regions")
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
var spellings = strings.NewReplacer("å", "aa", "æ", "ae", "ä", "ae", "ø", "oe", "ö", "oe")

// fromSpreadsheet is a code that a spreadsheet took for a number: "751.0".
var fromSpreadsheet = regexp.MustCompile(`^([0-9]+)[.,]0+$`)

// foldName reduces the spellings of one name to one: "Århus" and "AARHUS" are the
// same, and so are "Høje-Taastrup" and "Hoeje Tåstrup". It is meta.place of the
// warehouse, in Go.
func foldName(text string) string {
	text = spellings.Replace(fromSpreadsheet.ReplaceAllString(Key(text), "$1"))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, text)
}

// table lists what a source may write for a municipality, folded: its code, its name
// today and before, with and without "Kommune", and both together. SQL joins on it
// after meta.place(…). Names that went with the reform of 2007 are in it; what was
// divided then is not, since nobody can tell where the citizen lives.
func (p places) table() Table {
	t := Table{
		Name:    "municipality_spellings",
		Columns: []Column{{Name: "spelling", SQL: "varchar"}, {Name: "municipality_code", SQL: "varchar"}},
	}
	seen := map[string]bool{}
	add := func(code string, texts ...string) {
		for _, text := range texts {
			if spelling := foldName(text); spelling != "" && !seen[spelling] {
				seen[spelling] = true
				t.Rows = append(t.Rows, []any{spelling, code})
			}
		}
	}
	for _, m := range p.all {
		add(m.Code, m.Code, strings.TrimLeft(m.Code, "0"), m.Name)
	}
	for _, m := range p.all {
		short := strings.TrimLeft(m.Code, "0")
		for _, name := range append([]string{m.Name}, nicknamesOf(m.Name)...) {
			for _, full := range []string{name, name + " Kommune", name + "s Kommune", name + "s Regionskommune", "Kommune " + name} {
				add(m.Code, full, m.Code+full, full+m.Code, short+full, full+short)
			}
			add(m.Code, name+"s", name+" Regionskommune", "Kommunen "+name)
		}
		for _, name := range former[m.Name] {
			add(m.Code, name, name+" Kommune", name+"s Kommune")
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
