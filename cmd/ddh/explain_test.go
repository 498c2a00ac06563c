package main

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/explain"
	"github.com/den-digitale-hotline/ddh/reports/figures"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// TestEveryFigureIsTheSumOfItsCalls holds the rules of kpi_calls.csv against the
// models: for every KPI, grouping and perspective the rows behind a published figure
// add up to its numerator and denominator, and every row that does not count has a
// reason. Figures of the many small groups (municipalities, agents, guides) are sampled.
func TestEveryFigureIsTheSumOfItsCalls(t *testing.T) {
	t.Parallel()
	dir := simulated(t, simulate.Options{
		From: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC),
		CallsPerYear: 4000, Seed: 11,
	})
	db := published(t, dir)
	rules, err := explain.ReadRules(ddhsql.Seeds())
	if err != nil {
		t.Fatal(err)
	}
	quarter, err := reports.ParsePeriod("2026K3")
	if err != nil {
		t.Fatal(err)
	}
	asked := publishedRows(t, db, quarter)
	seen := map[string]bool{}
	for _, f := range asked {
		seen[f.query.KPI] = true
		counted, err := explain.Count(context.Background(), db, rules, f.query, f.row)
		if err != nil {
			t.Errorf("%s by %s %s (%s, %s): %v", f.query.KPI, f.query.By, f.query.Key, f.query.Perspective, f.query.Municipality, err)
			continue
		}
		excluded := int64(0)
		for _, x := range counted.Excluded {
			excluded += x.Rows
		}
		if counted.Rows != counted.Included+excluded {
			t.Errorf("%s by %s %s: %d rows, but %d counted and %d excluded",
				f.query.KPI, f.query.By, f.query.Key, counted.Rows, counted.Included, excluded)
		}
	}
	known, err := kpiIDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, kpi := range known {
		if !seen[kpi] {
			t.Errorf("no figure of %s was compared", kpi)
		}
	}
	t.Logf("%d figures of %d KPIs compared", len(asked), len(known))
	t.Run("listed calls", func(t *testing.T) { listedCallsAddUp(t, db, rules, asked) })
}

type askedFigure struct {
	query explain.Query
	row   figures.Row
}

// sampled is how many figures of the small groupings one stands for: a prime, so that
// every KPI and grouping has its turn.
const sampled = 101

// publishedRows are the figures of a period that are looked at: all of the large
// groupings, a sample of the others.
func publishedRows(t *testing.T, db *sql.DB, p reports.Period) []askedFigure {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `
		select kpi, grouping, key, perspective, municipality_code, label, value, numerator, denominator, n, status
		from marts.kpi_values
		where period = ?
		order by kpi, grouping, perspective, key, municipality_code`, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	large := []string{"total", "network", "region"}
	var all []askedFigure
	for n := 0; rows.Next(); n++ {
		f := askedFigure{query: explain.Query{Period: p}}
		q, r := &f.query, &f.row
		err := rows.Scan(&q.KPI, &q.By, &q.Key, &q.Perspective, &q.Municipality, &r.Label, &r.Value, &r.Numerator, &r.Denominator, &r.N, &r.Status)
		if err != nil {
			t.Fatal(err)
		}
		if q.Municipality == "all" {
			q.Municipality = ""
		}
		if slices.Contains(large, q.By) || n%sampled == 0 {
			all = append(all, f)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// listedCallsAddUp lists the calls behind the whole's figures and adds them up by
// hand, quantiles included.
func listedCallsAddUp(t *testing.T, db *sql.DB, rules explain.Rules, asked []askedFigure) {
	for _, f := range asked {
		if f.query.By != "total" {
			continue
		}
		q := f.query
		q.Calls = true
		e, err := explain.Read(context.Background(), db, rules, q, f.row, explain.Lineage{})
		if err != nil {
			t.Errorf("%s: %v", q.KPI, err)
			continue
		}
		var numerator, denominator float64
		var waits, calledBack []float64
		for _, c := range e.Calls {
			numerator += orZero(c.Numerator)
			denominator += orZero(c.Denominator)
			waits = append(waits, orZero(c.WaitSeconds))
			calledBack = append(calledBack, orZero(c.CalledBack))
		}
		if f.row.Numerator != nil && *f.row.Numerator != numerator {
			t.Errorf("%s %s: the calls' numerators add up to %v, want %v", q.KPI, q.Perspective, numerator, *f.row.Numerator)
		}
		if f.row.Denominator != nil && q.KPI != "calls_per_1000_inhabitants" && *f.row.Denominator != denominator {
			t.Errorf("%s %s: the calls' denominators add up to %v, want %v", q.KPI, q.Perspective, denominator, *f.row.Denominator)
		}
		if q.KPI == "callback_wait_seconds_median" {
			waits = calledBack
		}
		share := map[string]float64{
			"wait_seconds_median": 0.5, "wait_seconds_p90": 0.9, "wait_seconds_max": 1, "callback_wait_seconds_median": 0.5,
		}[q.KPI]
		if share > 0 && f.row.Value != nil {
			if got := quantile(waits, share); math.Abs(got-*f.row.Value) > 1e-9 {
				t.Errorf("%s %s: the calls' waits give %v, want %v", q.KPI, q.Perspective, got, *f.row.Value)
			}
		}
		if strings.HasPrefix(q.KPI, "satisfaction_") != slices.ContainsFunc(e.Calls, func(c explain.Call) bool { return c.Score != nil }) {
			t.Errorf("%s: scores are listed with figures of satisfaction, and with no others", q.KPI)
		}
	}
}

func orZero(x *int64) float64 {
	if x == nil {
		return 0
	}
	return float64(*x)
}

// quantile interpolates linearly between the two nearest values.
func quantile(values []float64, share float64) float64 {
	slices.Sort(values)
	at := share * float64(len(values)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(values)-1)
	return values[low] + (at-float64(low))*(values[high]-values[low])
}
