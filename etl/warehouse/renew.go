package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"strings"
)

// A copy begins as a clone of the one before it. Of each table only the parts that are
// no longer equal are written anew: a night changes some days of ten years. Parts are
// told apart by the table's first date column and compared by the sum of their rows'
// hashes, on both sides, so that nothing has to be remembered about what a build
// changed, and a copy that has lost or gained a row is mended.

// cloneFile copies a file that nobody changes. Where the file system can, the kernel
// shares the blocks.
func cloneFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // was only read
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	if _, err = io.Copy(target, source); err != nil {
		_ = target.Close() // the error is the copying's
		return err
	}
	return target.Close()
}

// isWorn tells whether the attached copy is mostly room that its tables gave up, which
// DuckDB uses again but never returns.
func isWorn(ctx context.Context, conn *sql.Conn) (worn bool, err error) {
	err = conn.QueryRowContext(ctx, `
		select free_blocks > used_blocks from pragma_database_size() where database_name = ?`, copyCatalog).Scan(&worn)
	if err != nil {
		return false, fmt.Errorf("measure the copy: %w", err)
	}
	return worn, nil
}

// dropOld removes from the attached copy its views, which are made anew, and the tables
// that are not to be among the new ones or have other columns now. It returns the date
// columns by which the tables that stay are parted, "" for none.
func dropOld(ctx context.Context, tx *sql.Tx, relations []relation) (stay map[string]string, err error) {
	wanted := map[string]string{}
	for _, r := range relations {
		if r.definition == "" && !r.isView {
			wanted[r.schema+"."+r.name] = r.shape()
		}
	}
	rows, err := tx.QueryContext(ctx, `
		select schema_name, view_name, 'view', '', '' from duckdb_views()
		where database_name = $1 and not internal
		union all
		select schema_name, table_name, 'table',
			string_agg(column_name || ' ' || data_type, ', ' order by column_index),
			coalesce(first(column_name order by column_index) filter (where data_type = 'DATE'), '')
		from duckdb_columns() where database_name = $1 and not internal
			and (schema_name, table_name) in (select (schema_name, table_name) from duckdb_tables() where database_name = $1)
		group by schema_name, table_name`, copyCatalog)
	if err != nil {
		return nil, fmt.Errorf("list the copy's tables: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var drops strings.Builder
	stay = map[string]string{}
	for rows.Next() {
		var schema, name, kind, shape, date string
		if err := rows.Scan(&schema, &name, &kind, &shape, &date); err != nil {
			return nil, fmt.Errorf("list the copy's tables: %w", err)
		}
		if kind == "table" && wanted[schema+"."+name] == shape {
			stay[schema+"."+name] = date
			continue
		}
		fmt.Fprintf(&drops, "drop %s %s.%s.%s; ", kind, copyCatalog, ident(schema), ident(name))
	}
	if err := rows.Err(); err != nil || drops.Len() == 0 {
		return stay, err
	}
	_, err = tx.ExecContext(ctx, drops.String())
	return stay, err
}

// shape is the relation's columns and types, to see whether two are alike.
func (r relation) shape() string {
	columns := make([]string, len(r.columns))
	for i, c := range r.columns {
		columns[i] = c.name + " " + c.kind
	}
	return strings.Join(columns, ", ")
}

// renew brings a table of the attached copy up to the warehouse's.
func (r relation) renew(ctx context.Context, tx *sql.Tx, date string) error {
	part := "null::date"
	if date != "" {
		part = "t." + ident(date)
	}
	source := ident(r.schema) + "." + ident(r.name)
	sums := func(table string) string {
		return fmt.Sprintf("select %s as _part, count(*) as _rows, sum(hash(t)::hugeint) as _content from %s as t group by 1", part, table)
	}
	var parts int64
	err := tx.QueryRowContext(ctx, fmt.Sprintf(`
		create or replace temp table publish_parts as
		select distinct _part from (
			select _part from (%s union all %s) group by _part, _rows, _content having count(*) = 1)`,
		sums(source), sums(r.target()))).Scan(&parts)
	if err == nil && parts > 0 {
		_, err = tx.ExecContext(ctx, fmt.Sprintf(`
			delete from %[1]s as t using publish_parts as changed where %[2]s is not distinct from changed._part;
			insert into %[1]s select t.* from %[3]s as t semi join publish_parts as changed on %[2]s is not distinct from changed._part`,
			r.target(), part, source))
	}
	if err != nil {
		return fmt.Errorf("renew %s.%s: %w", r.schema, r.name, err)
	}
	return nil
}

// commentsOfCopy returns the comments of the attached copy's tables and columns, by
// schema.table and schema.table.column.
func commentsOfCopy(ctx context.Context, tx *sql.Tx) (map[string]sql.NullString, error) {
	rows, err := tx.QueryContext(ctx, `
		select schema_name || '.' || table_name, comment from duckdb_tables() where database_name = $1
		union all
		select schema_name || '.' || table_name || '.' || column_name, comment from duckdb_columns() where database_name = $1`,
		copyCatalog)
	if err != nil {
		return nil, fmt.Errorf("list the copy's comments: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	comments := map[string]sql.NullString{}
	for rows.Next() {
		var key string
		var text sql.NullString
		if err := rows.Scan(&key, &text); err != nil {
			return nil, fmt.Errorf("list the copy's comments: %w", err)
		}
		comments[key] = text
	}
	return comments, rows.Err()
}
