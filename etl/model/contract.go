package model

import (
	"fmt"
	"slices"
	"strings"
)

// ContractError is a query whose columns are not those of its header.
type ContractError struct {
	Model, File string
	Message     string // one sentence
}

// Error names the model and its file.
func (e *ContractError) Error() string { return fmt.Sprintf("%s (%s): %s", e.Model, e.File, e.Message) }

func (b *builder) columns(m *Model) ([]typedColumn, error) {
	rows, err := b.db.QueryContext(b.ctx, "select column_name, column_type from (describe "+quoteFull(m.FullName())+")")
	if err != nil {
		return nil, m.failed(err)
	}
	defer rows.Close()
	var out []typedColumn
	for rows.Next() {
		var c typedColumn
		if err := rows.Scan(&c.name, &c.dataType); err != nil {
			return nil, m.failed(err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// contract holds the query's columns to the header's: the same names in the same
// order, and types that fit the units.
func (m *Model) contract(got []typedColumn) error {
	fail := func(format string, args ...any) error {
		return &ContractError{m.FullName(), m.File, fmt.Sprintf(format, args...)}
	}
	var want, have []string
	for _, c := range m.Columns {
		want = append(want, c.Name)
	}
	for _, c := range got {
		have = append(have, c.name)
	}
	missing, extra := without(want, have), without(have, want)
	switch {
	case len(missing) > 0 && len(extra) > 0:
		return fail("the query lacks %s and has %s, which the header does not list", strings.Join(missing, ", "), strings.Join(extra, ", "))
	case len(missing) > 0:
		return fail("the query lacks %s, which the header lists", strings.Join(missing, ", "))
	case len(extra) > 0:
		return fail("the query has %s, which the header does not list", strings.Join(extra, ", "))
	case !slices.Equal(want, have):
		return fail("the header lists the columns as %s, the query has them as %s", strings.Join(want, ", "), strings.Join(have, ", "))
	}
	for i, c := range m.Columns {
		if message := unfit(c.Unit, got[i].dataType); message != "" {
			return fail("%s is %s: %s", c.Name, got[i].dataType, message)
		}
	}
	return nil
}

func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(others, n) })
}

// unfit says why a type does not do for a unit. Huge integers come of sum() over
// integers, and neither Parquet nor Power BI can carry them.
func unfit(unit, dataType string) string {
	switch {
	case strings.HasSuffix(dataType, "HUGEINT"):
		return "cast it to bigint"
	case unit == "date" && dataType != "DATE":
		return "the unit date asks for a DATE"
	case unit == "flag" && dataType != "BOOLEAN":
		return "the unit flag asks for a BOOLEAN"
	case unit == "time" && !strings.HasPrefix(dataType, "TIME"):
		return "the unit time asks for a TIME or TIMESTAMP"
	}
	return ""
}
