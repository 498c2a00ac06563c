package warehouse

import (
	"database/sql"
	"fmt"
)

// The version rule (SOURCES §1): a source may deliver a key again, as a whole and
// with a later Updated, and a delivery may hold several versions of one key.
//
// Within a batch, rows with equal key and Row columns are versions of one row: the
// one with the largest (Updated, _row) stays. Where such twins differ in Updated,
// the older came with a version of the whole key that is dead, and so did every
// other row of the key that is not nearer in time to the living version.
//
// Between batches the newer version of a key wins, whole: larger Updated, and where
// that is equal or there is none, the batch that arrived later. What raw holds of a
// key is thus the largest (Updated, arrival) among the batches that have it, in
// whatever order they are loaded.

// supersedeWithin marks the dead rows among the batch's own.
func (s *stage) supersedeWithin() error {
	err := s.exec("find twins", fmt.Sprintf(`
		create or replace temp table stage_twins as
		with twin_keys as (
			select distinct _key from (
				select %[1]s as _key from %[2]s group by %[1]s, %[3]s having count(*) > 1)
		),
		candidates as (
			select *, %[1]s as _key, %[4]s as _u from %[2]s where %[1]s in (select _key from twin_keys)
		)
		select _n, _key, _u, first_value(_u) over living as winner_u, row_number() over living as place
		from candidates
		window living as (partition by _key, %[3]s order by _u desc nulls last, _row desc, _n desc)`,
		s.key, s.alive(), s.row(), s.updated))
	if err != nil {
		return err
	}
	// The latest boundary between two versions of a key lies midway between a dead
	// row and its living twin. Sums of microseconds need more than 64 bits.
	err = s.exec("supersede within the batch", `
		insert into stage_out
		with boundaries as (
			select _key, max((_u::hugeint + winner_u::hugeint) // 2) as boundary
			from stage_twins where _u < winner_u group by _key
		)
		select _n, null from stage_twins where place > 1
		union
		select rows._n, null from stage_rows as rows join boundaries on boundaries._key = rows._key
		where rows._u <= boundaries.boundary`)
	if err != nil {
		return err
	}
	return s.exec("clean up", "drop table stage_twins")
}

// collectKeys sums the living rows up by key, and what raw holds of those keys.
func (s *stage) collectKeys() error {
	err := s.exec("collect keys", fmt.Sprintf(`
		create or replace temp table stage_keys as
		select %[1]s as _key, max(%[2]s) as _u, count(*) as rows, %[3]s as _day
		from %[4]s group by %[1]s`,
		s.key, s.updated, s.day(), s.alive()))
	if err != nil {
		return err
	}
	err = s.exec("collect keys of raw", fmt.Sprintf(`
		create or replace temp table stage_raw as
		select %[1]s as _key, max(%[2]s) as _u, count(*) as rows, any_value(_day) as _day, any_value(_batch) as _batch
		from %[3]s where %[1]s in (select _key from stage_keys) group by %[1]s`,
		s.key, s.updated, s.table.RawName()))
	if err != nil {
		return err
	}
	return s.boundDays()
}

// boundDays keeps later steps from reading years of wide rows for a night's keys:
// all rows of a key have one _day, and DuckDB passes over row groups by constants,
// not by joins.
func (s *stage) boundDays() error {
	var from, to sql.NullString
	var whole bool
	err := s.tx.QueryRowContext(s.ctx, `
		select min(_day)::varchar, max(_day)::varchar, count(*) = count(_day) from stage_raw`).Scan(&from, &to, &whole)
	if err != nil {
		return fmt.Errorf("find days of raw: %w", err)
	}
	if whole && from.Valid {
		s.heldDays = fmt.Sprintf(" and %s between date %s and date %s", dayColumn, literal(from.String), literal(to.String))
	}
	return nil
}

