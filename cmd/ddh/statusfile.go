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
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/schedule"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// keptRuns is how many runs the status file remembers.
const keptRuns = 20

// statusFile is what the last run left for readers, which must not wait for the
// warehouse: a writer locks every reader out.
type statusFile struct {
	Runs        []runStatus     `json:"runs"`     // newest first
	Attempts    []attemptStatus `json:"attempts"` // as warehouse.Attempts lists them
	Quarantined int64           `json:"quarantined"`
	Troubles    []string        `json:"troubles"` // what stopped the newest run, and all warnings that stand
	Notices     []string        `json:"notices"`  // worth knowing and no fault
	Unknown     int64           `json:"unknown"`  // values that were not recognised and are not accepted
	// Refused are the lines of what each source had that was refused when it was last
	// pulled from.
	Refused map[string][]string `json:"refused,omitempty"`
}

type runStatus struct {
	ID      string            `json:"run"`
	Command string            `json:"command"`
	Trigger warehouse.Trigger `json:"trigger"`
	Started time.Time         `json:"started_at"`
	Ended   time.Time         `json:"ended_at"`
	Status  warehouse.Status  `json:"status"`
	Message string            `json:"message"`
	Counts  map[string]int64  `json:"counts"`
}

func newRunStatus(r warehouse.Run) runStatus {
	return runStatus{
		ID: r.ID, Command: r.Command, Trigger: r.Trigger, Started: r.Started, Ended: r.Ended,
		Status: r.Status, Message: r.Message, Counts: r.Counts,
	}
}

type attemptStatus struct {
	Job     string           `json:"job"`
	Run     string           `json:"run"`
	Started time.Time        `json:"started_at"`
	Ended   time.Time        `json:"ended_at"`
	Status  warehouse.Status `json:"status"`
	Message string           `json:"message"`
	Out     bool             `json:"is_out"` // the whole run succeeded
}

func newAttemptStatus(a warehouse.Attempt) attemptStatus {
	return attemptStatus{
		Job: a.Job, Run: a.Run, Started: a.Started, Ended: a.Ended, Status: a.Status, Message: a.Message, Out: a.Out,
	}
}

// history is what the schedule goes by.
func (s statusFile) history() schedule.History {
	var all []schedule.Attempt
	for _, a := range s.Attempts {
		all = append(all, schedule.Attempt{Job: a.Job, Started: a.Started})
	}
	return schedule.Recorded(all)
}

func (p *project) statusPath() string { return filepath.Join(p.config.DataDir, "status.json") }

// readStatus is what the last run left; empty before the first.
func (p *project) readStatus() (statusFile, error) {
	var s statusFile
	text, err := os.ReadFile(p.statusPath())
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("%s: %w", p.statusPath(), err)
	}
	return s, nil
}

// writeStatus is the last thing a run does.
func (p *pipeline) writeStatus(ctx context.Context, w *warehouse.Warehouse) error {
	runs, err := w.Runs(ctx, keptRuns)
	if err != nil {
		return err
	}
	if err := p.countKilled(ctx, w, runs); err != nil {
		return err
	}
	troubles := p.outcome.troubles()
	for i, t := range troubles {
		troubles[i] = config.Mask(t)
	}
	if err := p.writeRuns(ctx, w, runs, troubles); err != nil {
		return err
	}
	quarantined, err := w.Quarantine(ctx, warehouse.QuarantineFilter{})
	if err != nil {
		return err
	}
	s := statusFile{Quarantined: int64(len(quarantined)), Troubles: troubles, Refused: p.outcome.refused, Unknown: p.outcome.lasting.unknown, Notices: p.outcome.lasting.drift}
	for _, r := range runs {
		s.Runs = append(s.Runs, newRunStatus(r))
	}
	return p.project.replaceStatus(ctx, w, s)
}

// replaceStatus writes the status file with the attempts that the warehouse has.
func (p *project) replaceStatus(ctx context.Context, w *warehouse.Warehouse, s statusFile) error {
	attempts, err := w.Attempts(ctx)
	if err != nil {
		return err
	}
	s.Attempts = nil
	for _, a := range attempts {
		s.Attempts = append(s.Attempts, newAttemptStatus(a))
	}
	return replaceFile(p.statusPath(), private, func(out io.Writer) error { return encode(out, s) })
}

// encode writes indented JSON.
func encode(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// stillRefused is what the last run left of what was refused, of sources that are still
// configured.
func (p *project) stillRefused(left statusFile) map[string][]string {
	refused := map[string][]string{}
	for _, s := range p.config.Sources {
		if lines := left.Refused[s.Name]; len(lines) > 0 {
			refused[s.Name] = lines
		}
	}
	return refused
}
