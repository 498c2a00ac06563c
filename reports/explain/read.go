package explain

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// DB is a published copy.
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reader answers one query.
type reader struct {
	ctx     context.Context
	db      DB
	query   Query
	rule    rule
	reasons []exclusion
	figure  figures.Row
}

func newReader(ctx context.Context, db DB, rules Rules, q Query, figure figures.Row) (reader, error) {
	k, known := rules.rules[q.KPI]
	if !known {
		return reader{}, fmt.Errorf("there is no rule for the KPI %q in kpi_calls.csv", q.KPI)
	}
	return reader{ctx: ctx, db: db, query: q, rule: k, reasons: rules.reasons(k), figure: figure}, nil
}

// Read explains a figure that figures.Read told. The sums of what is counted equal
// the figure's numerator and denominator; where they do not, the copy's models and
// the rules differ, and the error says so.
func Read(ctx context.Context, db DB, rules Rules, q Query, figure figures.Row, lineage Lineage) (Explanation, error) {
	r, err := newReader(ctx, db, rules, q, figure)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{
		KPI: q.KPI, Period: q.Period.Key, By: q.By, Key: q.Key, Group: figure.Label, Perspective: q.Perspective,
		From: q.days()[0].(string), To: q.days()[1].(string), Municipality: q.Municipality, Figure: figure,
	}
	steps := []struct {
		what string
		do   func(*Explanation) error
	}{
		{"the definition", r.definition}, {"the target", r.target}, {"the settings", r.settings},
		{"what is counted", r.counted}, {"the outcomes", r.outcomes}, {"the survey", r.survey},
		{"what is unmapped", r.mapping}, {"the ground", r.ground}, {"the calls", r.calls},
	}
	for _, s := range steps {
		if err := s.do(&e); err != nil {
			return Explanation{}, fmt.Errorf("explain %s: read %s: %w", q.KPI, s.what, err)
		}
	}
	e.Ground.Models = lineage.Models
	tables, err := r.deliveries(lineage.Tables)
	if err != nil {
		return Explanation{}, fmt.Errorf("explain %s: read the deliveries: %w", q.KPI, err)
	}
	e.Ground.Tables = tables
	return e, r.agrees(e)
}

// Count is the part of Read that finds what is counted: enough to hold a figure
// against its rows, at the cost of one query.
func Count(ctx context.Context, db DB, rules Rules, q Query, figure figures.Row) (Counted, error) {
	r, err := newReader(ctx, db, rules, q, figure)
	if err != nil {
		return Counted{}, err
	}
	var e Explanation
	if err := r.counted(&e); err != nil {
		return Counted{}, fmt.Errorf("count %s: %w", q.KPI, err)
	}
	return e.Counted, r.agrees(e)
}

// agrees holds the counted rows against the figure.
func (r reader) agrees(e Explanation) error {
	if r.hidden() {
		return nil
	}
	for _, s := range []struct {
		name    string
		figure  *float64
		counted *int64
	}{
		{"numerator", r.figure.Numerator, e.Counted.Numerator},
		{"denominator", r.figure.Denominator, e.Counted.Denominator},
	} {
		if s.counted != nil && (s.figure == nil || *s.figure != float64(*s.counted)) {
			return fmt.Errorf("the calls behind %s add up to a %s of %d, and the figure says %s: the published copy was made by another version of the program; build it again",
				r.query.KPI, s.name, *s.counted, number(s.figure))
		}
	}
	return nil
}

func number(x *float64) string {
	if x == nil {
		return "nothing"
	}
	return fmt.Sprint(*x)
}

// hidden tells that the figure is suppressed, and with it all that would give it
// away (DOMAIN §4).
func (r reader) hidden() bool { return r.figure.Status == "suppressed" }

func (r reader) definition(e *Explanation) error {
	return r.db.QueryRowContext(r.ctx, `select label, unit, definition, formula from marts.dim_kpi where kpi = ?`, r.query.KPI).
		Scan(&e.Label, &e.Unit, &e.Definition, &e.Formula)
}

func (r reader) target(e *Explanation) error {
	var t Target
	err := r.db.QueryRowContext(r.ctx, `
		select target, direction, strftime(valid_from, '%Y-%m-%d'), strftime(valid_to, '%Y-%m-%d')
		from marts.dim_target
		where kpi = ? and cast(? as date) between valid_from and valid_to`, r.query.KPI, e.To).
		Scan(&t.Value, &t.Direction, &t.From, &t.To)
	switch err {
	case nil:
		e.Target = &t
	case sql.ErrNoRows:
		return nil
	}
	return err
}

// settings are the settings that the copy was built with; an older copy has none.
func (r reader) settings(e *Explanation) error {
	e.Settings = []Setting{}
	var published bool
	err := r.db.QueryRowContext(r.ctx, `
		select count(*) > 0 from duckdb_tables() where schema_name = 'reference' and table_name = 'settings'`).Scan(&published)
	if err != nil || !published {
		return err
	}
	all := []Setting{
		{Name: "short_abandon_seconds", Label: "Kort opgivet er kortere end", Unit: "sekunder"},
		{Name: "survey_window_hours", Label: "Et sms-svar tæller, når det kommer inden for", Unit: "timer"},
		{Name: "survey_link_minutes", Label: "En sms hører til et opkald, der sluttede inden for", Unit: "minutter før"},
		{Name: "guide_grace_seconds", Label: "En guide hører til opkaldet indtil efterbehandling plus", Unit: "sekunder"},
		{Name: "guide_reload_seconds", Label: "Samme guide igen er samme brug inden for", Unit: "sekunder"},
	}
	err = r.db.QueryRowContext(r.ctx, `
		select cast(short_abandon_seconds as double), survey_window_hours, survey_link_minutes,
			cast(guide_grace_seconds as double), cast(guide_reload_seconds as double)
		from reference.settings`).
		Scan(&all[0].Value, &all[1].Value, &all[2].Value, &all[3].Value, &all[4].Value)
	e.Settings = all
	return err
}
