package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// keptRunFiles is how many runs are kept for `ddh runs`: with a run every quarter of
// an hour, some three weeks.
const keptRunFiles = 2000

// runFile is all there is to tell of one run. It lies beside the warehouse, since
// readers must not wait for it.
type runFile struct {
	runStatus
	Steps    []stepStatus  `json:"steps"`
	Batches  []batchStatus `json:"batches"`
	Troubles []string      `json:"troubles"`
}

type stepStatus struct {
	Name    string           `json:"step"`
	Job     string           `json:"job,omitempty"`
	Started time.Time        `json:"started_at"`
	Seconds float64          `json:"seconds"`
	Status  warehouse.Status `json:"status"`
	Message string           `json:"message"`
	Counts  map[string]int64 `json:"counts"`
}

type batchStatus struct {
	Batch       string `json:"batch"`
	Source      string `json:"source"`
	Table       string `json:"table"`
	Origin      string `json:"origin"`
	Read        int64  `json:"read"`
	Loaded      int64  `json:"loaded"`
	Superseded  int64  `json:"superseded"`
	Quarantined int64  `json:"quarantined"`
	Replaced    int64  `json:"replaced"`
}

func newStepStatus(s warehouse.Step) stepStatus {
	return stepStatus{
		Name: s.Name, Job: s.Job, Started: s.Started, Seconds: s.Ended.Sub(s.Started).Seconds(),
		Status: s.Status, Message: s.Message, Counts: s.Counts,
	}
}

func (p *project) runsDir() string { return filepath.Join(p.config.DataDir, "runs") }

func (p *project) runPath(id string) string { return filepath.Join(p.runsDir(), id+".json") }

// writeRuns writes the file of this run, and of those before it that have none since
// they were killed.
func (p *pipeline) writeRuns(ctx context.Context, w *warehouse.Warehouse, runs []warehouse.Run, troubles []string) error {
	if err := os.MkdirAll(p.project.runsDir(), 0o750); err != nil {
		return fmt.Errorf("make the folder of runs: %w", err)
	}
	for _, r := range runs {
		path := p.project.runPath(r.ID)
		if _, err := os.Stat(path); err == nil && r.ID != p.run {
			continue
		}
		f, err := readRun(ctx, w, r)
		if err != nil {
			return err
		}
		if r.ID == p.run {
			f.Troubles, f.Batches = troubles, p.batches(f.Batches)
			p.logRun(f)
		}
		if err := replaceFile(path, private, func(out io.Writer) error { return encode(out, f) }); err != nil {
			return err
		}
	}
	return p.project.pruneRuns()
}

// countKilled gives runs that were killed, and so left no counts, those of the batches
// that they had landed, but for what this run loaded itself. What an earlier run found
// out of them stands.
func (p *pipeline) countKilled(ctx context.Context, w *warehouse.Warehouse, runs []warehouse.Run) error {
	for i, r := range runs {
		if r.Status != warehouse.Interrupted || len(r.Counts) > 0 {
			continue
		}
		if f, err := p.project.readRunFile(r.ID); err == nil {
			runs[i].Counts = f.Counts
			continue
		}
		batches, err := w.RunBatches(ctx, r.ID)
		if err != nil {
			return err
		}
		var before outcome
		for _, b := range batches {
			if p.hasLoaded(b.Batch) {
				continue
			}
			before.loaded = append(before.loaded, warehouse.Loaded{Read: b.Read, Loaded: b.Loaded, Superseded: b.Superseded})
			before.quarantined += b.Quarantined
		}
		runs[i].Counts = before.loadCounts()
	}
	return nil
}

// hasLoaded tells whether this run itself loaded a batch.
func (p *pipeline) hasLoaded(batch string) bool {
	return slices.ContainsFunc(p.outcome.loaded, func(l warehouse.Loaded) bool { return l.Batch.ID == batch && !l.Known })
}

// readRun is what the warehouse knows of a run.
func readRun(ctx context.Context, w *warehouse.Warehouse, r warehouse.Run) (runFile, error) {
	f := runFile{runStatus: newRunStatus(r), Steps: []stepStatus{}, Batches: []batchStatus{}}
	steps, err := w.Steps(ctx, r.ID)
	if err != nil {
		return f, err
	}
	for _, s := range steps {
		f.Steps = append(f.Steps, newStepStatus(s))
	}
	batches, err := w.RunBatches(ctx, r.ID)
	if err != nil {
		return f, err
	}
	for _, b := range batches {
		f.Batches = append(f.Batches, batchStatus(b))
	}
	return f, nil
}

// batches adds those that this run loaded although another had landed them.
func (p *pipeline) batches(landed []batchStatus) []batchStatus {
	for _, l := range p.outcome.loaded {
		if l.Known || slices.ContainsFunc(landed, func(b batchStatus) bool { return b.Batch == l.Batch.ID }) {
			continue
		}
		landed = append(landed, batchStatus{
			Batch: l.Batch.ID, Source: l.Batch.Source, Table: l.Batch.Table.Name, Origin: l.Batch.Origin,
			Read: l.Read, Loaded: l.Loaded, Superseded: l.Superseded, Quarantined: l.Quarantined, Replaced: l.Replaced,
		})
	}
	slices.SortFunc(landed, func(a, b batchStatus) int { return strings.Compare(a.Batch, b.Batch) })
	return landed
}

// runIDs are the runs that are kept, newest first.
func (p *project) runIDs() ([]string, error) {
	entries, err := os.ReadDir(p.runsDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the runs: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids, nil
}

// pruneRuns removes the oldest files.
func (p *project) pruneRuns() error {
	ids, err := p.runIDs()
	if err != nil {
		return err
	}
	for _, id := range ids[min(keptRunFiles, len(ids)):] {
		if err := os.Remove(p.runPath(id)); err != nil {
			return fmt.Errorf("remove an old run: %w", err)
		}
	}
	return nil
}

// readRunFile reads one run.
func (p *project) readRunFile(id string) (runFile, error) {
	var f runFile
	text, err := os.ReadFile(p.runPath(id))
	if err != nil {
		return f, fmt.Errorf("read run %s: %w", id, err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("read run %s: %w", id, err)
	}
	return f, nil
}
