package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/reference"
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/docs"
	"github.com/den-digitale-hotline/ddh/reports/explain"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// spine is the way of a call to a figure, marked in the catalogue's graph.
var spine = []string{
	"raw.puzzel__call_events", "staging.stg_puzzel__call_events", "intermediate.int_call_events", "intermediate.int_calls",
	"marts.fct_calls", "marts.kpi_per_call", "marts.kpi_daily", "marts.kpi_sums", "marts.kpi_values", "feed.feed_noegletal",
}

// catalogue turns models, seeds, contracts and checks into what the page tells.
func catalogue(ctx context.Context) (docs.Catalogue, error) {
	graph, err := builtGraph(ctx)
	if err != nil {
		return docs.Catalogue{}, err
	}
	c := docs.Catalogue{Program: version, Spine: spine}
	if c.KPIs, err = describedKPIs(); err != nil {
		return c, err
	}
	seeds, err := describedSeeds()
	if err != nil {
		return c, err
	}
	c.Tables = slices.Concat(describedContracts(), describedReference(), seeds, describedModels(graph))
	c.Checks, err = describedChecks()
	return c, err
}

// describedKPIs are the lines of the catalogue with the targets a new project has.
func describedKPIs() ([]docs.KPI, error) {
	rules, err := explain.ReadRules(ddhsql.Seeds())
	if err != nil {
		return nil, err
	}
	targets, err := defaultTargets()
	if err != nil {
		return nil, err
	}
	file, err := ddhsql.Seeds().Open("kpis.csv")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := records(file)
	if err != nil {
		return nil, fmt.Errorf("the KPI catalogue: %w", err)
	}
	all := make([]docs.KPI, 0, len(rows))
	for _, r := range rows {
		k := docs.KPI{
			ID: r["kpi"], Label: r["label"], Definition: r["definition"], Formula: r["formula"], Unit: reports.Unit(r["unit"]),
			Direction: r["direction"], Exclusions: rules.Reasons(r["kpi"]), Citizen: strings.Fields(r["citizen_groupings"]),
			Agent: strings.Fields(r["agent_groupings"]), Within: strings.Fields(r["municipality_groupings"]),
		}
		if target, ok := targets[k.ID]; ok {
			k.Target = &target
		}
		all = append(all, k)
	}
	return all, nil
}

// defaultTargets are those that `ddh init` writes.
func defaultTargets() (map[string]float64, error) {
	rows, err := records(strings.NewReader(reference.Template()["targets.csv"]))
	if err != nil {
		return nil, fmt.Errorf("targets.csv: %w", err)
	}
	targets := map[string]float64{}
	for _, r := range rows {
		if targets[r["kpi"]], err = strconv.ParseFloat(r["target"], 64); err != nil {
			return nil, fmt.Errorf("targets.csv: %w", err)
		}
	}
	return targets, nil
}

// records reads a CSV file as one map per row.
func records(r io.Reader) ([]map[string]string, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	all := make([]map[string]string, 0, len(rows)-1)
	for _, cells := range rows[1:] {
		record := map[string]string{}
		for i, name := range rows[0] {
			record[name] = cells[i]
		}
		all = append(all, record)
	}
	return all, nil
}

// treatments say what happens to a source's column before it is written.
var treatments = map[etl.Treatment]string{
	etl.Pseudonym: "only a keyed pseudonym is written",
	etl.Number:    "a number that is no citizen's, in clear",
	etl.Masked:    "the last four digits are masked",
	etl.Scrub:     "CPR numbers, phone numbers and addresses are masked",
	etl.Drop:      "never written",
}

func describedContracts() []docs.Table {
	var all []docs.Table
	for _, t := range tables() {
		d := docs.Table{
			Schema: "raw", Name: strings.TrimPrefix(t.RawName(), "raw."),
			Doc:   fmt.Sprintf("Table %s of %s, contract version %d.", t.Name, t.Owner, t.Version),
			Build: "loaded; a later delivery replaces whole keys",
			Grain: strings.Join(slices.Concat(t.Replace.Key, t.Replace.Row), ", "),
		}
		for _, c := range t.Columns {
			note := treatments[c.Treat]
			if c.Choose != nil {
				note = "treated row by row: a citizen's number is never in clear"
			}
			d.Columns = append(d.Columns, docs.Column{Name: c.Name, Unit: c.Type.String(), Text: c.Doc, Note: note})
		}
		all = append(all, d)
	}
	return all
}

