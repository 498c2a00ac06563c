package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Columns the warehouse adds to every raw table.
const (
	batchColumn = "_batch" // id of the batch a row came with
	dayColumn   = "_day"   // local date its key belongs to; NULL where the contract gives none
)

// ContractError says that a raw table cannot be what its contract says.
type ContractError struct {
	Table   string // raw name
	Column  string
	Message string
}

func (e *ContractError) Error() string {
	place := e.Table
	if e.Column != "" {
		place += "." + e.Column
	}
	return place + ": " + e.Message
}

// ensureRaw makes missing raw tables and adds columns new in a contract. Columns
// that left a contract stay, empty from then on.
func ensureRaw(ctx context.Context, conn *sql.Conn, tables []etl.Table) error {
	have, err := rawColumns(ctx, conn)
	if err != nil {
		return err
	}
	return inTransaction(ctx, conn, func(tx *sql.Tx) error {
		for _, t := range tables {
			for _, c := range t.Columns {
				if strings.HasPrefix(c.Name, "_") {
					return &ContractError{t.RawName(), c.Name, "names that begin with _ belong to the warehouse"}
				}
			}
			statements, err := rawStatements(t, have[t.RawName()])
			if err != nil {
				return err
			}
			for _, s := range statements {
				if _, err := tx.ExecContext(ctx, s); err != nil {
					return fmt.Errorf("raw table %s: %w", t.RawName(), err)
				}
			}
		}
		return nil
	})
}

// rawColumns returns the DuckDB type of every column of every raw table.
func rawColumns(ctx context.Context, conn *sql.Conn) (map[string]map[string]string, error) {
	rows, err := conn.QueryContext(ctx, `
		select table_name, column_name, data_type from duckdb_columns()
		where database_name = current_database() and schema_name = 'raw'`)
	if err != nil {
		return nil, fmt.Errorf("raw tables: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	have := map[string]map[string]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return nil, fmt.Errorf("raw tables: %w", err)
		}
		table = "raw." + table
		if have[table] == nil {
			have[table] = map[string]string{}
		}
		have[table][column] = kind
	}
	return have, rows.Err()
}

// rawStatements is the DDL that leads from the columns there are to the contract's.
func rawStatements(t etl.Table, have map[string]string) ([]string, error) {
	var columns, statements []string
	for _, c := range t.Columns {
		definition := ident(c.Name) + " " + c.Type.SQL()
		kind, exists := have[c.Name]
		switch {
		case have == nil:
			columns = append(columns, definition)
		case !exists:
			statements = append(statements, fmt.Sprintf("alter table %s add column %s", t.RawName(), definition))
		case !sameType(kind, c.Type):
			return nil, &ContractError{t.RawName(), c.Name, fmt.Sprintf(
				"the warehouse has %s, the contract says %s; a rebuild is needed", strings.ToLower(kind), c.Type.SQL())}
		default:
			continue
		}
		if c.Doc != "" {
			statements = append(statements, fmt.Sprintf("comment on column %s.%s is %s", t.RawName(), ident(c.Name), literal(c.Doc)))
		}
	}
	if have != nil {
		return statements, nil
	}
	columns = append(columns, batchColumn+" varchar", etl.RowColumn+" bigint", dayColumn+" date")
	create := fmt.Sprintf("create table %s (%s)", t.RawName(), strings.Join(columns, ", "))
	return append([]string{create}, statements...), nil
}

// sameType compares a type as DuckDB prints it with a contract's.
func sameType(printed string, t etl.Type) bool {
	return strings.EqualFold(printed, t.SQL()) ||
		t == etl.Instant && strings.EqualFold(printed, "timestamp with time zone")
}
