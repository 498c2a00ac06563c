package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// demoMark tells a folder that a demo made, which the next demo may replace.
const demoMark = ".ddh-demo"

type demoFlags struct {
	dir, from, to string
	seed          uint64
	calls         int
	live          bool
}

func (a *app) demoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Simulate a hotline and run the whole job on it",
		Long: `Simulate a hotline, write its raw data as drop-folder files, and run the real job on
them: pull, land, load, build, check, publish. What is left is an ordinary project
folder in which every other command works, with the simulator's truth beside it.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.dir, "dir", "demo", "folder of the demo; an earlier demo there is replaced")
	cmd.Flags().StringVar(&f.from, "from", "2025-07-01", "first day")
	cmd.Flags().StringVar(&f.to, "to", "2026-09-30", "last day")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "one seed is one history")
	cmd.Flags().IntVar(&f.calls, "calls-per-year", simulate.DefaultCallsPerYear, "inbound calls a year")
	cmd.Flags().BoolVar(&f.live, "live", false, "pull from simulated systems over the network instead of folders")
	return cmd
}

func (a *app) demo(ctx context.Context, f demoFlags) error {
	from, err := time.Parse(time.DateOnly, f.from)
	if err != nil {
		return usagef("--from %q is not a date like 2025-07-01", f.from)
	}
	to, err := time.Parse(time.DateOnly, f.to)
	if err != nil {
		return usagef("--to %q is not a date like 2026-09-30", f.to)
	}
	if to.Before(from) {
		return usagef("--to %s is before --from %s", f.to, f.from)
	}
	if f.calls < 1 {
		return usagef("--calls-per-year %d is less than one", f.calls)
	}
	if err := clearDemo(f.dir); err != nil {
		return err
	}
	a.notBefore(to.AddDate(0, 0, 1))
	a.printf("A simulated hotline, %s to %s, seed %d. All people, numbers and texts are invented.\n\n", f.from, f.to, f.seed)
	show := a.progress()
	watch := show.begin("simulate")
	summary, err := simulate.Run(ctx, simulate.Options{
		Dir: f.dir, From: from, To: to, Seed: f.seed, CallsPerYear: f.calls, Watch: watch,
	})
	if err != nil {
		return err
	}
	var rows int64
	for _, n := range summary.Rows {
		rows += n
	}
	show.done("%d calls on %d days, %d raw rows", summary.Calls, summary.Days, rows)
	err = newProject(f.dir, config.New{Simulated: true, Contact: "Statistikgruppen i Den Digitale Hotline (demo)"})
	if err != nil {
		return err
	}
	a.config = filepath.Join(f.dir, config.FileName)
	var warned error
	if f.live {
		warned = a.runLive(ctx, f.dir, from, to, show)
		a.config = filepath.Join(f.dir, config.FileName) // the systems are gone
	}
	p, err := a.readProject()
	if err != nil {
		return err
	}
	if !f.live {
		warned = a.execute(ctx, &pipeline{project: p, command: "demo", progress: show})
	}
	if warned != nil && !errors.Is(warned, errWarnings) {
		return warned
	}
	return a.demoResult(ctx, p, show)
}

// notBefore lets the clock go on from a later time where it shows an earlier one: what
// is simulated has happened, whatever the machine's clock says.
func (a *app) notBefore(end time.Time) {
	if ahead := end.Sub(a.now()); ahead > 0 {
		now := a.now
		a.now = func() time.Time { return now().Add(ahead) }
	}
}

// clearDemo makes room for a demo: in an empty or new folder, or in place of an
// earlier demo, never over anything else.
func clearDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &usageError{err: err}
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(dir, demoMark)); err != nil {
			return &usageError{
				err: fmt.Errorf("%s is not empty and not an earlier demo; it is left alone", dir),
				try: "ddh demo --dir another-folder",
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, demoMark), []byte("Made by ddh demo, which may replace this folder.\n"), 0o644)
}

// demoResult writes the leader reports and shows the three KPIs.
func (a *app) demoResult(ctx context.Context, p *project, show *progress) error {
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return err
	}
	defer db.Close()
	quarter, err := a.lastClosedQuarter(ctx, db)
	var none *usageError
	if errors.As(err, &none) {
		a.printf("\nNo quarter is closed in this demo; see ddh kpi --config %s --period …\n", a.config)
		return nil
	}
	if err != nil {
		return err
	}
	show.begin("reports")
	written, err := p.leaderReports(ctx, reportFlags{period: quarter.Key, all: true})
	if err != nil {
		return err
	}
	show.done("%d leader workbooks", len(written))
	if err := a.threeKPIs(ctx, db, quarter); err != nil {
		return err
	}
	a.printf("\nWritten to %s:\n", filepath.Dir(p.config.Path))
	for _, line := range [][2]string{
		{rel(p, published.Path), "the figures as readers see them: ddh kpi --config " + a.config},
		{rel(p, p.config.FeedDir), fmt.Sprintf("the Power BI feed, %d tables as Parquet and CSV", feedTables(p))},
		{rel(p, p.config.ReportDir), fmt.Sprintf("%d leader workbooks", len(written))},
		{"truth", "what the simulator knows to be true"},
	} {
		a.printf("  %-45s %s\n", line[0], line[1])
	}
	return nil
}

// rel is a path as seen from the project folder.
func rel(p *project, path string) string {
	base, err := filepath.Abs(filepath.Dir(p.config.Path))
	if err != nil {
		return path
	}
	if r, err := filepath.Rel(base, path); err == nil {
		return r
	}
	return path
}

// feedTables counts the feed's Parquet files.
func feedTables(p *project) int {
	files, err := filepath.Glob(filepath.Join(p.config.FeedDir, "v*", "*.parquet"))
	if err != nil {
		return 0
	}
	return len(files)
}

var threeKPIs = []string{"wait_seconds_mean", "first_contact_resolution", "satisfaction_mean"}

// threeKPIs shows a quarter's three KPIs against target and the quarter before.
func (a *app) threeKPIs(ctx context.Context, db figures.DB, quarter reports.Period) error {
	now, err := figures.Read(ctx, db, figures.Query{Period: quarter, By: "total", Perspective: "citizen", KPIs: threeKPIs})
	if err != nil {
		return err
	}
	before, err := figures.Read(ctx, db, figures.Query{Period: quarter.Previous(), By: "total", Perspective: "citizen", KPIs: threeKPIs})
	if err != nil {
		return err
	}
	earlier := map[string]string{}
	for _, r := range before.Rows {
		earlier[r.KPI] = printed(r.Value, r.Unit)
	}
	a.printf("\nHele DDH, %s\n", quarter.Label())
	t := a.table("Nøgletal", "Værdi", "Mål", "Status", quarter.Previous().Label(), "n")
	for _, r := range now.Rows {
		t.row(r.Name, printed(r.Value, r.Unit), printed(r.Target, r.Unit), statusWord(r),
			orMissing(earlier[r.KPI]), observations(r))
	}
	if err := t.print(); err != nil {
		return err
	}
	for _, line := range legend(now.Rows) {
		a.printf("%s\n", line)
	}
	a.footnote(now.DataUntil, now.Simulated)
	return nil
}

func orMissing(s string) string {
	if s == "" {
		return reports.Missing
	}
	return s
}
