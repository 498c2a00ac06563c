package figures

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// Statement is one model's name in the schema marts and its query with the days
// already in place.
type Statement struct{ Name, SQL string }

// RangeModels are the models, in order, that turn calls into the figures of a
// period. Prepare needs the query of each.
var RangeModels = []string{
	"dim_period_member", "dim_period_membership", "kpi_sums", "kpi_inhabitants", "kpi_wait_quantiles",
	"kpi_score_network_parts", "kpi_score_cells", "kpi_score_families", "kpi_hidden", "kpi_values",
}

// Prepare makes the schema marts in an empty in-memory database in which the
// published copy is attached under the name catalog, and works out the figures of
// one free period there: the period takes the place of the calendar's, everything
// else is the published tables, and the models are the warehouse's own, so a figure
// of a range follows the same rules as any other.
func Prepare(ctx context.Context, conn *sql.Conn, catalog string, p reports.Period, models []Statement) error {
	if _, err := conn.ExecContext(ctx, "create schema marts; create schema seeds"); err != nil {
		return fmt.Errorf("prepare a free period: %w", err)
	}
	made := map[string]bool{"dim_period": true, "dim_period_day": true}
	for _, m := range models {
		made[m.Name] = true
	}
	if err := mirror(ctx, conn, catalog, made); err != nil {
		return fmt.Errorf("prepare a free period: %w", err)
	}
	if err := makePeriod(ctx, conn, p); err != nil {
		return fmt.Errorf("prepare period %s: %w", p.Key, err)
	}
	for _, m := range models {
		if _, err := conn.ExecContext(ctx, "create table marts."+m.Name+" as "+m.SQL); err != nil {
			return fmt.Errorf("work out marts.%s for %s: %w", m.Name, p.Key, err)
		}
	}
	return nil
}

// mirror shows every published table and view under its own name, but those made
// anew. Tables come first: a published view reads them by that name.
func mirror(ctx context.Context, conn *sql.Conn, catalog string, made map[string]bool) error {
	rows, err := conn.QueryContext(ctx, `
		select 1 as kind, schema_name, table_name from duckdb_tables()
		where database_name = $1 and schema_name in ('marts', 'seeds')
		union all
		select 2 as kind, schema_name, view_name from duckdb_views()
		where database_name = $1 and schema_name = 'marts'
		order by all`, catalog)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var views []string
	for rows.Next() {
		var kind int
		var schema, name string
		if err := rows.Scan(&kind, &schema, &name); err != nil {
			return err
		}
		if !made[name] {
			views = append(views, fmt.Sprintf("create view %[1]s.%[2]s as select * from %[3]s.%[1]s.%[2]s", schema, name, catalog))
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, strings.Join(views, ";\n"))
	return err
}

// makePeriod makes the calendar that holds nothing but the period.
func makePeriod(ctx context.Context, conn *sql.Conn, p reports.Period) error {
	from, to := p.From.Format("2006-01-02"), p.To.Format("2006-01-02")
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`
		create table marts.dim_period as
		select '%[1]s' as period, 'range' as period_kind, date '%[2]s' as period_from, date '%[3]s' as period_to,
			'%[1]s' as label, cast(null as varchar) as previous_period, cast(null as varchar) as same_period_last_year,
			date '%[2]s' as year_from;
		create table marts.dim_period_day as
		select '%[1]s' as period, cast(d.day as date) as day, date '%[2]s' as year_from
		from generate_series(date '%[2]s', date '%[3]s', interval 1 day) as d (day)`, p.Key, from, to))
	return err
}
