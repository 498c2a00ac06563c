package rawdata

import (
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// table finds a table by any of its names, hidden ones included.
func (d *Database) table(name string) (*table, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.find(name)
}

func (d *Database) find(name string) (*table, error) {
	t := d.tables[strings.ToLower(name)]
	if t == nil {
		return nil, fmt.Errorf("rawdata: there is no table %s", name)
	}
	return t, nil
}

// DropColumn takes a column out of sight.
func (d *Database) DropColumn(name, column string) error {
	return d.alter(name, func(t *table) error {
		if !t.hide(column) {
			return fmt.Errorf("rawdata: %s has no column %s", name, column)
		}
		return nil
	})
}

// AddColumn adds a column at the end, with one value in every row; what a value may be
// is told at Row.
func (d *Database) AddColumn(name string, c tds.Column, value any) error {
	from, err := literal(value)
	if err != nil {
		return fmt.Errorf("rawdata: %s.%s: %w", name, c.Name, err)
	}
	return d.alter(name, func(t *table) error {
		t.shown = append(slices.Clone(t.shown), shown{c, "cast(" + from + " as " + duckType(c) + ")"})
		return nil
	})
}

// RenameColumn gives a column another name.
func (d *Database) RenameColumn(name, column, renamed string) error {
	return d.alter(name, func(t *table) error {
		at := slices.IndexFunc(t.shown, func(c shown) bool { return c.Name == column })
		if at < 0 {
			return fmt.Errorf("rawdata: %s has no column %s", name, column)
		}
		t.shown = slices.Clone(t.shown)
		t.shown[at].Name = renamed
		return nil
	})
}

// DropTable takes a table out of sight under one name; it stays under its other one.
func (d *Database) DropTable(name string) error {
	return d.alter(name, func(t *table) error { t.dropped = true; return nil })
}

// Deny takes the permission to read a table away, or gives it back.
func (d *Database) Deny(name string, denied bool) error {
	return d.alter(name, func(t *table) error { t.denied = denied; return nil })
}

func (d *Database) alter(name string, change func(*table) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.find(name)
	if err != nil {
		return err
	}
	return change(t)
}

// visible finds what a query may name, or tells what SQL Server says to it.
func (d *Database) visible(name string) (*table, *tds.Error) {
	t := d.tables[strings.ToLower(name)]
	switch {
	case t == nil || t.dropped:
		return nil, invalidObject("dbo." + name)
	case t.denied:
		return nil, &tds.Error{Number: 229, State: 5, Class: 14, Message: fmt.Sprintf(
			"The SELECT permission was denied on the object '%s', database '%s', schema 'dbo'.", name, d.name)}
	}
	return t, nil
}

func invalidObject(name string) *tds.Error {
	return &tds.Error{Number: 208, State: 1, Class: 16, Message: fmt.Sprintf("Invalid object name '%s'.", name)}
}

// body is the query that gives a table as it is now.
func (d *Database) body(t *table) string {
	columns := make([]string, len(t.shown))
	for i, c := range t.shown {
		columns[i] = c.from + " as " + quoted(c.Name)
	}
	now := "timestamp " + text(stamp(d.now.UTC()))
	return fmt.Sprintf("select %s from %s where _from <= %s and _to > %s", strings.Join(columns, ", "), t.history(), now, now)
}

// names are the names of the tables that can be seen, sorted.
func (d *Database) names() []string {
	var names []string
	for name, t := range d.tables {
		if !t.dropped {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// The views of INFORMATION_SCHEMA that can be read.
const (
	viewColumns = "information_schema.columns"
	viewTables  = "information_schema.tables"
)

// view is the query that gives a view of INFORMATION_SCHEMA.
func (d *Database) view(name string) string {
	var rows []string
	for _, table := range d.names() {
		if name == viewTables {
			rows = append(rows, fmt.Sprintf("(%s, 'dbo', %s, 'BASE TABLE')", text(d.name), text(table)))
			continue
		}
		for i, c := range d.tables[table].shown {
			rows = append(rows, fmt.Sprintf("(%s, 'dbo', %s, %s, %d, %s, %s)", text(d.name), text(table), text(c.Name), i+1,
				map[bool]string{true: "'NO'", false: "'YES'"}[c.NotNull], described(c.Column)))
		}
	}
	columns := "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE"
	if name == viewColumns {
		columns = "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, DATA_TYPE, " +
			"CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION"
	}
	return "select * from (values " + strings.Join(rows, ", ") + ") as v (" + columns + ")"
}

// described is a column's type as INFORMATION_SCHEMA.COLUMNS tells of it, from
// DATA_TYPE on.
func described(c tds.Column) string {
	length, precision, scale, second := "null", "null", "null", "null"
	switch c.Type {
	case tds.Char, tds.VarChar, tds.NChar, tds.NVarChar:
		length = fmt.Sprint(c.Length)
	case tds.Numeric:
		precision, scale = fmt.Sprint(c.Precision), fmt.Sprint(c.Scale)
	case tds.TinyInt, tds.SmallInt, tds.Int, tds.BigInt:
		precision = map[tds.Type]string{tds.TinyInt: "3", tds.SmallInt: "5", tds.Int: "10", tds.BigInt: "19"}[c.Type]
		scale = "0"
	case tds.DateTime:
		second = "3"
	case tds.DateTime2, tds.DateTimeOffset:
		second = fmt.Sprint(c.Scale)
	case tds.Date:
		second = "0"
	}
	return strings.Join([]string{text(c.Type.String()), length, precision, scale, second}, ", ")
}
