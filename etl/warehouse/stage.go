package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// stage is a set of batches of one table on their way into raw. It works on narrow
// temporary tables and reads the wide rows once, when they go from the landing files
// into raw:
//
//	stage_rows  _b, _n, _k…, _u, _r, _fault, columns of Day   every row of the files
//	stage_out   _n, _fault               rows that do not go into raw; _fault is 0 for
//	                                     superseded ones
//	stage_twins _b, _k…                  keys of which a batch has a row twice
//	stage_family _b, _n, _k…, _u, winner_u, place   rows of those keys
//	stage_broken _b, _row, _k…, _session, _placed, _column, _rule   rows that could not
//	                                     be read, rejected ones included (hold.go)
//	stage_held  _b, _k…, _row, _column, _rule   the keys of those rows
//	stage_keys  _b, _k…, _u, _rows, _first, _last, _date   keys with rows left: what each
//	                                     batch brings
//	stage_raw   _k…, _u, _rows, _first, _date, _from   what raw holds of those keys
//	stage_reused _b, _k…                 keys that a batch brings for something else (reuse.go)
//	stage_versions _b, _k…, _rows, is_even, is_newer, is_last, replaced   versions of
//	                                     keys that raw has too, or more than one batch
//	stage_same  _k…                      keys that the set brings unchanged
//
// _b is a batch's place in the set, from 0 in order of arrival, _n a row's place in
// the files, _k… its key, _u is Updated as a number (microseconds for times), _r a
// hash of the Row columns and _fault the number of the fault, from 1.
// _first and _last are the first and last time of At.
//
// Most batches bring nothing but new keys without repeats. What it takes to handle
// the rest is done only when counts show that there is a rest.
type stage struct {
	ctx     context.Context
	tx      *sql.Tx
	table   etl.Table
	types   []fileColumn // columns of each file
	batches []*staged    // in order of arrival

	filled    []*staged // those that are not held and have rows: _b counts them
	tally     []tally   // of filled
	key       key
	delivered string  // subquery: _b, _n, contract columns in contract types, _row
	faults    []fault // what can be wrong with a row; number 1 is the first
	updated   string  // SQL of _u

	made     []string // the temporary tables there are
	excluded bool     // there is a stage_out
	losing   int64    // versions in stage_versions that are not the last ones
	even     int64    // of those that are, such that raw has the same Updated
	reach    string   // SQL condition: where in raw the set's keys can be
	heldKeys int64    // keys that raw holds and this set replaces
	heldRows int64    // rows that raw has of them
}

// tally is what became of a batch's rows, as if the batches were loaded one by one.
type tally struct {
	rows      int64 // in the file
	faulty    int64 // at fault
	living    int64 // of versions of keys that are whole in this batch
	lost      int64 // of those, in versions older than what raw or an earlier batch has
	replaced  int64 // rows that raw or an earlier batch had of its keys
	replacing int64 // rows in their place
}

// fault is one way in which a row can break the contract.
type fault struct {
	column, rule string
	condition    string // SQL over delivered
}

// prepare works out the stage's SQL from the contract and the files' own columns.
func (s *stage) prepare() (err error) {
	if err = s.prepareKey(); err != nil {
		return err
	}
	if s.updated, err = updatedSQL(s.table); err != nil {
		return err
	}
	types := map[string]string{}
	for _, c := range s.types {
		types[c.name] = c.kind
	}
	if types[etl.RowColumn] == "" {
		return fmt.Errorf("the file has no column %s", etl.RowColumn)
	}
	s.tally = make([]tally, len(s.filled))
	s.faults, s.excluded, s.losing, s.even, s.heldKeys, s.heldRows = nil, false, 0, 0, 0, 0
	s.shape(types)
	return nil
}

func (s *stage) prepareKey() (err error) {
	s.key, err = newKey(s.table)
	return err
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

// source is the landing files as a table function.
func (s *stage) source() string {
	paths := make([]string, len(s.filled))
	for i, f := range s.filled {
		paths[i] = literal(f.file.Path)
	}
	return fmt.Sprintf("read_parquet([%s], file_row_number = true)", strings.Join(paths, ", "))
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
		if late := s.tooLate(c); late != "" {
			s.faults = append(s.faults, fault{c.Name, timeInTheFuture, late})
		}
	}
	s.faults = append(s.faults, fault{"", "no-key", s.key.missing()})
	s.delivered = fmt.Sprintf(
		"(select file_index::integer as _b, (file_index::bigint << 40) + file_row_number as _n, %s, %s from %s)",
		strings.Join(columns, ", "), etl.RowColumn, s.source())
}

