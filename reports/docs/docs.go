// Package docs writes the catalogue: what every KPI means, how tables lead from the
// sources to it, and what each table and column holds, as one self-contained HTML
// page without script.
//
// It takes plain values (Catalogue) and knows neither models nor warehouse: the
// command line fills it from the models, seeds and contracts that are part of the
// program, so the page cannot say anything else than what runs. The KPI part is in
// Danish; the data dictionary is in the language of the models, English, and says
// so to screen readers.
package docs

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// Catalogue is all that the page tells.
type Catalogue struct {
	Program string // version
	KPIs    []KPI  // in the order of the catalogue; the first three are the main ones
	Tables  []Table
	Checks  []Check
	Spine   []string // full names of one way from a source to the KPIs, to be marked in the graph
}

// KPI is one line of the catalogue.
type KPI struct {
	ID, Label, Definition, Formula string
	Unit                           reports.Unit
	Direction                      string   // min: low is good; max: high is good; "": neither
	Target                         *float64 // in the KPI's unit; nil where there is none
	Citizen, Agent, Within         []string // groupings in each perspective, and within one municipality
	Exclusions                     []string // why a row does not count, in Danish
}

// Table is a table or view: a source's, a reference file, a seed or a model.
type Table struct {
	Schema, Name string
	Doc          string // what a row is
	Grain        string
	Build        string
	Columns      []Column
	Checks       []Check
	Reads        []string // full names
}

// FullName is schema and name.
func (t Table) FullName() string { return t.Schema + "." + t.Name }

// Column is one column. Note is what happens to it on the way in, "" for nothing.
type Column struct{ Name, Unit, Text, Note string }

// Check is a rule that the data must keep.
type Check struct {
	Name, Text string
	Warns      bool // it is reported and the build goes on
}

//go:embed page.html.tmpl style.css
var files embed.FS

var page = template.Must(template.New("page.html.tmpl").Funcs(template.FuncMap{
	"anchor": anchor, "groupings": groupings, "target": target, "direction": direction, "unit": unit,
	"style": func() (template.CSS, error) {
		css, err := files.ReadFile("style.css")
		return template.CSS(css), err //nolint:gosec // the program's own file
	},
}).ParseFS(files, "page.html.tmpl"))

// view is what the template prints.
type view struct {
	Catalogue
	Main   []KPI
	Graph  Graph
	Layers []layerView
}

type layerView struct {
	Layer
	Tables []tableView
}

type tableView struct {
	Table
	ReadBy []string
}

// Write writes the page. The same catalogue gives the same bytes.
func Write(w io.Writer, c Catalogue) error {
	v := view{Catalogue: c, Main: c.KPIs[:min(3, len(c.KPIs))], Graph: Draw(c.Tables, c.Spine)}
	readBy := map[string][]string{}
	for _, t := range c.Tables {
		for _, name := range t.Reads {
			readBy[name] = append(readBy[name], t.FullName())
		}
	}
	for _, layer := range Layers {
		l := layerView{Layer: layer}
		for _, t := range c.Tables {
			if t.Schema == layer.Schema {
				l.Tables = append(l.Tables, tableView{Table: t, ReadBy: readBy[t.FullName()]})
			}
		}
		slices.SortFunc(l.Tables, func(a, b tableView) int { return strings.Compare(a.Name, b.Name) })
		if len(l.Tables) > 0 {
			v.Layers = append(v.Layers, l)
		}
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("write the catalogue: %w", err)
	}
	return nil
}

// Layer is a schema and what it is for.
type Layer struct{ Schema, Title, Text string }

// Layers are the schemas from source to reader, in English as the models are.
var Layers = []Layer{
	{"raw", "Sources", "What the sources deliver, loaded as it came, after numbers were pseudonymised and free text scrubbed."},
	{"reference", "Reference files", "CSV files that the secretariat keeps: whose number was dialled, who is a member, when the hotline is open."},
	{"seeds", "Seeds", "Tables that are part of the program."},
	{"staging", "Staging", "One view per source table: names and types, nothing joined."},
	{"intermediate", "Intermediate", "What happened: events in order, legs, calls with one outcome, surveys and guides linked to calls."},
	{"marts", "Marts", "Dimensions, facts and KPIs. This is what is published and what reports read."},
	{"reports", "Reports", "What reports need beyond the marts."},
	{"feed", "Power BI feed", "The tables that Power BI reads, with Danish names."},
}

// anchor is the id of a table's or KPI's place on the page.
func anchor(name string) string { return strings.ReplaceAll(name, ".", "-") }

var groupingWords = map[string]string{
	"total": "hele DDH", "municipality": "kommune", "network": "netværk", "region": "region", "agent": "medarbejder",
	"guide": "guide", "queue": "kø", "topic": "emne", "transfer_number": "omstillingsnummer",
}

// groupings names groupings in Danish.
func groupings(ids []string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id
		if word, known := groupingWords[id]; known {
			words[i] = word
		}
	}
	return strings.Join(words, ", ")
}

func unit(k KPI) string { return k.Unit.Label() }

// target writes "mindst 70 %", never broken over two lines.
func target(k KPI) string {
	if k.Target == nil {
		return ""
	}
	decimals := 0
	if k.Unit == reports.UnitScore && *k.Target != float64(int(*k.Target)) {
		decimals = 1
	}
	text := reports.Number(*k.Target, reports.Format{Unit: k.Unit, Decimals: decimals}).String()
	text = map[string]string{"min": "højst ", "max": "mindst "}[k.Direction] + text
	return strings.ReplaceAll(text, " ", "\u00a0")
}

func direction(k KPI) string {
	return map[string]string{"min": "lavt er godt", "max": "højt er godt"}[k.Direction]
}
