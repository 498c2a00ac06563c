package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// statusReport is the JSON of `ddh status`.
type statusReport struct {
	Runs         []runStatus `json:"runs"` // newest first
	Jobs         []jobStatus `json:"jobs"` // sources and jobs, as configured
	Quarantined  int64       `json:"quarantined"`
	Troubles     []string    `json:"troubles"` // what stopped the newest run, and all warnings that stand
	Notices      []string    `json:"notices"`  // worth knowing and no fault
	Unknown      int64       `json:"unknown"`  // values that were not recognised: ddh unknown
	PublishedRun string      `json:"published_run"`
	PublishedAt  *time.Time  `json:"published_at"`
	freshness
}

// jobStatus is how a source or job stands.
type jobStatus struct {
	Job         string         `json:"job"`
	Schedule    string         `json:"schedule"` // "" where it runs only when asked for
	Last        *attemptStatus `json:"last_attempt"`
	LastSuccess *time.Time     `json:"last_success_at"` // when what it had brought was published
	NextDue     *time.Time     `json:"next_due_at"`
	Due         bool           `json:"is_due"`
}

func (a *app) statusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what ran, what is due, what wants a look and how fresh the figures are",
		Long: `Show the last runs, how each source and job stands and when it is due, what wants a
look, and how fresh the published figures are. Figures are stale, exit code 13, when
an opening day's worth of opening time has passed since the newest call, or as much as
stale_after says; simulated figures never are.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.status(cmd.Context()) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *app) status(ctx context.Context) error {
	p, err := a.readProject()
	if err != nil {
		return err
	}
	report, err := p.statusReport(ctx)
	if err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(report)
	} else {
		err = a.printStatus(report, p.config.Timezone)
	}
	if err == nil && report.Stale {
		return errStale
	}
	return err
}

func (p *project) statusReport(ctx context.Context) (statusReport, error) {
	left, err := p.readStatus()
	if err != nil {
		return statusReport{}, err
	}
	r := statusReport{Runs: left.Runs, Jobs: p.jobs(left), Quarantined: left.Quarantined, Troubles: left.Troubles, Notices: left.Notices, Unknown: left.Unknown}
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	defer db.Close()
	r.PublishedRun, r.PublishedAt = published.Run, &published.At
	r.freshness, err = p.readFreshness(ctx, db)
	return r, err
}

// jobs says how each configured source and job stands.
func (p *project) jobs(left statusFile) []jobStatus {
	now, history := p.app.now(), left.history()
	all := []jobStatus{}
	for _, j := range p.config.Scheduled() {
		s := jobStatus{Job: j.Name}
		for _, a := range left.Attempts { // the newest comes last
			if a.Job != j.Name {
				continue
			}
			s.Last = &a
			if a.Out {
				s.LastSuccess = &a.Ended
			}
		}
		if j.Schedule != nil {
			s.Schedule = j.Schedule.String()
		}
		if next, ok := schedule.Next(now, []schedule.Job{j}, history); ok {
			s.NextDue, s.Due = &next.At, !next.At.After(now)
		}
		all = append(all, s)
	}
	return all
}

// printStatus shows times in the hotline's zone, as the calls' are.
func (a *app) printStatus(r statusReport, zone *time.Location) error {
	if r.PublishedAt == nil {
		a.printf("Nothing has been published yet.\n")
	} else {
		a.printf("Published: run %s at %s\n", r.PublishedRun, clockTime(*r.PublishedAt, zone))
		a.footnote(r.DataUntil, r.Simulated)
		a.printFreshness(r.freshness)
	}
	if r.Quarantined > 0 {
		a.printf("%d rows in quarantine (ddh quarantine list)\n", r.Quarantined)
	}
	if r.Unknown > 0 {
		a.printf("%d texts, numbers or codes were not recognised (ddh unknown)\n", r.Unknown)
	}
	for _, n := range r.Notices {
		a.printf("notice: %s\n", n)
	}
	for _, t := range r.Troubles {
		a.printf("! %s\n", t)
	}
	if err := a.printJobs(r, zone); err != nil {
		return err
	}
	if len(r.Runs) == 0 {
		return nil
	}
	a.printf("\n")
	t := a.table("Run", "Command", "Started", "Took", "Status", "Rows read", "Loaded", "Quarantined")
	for _, run := range r.Runs {
		t.row(run.ID, run.Command, clockTime(run.Started, zone), took(run.Started, run.Ended), string(run.Status),
			fmt.Sprint(run.Counts["read"]), fmt.Sprint(run.Counts["loaded"]), fmt.Sprint(run.Counts["quarantined"]))
	}
	return t.print()
}

func (a *app) printFreshness(f freshness) {
	switch {
	case f.Simulated || f.DataUntil == "":
	case f.Stale:
		a.printf("%s\n", f.staleLine())
	default:
		a.printf("Fresh: %s of opening time since the newest call, stale from %s.\n", hours(f.OpenMinutes), hours(f.StaleFrom))
	}
}

func (a *app) printJobs(r statusReport, zone *time.Location) error {
	if len(r.Jobs) == 0 {
		return nil
	}
	a.printf("\n")
	t := a.table("Job", "Schedule", "Last attempt", "Took", "Status", "Last success", "Next due")
	for _, j := range r.Jobs {
		cells := []string{j.Job, "-", "-", "-", "-", "-", "-"}
		if j.Schedule != "" {
			cells[1] = j.Schedule
		}
		if j.Last != nil {
			cells[2], cells[3], cells[4] = clockTime(j.Last.Started, zone), took(j.Last.Started, j.Last.Ended), string(j.Last.Status)
		}
		if j.LastSuccess != nil {
			cells[5] = clockTime(*j.LastSuccess, zone)
		}
		switch {
		case j.Due:
			cells[6] = "now"
		case j.NextDue != nil:
			cells[6] = clockTime(*j.NextDue, zone)
		}
		t.row(cells...)
	}
	if err := t.print(); err != nil {
		return err
	}
	for _, j := range r.Jobs {
		// The newest run's faults are among the troubles above.
		if j.Last != nil && j.Last.Message != "" && (len(r.Runs) == 0 || r.Runs[0].ID != j.Last.Run) {
			a.printf("! %s: %s\n", j.Job, oneLine(j.Last.Message))
		}
	}
	return nil
}
