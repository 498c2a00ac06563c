// Package figures reads KPIs from a published read copy: the one way in which the
// command line asks for a figure. It divides nothing and knows no rule; what it
// returns is what marts.kpi_values says, also for a free range of days, for which
// the same models run once over that range (Prepare).
package figures

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// Groupings are what figures can be told by, in the order in which help lists them.
var Groupings = []string{
	"total", "municipality", "network", "region", "agent", "guide", "queue", "topic", "transfer_number",
}

// Perspectives say whose figure it is: the citizen's municipality or the agent's.
var Perspectives = []string{"citizen", "agent"}

// DefaultPerspective is the perspective of a grouping when none is asked for:
// agents only exist in their own.
func DefaultPerspective(grouping string) string {
	if grouping == "agent" {
		return "agent"
	}
	return "citizen"
}

// Query asks for figures.
type Query struct {
	Period       reports.Period
	By           string   // one of Groupings
	Perspective  string   // one of Perspectives
	KPIs         []string // ids; empty for all
	Municipality string   // four digits: that municipality only, or its part of a group; "" for all
}

// Answer is the JSON of `ddh kpi` (DESIGN §5). Dates are ISO; DataUntil is the wall
// clock of the newest call.
type Answer struct {
	Period      string `json:"period"`
	From        string `json:"from"`
	To          string `json:"to"`
	By          string `json:"by"`
	Perspective string `json:"perspective"`
	DataUntil   string `json:"data_until"`
	Simulated   bool   `json:"is_simulated"`
	Rows        []Row  `json:"rows"`
}

// Row is one figure. Nil means there is none: a count has no denominator, a
// quantile no numerator, a suppressed figure no value, and only shares and means of
// agents and municipalities, of at least five observations, have an expected range:
// "inside", "above" or "below" what chance alone explains.
type Row struct {
	Key         string   `json:"key"`
	Label       string   `json:"label"`
	KPI         string   `json:"kpi"`
	Value       *float64 `json:"value"`
	Numerator   *float64 `json:"numerator"`
	Denominator *float64 `json:"denominator"`
	N           int64    `json:"n"`
	Lower       *float64 `json:"lower"`
	Upper       *float64 `json:"upper"`
	Target      *float64 `json:"target"`
	Status      string   `json:"status"`

	ExpectedLower *float64 `json:"expected_lower"`
	ExpectedUpper *float64 `json:"expected_upper"`
	Expected      *string  `json:"expected"`

	IsPartial   bool `json:"is_partial"`   // the municipality was a member for a part of the period only
	IsUncertain bool `json:"is_uncertain"` // rests on too few observations, see reports.Value.From
	// IsTargetUncertain says that the target lies inside the 95 % interval, so that
	// status met or missed is not certain.
	IsTargetUncertain bool `json:"is_target_uncertain"`

	Name string `json:"-"` // the KPI's Danish name
	Unit string `json:"-"` // the KPI's unit
}

// DB is what figures are read from: a published copy, or the scratch database that
// Prepare filled.
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Read answers a query. The period must be one that marts.kpi_values holds, or the
// one that Prepare worked out. A question that has no answer is a *Refusal.
func Read(ctx context.Context, db DB, q Query) (Answer, error) {
	if err := q.Validate(); err != nil {
		return Answer{}, err
	}
	if err := checkKPIs(ctx, db, q.KPIs); err != nil {
		return Answer{}, err
	}
	if err := checkMunicipality(ctx, db, q.Municipality); err != nil {
		return Answer{}, err
	}
	a := Answer{
		Period: q.Period.Key, From: q.Period.From.Format("2006-01-02"), To: q.Period.To.Format("2006-01-02"),
		By: q.By, Perspective: q.Perspective, Rows: []Row{},
	}
	err := db.QueryRowContext(ctx, `
		select coalesce(strftime(data_until, '%Y-%m-%dT%H:%M:%S'), ''), is_simulated from marts.dim_data`).
		Scan(&a.DataUntil, &a.Simulated)
	if err != nil {
		return Answer{}, fmt.Errorf("read what the figures rest on: %w", err)
	}
	where, args := q.conditions()
	rows, err := db.QueryContext(ctx, `
		select v.key, v.label, v.kpi, v.value, v.numerator, v.denominator, v.n, v.lower, v.upper, v.target, v.status,
			v.expected_lower, v.expected_upper, v.expected, k.label, k.unit,
			coalesce(m.is_partial, false) as is_partial
		from marts.kpi_values as v
		join marts.dim_kpi as k on v.kpi = k.kpi
		left join marts.dim_period_membership as m
			on v.period = m.period
			and case v.grouping when 'municipality' then v.key else v.municipality_code end = m.municipality_code
		where `+where+`
		order by v.key = 'unknown', v.key, k.sort_order`, args...)
	if err != nil {
		return Answer{}, fmt.Errorf("read figures: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Key, &r.Label, &r.KPI, &r.Value, &r.Numerator, &r.Denominator, &r.N,
			&r.Lower, &r.Upper, &r.Target, &r.Status, &r.ExpectedLower, &r.ExpectedUpper, &r.Expected, &r.Name, &r.Unit,
			&r.IsPartial); err != nil {
			return Answer{}, fmt.Errorf("read figures: %w", err)
		}
		if r.Value != nil {
			r.IsUncertain = reports.Number(*r.Value, reports.Format{Unit: reports.Unit(r.Unit)}).From(r.N).Uncertain
		}
		if r.Lower != nil && r.Upper != nil && r.Target != nil && (r.Status == "met" || r.Status == "missed") {
			r.IsTargetUncertain = reports.Sample{Lower: *r.Lower, Upper: *r.Upper}.Holds(*r.Target)
		}
		a.Rows = append(a.Rows, r)
	}
	return a, rows.Err()
}

// conditions are the query's WHERE clause and its arguments.
func (q Query) conditions() (string, []any) {
	where := []string{"v.period = ?", "v.grouping = ?", "v.perspective = ?"}
	args := []any{q.Period.Key, q.By, q.Perspective}
	switch {
	case q.Municipality == "":
		where = append(where, "v.municipality_code = 'all'")
	case q.By == "municipality":
		where = append(where, "v.key = ?", "v.municipality_code = 'all'")
		args = append(args, q.Municipality)
	default:
		where = append(where, "v.municipality_code = ?")
		args = append(args, q.Municipality)
	}
	if len(q.KPIs) > 0 {
		where = append(where, "v.kpi in (?"+strings.Repeat(", ?", len(q.KPIs)-1)+")")
		for _, k := range q.KPIs {
			args = append(args, k)
		}
	}
	return strings.Join(where, " and "), args
}
