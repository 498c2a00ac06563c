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
// reads the wide rows from the landing file again where it needs them, which costs
// less memory than a copy:
//
//	stage_rows  _n, _key, _u               rows of the file that keep the contract
//	stage_out   _n, fault                  rows that do not go into raw; fault is NULL
//	                                       for superseded ones
//	stage_keys  _key, _u, rows, _day       keys with rows left
//	stage_raw   _key, _u, rows, _day, _batch   what raw holds of those keys
//	stage_won   _key                       keys whose rows this batch replaces or brings
//	stage_same  _key                       those of them that have not changed
//
// _n is a row's place in the file; _u is Updated as a number (microseconds for
// times). A key is never NULL, since a row without one is a fault: NULL would match
// nothing, and rows would be neither replaced nor found again.
type stage struct {
	ctx   context.Context
	tx    *sql.Tx
	table etl.Table
	file  etl.File
	now   time.Time

	delivered string // subquery: _n, contract columns in contract types, _row
	faults    string // CASE giving the first column at fault and the rule, or NULL
	updated   string // SQL of _u
	key       string // SQL of _key
	heldDays  string // SQL condition: the days on which raw holds the batch's keys, where known
}

// temporary are the stage's tables.
var temporary = []string{"stage_rows", "stage_out", "stage_keys", "stage_raw", "stage_won", "stage_same"}

func newStage(ctx context.Context, tx *sql.Tx, table etl.Table, f etl.File, now time.Time) *stage {
	return &stage{ctx: ctx, tx: tx, table: table, file: f, now: now, key: "(" + table.Replace.Key + ")"}
}

// prepare works out the stage's SQL from the contract and the file's own columns.
func (s *stage) prepare() error {
	var err error
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
func updatedSQL(t etl.Table) (string, error) {
	if t.Replace.Updated == "" {
		return "null::bigint", nil
	}
	for _, c := range t.Columns {
		if c.Name != t.Replace.Updated {
			continue
		}
		switch c.Type {
		case etl.LocalTime, etl.Instant, etl.Date:
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
	rows, err := s.tx.QueryContext(s.ctx, "select column_name, column_type from (describe select * from "+s.source()+")")
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	types := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, fmt.Errorf("read columns: %w", err)
		}
		types[name] = kind
	}
	return types, rows.Err()
}

// shape leads the file's columns to the contract's. A file landed under an older
// contract may lack columns, which are NULL, or have them in another type, where a
// value that does not convert is a fault of its row.
func (s *stage) shape(types map[string]string) {
	var columns, faults []string
	for _, c := range s.table.Columns {
		name := ident(c.Name)
		kind, exists := types[c.Name]
		switch {
		case !exists:
			columns = append(columns, fmt.Sprintf("null::%s as %s", c.Type.SQL(), name))
		case sameType(kind, c.Type):
			columns = append(columns, name)
		default:
			columns = append(columns, fmt.Sprintf("try_cast(%s as %s) as %s", name, c.Type.SQL(), name))
			columns = append(columns, fmt.Sprintf("%s is not null and try_cast(%s as %s) is null as %s",
				name, name, c.Type.SQL(), ident("_bad_"+c.Name)))
			faults = append(faults, fmt.Sprintf("when %s then {'c': %s, 'r': %s}",
				ident("_bad_"+c.Name), literal(c.Name), literal("not-"+strings.ReplaceAll(c.Type.String(), " ", "-"))))
		}
		if c.NotNull {
			faults = append(faults, fmt.Sprintf("when %s is null then {'c': %s, 'r': 'empty'}", name, literal(c.Name)))
		}
	}
	s.delivered = fmt.Sprintf("(select file_row_number as _n, %s, %s from %s)",
		strings.Join(columns, ", "), etl.RowColumn, s.source())
	faults = append(faults, fmt.Sprintf("when %s is null then {'c': '', 'r': 'no-key'}", s.key))
	s.faults = "case " + strings.Join(faults, " ") + " end"
}

// columns is the contract's column list.
func (s *stage) columns() string {
	names := make([]string, len(s.table.Columns))
	for i, c := range s.table.Columns {
		names[i] = ident(c.Name)
	}
	return strings.Join(names, ", ")
}

// row is the list of expressions that tells two rows of one key apart.
func (s *stage) row() string {
	if s.table.Replace.Row == "" {
		return s.columns()
	}
	return s.table.Replace.Row
}

// day is the aggregate that gives a key's local date.
func (s *stage) day() string {
	if s.table.Replace.Day == "" {
		return "null::date"
	}
	return "(" + s.table.Replace.Day + ")"
}

// alive is a subquery of the delivered rows that are neither at fault nor superseded.
func (s *stage) alive() string {
	return fmt.Sprintf("(select * from %s where _n not in (select _n from stage_out))", s.delivered)
}

// fill stages the rows of the file, sets those at fault aside, and sees that the file
// is whole.
func (s *stage) fill() error {
	err := s.exec("find faults", fmt.Sprintf(`
		create or replace temp table stage_out as
		select _n, fault from (select _n, %s as fault from %s) where fault is not null`, s.faults, s.delivered))
	if err != nil {
		return err
	}
	err = s.exec("stage rows", fmt.Sprintf(`
		create or replace temp table stage_rows as
		select _n, %s as _key, %s as _u from %s`, s.key, s.updated, s.alive()))
	if err != nil {
		return err
	}
	n, err := s.count("select (select count(*) from stage_rows) + (select count(*) from stage_out)")
	if err == nil && n != s.file.Counts.Landed {
		err = fmt.Errorf("the file holds %d rows, its footer says %d", n, s.file.Counts.Landed)
	}
	return err
}

// remove deletes what raw holds of the keys this batch replaces.
func (s *stage) remove(done *Loaded) error {
	n, err := s.count("select coalesce(sum(rows), 0)::bigint from stage_raw where _key in (select _key from stage_won)")
	if n == 0 || err != nil {
		return err
	}
	done.Replaced, err = s.affect("delete", fmt.Sprintf("delete from %s where %s in (select _key from stage_won)%s",
		s.table.RawName(), s.key, s.heldDays))
	if err == nil && done.Replaced != n {
		err = fmt.Errorf("delete: %d rows were to go, %d went", n, done.Replaced)
	}
	return err
}

// insert adds the rows of the keys this batch replaces.
func (s *stage) insert(done *Loaded) (err error) {
	done.Loaded, err = s.affect("insert", fmt.Sprintf(`
		insert into %s (%s, %s, %s, %s)
		select %s, %s, %s, keys._day
		from %s as alive join stage_keys as keys on keys._key = %s`,
		s.table.RawName(), s.columns(), batchColumn, etl.RowColumn, dayColumn,
		s.columns(), literal(s.file.Batch.ID), etl.RowColumn,
		s.alive(), s.key))
	return err
}

func (s *stage) countSuperseded(done *Loaded) (err error) {
	done.Superseded, err = s.count("select count(*) from stage_out where fault is null")
	return err
}

// drop removes the temporary tables, which would otherwise stay with the connection.
func (s *stage) drop() error {
	for _, t := range temporary {
		if err := s.exec("clean up", "drop table "+t); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) exec(step, query string) error {
	if _, err := s.tx.ExecContext(s.ctx, query); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
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
