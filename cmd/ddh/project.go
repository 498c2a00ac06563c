package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/reference"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// project is one configuration and everything that is made from it.
type project struct {
	app    *app
	config config.Config
}

// readProject reads the configuration: all that a reading command needs.
func (a *app) readProject() (*project, error) {
	c, faults := config.Load(a.config)
	if len(faults) > 0 {
		return nil, &faultsError{faults}
	}
	return &project{app: a, config: c}, nil
}

// knows refuses the name of a source that the configuration does not have; "" is all.
func (p *project) knows(source string) error {
	if _, ok := p.config.Source(source); source != "" && !ok {
		return usagef("there is no source %q in %s", source, p.config.Path)
	}
	return nil
}

// tables are all contracts the program knows.
func tables() []etl.Table {
	return slices.Concat(puzzel.Tables(), survey.Tables(), sbnu.Tables())
}

// referenceData is what the reference folder holds, and what it lacks.
type referenceData struct {
	relations []etl.Relation
	missing   []reference.Missing
}

// reference reads the reference files into what the warehouse keeps of them.
func (p *project) reference(key *privacy.Key) (referenceData, error) {
	file, err := ddhsql.Seeds().Open("municipalities.csv")
	if err != nil {
		return referenceData{}, err
	}
	defer file.Close()
	municipalities, err := reference.ReadMunicipalities(file)
	if err != nil {
		return referenceData{}, err
	}
	kpis, err := kpiIDs()
	if err != nil {
		return referenceData{}, err
	}
	shares, err := kpiIDs("share")
	if err != nil {
		return referenceData{}, err
	}
	set, faults := reference.Read(os.DirFS(p.config.ReferenceDir), reference.Options{
		Municipalities: municipalities, KPIs: kpis, Shares: shares, Normalise: privacy.Normalise, Pseudonym: key.Pseudonym,
	})
	if len(faults) > 0 {
		for i := range faults {
			faults[i].Origin = filepath.Join(p.config.ReferenceDir, faults[i].Origin)
		}
		return referenceData{}, &faultsError{faults}
	}
	m := p.config.Matching
	settings := reference.Settings{
		ShortAbandon: m.ShortAbandon, SurveyWindow: m.SurveyWindow, SurveyLink: m.SurveyLink,
		GuideGrace: m.GuideGrace, GuideReload: m.GuideReload,
		IsSimulated: p.config.Simulated, Contact: p.config.Contact,
	}
	return referenceData{append(set.Tables(), settings.Table()), set.Missing()}, nil
}

// kpiIDs are the ids of the KPI catalogue, or of its KPIs of some units.
func kpiIDs(units ...string) ([]string, error) {
	file, err := ddhsql.Seeds().Open("kpis.csv")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("the KPI catalogue: %w", err)
	}
	id, unit := slices.Index(rows[0], "kpi"), slices.Index(rows[0], "unit")
	ids := make([]string, 0, len(rows)-1)
	for _, row := range rows[1:] {
		if len(units) == 0 || slices.Contains(units, row[unit]) {
			ids = append(ids, row[id])
		}
	}
	return ids, nil
}

// release is the one row that says what the figures are made by.
func (p *project) release(run string) etl.Relation {
	return etl.Relation{
		Name: "release",
		Columns: []etl.RelationColumn{
			{Name: "run_id", SQL: "varchar"}, {Name: "program_version", SQL: "varchar"},
			{Name: "is_simulated", SQL: "boolean"}, {Name: "contact", SQL: "varchar"},
		},
		Rows:        [][]any{{run, version, p.config.Simulated, p.config.Contact}},
		Fingerprint: run,
	}
}

func (p *project) warehouseOptions(command string) warehouse.Options {
	return warehouse.Options{
		Path: p.config.WarehousePath(), PublishedDir: p.config.PublishedDir(), Schema: ddhsql.Schema(), Tables: tables(),
		Command: command, Now: p.app.now, MemoryLimit: p.config.Limits.Memory,
		Threads: cmp.Or(p.config.Limits.Threads, p.app.threads),
	}
}

// prepareDataDir makes the folder that holds landing, warehouse and read copies.
func (p *project) prepareDataDir() error {
	if err := os.MkdirAll(p.config.DataDir, 0o750); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// faultsError is everything that is wrong with the configuration or the reference
// files, a line each.
type faultsError struct{ faults []etl.Fault }

func (e *faultsError) Error() string {
	lines := make([]string, len(e.faults))
	for i, f := range e.faults {
		lines[i] = faultLine(f)
	}
	return strings.Join(lines, "\n")
}

// As makes configuration faults usage faults.
func (e *faultsError) As(target any) bool {
	usage, ok := target.(**usageError)
	if ok {
		*usage = &usageError{err: errors.New(e.Error())}
	}
	return ok
}

func faultLine(f etl.Fault) string {
	line := f.Error()
	if f.Try != "" {
		line += "\n  Try: " + f.Try
	}
	return line
}
