package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckError is a check of severity error that failed: the build was rolled back.
type CheckError struct {
	Model    string   // schema.name; "checks" for a query of sql/checks
	Check    string   // the expression or rule, or the name of the query
	Failed   int64    // rows that fail
	Total    int64    // rows looked at; 0 where that is not known
	Examples []string // up to three failing rows, by their grain
}

// Error says how many rows of how many failed, and names some.
func (e *CheckError) Error() string {
	text := fmt.Sprintf("%s: check %q failed for %s", e.Model, e.Check, plural(int(e.Failed), "row"))
	if e.Total > 0 {
		text += fmt.Sprintf(" of %d", e.Total)
	}
	if len(e.Examples) > 0 {
		text += ", e.g. " + strings.Join(e.Examples, "; ")
	}
	return text
}

// Warning is a check of severity warn that failed.
type Warning struct {
	Model, Check  string
	Failed, Total int64
	Threshold     int64
	Examples      []string
}

// String is the line a build prints.
func (w Warning) String() string {
	return "warning: " + (&CheckError{w.Model, w.Check, w.Failed, w.Total, w.Examples}).Error()
}

// rule is a condition no row may fail.
type rule struct {
	name     string
	severity Severity
	fails    string // SQL that is true for a row that fails
}

// rules are the conditions on single rows: the header's checks, and those that
// follow from grain and date column.
func (m *Model) rules() []rule {
	var out []rule
	for _, name := range m.Grain {
		out = append(out, rule{"grain: " + name + " is not null", SeverityError, quote(name) + " is null"})
	}
	if by := m.Build.By; m.Build.Kind == Incremental {
		out = append(out, rule{
			by + " is a date from " + firstDay.String() + " on", SeverityError,
			fmt.Sprintf("(%s is null or not %s)", quote(by), Days{{firstDay, lastDay}}.where(by)),
		})
	}
	for _, c := range m.Checks {
		out = append(out, rule{c.Expr, c.Severity, "not (" + c.Expr + "\n)"})
	}
	return out
}

// verify holds the rows that were built against the header and returns how many
// were looked at. Where some days were built, only their rows are.
func (b *builder) verify(m *Model, d Decision) (int64, error) {
	scope := ""
	if len(d.Days) > 0 && !d.wholeCheck {
		scope = " where " + d.Days.where(m.Build.By)
	}
	failures, total, err := b.evaluate(m, scope)
	if err != nil {
		return 0, err
	}
	grain, err := b.grain(m, scope, total)
	if err != nil {
		return 0, err
	}
	return total, errors.Join(append(grain, failures...)...)
}

// evaluate counts failing rows of all rules in one pass, records warnings and
// returns errors.
func (b *builder) evaluate(m *Model, scope string) (failures []error, total int64, err error) {
	rules := m.rules()
	counts := make([]int64, len(rules)+1)
	targets := make([]any, len(counts))
	query := "select count(*)"
	for i := range counts {
		targets[i] = &counts[i]
		if i < len(rules) {
			query += ",\n\tcount(*) filter (where " + rules[i].fails + ")"
		}
	}
	query += "\nfrom " + quoteFull(m.FullName()) + scope
	if err := b.db.QueryRowContext(b.ctx, query).Scan(targets...); err != nil {
		return nil, 0, fmt.Errorf("checks of %s (%s): %w", m.FullName(), m.File, err)
	}
	total = counts[0]
	for i, r := range rules {
		if counts[i+1] == 0 {
			continue
		}
		examples, err := b.examples(m, scope, r.fails)
		if err != nil {
			return nil, 0, err
		}
		failed := &CheckError{m.FullName(), r.name, counts[i+1], total, examples}
		if r.severity == SeverityError {
			failures = append(failures, failed)
		} else if err := b.warn(Warning{failed.Model, failed.Check, failed.Failed, total, 0, examples}); err != nil {
			return nil, 0, err
		}
	}
	return failures, total, nil
}

// grain checks that no two rows share the grain's values. Where some days of an
// incremental model were built, a row left behind on another day could share them,
// so the keys of these days are looked for among all rows, unless the date is part
// of the grain. Through a view nothing is left behind: its days are enough.
func (b *builder) grain(m *Model, scope string, total int64) ([]error, error) {
	if m.OneRow {
		if total != 1 {
			return []error{&CheckError{Model: m.FullName(), Check: "grain: one row", Failed: total, Total: total}}, nil
		}
		return nil, nil
	}
	if len(m.Grain) == 0 {
		return nil, nil
	}
	keys, table := quoteAll(m.Grain), quoteFull(m.FullName())
	if scope != "" && m.Build.Kind == Incremental && !slices.Contains(m.Grain, m.Build.By) {
		scope = fmt.Sprintf(" where (%s) in (select (%s) from %s%s)", keys, keys, table, scope)
	}
	doubled := fmt.Sprintf("select %s, count(*) as model_rows from %s%s group by %s having count(*) > 1", keys, table, scope, keys)
	var failed int64
	if err := b.db.QueryRowContext(b.ctx, "select coalesce(sum(model_rows), 0)::bigint from ("+doubled+")").Scan(&failed); err != nil {
		return nil, fmt.Errorf("checking the grain of %s: %w", m.FullName(), err)
	}
	if failed == 0 {
		return nil, nil
	}
	examples, err := sample(b.ctx, b.db, m.Grain, doubled+" order by all limit 3")
	if err != nil {
		return nil, err
	}
	return []error{&CheckError{m.FullName(), "grain: " + strings.Join(m.Grain, ", ") + " unique", failed, total, examples}}, nil
}

// examples are the grain values of up to three failing rows.
func (b *builder) examples(m *Model, scope, fails string) ([]string, error) {
	if m.OneRow {
		return nil, nil
	}
	where := " where " + fails
	if scope != "" {
		where = scope + " and " + fails
	}
	return sample(b.ctx, b.db, m.Grain, fmt.Sprintf(
		"select %s from %s%s order by all limit 3", quoteAll(m.Grain), quoteFull(m.FullName()), where))
}

// sample reads the first named columns of a query as "call_id=1, leg=2".
func sample(ctx context.Context, db querier, names []string, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("reading examples: %w", err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("reading examples: %w", err)
	}
	if names == nil {
		names = columns
	}
	var out []string
	for rows.Next() {
		values := make([]any, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, fmt.Errorf("reading examples: %w", err)
		}
		parts := make([]string, len(names))
		for i, name := range names {
			parts[i] = fmt.Sprintf("%s=%s", name, printValue(values[i]))
		}
		out = append(out, strings.Join(parts, ", "))
	}
	return out, rows.Err()
}