func describedReference() []docs.Table {
	var all []docs.Table
	templates := reference.Template()
	for _, name := range reference.Files() {
		header, _, _ := strings.Cut(templates[name+".csv"], "\n")
		d := docs.Table{Schema: "reference", Name: name, Doc: "The file " + name + ".csv of the reference folder."}
		for _, column := range strings.Split(strings.TrimSpace(header), ",") {
			d.Columns = append(d.Columns, docs.Column{Name: column, Unit: "-"})
		}
		all = append(all, d)
	}
	return append(all,
		docs.Table{Schema: "reference", Name: "municipality_spellings", Doc: "Every name and code by which a source may call a municipality."},
		docs.Table{Schema: "reference", Name: "settings", Doc: "The matching rules of ddh.toml: what counts as short, as in time, as the same call.", Grain: "one row"},
		docs.Table{Schema: "reference", Name: "release", Doc: "The run and program version that the figures are made by.", Grain: "one row"},
	)
}

func describedSeeds() ([]docs.Table, error) {
	texts := map[string]string{
		"kpis":           "The KPI catalogue: every label, definition and formula that is printed anywhere.",
		"unknown_kinds":  "The kinds of what ddh unknown lists: label, effect on the figures, reference file.",
		"kpi_calls":      "Which rows each KPI's numerator and denominator add up: what ddh explain lists.",
		"kpi_exclusions": "Why a row does not count, in the order in which the reasons are asked.",
		"municipalities": "Denmark's municipalities with region and population.",
		"t_quantiles":    "Quantiles of Student's t for the intervals of means.",
	}
	files, err := fs.Glob(ddhsql.Seeds(), "*.csv")
	if err != nil {
		return nil, err
	}
	var all []docs.Table
	for _, file := range files {
		text, err := fs.ReadFile(ddhsql.Seeds(), file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(file, ".csv")
		d := docs.Table{Schema: "seeds", Name: name, Doc: texts[name]}
		header, _, _ := strings.Cut(string(text), "\n")
		for _, column := range strings.Split(header, ",") {
			d.Columns = append(d.Columns, docs.Column{Name: column, Unit: "-"})
		}
		all = append(all, d)
	}
	return all, nil
}

func describedModels(graph *model.Graph) []docs.Table {
	var all []docs.Table
	for _, m := range graph.Models() {
		d := docs.Table{
			Schema: m.Schema, Name: m.Name, Doc: m.Doc, Build: m.Build.String(), Grain: strings.Join(m.Grain, ", "),
			Reads: graph.Reads(m.FullName()),
		}
		if m.OneRow {
			d.Grain = "one row"
		}
		for _, c := range m.Columns {
			d.Columns = append(d.Columns, docs.Column{Name: c.Name, Unit: c.Unit, Text: c.Text})
		}
		for _, c := range m.Checks {
			d.Checks = append(d.Checks, docs.Check{Text: c.Expr, Warns: c.Severity == model.SeverityWarn})
		}
		all = append(all, d)
	}
	return all
}

// describedChecks are the free-standing checks with the prose of their headers.
func describedChecks() ([]docs.Check, error) {
	files, err := fs.Glob(ddhsql.Checks(), "*.sql")
	if err != nil {
		return nil, err
	}
	var all []docs.Check
	for _, file := range files {
		text, err := fs.ReadFile(ddhsql.Checks(), file)
		if err != nil {
			return nil, err
		}
		check := docs.Check{Name: strings.TrimSuffix(file, ".sql")}
		var prose []string
		for line := range strings.Lines(string(text)) {
			comment, isComment := strings.CutPrefix(strings.TrimSpace(line), "--")
			comment = strings.TrimSpace(comment)
			switch {
			case !isComment:
			case strings.HasPrefix(comment, "@severity"):
				check.Warns = strings.Contains(comment, string(model.SeverityWarn))
			case !strings.HasPrefix(comment, "@"):
				prose = append(prose, comment)
			}
		}
		check.Text = strings.Join(prose, " ")
		all = append(all, check)
	}
	return all, nil
}
