package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// keptRuns is how many runs the status file remembers.
const keptRuns = 20

// statusFile is what the last run left for `ddh status`, which must not wait for
// the warehouse: a writer locks every reader out.
type statusFile struct {
	Runs        []runStatus `json:"runs"` // newest first
	Quarantined int64       `json:"quarantined"`
	Troubles    []string    `json:"troubles"` // of the newest run
}

type runStatus struct {
	ID      string           `json:"run"`
	Command string           `json:"command"`
	Started time.Time        `json:"started_at"`
	Ended   time.Time        `json:"ended_at"`
	Status  warehouse.Status `json:"status"`
	Message string           `json:"message"`
	Counts  map[string]int64 `json:"counts"`
}

// statusReport is the JSON of `ddh status`.
type statusReport struct {
	statusFile
	PublishedRun string     `json:"published_run"`
	PublishedAt  *time.Time `json:"published_at"`
	DataUntil    string     `json:"data_until"`
	Simulated    bool       `json:"is_simulated"`
	MissedDays   int        `json:"missed_open_days"` // open days after data_until that are over
	Stale        bool       `json:"is_stale"`
}

func (p *project) statusPath() string { return filepath.Join(p.config.DataDir, "status.json") }

// writeStatus is the last thing a run does.
func (p *pipeline) writeStatus(ctx context.Context, w *warehouse.Warehouse) error {
	runs, err := w.Runs(ctx, keptRuns)
	if err != nil {
		return err
	}
	s := statusFile{Troubles: p.outcome.troubles()}
	for _, r := range runs {
		s.Runs = append(s.Runs, runStatus{
			ID: r.ID, Command: r.Command, Started: r.Started, Ended: r.Ended, Status: r.Status, Message: r.Message, Counts: r.Counts,
		})
	}
	quarantined, err := w.Quarantine(ctx, warehouse.QuarantineFilter{})
	if err != nil {
		return err
	}
	s.Quarantined = int64(len(quarantined))
	return replaceFile(p.project.statusPath(), func(out io.Writer) error {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(s)
	})
}

func (a *app) statusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what ran, what wants a look and how fresh the figures are",
		Long: `Show the last runs, what they left to look at and how fresh the published figures
are. Figures are stale, exit code 13, when a whole open day has passed since the
newest call; simulated figures never are.`,
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
	var r statusReport
	text, err := os.ReadFile(p.statusPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return r, err
	default:
		if err := json.Unmarshal(text, &r.statusFile); err != nil {
			return r, fmt.Errorf("%s: %w", p.statusPath(), err)
		}
	}
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	defer db.Close()
	r.PublishedRun, r.PublishedAt = published.Run, &published.At
	return r, p.freshness(ctx, db, &r)
}

// freshness counts the open days that are over and brought no call.
func (p *project) freshness(ctx context.Context, db *sql.DB, r *statusReport) error {
	today := p.app.now().In(p.config.Timezone).Format(time.DateOnly)
	err := db.QueryRowContext(ctx, `
		select coalesce(strftime(p.data_until, '%Y-%m-%dT%H:%M:%S'), ''), p.is_simulated, count(d.date)
		from marts.dim_data as p
		left join marts.dim_date as d
			on d.date > cast(p.data_until as date) and d.date < cast(? as date) and d.open_minutes > 0
		group by p.data_until, p.is_simulated`, today).Scan(&r.DataUntil, &r.Simulated, &r.MissedDays)
	if err != nil {
		return fmt.Errorf("read how fresh the figures are: %w", err)
	}
	r.Stale = r.MissedDays > 0 && !r.Simulated
	return nil
}

// printStatus shows times in the hotline's zone, as the calls' are.
func (a *app) printStatus(r statusReport, zone *time.Location) error {
	if r.PublishedAt == nil {
		a.printf("Nothing has been published yet.\n")
	} else {
		a.printf("Published: run %s at %s\n", r.PublishedRun, r.PublishedAt.In(zone).Format("2006-01-02 15:04"))
		a.footnote(r.DataUntil, r.Simulated)
		if r.Stale {
			a.printf("STALE: %d open days have passed without a call.\n", r.MissedDays)
		}
	}
	if r.Quarantined > 0 {
		a.printf("%d rows in quarantine (ddh quarantine list)\n", r.Quarantined)
	}
	for _, t := range r.Troubles {
		a.printf("! %s\n", t)
	}
	if len(r.Runs) == 0 {
		return nil
	}
	a.printf("\n")
	t := a.table("Run", "Command", "Started", "Took", "Status", "Rows read", "Loaded", "Quarantined")
	for _, run := range r.Runs {
		took := "-"
		if !run.Ended.IsZero() {
			took = run.Ended.Sub(run.Started).Round(time.Second).String()
		}
		t.row(run.ID, run.Command, run.Started.In(zone).Format("2006-01-02 15:04"), took, string(run.Status),
			fmt.Sprint(run.Counts["read"]), fmt.Sprint(run.Counts["loaded"]), fmt.Sprint(run.Counts["quarantined"]))
	}
	return t.print()
}
