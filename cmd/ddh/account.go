package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// account is what a run was asked to do and the notes it takes for its history. The
// zero value is a run by hand of every source.
type account struct {
	trigger warehouse.Trigger // "" is by hand
	jobs    []string          // sources to pull and other jobs to do; nil: every source
	// settle, where set, decides under the lock what is to be done. Its error ends
	// the run before it has begun.
	settle func(ctx context.Context, w *warehouse.Warehouse, run *account) error

	now   func() time.Time
	begun time.Time
	steps []warehouse.Step
}

// open is called when the lock is held and before the run begins.
func (a *account) open(ctx context.Context, w *warehouse.Warehouse, now func() time.Time) error {
	a.now, a.begun = now, now()
	if a.settle == nil {
		return nil
	}
	return a.settle(ctx, w, a)
}

// wants reports whether a job that is no source is to be done.
func (a *account) wants(job string) bool { return slices.Contains(a.jobs, job) }

// step notes the beginning of a step; what it returns is called at its end.
func (a *account) step(name, job string) func(counts map[string]int64, err error) {
	s := warehouse.Step{Name: name, Job: job, Started: a.now()}
	return func(counts map[string]int64, err error) {
		s.Ended, s.Counts, s.Status = a.now(), counts, warehouse.OK
		switch {
		case errors.Is(err, context.Canceled):
			s.Status, s.Message = warehouse.Interrupted, "interrupted"
		case err != nil:
			s.Status, s.Message = warehouse.Failed, config.Mask(strings.TrimSpace(err.Error()))
		case counts["refused"]+counts["rejected"]+counts["held"]+counts["quarantined"]+counts["notices"] > 0:
			s.Status = warehouse.Warnings
		}
		a.steps = append(a.steps, s)
	}
}

// pull is step for a source.
func (a *account) pull(source string) func(etl.Pulled, error) {
	ended := a.step("pull:"+source, source)
	return func(p etl.Pulled, err error) {
		counts := map[string]int64{"batches": int64(len(p.Batches)), "known": int64(len(p.Known)), "refused": int64(len(p.Faults))}
		for _, b := range p.Batches {
			counts["read"] += b.Counts.Read
			counts["rejected"] += b.Counts.Rejected
			counts["notices"] += int64(len(b.Drift.Notices))
		}
		ended(counts, err)
	}
}

// closed are the run's steps for its history. A job that the run was asked for and
// that has no step of its own shares the run's fate: it counts as tried.
func (a *account) closed(failed error) []warehouse.Step {
	for _, job := range a.jobs {
		if slices.ContainsFunc(a.steps, func(s warehouse.Step) bool { return s.Job == job }) {
			continue
		}
		s := warehouse.Step{Name: job, Job: job, Started: a.begun, Ended: a.now(), Status: warehouse.OK}
		if failed != nil {
			s.Status, s.Message = warehouse.Failed, "not reached: the run failed before"
		}
		a.steps = append(a.steps, s)
	}
	return a.steps
}
