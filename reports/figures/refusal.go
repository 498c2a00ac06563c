package figures

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Refusal is a question that has no answer, in words for the user, and what to ask
// instead where that is known.
type Refusal struct{ Message, Try string }

func (r *Refusal) Error() string { return r.Message }

func refuse(format string, args ...any) error { return &Refusal{Message: fmt.Sprintf(format, args...)} }

// wholeGroupings are told of all municipalities together, never of one.
var wholeGroupings = []string{"total", "network", "region"}

// Validate says what is wrong with a query as far as the query alone tells. The error
// is a *Refusal.
func (q Query) Validate() error {
	switch {
	case !slices.Contains(Groupings, q.By):
		return refuse("there is no grouping %q; there are %s", q.By, strings.Join(Groupings, ", "))
	case !slices.Contains(Perspectives, q.Perspective):
		return refuse("there is no perspective %q; there are %s", q.Perspective, strings.Join(Perspectives, " and "))
	case q.By == "agent" && q.Perspective != "agent":
		return refuse("agents have figures in the agent's perspective only")
	case q.Municipality != "" && slices.Contains(wholeGroupings, q.By):
		return &Refusal{
			Message: fmt.Sprintf("figures by %s are not told of one municipality", q.By),
			Try:     "--by municipality, or one of agent, guide, queue, topic and transfer_number for its part of them",
		}
	}
	return nil
}

// checkMunicipality refuses a code that no municipality has.
func checkMunicipality(ctx context.Context, db DB, code string) error {
	if code == "" {
		return nil
	}
	var known, name string
	err := db.QueryRowContext(ctx, `
		select municipality_code, municipality_name
		from marts.dim_municipality
		where municipality_code in (?, lpad(?, 4, '0')) or lower(municipality_name) = lower(?)
		order by municipality_code = ? desc
		limit 1`, code, code, code, code).Scan(&known, &name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return &Refusal{
			Message: fmt.Sprintf("there is no municipality with the code %q", code),
			Try:     "ddh kpi --by municipality --format csv, which names them with their codes",
		}
	case err != nil:
		return fmt.Errorf("read the municipalities: %w", err)
	case known != code:
		return &Refusal{
			Message: fmt.Sprintf("there is no municipality with the code %q", code),
			Try:     fmt.Sprintf("--municipality %s, which is %s", known, name),
		}
	}
	return nil
}

// checkKPIs refuses what the catalogue does not know.
func checkKPIs(ctx context.Context, db DB, asked []string) error {
	if len(asked) == 0 {
		return nil
	}
	rows, err := db.QueryContext(ctx, "select kpi from marts.dim_kpi order by sort_order")
	if err != nil {
		return fmt.Errorf("read the KPI catalogue: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var known []string
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return fmt.Errorf("read the KPI catalogue: %w", err)
		}
		known = append(known, k)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the KPI catalogue: %w", err)
	}
	for _, k := range asked {
		if !slices.Contains(known, k) {
			return refuse("there is no KPI %q; there are %s", k, strings.Join(known, ", "))
		}
	}
	return nil
}
