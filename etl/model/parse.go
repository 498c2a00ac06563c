package model

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// querier is what a *sql.Conn and a *sql.Tx have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reference is one table a query names.
type reference struct {
	catalog, schema, table string
	at                     int // byte of the query
}

func (r reference) String() string {
	parts := slices.DeleteFunc([]string{r.catalog, r.schema, r.table}, func(s string) bool { return s == "" })
	return strings.Join(parts, ".")
}

// parsed is what the engine needs to know of a query.
type parsed struct {
	references []reference
	ctes       map[string]bool // lower-case names of all WITH steps
	functions  map[string]int  // lower-case function name to byte of the query
	tables     map[string]int  // table functions, likewise
	names      map[string]int  // columns without a table, likewise
}

// syntaxError is a query that does not parse.
type syntaxError struct {
	message string
	at      int // byte of the query, -1 where unknown
}

func (e *syntaxError) Error() string { return e.message }

// parse asks DuckDB's own parser for a query's syntax tree.
//
// duckdb.GetTableNames would be the shorter way, but it binds what it parses, and
// where that fails (JOIN … USING, unnest in FROM, any $parameter) it returns an
// empty list and no error: dependencies would be lost without a word.
func parse(ctx context.Context, db querier, query string) (parsed, error) {
	var text string
	err := db.QueryRowContext(ctx,
		"select json_serialize_sql(?::varchar, skip_empty := true, skip_null := true, skip_default := true)::varchar", query).Scan(&text)
	if err != nil {
		return parsed{}, fmt.Errorf("parsing a query: %w", err)
	}
	var tree struct {
		Error      bool   `json:"error"`
		Kind       string `json:"error_type"`
		Message    string `json:"error_message"`
		Position   string `json:"position"`
		Statements []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return parsed{}, fmt.Errorf("parsing a query: DuckDB's syntax tree is no JSON: %w", err)
	}
	if tree.Error && tree.Kind == "not implemented" {
		return parsed{}, &syntaxError{"a model is one select, nothing else", -1}
	}
	if tree.Error {
		at, err := strconv.Atoi(tree.Position)
		if err != nil {
			at = -1
		}
		return parsed{}, &syntaxError{tree.Message, at}
	}
	if len(tree.Statements) != 1 {
		return parsed{}, &syntaxError{fmt.Sprintf("found %d statements, expected one query", len(tree.Statements)), -1}
	}
	p := parsed{ctes: map[string]bool{}, functions: map[string]int{}, tables: map[string]int{}, names: map[string]int{}}
	p.walk(tree.Statements[0])
	return p, nil
}

// walk collects from every node of the tree; the shape of nodes differs between
// DuckDB versions, so only names that identify a node are relied on.
func (p *parsed) walk(node any) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			p.walk(child)
		}
	case map[string]any:
		p.object(n)
		for _, child := range n {
			p.walk(child)
		}
	}
}

func (p *parsed) object(n map[string]any) {
	at := 0
	if f, ok := n["query_location"].(float64); ok {
		at = int(f)
	}
	switch n["type"] {
	case "BASE_TABLE":
		p.references = append(p.references, reference{str(n["catalog_name"]), str(n["schema_name"]), str(n["table_name"]), at})
	case "TABLE_FUNCTION":
		if f, ok := n["function"].(map[string]any); ok {
			p.tables[strings.ToLower(str(f["function_name"]))] = at
		}
	case "FUNCTION":
		p.functions[strings.ToLower(str(n["function_name"]))] = at
	case "COLUMN_REF":
		// current_date and its like are written without (), as a column is.
		if names, ok := n["column_names"].([]any); ok && len(names) == 1 {
			p.names[strings.ToLower(str(names[0]))] = at
		}
	}
	if with, ok := n["cte_map"].(map[string]any); ok {
		entries, _ := with["map"].([]any)
		for _, e := range entries {
			if entry, ok := e.(map[string]any); ok {
				p.ctes[strings.ToLower(str(entry["key"]))] = true
			}
		}
	}
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// outside lists the references that are no WITH steps, in the order of the query.
func (p *parsed) outside() []reference {
	out := slices.DeleteFunc(slices.Clone(p.references), func(r reference) bool {
		return r.schema == "" && r.catalog == "" && p.ctes[strings.ToLower(r.table)]
	})
	slices.SortFunc(out, func(a, b reference) int { return a.at - b.at })
	return out
}

// lineOf is the line of the model's file that holds byte at of its query.
func (m *Model) lineOf(at int) int {
	if at < 0 || at > len(m.SQL) {
		return m.line
	}
	return m.line + strings.Count(m.SQL[:at], "\n")
}

// asSyntaxError separates a faulty query from a faulty database.
func asSyntaxError(err error) (*syntaxError, bool) {
	var wrong *syntaxError
	ok := errors.As(err, &wrong)
	return wrong, ok
}
