package rawdata

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// Row is one row to be written: column to value. A value is nil, a bool, a number, a
// time.Time, or the text that DuckDB casts to the column's type. Of a time.Time a
// datetime takes the wall clock it shows, in whatever zone. Columns that are left out
// are NULL.
type Row map[string]any

// The columns that history has beside the table's own. A row is seen from _from to
// _to, half open, in UTC. _key is what is replaced as a whole, _delivery what brought it.
const hidden = "_key ubigint, _delivery integer, _from timestamp, _to timestamp"

// never is the end of what has not been replaced.
const never = "timestamp '9999-12-31'"

// create makes the history tables.
func (d *Database) create(ctx context.Context) error {
	if _, err := d.db.ExecContext(ctx, "create schema if not exists history"); err != nil {
		return err
	}
	for _, def := range definitions {
		t := d.tables[def.name]
		var columns strings.Builder
		for _, c := range t.stored {
			fmt.Fprintf(&columns, "%s %s, ", quoted(c.Name), duckType(c))
		}
		if _, err := d.db.ExecContext(ctx, "create table "+t.history()+" ("+columns.String()+hidden+")"); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) history() string { return "history." + quoted(t.name) }

// Insert writes rows as the phone system does: what is there of each of their keys
// (whole calls, single agents) is deleted, and the rows take its place. It happens at
// the moment given, or, where that is zero, at the dte_updated of each row.
func (d *Database) Insert(ctx context.Context, table string, at time.Time, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	t, err := d.table(table)
	if err != nil {
		return err
	}
	var values []string
	for _, r := range rows {
		text, err := t.values(r)
		if err != nil {
			return err
		}
		values = append(values, text)
	}
	names := make([]string, len(t.stored))
	for i, c := range t.stored {
		names[i] = quoted(c.Name)
	}
	from := "(values " + strings.Join(values, ", ") + ") as given (" + strings.Join(names, ", ") + ")"
	return d.deliver(ctx, t, from, names, at)
}

func (t *table) values(r Row) (string, error) {
	left := len(r)
	texts := make([]string, len(t.stored))
	for i, c := range t.stored {
		v, ok := r[c.Name]
		if ok {
			left--
		}
		text, err := literal(v)
		if err != nil {
			return "", fmt.Errorf("rawdata: %s.%s: %w", t.name, c.Name, err)
		}
		if moment, ok := v.(time.Time); ok && c.Type == tds.DateTimeOffset {
			text = instant(moment)
		}
		texts[i] = "cast(" + text + " as " + duckType(c) + ")"
	}
	if left > 0 {
		return "", fmt.Errorf("rawdata: a row of %s has columns that the table has not", t.name)
	}
	return "(" + strings.Join(texts, ", ") + ")", nil
}

// literal writes a value of Go as one of SQL.
func literal(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case bool, int, int64, int32, uint64, uint8:
		return fmt.Sprint(v), nil
	case float64:
		return fmt.Sprintf("%v::double", v), nil
	case string:
		return text(v), nil
	case []byte:
		return text(string(v)), nil
	case time.Time:
		return "timestamp " + text(stamp(v)), nil
	}
	return "", fmt.Errorf("a %T cannot be written", v)
}

func text(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, "'", "''"), "\x00", "") + "'"
}

// deliver adds the rows of a DuckDB relation as the newest version of their keys.
// expressions give the table's columns, in order.
func (d *Database) deliver(ctx context.Context, t *table, from string, expressions []string, at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deliveries++
	appears, order := "timestamp '1900-01-01'", ""
	switch {
	case !at.IsZero():
		appears = "timestamp " + text(stamp(at.UTC()))
	case t.dated:
		appears = "coalesce((dte_updated at time zone " + text(d.zone.String()) + ") at time zone 'UTC', " + appears + ")"
		order = " order by _from"
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("rawdata: %s: %w", t.name, err)
	}
	defer tx.Rollback()
	insert := fmt.Sprintf("insert into %s select *, hash((%s)::varchar), %d, %s as _from, %s from (select distinct %s from %s)%s",
		t.history(), t.key, d.deliveries, appears, never, strings.Join(t.rounded(expressions), ", "), from, order)
	replace := fmt.Sprintf(`update %[1]s as old set _to = least(old._to, new.since)
		from (select _key, min(_from) as since from %[1]s where _delivery = %[2]d group by _key) as new
		where new._key = old._key and old._delivery < %[2]d`, t.history(), d.deliveries)
	if err := execute(ctx, tx, insert, replace); err != nil {
		return fmt.Errorf("rawdata: %s: %w", t.name, err)
	}
	return tx.Commit()
}

// rounded gives the expressions under the columns' names, the datetimes among them to
// the 1/300 s that SQL Server keeps: .155 becomes .157.
func (t *table) rounded(expressions []string) []string {
	rounded := slices.Clone(expressions)
	for i, c := range t.stored {
		if c.Type == tds.DateTime {
			rounded[i] = fmt.Sprintf(`make_timestamp(epoch_us(%[1]s) // 1000000 * 1000000
				+ ((epoch_us(%[1]s) %% 1000000 * 3 + 5000) // 10000 * 10 + 1) // 3 * 1000)`, expressions[i])
		}
		rounded[i] += " as " + quoted(c.Name)
	}
	return rounded
}

func execute(ctx context.Context, tx *sql.Tx, statements ...string) error {
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Retain deletes, as of where the clock stands, the rows of a table that began before a
// local day, as the phone system does every night.
func (d *Database) Retain(ctx context.Context, table string, day time.Time) error {
	t, err := d.table(table)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(t.stored, func(c tds.Column) bool { return c.Name == "dte_start" }) {
		return fmt.Errorf("rawdata: %s has no dte_start to go by", t.name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := "timestamp " + text(stamp(d.now.UTC()))
	_, err = d.db.ExecContext(ctx, fmt.Sprintf("update %s set _to = least(_to, %s) where dte_start < timestamp %s",
		t.history(), now, text(day.Format(time.DateOnly))))
	return err
}
