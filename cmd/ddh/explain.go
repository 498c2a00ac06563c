package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/explain"
	"github.com/den-digitale-hotline/ddh/reports/figures"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

type explainFlags struct {
	period, by, key, perspective, municipality, agent, sort string
	calls                                                   bool
	limit                                                   int
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain KPI",
		Short: "Say why a figure is what it is, down to the calls behind it",
		Long: `Say why a figure is what it is: the definition in force, numerator and denominator,
what was left out and why, what the reference files do not know, the models and
deliveries it rests on. --calls lists the calls behind it, without who called; what
they add up to is the figure's numerator and denominator. The list is for those who
keep the statistics: for satisfaction it holds single scores. --sort puts the calls in the
order of a number, with - in front of it the largest first: -wait finds the outlier.`,
		Example: `  ddh explain wait_seconds_mean --period 2026K3
  ddh explain first_contact_resolution --period 2026K3 --municipality 0316 --calls --limit 20
  ddh explain wait_seconds_max --period 2026K3 --calls --sort -wait --limit 5
  ddh explain satisfaction_mean --period 2026-10 --agent 17
  ddh explain calls_offered --period 2026K3 --by network --key Nord --json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.explain(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.period, "period", "", "2026K3, 2026-10, 2026 or 2026-01-01..2026-03-31 (default: the last closed quarter)")
	cmd.Flags().StringVar(&f.municipality, "municipality", "", "four-digit code: that municipality, or its part of a group")
	cmd.Flags().StringVar(&f.agent, "agent", "", "an agent's number")
	cmd.Flags().StringVar(&f.by, "by", "", "any other grouping: "+strings.Join(figures.Groupings, ", "))
	cmd.Flags().StringVar(&f.key, "key", "", "the group of --by, as ddh kpi --format csv names it")
	cmd.Flags().StringVar(&f.perspective, "perspective", "", "citizen or agent (default: citizen, for agents agent)")
	cmd.Flags().BoolVar(&f.calls, "calls", false, "list the calls behind the figure")
	cmd.Flags().StringVar(&f.sort, "sort", "", "list them by a number, as wait, callback_wait, talk or handling; -wait: the longest first")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "list at most so many calls (default: all)")
	a.jsonFlag(cmd)
	return cmd
}

func (a *app) explain(ctx context.Context, kpi string, f explainFlags) error {
	q, err := f.query(kpi)
	if err != nil {
		return err
	}
	explanation, err := a.explanation(ctx, q, f)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(explanation)
	}
	return a.printExplanation(explanation)
}

// query makes one group of the flags.
func (f explainFlags) query(kpi string) (explain.Query, error) {
	q := explain.Query{
		KPI: kpi, By: f.by, Key: f.key, Perspective: f.perspective, Municipality: f.municipality, Calls: f.calls, Limit: f.limit, Sort: f.sort,
	}
	switch {
	case f.limit < 0:
		return q, usagef("--limit %d is less than nothing", f.limit)
	case f.sort != "" && !f.calls:
		return q, usagef("--sort %s wants the calls that are to be sorted: add --calls", f.sort)
	case f.agent != "" && (f.by != "" && f.by != "agent" || f.key != ""):
		return q, usagef("--agent names the group; leave --by and --key out")
	case f.agent != "":
		q.By, q.Key = "agent", f.agent
	case (f.by == "" || f.by == "municipality") && f.key == "" && f.municipality != "":
		q.By, q.Key, q.Municipality = "municipality", f.municipality, ""
	case f.by == "" && f.key == "" || f.by == "total" && f.key == "":
		q.By, q.Key = "total", "total"
	case f.key == "":
		return q, usagef("--by %s wants the group: name it with --key", f.by)
	case f.by == "":
		return q, usagef("--key %s wants the grouping: name it with --by", f.key)
	}
	if q.Perspective == "" {
		q.Perspective = figures.DefaultPerspective(q.By)
	}
	return q, nil
}

// explanation reads the figure as ddh kpi tells it, and what is behind it.
func (a *app) explanation(ctx context.Context, q explain.Query, f explainFlags) (explain.Explanation, error) {
	figure, period, err := a.figure(ctx, q, f.period)
	if err != nil {
		return explain.Explanation{}, err
	}
	q.Period = period
	rules, err := explain.ReadRules(ddhsql.Seeds())
	if err != nil {
		return explain.Explanation{}, err
	}
	lineage, err := figureLineage(ctx)
	if err != nil {
		return explain.Explanation{}, err
	}
	p, err := a.readProject()
	if err != nil {
		return explain.Explanation{}, err
	}
	db, _, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return explain.Explanation{}, err
	}
	defer db.Close()
	explanation, err := explain.Read(ctx, db, rules, q, figure, lineage)
	return explanation, asUsage(err)
}

// figure finds the asked figure among those of its grouping.
func (a *app) figure(ctx context.Context, q explain.Query, period string) (figures.Row, reports.Period, error) {
	flags := kpiFlags{
		period: period, by: q.By, perspective: q.Perspective, kpis: []string{q.KPI}, municipality: q.Municipality,
	}
	if q.By == "municipality" {
		flags.municipality = q.Key
	}
	answer, err := a.figures(ctx, flags)
	if err != nil {
		return figures.Row{}, reports.Period{}, err
	}
	parsed, err := reports.ParsePeriod(answer.Period)
	if err != nil {
		return figures.Row{}, reports.Period{}, err
	}
	at := slices.IndexFunc(answer.Rows, func(r figures.Row) bool { return r.Key == q.Key })
	if at < 0 {
		return figures.Row{}, reports.Period{}, &usageError{
			err: fmt.Errorf("there is no figure %s for %s %q in %s, %s's perspective", q.KPI, q.By, q.Key, answer.Period, q.Perspective),
			try: fmt.Sprintf("ddh kpi --period %s --by %s --perspective %s --format csv", answer.Period, q.By, q.Perspective),
		}
	}
	return answer.Rows[at], parsed, nil
}
