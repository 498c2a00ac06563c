package model

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// record is what meta.model_state keeps of a model, or of an external table.
type record struct {
	kind        string // view, table, incremental; raw, reference, seeds for external tables
	sqlHash     string
	headerHash  string
	fingerprint string // of a table's or a reference table's rows
	columns     string // names and types, as shape writes them
	rows        int64
	run         string
	action      string
	reason      string
	seconds     float64
}

// touch is what the loader noted for one raw table.
type touch struct {
	whole bool
	days  Days
}

// object is a table or view as the catalogue has it now.
type object struct {
	isView  bool
	columns []typedColumn
}

type typedColumn struct{ name, dataType string }

// shape writes columns as "name TYPE, name TYPE".
func shape(columns []typedColumn) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.name + " " + c.dataType
	}
	return strings.Join(parts, ", ")
}

// state is all that decides what is to be built.
type state struct {
	records map[string]record
	touched map[string]touch
	objects map[string]object
	prints  map[string]string // fingerprints of reference and seed tables as they are now
}

func readState(ctx context.Context, db querier, externals []string) (state, error) {
	var s state
	var err error
	if s.records, err = readRecords(ctx, db); err != nil {
		return s, err
	}
	if s.touched, err = readTouched(ctx, db); err != nil {
		return s, err
	}
	if s.objects, err = readObjects(ctx, db); err != nil {
		return s, err
	}
	s.prints = make(map[string]string)
	for _, name := range externals {
		if strings.HasPrefix(name, "raw.") {
			continue
		}
		if s.prints[name], _, err = fingerprint(ctx, db, name); err != nil {
			return s, err
		}
	}
	return s, nil
}

func readRecords(ctx context.Context, db querier) (map[string]record, error) {
	rows, err := db.QueryContext(ctx, "select model, kind, sql_hash, header_hash, fingerprint, columns, row_count from meta.model_state")
	if err != nil {
		return nil, fmt.Errorf("reading meta.model_state: %w", err)
	}
	defer rows.Close()
	out := make(map[string]record)
	for rows.Next() {
		var name string
		var r record
		if err := rows.Scan(&name, &r.kind, &r.sqlHash, &r.headerHash, &r.fingerprint, &r.columns, &r.rows); err != nil {
			return nil, fmt.Errorf("reading meta.model_state: %w", err)
		}
		out[name] = r
	}
	return out, rows.Err()
}

func readTouched(ctx context.Context, db querier) (map[string]touch, error) {
	rows, err := db.QueryContext(ctx, `
		select distinct table_name, day is null, coalesce(date_diff('day', date '1970-01-01', day), 0)
		from meta.touched`)
	if err != nil {
		return nil, fmt.Errorf("reading meta.touched: %w", err)
	}
	defer rows.Close()
	ranges := make(map[string][]Range)
	out := make(map[string]touch)
	for rows.Next() {
		var name string
		var whole bool
		var day int32
		if err := rows.Scan(&name, &whole, &day); err != nil {
			return nil, fmt.Errorf("reading meta.touched: %w", err)
		}
		if whole {
			out[name] = touch{whole: true}
			continue
		}
		ranges[name] = append(ranges[name], Range{Day(day), Day(day) + 1})
	}
	for name, r := range ranges {
		out[name] = touch{whole: out[name].whole, days: NewDays(r...)}
	}
	return out, rows.Err()
}

// readObjects lists tables and views of the database with their columns.
func readObjects(ctx context.Context, db querier) (map[string]object, error) {
	rows, err := db.QueryContext(ctx, `
		select c.schema_name || '.' || c.table_name, v.view_name is not null, c.column_name, c.data_type
		from duckdb_columns() as c
		left join duckdb_views() as v
			on v.database_name = c.database_name and v.schema_name = c.schema_name and v.view_name = c.table_name
		where c.database_name = current_database() and not c.internal
		order by c.schema_name, c.table_name, c.column_index`)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	defer rows.Close()
	out := make(map[string]object)
	for rows.Next() {
		var name string
		var isView bool
		var c typedColumn
		if err := rows.Scan(&name, &isView, &c.name, &c.dataType); err != nil {
			return nil, fmt.Errorf("reading the catalogue: %w", err)
		}
		o := out[name]
		out[name] = object{isView, append(o.columns, c)}
	}
	return out, rows.Err()
}

// writeRecord replaces what is kept of one model.
func writeRecord(ctx context.Context, db querier, name string, r record, at time.Time) error {
	if err := forget(ctx, db, name); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, `
		insert into meta.model_state
			(model, kind, sql_hash, header_hash, fingerprint, columns, row_count, built_at, run, action, reason, seconds)
		values (?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?, ?, ?, ?)`,
		name, r.kind, r.sqlHash, r.headerHash, r.fingerprint, r.columns, r.rows,
		at.UTC().Format(time.RFC3339Nano), r.run, r.action, r.reason, r.seconds)
	if err != nil {
		return fmt.Errorf("recording %s in meta.model_state: %w", name, err)
	}
	return nil
}

func forget(ctx context.Context, db querier, name string) error {
	if _, err := db.ExecContext(ctx, "delete from meta.model_state where model = ?", name); err != nil {
		return fmt.Errorf("recording %s in meta.model_state: %w", name, err)
	}
	return nil
}

// fingerprint is the same for two tables with the same columns and the same rows
// in whatever order, and practically never for two others. It also counts the rows.
func fingerprint(ctx context.Context, db querier, full string) (print string, rows int64, err error) {
	err = db.QueryRowContext(ctx, fmt.Sprintf(
		"select count(*), count(*) || ':' || coalesce(sum(hash(t)::hugeint), 0)::varchar from %s as t", quoteFull(full))).Scan(&rows, &print)
	if err != nil {
		return "", 0, fmt.Errorf("reading %s: %w", full, err)
	}
	return print, rows, nil
}
