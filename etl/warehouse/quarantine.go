package warehouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// quarantineFaults sets the rows at fault aside.
func (s *stage) quarantineFaults() error {
	kinds := make([]string, len(s.faults))
	for i, f := range s.faults {
		kinds[i] = fmt.Sprintf("(%d, %s, %s, %s)", i+1, literal(f.column), literal(f.rule), literal(f.message()))
	}
	for i, f := range s.filled {
		if s.tally[i].faulty == 0 {
			continue
		}
		head, tail := f.position()
		n, err := s.affect("quarantine", fmt.Sprintf(`
			insert into meta.quarantine by name
			with kinds (_fault, column_name, rule, message) as (values %s)
			select %s, bad._row as row, 0 as line, kinds.column_name, kinds.rule, kinds.message,
				to_json(%s)::varchar as raw, %s
			from %s as bad join stage_out as faults on faults._n = bad._n join kinds on kinds._fault = faults._fault
			where bad._b = %d`,
			strings.Join(kinds, ", "), head, s.asStruct(), tail, s.delivered, i))
		if err != nil {
			return err
		}
		f.done.Quarantined += n
	}
	return nil
}

// message says in one sentence what is wrong.
func (f fault) message() string {
	switch f.rule {
	case "empty":
		return f.column + " has no value"
	case "no-key":
		return "the columns that make its key have no value"
	}
	return f.column + " has a value that is " + strings.ReplaceAll(f.rule, "-", " ")
}

// quarantineRejects sets the rows aside that could not be read from their source.
func (s *stage) quarantineRejects(f *staged) error {
	if f.file.Rejects == "" {
		return nil
	}
	head, tail := f.position()
	n, err := s.affect("quarantine rejected rows", fmt.Sprintf(`
		insert into meta.quarantine by name
		select %s, row, line, "column" as column_name, rule, message, raw, %s
		from read_parquet(%s)`, head, tail, literal(f.file.Rejects)))
	f.done.Quarantined += n
	return err
}

// position is the select lists that say where quarantined rows come from.
func (f *staged) position() (head, tail string) {
	b := f.file.Batch
	head = fmt.Sprintf("%s as batch, %s as source, %s as owner, %s as table_name",
		literal(b.ID), literal(b.Source), literal(b.Table.Owner), literal(b.Table.Name))
	tail = fmt.Sprintf("%s as first_seen_run, %s as quarantined_at", literal(b.Run), instant(f.at))
	return head, tail
}

// asStruct is a row's contract columns as one value.
func (s *stage) asStruct() string {
	fields := make([]string, len(s.table.Columns))
	for i, c := range s.table.Columns {
		fields[i] = literal(c.Name) + ": " + ident(c.Name)
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// Quarantined is a row that was set aside.
type Quarantined struct {
	Batch, Source, Owner, Table string
	etl.Reject
	FirstSeen string // run that brought it
	At        time.Time
}

// QuarantineFilter picks quarantined rows; an empty field picks all.
type QuarantineFilter struct {
	Batch, Table, Rule string
	Limit              int // 0: no limit
}

// Quarantine lists the quarantined rows that have not been replayed, in order of
// batch and row.
func (w *Warehouse) Quarantine(ctx context.Context, f QuarantineFilter) ([]Quarantined, error) {
	const query = `
		select batch, source, owner, table_name, row, line, column_name, rule, message, raw, first_seen_run, quarantined_at
		from meta.quarantine 
		anti join meta.replays using (batch, row)
		where (?1 = '' or batch = ?1) and (?2 = '' or table_name = ?2) and (?3 = '' or rule = ?3)
		order by batch, row, column_name limit ?4`
	rows, err := w.db.QueryContext(ctx, query, f.Batch, f.Table, f.Rule, limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []Quarantined
	for rows.Next() {
		var q Quarantined
		err := rows.Scan(&q.Batch, &q.Source, &q.Owner, &q.Table, &q.Row, &q.Line, &q.Column, &q.Rule,
			&q.Message, &q.Raw, &q.FirstSeen, &q.At)
		if err != nil {
			return nil, fmt.Errorf("list quarantine: %w", err)
		}
		list = append(list, q)
	}
	return list, rows.Err()
}

// limit is a LIMIT that 0 lifts.
func limit(n int) int64 {
	if n <= 0 {
		return 1 << 62
	}
	return int64(n)
}
