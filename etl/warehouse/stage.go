package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// stage is one batch on its way into raw. It works on narrow temporary tables and
// reads the wide rows once, when they go from the landing file into raw:
//
//	stage_rows  _n, _k…, _u, _r, _fault, columns of Day   every row of the file
//	stage_out   _n, _fault               rows that do not go into raw; _fault is 0 for
//	                                     superseded ones
//	stage_twins _k…                      keys of which the file has a row twice
//	stage_family _n, _k…, _u, winner_u, place   rows of those keys
//	stage_keys  _k…, _u, _rows, _date    keys with rows left, which this batch brings
//	stage_raw   _k…, _u, _rows, _date, _from   what raw holds of those keys
//	stage_lost  _k…                      keys of which raw holds a newer version
//	stage_same  _k…                      keys that this batch brings unchanged
//
// _n is a row's place in the file, _k… its key, _u is Updated as a number (microseconds
// for times), _r a hash of the Row columns and _fault the number of the fault, from 1.
//
// Most batches bring nothing but new keys without repeats. What it takes to handle
// the rest is done only when counts show that there is a rest.
type stage struct {
	ctx   context.Context
	tx    *sql.Tx
	table etl.Table
	file  etl.File
	now   time.Time

	key       key
	delivered string  // subquery: _n, contract columns in contract types, _row
	faults    []fault // what can be wrong with a row; number 1 is the first
	updated   string  // SQL of _u

	faulty   int64  // rows of the file that are at fault
	dead     int64  // rows of the file that are superseded
	heldKeys int64  // keys that raw holds and this batch replaces
	heldRows int64  // rows that raw has of them
	heldDays string // SQL condition: the days on which raw holds the batch's keys, where known
}

// fault is one way in which a row can break the contract.
type fault struct {
	column, rule string
	condition    string // SQL over delivered
}

// prepare works out the stage's SQL from the contract and the file's own columns.
func (s *stage) prepare() error {
	var err error
	if s.key, err = newKey(s.table); err != nil {
		return err
	}
	if s.updated, err = updatedSQL(s.table); err != nil {
		return err
	}
	types, err := s.fileTypes()
	if err != nil {
		return err
	}
	if types[etl.RowColumn] == "" {
		return fmt.Errorf("the file has no column %s", etl.RowColumn)
	}
	s.shape(types)
	return nil
}

// updatedSQL is the contract's Updated as a bigint; NULL where the contract has none.
// The wall clock shows the hour from 02:00 on the last Sunday of October twice, so
// within it a later time is no newer version: all of it counts as one moment, in which
// the delivery that arrived later wins.
func updatedSQL(t etl.Table) (string, error) {
	if t.Replace.Updated == "" {
		return "null::bigint", nil
	}
	for _, c := range t.Columns {
		if c.Name != t.Replace.Updated {
			continue
		}
		switch c.Type {
		case etl.LocalTime:
			return fmt.Sprintf(`case
				when month(%[1]s) = 10 and day(%[1]s) >= 25 and dayofweek(%[1]s) = 0 and hour(%[1]s) = 2
					then epoch_us(date_trunc('hour', %[1]s))
				else epoch_us(%[1]s) end`, ident(c.Name)), nil
		case etl.Instant, etl.Date:
			return fmt.Sprintf("epoch_us(%s)", ident(c.Name)), nil
		case etl.Integer:
			return ident(c.Name), nil
		}
	}
	return "", fmt.Errorf("the contract of %s replaces by %s, which is no time or integer column", t.RawName(), t.Replace.Updated)
}

// source is the landing file as a table function.
func (s *stage) source() string {
	return fmt.Sprintf("read_parquet(%s, file_row_number = true)", literal(s.file.Path))
}

// fileTypes returns the DuckDB type of each column of the landing file.
func (s *stage) fileTypes() (map[string]string, error) {
	rows, err := s.tx.QueryContext(s.ctx, "select * from "+s.source()+" limit 0")
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	columns, err := rows.ColumnTypes()
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	types := make(map[string]string, len(columns))
	for _, c := range columns {
		types[c.Name()] = c.DatabaseTypeName()
	}
	return types, rows.Err()
}

// shape leads the file's columns to the contract's. A file landed under an older
// contract may lack columns, which are NULL, or have them in another type, where a
// value that does not convert is a fault of its row.
func (s *stage) shape(types map[string]string) {
	var columns []string
	for _, c := range s.table.Columns {
		name := ident(c.Name)
		kind, exists := types[c.Name]
		switch {
		case !exists:
			columns = append(columns, fmt.Sprintf("null::%s as %s", c.Type.SQL(), name))
		case sameType(kind, c.Type):
			columns = append(columns, name)
		default:
			bad := ident("_bad_" + c.Name)
			columns = append(columns,
				fmt.Sprintf("try_cast(%[1]s as %[2]s) as %[1]s", name, c.Type.SQL()),
				fmt.Sprintf("%[1]s is not null and try_cast(%[1]s as %[2]s) is null as %[3]s", name, c.Type.SQL(), bad))
			s.faults = append(s.faults, fault{c.Name, "not-" + strings.ReplaceAll(c.Type.String(), " ", "-"), bad})
		}
		if c.NotNull {
			s.faults = append(s.faults, fault{c.Name, "empty", name + " is null"})
		}
	}
	s.faults = append(s.faults, fault{"", "no-key", s.key.missing()})
	s.delivered = fmt.Sprintf("(select file_row_number as _n, %s, %s from %s)",
		strings.Join(columns, ", "), etl.RowColumn, s.source())
}

