package warehouse

import (
	"context"
	"fmt"
	"slices"
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
	message, held := "kinds.message", ""
	if slices.ContainsFunc(s.faults, func(f fault) bool { return f.rule == partOfHeld }) {
		message = `replace(replace(kinds.message, '{row}', coalesce(held._row, 0)::varchar),
			'{why}', concat_ws(': ', nullif(held._column, ''), held._rule))`
		held = "left join stage_held as held on kinds.rule = " + literal(partOfHeld) +
			" and rows._b = held._b and " + s.key.match("rows", "held")
	}
	for i, f := range s.filled {
		if s.tally[i].faulty == 0 {
			continue
		}
		head, tail := f.position()
		n, err := s.affect("quarantine", fmt.Sprintf(`
			insert into meta.quarantine by name
			with kinds (_fault, column_name, rule, message) as (values %s)
			select %s, bad._row as row, 0 as line, kinds.column_name, kinds.rule, %s as message,
				to_json(%s)::varchar as raw, %s, %s as key
			from %s as bad
			join stage_out as faults on faults._n = bad._n
			join kinds on kinds._fault = faults._fault
			join (select _b, _n, %s from stage_rows) as rows on rows._n = bad._n
			%s
			where bad._b = %d`,
			strings.Join(kinds, ", "), head, message, s.asStruct(), tail, s.key.text("rows"), s.delivered,
			s.key.names(""), held, i))
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
	case timeInTheFuture:
		return f.column + " lies in the future of the run that read it"
	case partOfHeld:
		return "row {row} of the same key could not be read ({why}), so the whole of it waits"
	case reusedKey:
		return "the key is used for something else: neither its sessions nor its times are those that came before"
	case equalKeys:
		return "several visits, months apart or under a rounded number, have the same key: keys have become equal"
	}
	return f.column + " has a value that is " + strings.ReplaceAll(f.rule, "-", " ")
}

// quarantineRejects sets the rows aside that could not be read from their source.
func (s *stage) quarantineRejects(f *staged) error {
	if f.file.Rejects == "" {
		return nil
	}
	keys, err := s.keysOfRejects(f)
	if err != nil {
		return err
	}
	head, tail := f.position()
	n, err := s.affect("quarantine rejected rows", fmt.Sprintf(`
		insert into meta.quarantine by name
		with rejected as (select * from read_parquet(%s)), keys as (%s)
		select %s, row, line, "column" as column_name, rule, message, raw, %s, coalesce(keys.key, '') as key
		from rejected left join keys on keys._row = rejected.row`,
		literal(f.file.Rejects), keys, head, tail))
	f.done.Quarantined += n
	return err
}

// keysOfRejects is a query of the keys of a batch's rejected rows, as far as they are
// known: _row and key.
func (s *stage) keysOfRejects(f *staged) (string, error) {
	if at := slices.Index(s.filled, f); at >= 0 { // they were placed when the rest of their keys was held
		return fmt.Sprintf("select _row, max(%s) as key from stage_broken as b where _placed and _b = %d group by _row", s.key.text("b"), at), nil
	}
	if len(s.key.parts) == 0 {
		if err := s.prepareKey(); err != nil {
			return "", err
		}
	}
	rejected, err := s.rejectedRows(f)
	return fmt.Sprintf("select _row, max(%s) as key from (%s) as b where _placed group by _row", s.key.text("b"), rejected), err
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
	etl.Reject                         // its Key is the row's key as one text, "" where it is not known
	FirstSeen                   string // run that brought it
	At                          time.Time
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
		select batch, source, owner, table_name, row, line, column_name, rule, message, raw, coalesce(key, ''), first_seen_run, quarantined_at
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
			&q.Message, &q.Raw, &q.Key, &q.FirstSeen, &q.At)
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