// batchID is SQL of the id of the batch at place _b of a relation.
func (s *stage) batchID(relation string) string {
	if len(s.filled) == 1 {
		return literal(s.filled[0].file.Batch.ID)
	}
	ids := make([]string, len(s.filled))
	for i, f := range s.filled {
		ids[i] = literal(f.file.Batch.ID)
	}
	return fmt.Sprintf("([%s])[%s._b + 1]", strings.Join(ids, ", "), relation)
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

// dayColumns lists the columns that Day and At speak of, each followed by a comma.
func (s *stage) dayColumns() string {
	var list strings.Builder
	for _, c := range s.table.Named(s.table.Replace.Day, s.table.Replace.At) {
		list.WriteString(ident(c.Name) + ", ")
	}
	return list.String()
}

// fill stages the rows of the files, sets those at fault aside, and sees that the
// files are whole.
func (s *stage) fill() error {
	_, err := s.create("stage_rows", fmt.Sprintf(`
		select _b, %s, %s as _u, hash(%s) as _r, %s as _fault, %s _n from %s`,
		s.key.selected(), s.updated, s.row(), s.faultSQL(), s.dayColumns(), s.delivered))
	if err != nil {
		return err
	}
	counts, err := s.perBatch("stage_rows", "count(*)", "count(*) filter (where _fault > 0)")
	if err != nil {
		return err
	}
	var faulty int64
	for i, f := range s.filled {
		s.tally[i].rows, s.tally[i].faulty = counts[i][0], counts[i][1]
		faulty += counts[i][1]
		if counts[i][0] != f.file.Counts.Landed {
			return fmt.Errorf("the file holds %d rows, its footer says %d", counts[i][0], f.file.Counts.Landed)
		}
	}
	if faulty > 0 {
		if err := s.exclude("select _n, _fault from stage_rows where _fault > 0"); err != nil {
			return err
		}
	}
	return s.hold()
}

// exclude keeps rows out of raw.
func (s *stage) exclude(query string) error {
	if s.excluded {
		return s.exec("exclude rows", "insert into stage_out "+query)
	}
	s.excluded = true
	_, err := s.create("stage_out", query)
	return err
}

// alive is a subquery of the staged rows that are neither at fault nor superseded.
func (s *stage) alive() string { return s.without("stage_rows") }

// without leaves the rows that do not go into raw out of a relation that has _n.
func (s *stage) without(relation string) string {
	if !s.excluded {
		return relation
	}
	return fmt.Sprintf("(select * from %s where _n not in (select _n from stage_out))", relation)
}

// remove deletes what raw holds of the keys this set replaces.
func (s *stage) remove() error {
	if s.heldRows == 0 {
		return nil
	}
	gone, err := s.affect("delete", fmt.Sprintf("delete from %s using stage_raw as held where %s and %s",
		s.table.RawName(), s.key.matchTable("held"), s.reach))
	if err == nil && gone != s.heldRows {
		err = fmt.Errorf("delete: %d rows were to go, %d went", s.heldRows, gone)
	}
	return err
}

// insert adds the rows of the keys this set brings.
func (s *stage) insert() error {
	expected := s.heldRows
	for _, f := range s.filled {
		expected += f.done.Loaded - f.done.Replaced
	}
	came, err := s.affect("insert", fmt.Sprintf(`
		insert into %s (%s, %s, %s, %s)
		select %s, %s, %s, keys._date
		from %s as alive join stage_keys as keys on alive._b = keys._b and %s`,
		s.table.RawName(), s.columns(), batchColumn, etl.RowColumn, dayColumn,
		s.columns(), s.batchID("alive"), etl.RowColumn,
		s.without(s.delivered), s.key.matchTable("keys")))
	if err == nil && came != expected {
		err = fmt.Errorf("insert: %d rows were to come, %d came", expected, came)
	}
	return err
}

// drop removes the temporary tables, which would otherwise stay with the connection.
func (s *stage) drop() error {
	if len(s.made) == 0 {
		return nil
	}
	var statements strings.Builder
	for _, table := range s.made {
		fmt.Fprintf(&statements, "drop table %s; ", table)
	}
	s.made = nil
	return s.exec("clean up", statements.String())
}

func (s *stage) exec(step, query string) error {
	if _, err := s.tx.ExecContext(s.ctx, query); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

// create makes one of the stage's tables and returns the number of its rows.
func (s *stage) create(table, query string) (n int64, err error) {
	// ExecContext would not tell the number.
	err = s.tx.QueryRowContext(s.ctx, fmt.Sprintf("create or replace temp table %s as %s", table, query)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("make %s: %w", table, err)
	}
	if !slices.Contains(s.made, table) {
		s.made = append(s.made, table)
	}
	return n, nil
}

// perBatch counts the rows of one of the stage's tables in some ways, and returns the
// numbers by the batch's place in the set; a batch without rows has zeros.
func (s *stage) perBatch(table string, numbers ...string) ([][]int64, error) {
	query := fmt.Sprintf("select _b, %s from %s group by _b", strings.Join(numbers, ", "), table)
	if len(s.filled) == 1 { // grouping is dear for a few rows
		query = fmt.Sprintf("select 0, %s from %s", strings.Join(numbers, ", "), table)
	}
	rows, err := s.tx.QueryContext(s.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("count rows: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	all := make([][]int64, len(s.filled))
	for i := range all {
		all[i] = make([]int64, len(numbers))
	}
	row := make([]int64, 1+len(numbers))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("count rows: %w", err)
		}
		copy(all[row[0]], row[1:])
	}
	return all, rows.Err()
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
