package main

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (a *app) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Stay and run what is due as it becomes due",
		Long: `Stay, and run sources and jobs as the schedules of the configuration say. What is due
follows from the history of runs: after a stop, each job catches up once. The warehouse
is locked only while a run is under way; other commands work in between, and readers
at all times. The configuration is read again before each run. SIGTERM and SIGINT end
a run at the next consistent point, and serve with it, with exit code 0.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context()) },
	}
}

// server is the present project and what was last said of its configuration.
type server struct {
	app     *app
	log     *slog.Logger
	project *project
	fault   string // of the configuration as it is now; "" where there is none
	left    string // fault of the status file
}

func (a *app) serve(ctx context.Context) error {
	p, err := a.readProject()
	if err != nil {
		return err
	}
	a.serving = true
	s := &server{app: a, log: a.logger(), project: p}
	jobs, history := s.look()
	if next, ok := schedule.Next(a.now(), jobs, history); ok {
		s.log.Info("serving", "next", next.Job, "at", next.At.In(p.config.Timezone))
	} else {
		s.log.Warn("serving, but no source or job has a schedule", "config", p.config.Path)
	}
	schedule.Loop{Now: a.now, Sleep: a.pause, Look: s.look, Run: s.run}.Serve(ctx)
	s.log.Info("stopped")
	return nil
}

// look reads the configuration and the history again. A broken configuration is told
// once and leaves the last good one in force.
func (s *server) look() ([]schedule.Job, schedule.History) {
	fault := ""
	if p, err := s.app.readProject(); err != nil {
		fault = err.Error()
	} else {
		s.project = p
	}
	switch {
	case fault == s.fault:
	case fault == "":
		s.log.Info("the configuration can be read again")
	default:
		s.log.Error("the configuration is broken; the last good one stays in force", "fault", fault)
	}
	s.fault = fault
	return s.project.config.Scheduled(), s.history()
}

// history is what the last run left. Where that cannot be read everything seems due,
// and the warehouse is asked before anything runs.
func (s *server) history() schedule.History {
	left, err := s.project.readStatus()
	told := ""
	if err != nil {
		told = err.Error()
	}
	if told != s.left && told != "" {
		s.log.Error("the status cannot be read; the warehouse is asked", "fault", told)
	}
	s.left = told
	return left.history()
}

// run is one run. Its trouble is told, and the loop goes on.
func (s *server) run(ctx context.Context, due []schedule.Slot) {
	line := s.project.dueLine("serve", due, func(due []schedule.Slot) {
		s.log.Debug("run begins", "due", slotList(due))
	})
	line.progress = &progress{out: io.Discard, now: s.app.now}
	err := line.execute(ctx)
	var locked *warehouse.LockedError
	switch {
	case errors.Is(err, errNothingDue):
		s.log.Debug("nothing is due any more")
	case ctx.Err() != nil && err != nil:
		s.log.Info("the run was interrupted; the next goes on from the last whole step", "run", line.run)
	case errors.As(err, &locked):
		s.log.Warn("the warehouse is in use; tried again later", "holder", locked.Holder.Command, "pid", locked.Holder.PID,
			"host", locked.Holder.Host, "since", locked.Holder.Since)
	case err != nil:
		s.log.Error("the run failed", "run", line.run, "due", slotList(due), "error", oneLine(err.Error()), "try", remedy(err))
		s.warn(line)
	default:
		s.warn(line)
	}
}

// warn tells what wants a look after a run.
func (s *server) warn(line *pipeline) {
	for _, warning := range line.outcome.warnings() {
		s.log.Warn(oneLine(warning), "run", line.run)
	}
}
