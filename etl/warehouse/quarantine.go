package warehouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// quarantineFaults sets the rows at fault aside.
func (s *stage) quarantineFaults(done *Loaded) error {
	n, err := s.count("select count(*) from stage_out where fault is not null")
	if n == 0 || err != nil {
		return err
	}
	head, tail := s.position()
	n, err = s.affect("quarantine", fmt.Sprintf(`
		insert into meta.quarantine by name
		with faults as (select _n, fault from stage_out where fault is not null)
		select %s, bad._row as row, 0 as line, faults.fault.c as column_name, faults.fault.r as rule,
			case faults.fault.r
				when 'empty' then faults.fault.c || ' has no value'
				when 'no-key' then 'the columns that make its key have no value'
				else faults.fault.c || ' has a value that is ' || replace(faults.fault.r, '-', ' ')
			end as message,
			to_json(%s)::varchar as raw, %s
		from %s as bad join faults on faults._n = bad._n`,
		head, s.asStruct(), tail, s.delivered))
	done.Quarantined += n
	return err
}

// quarantineRejects sets the rows aside that could not be read from their source.
func (s *stage) quarantineRejects(done *Loaded) error {
	if s.file.Rejects == "" {
		return nil
	}
	head, tail := s.position()
	n, err := s.affect("quarantine rejected rows", fmt.Sprintf(`
		insert into meta.quarantine by name
		select %s, row, line, "column" as column_name, rule, message, raw, %s
		from read_parquet(%s)`, head, tail, literal(s.file.Rejects)))
	done.Quarantined += n
	return err
}

// position is the select lists that say where quarantined rows come from.
func (s *stage) position() (head, tail string) {
	b := s.file.Batch
	head = fmt.Sprintf("%s as batch, %s as source, %s as owner, %s as table_name",
		literal(b.ID), literal(b.Source), literal(b.Table.Owner), literal(b.Table.Name))
	tail = fmt.Sprintf("%s as first_seen_run, timestamptz %s as quarantined_at",
		literal(b.Run), literal(s.now.UTC().Format("2006-01-02 15:04:05.999999+00")))
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

// Quarantine lists quarantined rows in order of batch and row.
func (w *Warehouse) Quarantine(ctx context.Context, f QuarantineFilter) ([]Quarantined, error) {
	const query = `
		select batch, source, owner, table_name, row, line, column_name, rule, message, raw, first_seen_run, quarantined_at
		from meta.quarantine
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
