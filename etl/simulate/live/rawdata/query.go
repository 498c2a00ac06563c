package rawdata

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

var _ tds.Handler = (*Database)(nil)

// Query implements tds.Handler. It understands one SELECT per batch, with SET and USE
// before it: names in brackets, schema dbo, sub-queries, joins, named steps, TOP,
// OFFSET/FETCH, table hints, CASE, the aggregates, CAST and CONVERT, COALESCE, ISNULL,
// LEN, DATEADD, DATEDIFF, DATEPART, the clock, @@version, HAS_PERMS_BY_NAME, OBJECT_ID,
// and INFORMATION_SCHEMA.COLUMNS and TABLES. Texts are compared as they are, upper and
// lower case apart. What it does not understand it answers with SQL Server's numbers:
// 208 for unknown tables, 207 for unknown columns, 102 and others with the text.
// DuckDB holds the result while its rows are sent one by one.
func (d *Database) Query(ctx context.Context, query string, params []tds.Param) (tds.Rows, error) {
	d.mu.RLock()
	translated, refusal := d.translate(query, params)
	d.mu.RUnlock()
	if refusal != nil {
		return nil, refusal
	}
	if translated.query == "" {
		return nil, nil
	}
	found, err := d.db.QueryContext(ctx, translated.query)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, serverError(err)
	}
	return newRows(found, translated.columns)
}

var (
	unknownTable    = regexp.MustCompile(`Table with name "?([^\s"]+)"? does not exist`)
	unknownColumn   = regexp.MustCompile(`(?:Referenced column "([^"]+)" not found|does not have a column named "([^"]+)")`)
	unknownFunction = regexp.MustCompile(`Function with name "?([^\s"]+)"? does not exist`)
	syntaxNear      = regexp.MustCompile(`syntax error at or near "([^"]*)"`)
)

// serverError gives an error of DuckDB the number that SQL Server would give it.
func serverError(err error) *tds.Error {
	said := err.Error()
	if m := unknownTable.FindStringSubmatch(said); m != nil {
		return invalidObject(m[1])
	}
	if m := unknownColumn.FindStringSubmatch(said); m != nil {
		return &tds.Error{Number: 207, State: 1, Class: 16, Message: fmt.Sprintf("Invalid column name '%s'.", m[1]+m[2])}
	}
	if m := unknownFunction.FindStringSubmatch(said); m != nil {
		return &tds.Error{Number: 195, State: 10, Class: 15, Message: fmt.Sprintf("'%s' is not a recognized built-in function name.", m[1])}
	}
	if m := syntaxNear.FindStringSubmatch(said); m != nil {
		return syntax(token{word, m[1]})
	}
	return &tds.Error{Number: 8180, State: 1, Class: 16, Message: "Statement could not be prepared: " + said}
}

// rows is a result of DuckDB on its way out. It is read as it is asked for.
type rows struct {
	found   *sql.Rows
	columns []tds.Column
	into    []any
}

func newRows(found *sql.Rows, known map[string]tds.Column) (*rows, error) {
	kinds, err := found.ColumnTypes()
	if err != nil {
		found.Close()
		return nil, serverError(err)
	}
	r := &rows{found: found, columns: make([]tds.Column, len(kinds)), into: make([]any, len(kinds))}
	for i, kind := range kinds {
		r.columns[i] = resultColumn(kind.Name(), kind.DatabaseTypeName(), known)
	}
	return r, nil
}

// resultColumn is the type of a column of a result: that of the table's column of its
// name, where DuckDB's type is the one it is kept in, else what fits DuckDB's. In a
// result anything may be NULL, as after an outer join.
func resultColumn(name, kind string, known map[string]tds.Column) tds.Column {
	if c, ok := known[strings.ToLower(name)]; ok && strings.EqualFold(duckType(c), alike(kind)) {
		c.Name, c.NotNull = name, false
		return c
	}
	c := tds.Column{Name: name, Type: tds.NVarChar, Length: tds.Max}
	switch head, _, _ := strings.Cut(kind, "("); head {
	case "BOOLEAN":
		c.Type = tds.Bit
	case "TINYINT", "SMALLINT":
		c.Type = tds.SmallInt
	case "UTINYINT":
		c.Type = tds.TinyInt
	case "INTEGER", "USMALLINT":
		c.Type = tds.Int
	case "BIGINT", "UINTEGER":
		c.Type = tds.BigInt
	case "UBIGINT":
		c.Type, c.Precision = tds.Numeric, 20
	case "HUGEINT":
		c.Type, c.Precision = tds.Numeric, 38
	case "DECIMAL":
		c.Type = tds.Numeric
		fmt.Sscanf(kind, "DECIMAL(%d,%d)", &c.Precision, &c.Scale)
	case "FLOAT", "DOUBLE":
		c.Type = tds.Float
	case "TIMESTAMP":
		c.Type, c.Scale = tds.DateTime2, 7
	case "TIMESTAMPTZ":
		c.Type, c.Scale = tds.DateTimeOffset, 7
	case "DATE":
		c.Type = tds.Date
	case "UUID":
		c.Type = tds.UniqueIdentifier
	}
	return c
}

// alike undoes the difference between the two ways in which DuckDB writes a decimal.
func alike(kind string) string { return strings.ReplaceAll(kind, ",", ", ") }

func (r *rows) Columns() []tds.Column { return r.columns }
func (r *rows) Close() error          { return r.found.Close() }

func (r *rows) Next(values []any) error {
	if !r.found.Next() {
		if err := r.found.Err(); err != nil {
			return serverError(err)
		}
		return io.EOF
	}
	for i := range values {
		r.into[i] = &values[i]
	}
	if err := r.found.Scan(r.into...); err != nil {
		return fmt.Errorf("rawdata: %w", err)
	}
	for i, v := range values {
		values[i] = sent(v)
	}
	return nil
}

// sent turns a value as DuckDB's driver gives it into what package tds takes.
func sent(v any) any {
	switch v := v.(type) {
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case int:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case float32:
		return float64(v)
	case *big.Int:
		return v.String()
	case duckdb.Decimal:
		return v.String()
	case duckdb.UUID:
		return [16]byte(v)
	case []byte:
		if len(v) == 16 {
			return [16]byte(v)
		}
		return string(v)
	case nil, bool, int64, uint64, float64, string, time.Time:
		return v
	}
	return strconv.Quote(fmt.Sprint(v))
}
