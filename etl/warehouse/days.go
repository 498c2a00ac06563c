package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// wallLayout is a wall-clock time as DuckDB reads it.
const wallLayout = "2006-01-02 15:04:05.999999"

// CountUpdated counts the rows of a raw table that were updated in a window, in the
// zone whose clock the table's times show. A table without an Updated column has none.
func (w *Warehouse) CountUpdated(ctx context.Context, table etl.Table, window etl.Window, zone *time.Location) (int64, error) {
	kind := etl.Text
	for _, c := range table.Columns {
		if c.Name == table.Replace.Updated {
			kind = c.Type
		}
	}
	var from, to string
	switch kind {
	case etl.LocalTime:
		a, b := window.Local(zone)
		from, to = "timestamp "+literal(a.Format(wallLayout)), "timestamp "+literal(b.Format(wallLayout))
	case etl.Instant:
		from = "timestamptz " + literal(window.From.UTC().Format(wallLayout+"Z07:00"))
		to = "timestamptz " + literal(window.To.UTC().Format(wallLayout+"Z07:00"))
	default:
		return 0, nil
	}
	var rows int64
	updated := ident(table.Replace.Updated)
	err := w.db.QueryRowContext(ctx, fmt.Sprintf("select count(*) from %s where %s >= %s and %s < %s",
		table.RawName(), updated, from, updated, to)).Scan(&rows)
	if err != nil {
		return 0, fmt.Errorf("count updates of %s: %w", table.RawName(), err)
	}
	return rows, nil
}

// DayCounts counts the keys of a raw table per local day ("2006-01-02"), from a day to
// before another.
func (w *Warehouse) DayCounts(ctx context.Context, table etl.Table, from, to string) (map[string]int64, error) {
	k, err := newKey(table)
	if err != nil {
		return nil, err
	}
	rows, err := w.db.QueryContext(ctx, fmt.Sprintf(`
		select strftime(%[1]s, '%%Y-%%m-%%d'), count(*)
		from (select distinct %[1]s, %[2]s from %[3]s where %[1]s >= date %[4]s and %[1]s < date %[5]s)
		group by %[1]s`, dayColumn, k.selected(), table.RawName(), literal(from), literal(to)))
	if err != nil {
		return nil, fmt.Errorf("count days of %s: %w", table.RawName(), err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	days := map[string]int64{}
	for rows.Next() {
		var day string
		var n int64
		if err := rows.Scan(&day, &n); err != nil {
			return nil, fmt.Errorf("count days of %s: %w", table.RawName(), err)
		}
		days[day] = n
	}
	return days, rows.Err()
}
