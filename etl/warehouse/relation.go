package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// relation is a table or view that goes into a read copy.
type relation struct {
	schema, name string
	definition   string         // CREATE VIEW statement; "" for what is a table in the copy
	isView       bool           // in the warehouse
	text         sql.NullString // its comment
	columns      []columnComment
}

type columnComment struct {
	name, kind string // kind is the column's type
	text       sql.NullString
}

// create makes the relation in the attached copy.
func (r relation) create(ctx context.Context, tx *sql.Tx) error {
	kind, query := "table", fmt.Sprintf("select * from %s.%s", ident(r.schema), ident(r.name))
	if r.definition != "" {
		kind = "view"
		_, query, _ = strings.Cut(r.definition, " AS ")
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("create schema if not exists %s.%s; create %s %s as %s",
		copyCatalog, ident(r.schema), kind, r.target(), query))
	if err != nil {
		return fmt.Errorf("copy %s.%s: %w", r.schema, r.name, err)
	}
	return nil
}

// comment gives the relation in the attached copy its comments, as far as it has not
// got them.
func (r relation) comment(ctx context.Context, tx *sql.Tx, has map[string]sql.NullString) error {
	kind, key := "table", r.schema+"."+r.name
	if r.definition != "" {
		kind = "view"
	}
	var statements strings.Builder
	add := func(what, key string, text sql.NullString) {
		if text != has[key] {
			fmt.Fprintf(&statements, "comment on %s is %s; ", what, nullable(text))
		}
	}
	add(kind+" "+r.target(), key, r.text)
	for _, c := range r.columns {
		add(fmt.Sprintf("column %s.%s", r.target(), ident(c.name)), key+"."+c.name, c.text)
	}
	if statements.Len() == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, statements.String()); err != nil {
		return fmt.Errorf("comment on %s: %w", key, err)
	}
	return nil
}

func nullable(s sql.NullString) string {
	if !s.Valid {
		return "null"
	}
	return literal(s.String)
}

func (r relation) target() string {
	return copyCatalog + "." + ident(r.schema) + "." + ident(r.name)
}

// warehouseSchemas are those a view can read.
var warehouseSchemas = []string{"raw", "seeds", "reference", "staging", "intermediate", "marts", "reports", "feed", "meta"}

// mention finds what a definition reads: "marts.fct_calls".
var mention = regexp.MustCompile(`\b([a-z_]+)\.([a-z_0-9]+)\b`)

// reads lists the relations of the warehouse's schemas that a view's text names.
func (r relation) reads() [][2]string {
	var found [][2]string
	for _, m := range mention.FindAllStringSubmatch(r.definition, -1) {
		if slices.Contains(warehouseSchemas, m[1]) {
			found = append(found, [2]string{m[1], m[2]})
		}
	}
	return found
}

// copyOrder puts tables first and a view behind the views it reads, and makes tables
// of views that read something outside the schemas.
func copyOrder(relations []relation, schemas []string) []relation {
	var ordered, views []relation
	for _, r := range relations {
		outside := slices.ContainsFunc(r.reads(), func(m [2]string) bool { return !slices.Contains(schemas, m[0]) })
		if r.definition == "" || outside {
			r.definition = ""
			ordered = append(ordered, r)
		} else {
			views = append(views, r)
		}
	}
	for len(views) > 0 {
		next := slices.IndexFunc(views, func(v relation) bool { return !v.readsOneOf(views) })
		next = max(next, 0) // views cannot read each other in a circle
		ordered = append(ordered, views[next])
		views = slices.Delete(views, next, next+1)
	}
	return ordered
}

// readsOneOf tells whether a view reads another one of the list.
func (r relation) readsOneOf(views []relation) bool {
	return slices.ContainsFunc(r.reads(), func(m [2]string) bool {
		return slices.ContainsFunc(views, func(v relation) bool {
			return v.schema == m[0] && v.name == m[1] && (v.schema != r.schema || v.name != r.name)
		})
	})
}

// relationsOf lists what to copy, with its comments, in order of name.
func relationsOf(ctx context.Context, tx *sql.Tx, schemas, extra []string) ([]relation, error) {
	rows, err := tx.QueryContext(ctx, `
		with relations as (
			select schema_name, table_name, comment, null as definition
			from duckdb_tables() where database_name = current_database()
			union all
			select schema_name, view_name, comment, sql
			from duckdb_views() where database_name = current_database()
		)
		select r.schema_name, r.table_name, c.column_name, c.data_type, c.comment, r.comment, r.definition
		from relations as r
		join duckdb_columns() as c on c.database_name = current_database()
			and c.schema_name = r.schema_name and c.table_name = r.table_name
		order by r.schema_name, r.table_name, c.column_index`)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []relation
	for rows.Next() {
		var r relation
		var column columnComment
		var definition sql.NullString
		if err := rows.Scan(&r.schema, &r.name, &column.name, &column.kind, &column.text, &r.text, &definition); err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		if !slices.Contains(schemas, r.schema) && !slices.Contains(extra, r.schema+"."+r.name) {
			continue
		}
		r.definition, r.isView = definition.String, definition.Valid
		if n := len(list); n == 0 || list[n-1].schema != r.schema || list[n-1].name != r.name {
			list = append(list, r)
		}
		last := &list[len(list)-1]
		last.columns = append(last.columns, column)
	}
	return list, rows.Err()
}
