package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (a *app) doctorCommand() *cobra.Command {
	var source string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine configuration, folders and sources, and say what to do",
		Long: `Look at everything a run needs, without changing anything: the configuration, secrets,
reference files, folders and disk, the warehouse, and each source: the way to it, its
certificate, login, permissions, tables and columns, its clock, and one row of each
table. Each fault comes with what to do about it. Exit code 1 when there is one.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd.Context(), source) },
	}
	cmd.Flags().StringVar(&source, "source", "", "look at this source only")
	a.jsonFlag(cmd)
	return cmd
}

// finding is the JSON of one thing that was looked at.
type finding struct {
	Part  string `json:"part"` // "project", or the source
	What  string `json:"what"`
	OK    bool   `json:"ok"`
	Found string `json:"found"`
	Try   string `json:"try,omitempty"`
}

// errIll ends an examination that found faults; what they are has been said.
var errIll = errors.New("something is wrong; see above")

func (a *app) doctor(ctx context.Context, only string) error {
	findings, err := a.examine(ctx, only)
	if err != nil {
		return err
	}
	ill := false
	for i, f := range findings {
		ill = ill || !f.OK
		findings[i].Found, findings[i].Try = config.Mask(f.Found), config.Mask(f.Try)
	}
	if a.json {
		if err := a.printJSON(findings); err != nil {
			return err
		}
	} else {
		a.printFindings(findings)
	}
	if ill {
		return errIll
	}
	return nil
}

func (a *app) printFindings(findings []finding) {
	part := ""
	for _, f := range findings {
		if f.Part != part {
			part = f.Part
			a.printf("%s\n", part)
		}
		mark := "ok   "
		if !f.OK {
			mark = "FAULT"
		}
		a.printf("  %s %s: %s\n", mark, f.What, f.Found)
		if f.Try != "" {
			a.printf("        Try: %s\n", f.Try)
		}
	}
}

// examine looks at the project and its sources. What needs a readable configuration
// ends with a configuration that is not.
func (a *app) examine(ctx context.Context, only string) ([]finding, error) {
	p, err := a.readProject()
	if err != nil {
		return nil, err
	}
	if err := p.knows(only); err != nil {
		return nil, err
	}
	all := []finding{{Part: "project", What: "configuration", OK: true, Found: p.config.Path + " can be read"}}
	note := func(what string, found string, err error) {
		f := finding{Part: "project", What: what, OK: err == nil, Found: found}
		if err != nil {
			f.Found, f.Try = err.Error(), remedy(err)
		}
		all = append(all, f)
	}
	key, err := p.key()
	note("pseudonym key", "it can be read", err)
	if key != nil {
		data, err := p.reference(key)
		note("reference files", p.config.ReferenceDir+" can be read and holds no contradiction", err)
		for _, m := range data.missing {
			all = append(all, finding{Part: "project", What: "reference file", Found: m.String(), Try: m.Try})
		}
	}
	found, err := p.examineDisk()
	note("data folder", found, err)
	found, err = p.examineWarehouse(ctx)
	note("warehouse", found, err)
	for _, s := range p.config.Sources {
		if only == "" || s.Name == only {
			all = append(all, p.examineSource(ctx, s, key)...)
		}
	}
	return all, ctx.Err()
}

// leastDisk is the space on disk below which a run could fail: a rebuild keeps a
// second warehouse beside the first.
const leastDisk = 5 << 30

func (p *project) examineDisk() (string, error) {
	if err := p.prepareDataDir(); err != nil {
		return "", &failure{err, "let the user that runs ddh write there"}
	}
	probe, err := os.CreateTemp(p.config.DataDir, ".doctor-*")
	if err != nil {
		return "", &failure{err, "let the user that runs ddh write there"}
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return "", err
	}
	free, err := freeSpace(p.config.DataDir)
	if err != nil {
		return "", fmt.Errorf("see how much space %s has: %w", p.config.DataDir, err)
	}
	if free < leastDisk {
		return "", &failure{
			fmt.Errorf("%s has %.1f GB left", p.config.DataDir, float64(free)/1e9), "make room, or move data_dir to a larger disk",
		}
	}
	return fmt.Sprintf("%s can be written to and has %.0f GB left", p.config.DataDir, float64(free)/1e9), nil
}

// examineWarehouse opens the warehouse if it is there, and the published copy.
func (p *project) examineWarehouse(ctx context.Context) (string, error) {
	if _, err := os.Stat(p.config.WarehousePath()); errors.Is(err, os.ErrNotExist) {
		return "there is none yet; the first run makes it", nil
	}
	w, err := warehouse.Open(ctx, p.warehouseOptions("doctor"))
	var locked *warehouse.LockedError
	switch {
	case errors.As(err, &locked):
		return "it is in use: " + locked.Error(), nil
	case err != nil:
		return "", &failure{err, "ddh rebuild makes it anew from the landing"}
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return "it can be opened; nothing is published yet", nil
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("it can be opened; %s of %s is published", filepath.Base(published.Path), clockTime(published.At, p.config.Timezone)), db.Close()
}

// examineTime is the longest that looking at one source may take.
const examineTime = 2 * time.Minute

func (p *project) examineSource(ctx context.Context, s config.Source, key *privacy.Key) []finding {
	part := fmt.Sprintf("source %s (%s)", s.Name, s.Kind)
	made := &sources{project: p, setup: sourceSetup{key: key}}
	defer func() { _ = made.close() }() // it was only looked at
	patient, err := made.patient(s)
	if err != nil {
		return []finding{{Part: part, What: "configuration", Found: err.Error(), Try: remedy(err)}}
	}
	ctx, cancel := context.WithTimeout(ctx, examineTime)
	defer cancel()
	var all []finding
	for _, e := range patient.Examine(ctx) {
		all = append(all, finding{Part: part, What: e.What, OK: e.OK, Found: e.Found, Try: e.Try})
	}
	return all
}

// patient is what can be examined of a source: the folder, or the system behind it.
func (m *sources) patient(s config.Source) (etl.Patient, error) {
	if s.Kind != config.Folder {
		feed, _, err := m.feed(s)
		if err != nil {
			return nil, err
		}
		return feed.(etl.Patient), nil
	}
	source, err := m.source(s)
	if err != nil {
		return nil, err
	}
	return source.(etl.Patient), nil
}