// supersedeAgainstRaw decides for each key whether raw or the batch is the newer
// version, and marks the rows of the keys that lose.
func (s *stage) supersedeAgainstRaw() error {
	err := s.exec("compare versions", fmt.Sprintf(`
		create or replace temp table stage_won as
		select keys._key
		from stage_keys as keys left join stage_raw as held on held._key = keys._key
		where held._key is null
			or coalesce(keys._u > held._u, held._u is null and keys._u is not null)
			or keys._u is not distinct from held._u and %s > %s`,
		arrival(literal(s.file.Batch.ID)), arrival("held._batch")))
	if err != nil {
		return err
	}
	lost, err := s.count("select (select count(*) from stage_keys) - (select count(*) from stage_won)")
	if lost == 0 || err != nil {
		return err
	}
	return s.exec("supersede by raw", `
		insert into stage_out
		select _n, null from stage_rows
		where _key in (select _key from stage_keys where _key not in (select _key from stage_won))
			and _n not in (select _n from stage_out)`)
}

// arrival is SQL text by which batch ids sort as they arrived. The number within a
// run is padded: a run can have more than the 9,999 batches its four digits hold.
func arrival(id string) string {
	return fmt.Sprintf("(split_part(%[1]s, '-', 1) || lpad(split_part(%[1]s, '-', 2), 9, '0') || split_part(%[1]s, '-', 3))", id)
}

// guard refuses a batch that replaces many rows by far fewer, unless it is confirmed.
func (s *stage) guard(o LoadOptions) error {
	if o.Confirm {
		return nil
	}
	var replaced, brought int64
	err := s.tx.QueryRowContext(s.ctx, `
		select coalesce(sum(held.rows), 0)::bigint, coalesce(sum(keys.rows), 0)::bigint
		from stage_raw as held
		join stage_keys as keys on keys._key = held._key
		where held._key in (select _key from stage_won)`).Scan(&replaced, &brought)
	if err != nil {
		return fmt.Errorf("compare sizes: %w", err)
	}
	if replaced >= heldFrom && 2*brought < replaced {
		return &HeldError{Batch: s.file.Batch, Replaced: replaced, Brought: brought}
	}
	return nil
}

// touch notes the days on which a key changed: where it was and where it is now. A
// key delivered again with the same Updated and the same content has not changed.
func (s *stage) touch() error {
	if err := s.findSame(); err != nil {
		return err
	}
	return s.exec("note touched days", fmt.Sprintf(`
		insert into meta.touched
		with changed as (
			select _key from stage_won where _key not in (select _key from stage_same)
		),
		days as (
			select _day from stage_keys where _key in (select _key from changed)
			union
			select _day from stage_raw where _key in (select _key from changed)
		)
		select %[1]s, _day from days
		where not exists (
			select 1 from meta.touched as noted
			where noted.table_name = %[1]s and noted.day is not distinct from days._day)`,
		literal(s.table.RawName())))
}

// findSame collects the keys that this batch brings just as raw holds them. Rows are
// compared by the sum of their hashes, only where Updated tells no difference.
func (s *stage) findSame() error {
	err := s.exec("find keys that came again", `
		create or replace temp table stage_same as
		select keys._key from stage_keys as keys join stage_raw as held on held._key = keys._key
		where keys._u is not distinct from held._u and keys._key in (select _key from stage_won)`)
	if err != nil {
		return err
	}
	n, err := s.count("select count(*) from stage_same")
	if n == 0 || err != nil {
		return err
	}
	content := fmt.Sprintf("%[1]s as _key, count(*) as rows, sum(hash(%[2]s)::hugeint) as content", s.key, s.columns())
	return s.exec("compare content", fmt.Sprintf(`
		create or replace temp table stage_same as
		select _key from (
			select %[1]s from %[2]s where %[3]s in (select _key from stage_same) group by %[3]s
			intersect
			select %[1]s from %[4]s where %[3]s in (select _key from stage_same)%[5]s group by %[3]s)`,
		content, s.alive(), s.key, s.table.RawName(), s.heldDays))
}
