package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

const insertRows = 500 // rows of one INSERT statement

// SetReference puts the relations into the schema reference, in one transaction,
// and tells which of them were not there with the same fingerprint before.
func (w *Warehouse) SetReference(ctx context.Context, relations []etl.Relation) (changed []string, err error) {
	err = w.transact(ctx, func(tx *sql.Tx) error {
		changed = nil
		for _, r := range relations {
			same, err := holdsReference(ctx, tx, r)
			if err != nil {
				return err
			}
			if same {
				continue
			}
			if err := putReference(ctx, tx, r); err != nil {
				return fmt.Errorf("reference.%s: %w", r.Name, err)
			}
			changed = append(changed, r.Name)
		}
		return nil
	})
	return changed, err
}

// holdsReference compares fingerprints; a table's is kept as its comment.
func holdsReference(ctx context.Context, tx *sql.Tx, r etl.Relation) (bool, error) {
	var comment sql.NullString
	err := tx.QueryRowContext(ctx, `
		select comment from duckdb_tables()
		where database_name = current_database() and schema_name = 'reference' and table_name = ?`, r.Name).Scan(&comment)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && comment.String == r.Fingerprint, err
}

func putReference(ctx context.Context, tx *sql.Tx, r etl.Relation) error {
	name := "reference." + ident(r.Name)
	columns := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		columns[i] = ident(c.Name) + " " + c.SQL
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("create or replace table %s (%s)", name, strings.Join(columns, ", "))); err != nil {
		return err
	}
	for rest := r.Rows; len(rest) > 0; {
		n := min(len(rest), insertRows)
		if _, err := tx.ExecContext(ctx, "insert into "+name+" values "+tuples(rest[:n])); err != nil {
			return err
		}
		rest = rest[n:]
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("comment on table %s is %s", name, literal(r.Fingerprint)))
	return err
}

func tuples(rows [][]any) string {
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j, v := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(value(v))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// value writes a Go value as a SQL literal.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return literal(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "null"
		}
		return strconv.FormatFloat(v, 'g', -1, 64) + "::double"
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return "date " + literal(v.Format(time.DateOnly))
	}
	return literal(fmt.Sprint(v))
}