// faultSQL is the number of a row's first fault, 0 for none.
func (s *stage) faultSQL() string {
	var b strings.Builder
	b.WriteString("(case")
	for i, f := range s.faults {
		fmt.Fprintf(&b, " when %s then %d", f.condition, i+1)
	}
	b.WriteString(" else 0 end)::usmallint")
	return b.String()
}

// columns is the contract's column list.
func (s *stage) columns() string { return strings.Join(s.columnNames(), ", ") }

func (s *stage) columnNames() []string {
	names := make([]string, len(s.table.Columns))
	for i, c := range s.table.Columns {
		names[i] = ident(c.Name)
	}
	return names
}

// row is the list of expressions that tells two rows of one key apart.
func (s *stage) row() string {
	if len(s.table.Replace.Row) == 0 {
		return s.columns()
	}
	return strings.Join(s.table.Replace.Row, ", ")
}

// day is the aggregate that gives a key's local date.
func (s *stage) day() string {
	if s.table.Replace.Day == "" {
		return "null::date"
	}
	return "(" + s.table.Replace.Day + ")"
}

// dayColumns lists the columns that Day speaks of, each followed by a comma.
func (s *stage) dayColumns() string {
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(s.table.Replace.Day, notInName) {
		words[word] = true
	}
	var list strings.Builder
	for _, c := range s.table.Columns {
		if words[c.Name] {
			list.WriteString(ident(c.Name) + ", ")
		}
	}
	return list.String()
}

func notInName(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// fill stages the rows of the file, sets those at fault aside, and sees that the file
// is whole.
func (s *stage) fill() error {
	staged, err := s.create("stage_rows", fmt.Sprintf(`
		select %s, %s as _u, hash(%s) as _r, %s as _fault, %s _n from %s`,
		s.key.selected(), s.updated, s.row(), s.faultSQL(), s.dayColumns(), s.delivered))
	if err != nil {
		return err
	}
	if staged != s.file.Counts.Landed {
		return fmt.Errorf("the file holds %d rows, its footer says %d", staged, s.file.Counts.Landed)
	}
	s.faulty, err = s.create("stage_out", "select _n, _fault from stage_rows where _fault > 0")
	return err
}

// alive is a subquery of the staged rows that are neither at fault nor superseded.
func (s *stage) alive() string { return s.without("stage_rows") }

// without leaves the rows that do not go into raw out of a relation that has _n.
func (s *stage) without(relation string) string {
	if s.faulty+s.dead == 0 {
		return relation
	}
	return fmt.Sprintf("(select * from %s where _n not in (select _n from stage_out))", relation)
}

// remove deletes what raw holds of the keys this batch replaces.
func (s *stage) remove(done *Loaded) (err error) {
	if s.heldRows == 0 {
		return nil
	}
	done.Replaced, err = s.affect("delete", fmt.Sprintf("delete from %s using stage_raw as held where %s%s",
		s.table.RawName(), s.key.matchTable("held"), s.heldDays))
	if err == nil && done.Replaced != s.heldRows {
		err = fmt.Errorf("delete: %d rows were to go, %d went", s.heldRows, done.Replaced)
	}
	return err
}

// insert adds the rows of the keys this batch brings.
func (s *stage) insert(done *Loaded) (err error) {
	done.Loaded, err = s.affect("insert", fmt.Sprintf(`
		insert into %s (%s, %s, %s, %s)
		select %s, %s, %s, keys._date
		from %s as alive join stage_keys as keys on %s`,
		s.table.RawName(), s.columns(), batchColumn, etl.RowColumn, dayColumn,
		s.columns(), literal(s.file.Batch.ID), etl.RowColumn,
		s.without(s.delivered), s.key.matchTable("keys")))
	return err
}

// drop removes the temporary tables, which would otherwise stay with the connection.
func (s *stage) drop() error {
	var statements strings.Builder
	for _, table := range []string{"rows", "out", "twins", "family", "keys", "raw", "lost", "same"} {
		fmt.Fprintf(&statements, "drop table if exists stage_%s; ", table)
	}
	return s.exec("clean up", statements.String())
}

func (s *stage) exec(step, query string) error {
	if _, err := s.tx.ExecContext(s.ctx, query); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

// create makes one of the stage's tables and returns the number of its rows.
func (s *stage) create(table, query string) (int64, error) {
	if err := s.exec("make "+table, fmt.Sprintf("create or replace temp table %s as %s", table, query)); err != nil {
		return 0, err
	}
	return s.count("select count(*) from " + table)
}

func (s *stage) affect(step, query string) (int64, error) {
	r, err := s.tx.ExecContext(s.ctx, query)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", step, err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", step, err)
	}
	return n, nil
}

func (s *stage) count(query string) (int64, error) {
	var n int64
	if err := s.tx.QueryRowContext(s.ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("count rows: %w", err)
	}
	return n, nil
}
