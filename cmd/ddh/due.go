package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// errNothingDue ends a run before it begins: another process did the work while this
// one waited for the lock.
var errNothingDue = errors.New("nothing is due any more")

// runDue runs what is due now and says so.
func (a *app) runDue(ctx context.Context) error {
	p, err := a.readProject()
	if err != nil {
		return err
	}
	left, err := p.readStatus()
	if err != nil {
		a.warnf("%v; the warehouse will tell what is due", err)
	}
	due := schedule.Due(a.now(), p.config.Scheduled(), left.history())
	if len(due) == 0 {
		a.sayNothingDue(p, left)
		return nil
	}
	line := p.dueLine("run --due", due, func(due []schedule.Slot) {
		a.printf("Due: %s\n", slotList(due))
	})
	line.progress = a.progress()
	err = a.execute(ctx, line)
	if errors.Is(err, errNothingDue) {
		if left, err = p.readStatus(); err == nil {
			a.sayNothingDue(p, left)
		}
	}
	return err
}

func (a *app) sayNothingDue(p *project, left statusFile) {
	next, ok := schedule.Next(a.now(), p.config.Scheduled(), left.history())
	if !ok {
		a.printf("Nothing is scheduled in %s.\n", p.config.Path)
		return
	}
	a.printf("Nothing is due; next comes %s at %s.\n", next.Job, clockTime(next.At, p.config.Timezone))
}

// slotList names jobs with their reasons.
func slotList(slots []schedule.Slot) string {
	var all []string
	for _, s := range slots {
		all = append(all, s.String())
	}
	return strings.Join(all, ", ")
}

// dueLine is one run of what is due. What was found without the lock is looked at
// again with it: told hears what is really done.
func (p *project) dueLine(command string, asked []schedule.Slot, told func([]schedule.Slot)) *pipeline {
	line := &pipeline{project: p, command: command}
	line.account.settle = func(ctx context.Context, w *warehouse.Warehouse, run *account) error {
		due, err := p.settle(ctx, w, asked)
		if err != nil {
			return err
		}
		run.trigger = warehouse.Scheduled
		for _, s := range due {
			run.jobs = append(run.jobs, s.Job)
			if s.Missed {
				run.trigger = warehouse.CatchUp
			}
		}
		told(due)
		return nil
	}
	return line
}

// settle are those of the slots that are due by the warehouse's own history. Where
// none is, the status file was behind, and is put right.
func (p *project) settle(ctx context.Context, w *warehouse.Warehouse, asked []schedule.Slot) ([]schedule.Slot, error) {
	attempts, err := w.Attempts(ctx)
	if err != nil {
		return nil, err
	}
	var recorded statusFile
	for _, a := range attempts {
		recorded.Attempts = append(recorded.Attempts, newAttemptStatus(a))
	}
	due := schedule.Due(p.app.now(), p.config.Scheduled(), recorded.history())
	due = slices.DeleteFunc(due, func(d schedule.Slot) bool {
		return !slices.ContainsFunc(asked, func(s schedule.Slot) bool { return s.Job == d.Job })
	})
	if len(due) > 0 {
		return due, nil
	}
	left, err := p.readStatus()
	if err != nil {
		left = statusFile{} // it is beyond reading, and is written anew
	}
	if err := p.replaceStatus(ctx, w, left); err != nil {
		return nil, fmt.Errorf("write the status: %w", err)
	}
	return nil, errNothingDue
}
