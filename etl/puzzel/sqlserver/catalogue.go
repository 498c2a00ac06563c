package sqlserver

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"time"
)

// schema is where Puzzel's tables lie.
const schema = "dbo"

// column is one column of the database as its catalogue has it.
type column struct {
	name     string
	kind     string // SQL Server's data type, e.g. "datetime"
	nullable bool
}

// sortable reports whether the server can order by the column.
func (c column) sortable() bool {
	switch c.kind {
	case "text", "ntext", "image", "xml", "geography", "geometry", "hierarchyid", "sql_variant":
		return false
	}
	return true
}

// relation is a table or view of the database, with its columns in order.
type relation struct {
	name    string
	columns []column
}

// tables are the tables and views that the login may see, by lower-case name.
type tables map[string]*relation

// catalogue remembers the database's tables for a local day, or until a query shows
// that they have changed.
type catalogue struct {
	mu    sync.Mutex
	day   string
	known tables
}

const catalogueQuery = `select TABLE_NAME, COLUMN_NAME, DATA_TYPE, IS_NULLABLE
from INFORMATION_SCHEMA.COLUMNS
where TABLE_SCHEMA = '` + schema + `'
order by TABLE_NAME, ORDINAL_POSITION`

// read returns the tables, and whether they were looked up just now.
func (c *catalogue) read(ctx context.Context, conn *sql.Conn, now time.Time) (known tables, fresh bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	day := now.Format(time.DateOnly)
	if c.known != nil && c.day == day {
		return c.known, false, nil
	}
	known, err = readTables(ctx, conn)
	if err != nil {
		return nil, false, err
	}
	c.known, c.day = known, day
	return known, true, nil
}

// forget makes the next read look anew.
func (c *catalogue) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = nil
}

func readTables(ctx context.Context, conn *sql.Conn) (tables, error) {
	rows, err := conn.QueryContext(ctx, catalogueQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := tables{}
	for rows.Next() {
		var table, nullable string
		var c column
		if err := rows.Scan(&table, &c.name, &c.kind, &nullable); err != nil {
			return nil, err
		}
		c.kind, c.nullable = strings.ToLower(c.kind), !strings.EqualFold(nullable, "NO")
		folded := strings.ToLower(table)
		if all[folded] == nil {
			all[folded] = &relation{name: table}
		}
		all[folded].columns = append(all[folded].columns, c)
	}
	return all, rows.Err()
}
