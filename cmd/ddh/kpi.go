package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/figures"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

type kpiFlags struct {
	period, by, perspective, municipality, format string
	kpis                                          []string
}

func (a *app) kpiCommand() *cobra.Command {
	var f kpiFlags
	cmd := &cobra.Command{
		Use:   "kpi",
		Short: "Show KPIs of a period, by any group",
		Long: `Show KPIs of a period from the published copy, with numerator, denominator,
interval, target and status. Every figure is grouped by the citizen's or by the
agent's municipality: --perspective says which.`,
		Example: `  ddh kpi --period 2026K3
  ddh kpi --period 2026K3 --by municipality --kpi wait_seconds_mean,first_contact_resolution
  ddh kpi --period 2026-01-01..2026-03-31 --by agent --municipality 0316 --format csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.kpi(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.period, "period", "", "2026K3, 2026-10, 2026 or 2026-01-01..2026-03-31 (default: the last closed quarter)")
	cmd.Flags().StringVar(&f.by, "by", "total", strings.Join(figures.Groupings, ", "))
	cmd.Flags().StringVar(&f.perspective, "perspective", "", "citizen or agent (default: citizen, for agents agent)")
	cmd.Flags().StringSliceVar(&f.kpis, "kpi", nil, "KPI ids, comma-separated (default: all)")
	cmd.Flags().StringVar(&f.municipality, "municipality", "", "four-digit code: that municipality, or its part of a group")
	cmd.Flags().StringVar(&f.format, "format", "table", "table, json or csv")
	a.jsonFlag(cmd)
	return cmd
}

func (a *app) kpi(ctx context.Context, f kpiFlags) error {
	if a.json {
		f.format = "json"
	}
	if !slices.Contains([]string{"table", "json", "csv"}, f.format) {
		return usagef("there is no format %q; there are table, json and csv", f.format)
	}
	answer, err := a.figures(ctx, f)
	if err != nil {
		return err
	}
	switch f.format {
	case "json":
		return a.printJSON(answer)
	case "csv":
		return a.kpiCSV(answer)
	}
	return a.kpiTable(answer)
}

// figures answers the flags from the published copy, for a free range by working
// its figures out in memory.
func (a *app) figures(ctx context.Context, f kpiFlags) (figures.Answer, error) {
	q := figures.Query{By: f.by, Perspective: f.perspective, KPIs: f.kpis, Municipality: f.municipality}
	if q.Perspective == "" {
		q.Perspective = figures.DefaultPerspective(q.By)
	}
	if err := q.Validate(); err != nil {
		return figures.Answer{}, asUsage(err)
	}
	p, err := a.readProject()
	if err != nil {
		return figures.Answer{}, err
	}
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return figures.Answer{}, err
	}
	defer db.Close()
	if q.Period, err = p.period(ctx, db, f.period); err != nil {
		return figures.Answer{}, err
	}
	calendar, finished := q.Period.Calendar()
	if !finished {
		return freeRange(ctx, published.Path, q)
	}
	asked := q.Period
	q.Period = calendar
	answer, err := figures.Read(ctx, db, q)
	answer.Period = asked.Key
	return answer, asUsage(err)
}

// asUsage marks a refused question as the user's to mend.
func asUsage(err error) error {
	var refusal *figures.Refusal
	if errors.As(err, &refusal) {
		return &usageError{err: err, try: refusal.Try}
	}
	return err
}

// period reads --period; empty means the last closed quarter. A period that lies in
// the future is refused: an empty answer would look like a quiet one.
func (p *project) period(ctx context.Context, db *sql.DB, text string) (reports.Period, error) {
	if text == "" {
		return p.app.lastClosedQuarter(ctx, db)
	}
	period, err := reports.ParsePeriod(text)
	if err != nil {
		return reports.Period{}, &usageError{err: err}
	}
	if period.From.Format(time.DateOnly) > p.today() {
		return reports.Period{}, &usageError{
			err: fmt.Errorf("the period %s lies in the future: today is %s", period.Key, p.today()),
			try: "a period that has begun; without --period, it is the last closed quarter",
		}
	}
	return period, nil
}

// today is the date on the hotline's clocks.
func (p *project) today() string { return p.app.now().In(p.config.Timezone).Format(time.DateOnly) }

// lastClosedQuarter is the newest quarter with calls whose last day is behind us.
func (a *app) lastClosedQuarter(ctx context.Context, db *sql.DB) (reports.Period, error) {
	var key sql.NullString
	err := db.QueryRowContext(ctx, `
		select max(v.period)
		from marts.kpi_values as v
		cross join marts.dim_data as d
		where v.period_kind = 'quarter' and v.grouping = 'total'
			and (v.period_to <= cast(d.data_until as date) or v.period_to < cast(? as date))`,
		a.now().Format("2006-01-02")).Scan(&key)
	if err != nil {
		return reports.Period{}, fmt.Errorf("find the last closed quarter: %w", err)
	}
	if !key.Valid {
		return reports.Period{}, usagef("no quarter is closed yet; name a period with --period")
	}
	return reports.ParsePeriod(key.String)
}

// freeRange works out the figures of a range that is no month, quarter or year.
func freeRange(ctx context.Context, path string, q figures.Query) (figures.Answer, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return figures.Answer{}, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return figures.Answer{}, err
	}
	defer conn.Close()
	attach := "set TimeZone = 'Europe/Copenhagen'; attach '" + strings.ReplaceAll(path, "'", "''") + "' as published (read_only)"
	if _, err := conn.ExecContext(ctx, attach); err != nil {
		return figures.Answer{}, fmt.Errorf("open %s: %w", path, err)
	}
	statements, err := rangeStatements()
	if err != nil {
		return figures.Answer{}, err
	}
	if err := figures.Prepare(ctx, conn, "published", q.Period, statements); err != nil {
		return figures.Answer{}, err
	}
	answer, err := figures.Read(ctx, conn, q)
	return answer, asUsage(err)
}

// rangeStatements are the warehouse's own models for the figures of a period.
func rangeStatements() ([]figures.Statement, error) {
	models, err := model.Load(ddhsql.Models())
	if err != nil {
		return nil, err
	}
	statements := make([]figures.Statement, len(figures.RangeModels))
	for i, name := range figures.RangeModels {
		at := slices.IndexFunc(models, func(m model.Model) bool { return m.Schema == "marts" && m.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("there is no model marts.%s", name)
		}
		statements[i] = figures.Statement{Name: name, SQL: models[at].Whole()}
	}
	return statements, nil
}

func (a *app) kpiTable(answer figures.Answer) error {
	a.printf("%s, %s\n", answer.Period, perspectiveLabel(answer.Perspective))
	t := a.table("Gruppe", "Nøgletal", "Værdi", "95 %-interval", "n", "Mål", "Status")
	for _, r := range answer.Rows {
		t.row(groupLabel(r), r.Name, printed(r.Value, r.Unit), interval(r),
			observations(r), printed(r.Target, r.Unit), statusWord(r))
	}
	if err := t.print(); err != nil {
		return err
	}
	if len(answer.Rows) == 0 {
		a.printf("Ingen tal for denne periode.\n")
	}
	for _, line := range legend(answer.Rows) {
		a.printf("%s\n", line)
	}
	if p, err := reports.ParsePeriod(answer.Period); err == nil && a.now().Before(p.To.AddDate(0, 0, 1)) {
		a.printf("Foreløbige tal: perioden er ikke slut.\n")
	}
	a.footnote(answer.DataUntil, answer.Simulated)
	return nil
}

// The marks of figures that are not to be compared with the others.
const partialMark, uncertainMark = "(delvis)", "(usikker)"

// groupLabel names a figure's group and says where it was a member for a part of the
// period only.
func groupLabel(r figures.Row) string {
	if r.IsPartial {
		return r.Label + " " + partialMark
	}
	return r.Label
}

// observations is a figure's n, marked where it is too small to be certain.
func observations(r figures.Row) string {
	n := reports.Integer(float64(r.N))
	if r.IsUncertain {
		return n + " " + uncertainMark
	}
	return n
}

// legend explains the marks that stand beside figures, a line each.
func legend(rows []figures.Row) []string {
	var lines []string
	if slices.ContainsFunc(rows, func(r figures.Row) bool { return r.IsPartial }) {
		lines = append(lines, partialMark+": kommunen var kun medlem i en del af perioden.")
	}
	if slices.ContainsFunc(rows, func(r figures.Row) bool { return r.IsUncertain }) {
		lines = append(lines, fmt.Sprintf("%s: tallet er usikkert, fordi n er under %d.", uncertainMark, reports.SmallestCertain))
	}
	if slices.ContainsFunc(rows, func(r figures.Row) bool { return r.IsTargetUncertain }) {
		lines = append(lines, "◆ usikkert: målet ligger inden for tallets 95 %-interval.")
	}
	return lines
}

func (a *app) footnote(until string, simulated bool) {
	if at, err := time.Parse("2006-01-02T15:04:05", until); err == nil {
		a.printf("Data til og med %s.\n", reports.DateTime(at))
	}
	if simulated {
		a.printf("Simulerede data.\n")
	}
}

func (a *app) kpiCSV(answer figures.Answer) error {
	w := csv.NewWriter(a.stdout)
	records := [][]string{{
		"period", "by", "perspective", "key", "label", "kpi", "value", "numerator", "denominator",
		"n", "lower", "upper", "target", "status", "expected_lower", "expected_upper", "expected",
		"is_partial", "is_uncertain", "is_target_uncertain",
	}}
	for _, r := range answer.Rows {
		records = append(records, []string{
			answer.Period, answer.By, answer.Perspective, r.Key, r.Label, r.KPI, plain(r.Value), plain(r.Numerator),
			plain(r.Denominator), strconv.FormatInt(r.N, 10), plain(r.Lower), plain(r.Upper), plain(r.Target), r.Status,
			plain(r.ExpectedLower), plain(r.ExpectedUpper), orEmpty(r.Expected),
			strconv.FormatBool(r.IsPartial), strconv.FormatBool(r.IsUncertain), strconv.FormatBool(r.IsTargetUncertain),
		})
	}
	return w.WriteAll(records)
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func plain(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

// printed is a figure in Danish.
func printed(x *float64, unit string) string {
	if x == nil {
		return reports.Missing
	}
	decimals := map[string]int{"share": 1, "score": 2, "hours": 1, "per_1000": 1, "per_call": 2}[unit]
	return reports.Number(*x, reports.Format{Unit: reports.Unit(unit), Decimals: decimals}).String()
}

func interval(r figures.Row) string {
	if r.Lower == nil || r.Upper == nil {
		return reports.Missing
	}
	return printed(r.Lower, r.Unit) + " - " + printed(r.Upper, r.Unit)
}

func perspectiveLabel(p string) string {
	if p == "agent" {
		return "efter medarbejderens kommune"
	}
	return "efter borgerens kommune"
}

// statusWord says how a figure stands against its target; where that lies inside the
// figure's interval, that nobody can tell.
func statusWord(r figures.Row) string {
	if r.IsTargetUncertain {
		return "◆ usikkert"
	}
	return map[string]string{
		"met": "● opfyldt", "missed": "▲ ikke opfyldt", "no_target": "", "no_data": "ingen data", "suppressed": "vises ikke",
	}[r.Status]
}
