package warehouse

import (
	"database/sql"
	"fmt"
	"strings"
)

// The version rule (SOURCES §1): a source may deliver a key again, as a whole and
// with a later Updated, and a delivery may hold several versions of one key.
//
// Within a batch, rows with equal key and Row columns are versions of one row: the
// one with the largest (Updated, place in the delivery) stays. Where such twins differ in Updated,
// the older came with a version of the whole key that is dead, and so did every
// other row of the key that is not nearer in time to the living version.
//
// Between batches the newer version of a key wins, whole: larger Updated, and where
// that is equal or there is none, the batch that arrived later. What raw holds of a
// key is thus the largest (Updated, arrival) among the batches that have it, in
// whatever order they are loaded.

// supersedeWithin marks the dead rows among the batch's own. The Row columns are
// compared by their hash: rows of one key are few, and that two of them agree in 64
// bits without being twins is not to be expected in the life of the warehouse.
func (s *stage) supersedeWithin() error {
	twins, err := s.create("stage_twins", fmt.Sprintf(
		"select distinct %[1]s from (select %[1]s from %[2]s group by %[1]s, _r having count(*) > 1)",
		s.key.names(""), s.alive()))
	if twins == 0 || err != nil {
		return err
	}
	_, err = s.create("stage_family", fmt.Sprintf(`
		select _n, %[1]s, _u, first_value(_u) over living as winner_u, row_number() over living as place
		from %[2]s as alive semi join stage_twins as twins on %[3]s
		window living as (partition by %[1]s, _r order by _u desc nulls last, _n desc)`,
		s.key.names(""), s.alive(), s.key.match("alive", "twins")))
	if err != nil {
		return err
	}
	// The latest boundary between two versions of a key lies midway between a dead
	// row and its living twin. Sums of microseconds need more than 64 bits.
	s.dead, err = s.affect("supersede within the batch", fmt.Sprintf(`
		insert into stage_out
		with boundaries as (
			select %[1]s, max((_u::hugeint + winner_u::hugeint) // 2) as boundary
			from stage_family where _u < winner_u group by %[1]s
		)
		select _n, 0 from stage_family where place > 1
		union
		select alive._n, 0 from %[2]s as alive join boundaries on %[3]s
		where alive._u <= boundaries.boundary`,
		s.key.names(""), s.alive(), s.key.match("alive", "boundaries")))
	return err
}

// collectKeys sums the living rows up by key, and what raw holds of those keys.
func (s *stage) collectKeys() error {
	_, err := s.create("stage_keys", fmt.Sprintf(`
		select %[1]s, max(_u) as _u, count(*) as _rows, %[2]s as _date from %[3]s group by %[1]s`,
		s.key.names(""), s.day(), s.alive()))
	if err != nil {
		return err
	}
	bounds, err := s.bounds()
	if err != nil {
		return err
	}
	s.heldKeys, err = s.create("stage_raw", fmt.Sprintf(`
		select %[1]s, max(_u) as _u, count(*) as _rows, any_value(_day) as _date, any_value(_batch) as _from
		from (select %[2]s, %[3]s as _u, _day, _batch from %[4]s%[5]s) as held
		semi join stage_keys as keys on %[6]s
		group by %[1]s`,
		s.key.names(""), s.key.selected(), s.updated, s.table.RawName(), bounds, s.key.match("held", "keys")))
	return err
}

// bounds keeps the search for the batch's keys from reading all of raw, as far as
// the key has columns of which DuckDB knows what a row group holds.
func (s *stage) bounds() (string, error) {
	var conditions []string
	for i, part := range s.key.parts {
		if !s.key.ordered[i] {
			continue
		}
		var from, to sql.NullString
		err := s.tx.QueryRowContext(s.ctx, fmt.Sprintf(
			"select min(%[1]s)::varchar, max(%[1]s)::varchar from stage_keys", s.key.name("", i))).Scan(&from, &to)
		if err != nil {
			return "", fmt.Errorf("find bounds: %w", err)
		}
		if from.Valid {
			conditions = append(conditions, fmt.Sprintf("%[1]s between %[2]s::%[4]s and %[3]s::%[4]s",
				ident(part), literal(from.String), literal(to.String), s.key.types[i]))
		}
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " where " + strings.Join(conditions, " and "), nil
}

// supersedeAgainstRaw decides for each key that raw has whether raw or the batch is
// the newer version, and lets go of the keys that lose.
func (s *stage) supersedeAgainstRaw() error {
	if s.heldKeys == 0 {
		return nil
	}
	lost, err := s.create("stage_lost", fmt.Sprintf(`
		select %s from stage_keys as keys join stage_raw as held on %s
		where not (coalesce(keys._u > held._u, held._u is null and keys._u is not null)
			or keys._u is not distinct from held._u and %s > %s)`,
		s.key.names("keys"), s.key.match("keys", "held"), arrival(literal(s.file.Batch.ID)), arrival("held._from")))
	if err != nil {
		return err
	}
	if lost > 0 {
		n, err := s.affect("supersede by raw", fmt.Sprintf(
			"insert into stage_out select alive._n, 0 from %s as alive semi join stage_lost as lost on %s",
			s.alive(), s.key.match("alive", "lost")))
		if err != nil {
			return err
		}
		s.dead += n
		s.heldKeys -= lost
		for _, table := range []string{"stage_keys", "stage_raw"} {
			err := s.exec("let go of keys", fmt.Sprintf("delete from %s as gone using stage_lost as lost where %s",
				table, s.key.match("gone", "lost")))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// arrival is SQL text by which batch ids sort as they arrived. The number within a
// run is padded: a run can have more than the 9,999 batches its four digits hold.
func arrival(id string) string {
	return fmt.Sprintf("(split_part(%[1]s, '-', 1) || lpad(split_part(%[1]s, '-', 2), 9, '0') || split_part(%[1]s, '-', 3))", id)
}

// guard counts the rows that are to go, and refuses a batch that replaces many of
// them by far fewer, unless it is confirmed.
func (s *stage) guard(o LoadOptions) error {
	if s.heldKeys == 0 {
		return nil
	}
	var brought int64
	err := s.tx.QueryRowContext(s.ctx, fmt.Sprintf(`
		select sum(held._rows)::bigint, sum(keys._rows)::bigint
		from stage_raw as held join stage_keys as keys on %s`, s.key.match("held", "keys"))).Scan(&s.heldRows, &brought)
	if err != nil {
		return fmt.Errorf("compare sizes: %w", err)
	}
	if !o.Confirm && s.heldRows >= heldFrom && 2*brought < s.heldRows {
		return &HeldError{Batch: s.file.Batch, Replaced: s.heldRows, Brought: brought}
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
		select min(_date)::varchar, max(_date)::varchar, count(*) = count(_date) from stage_raw`).Scan(&from, &to, &whole)
	if err != nil {
		return fmt.Errorf("find days of raw: %w", err)
	}
	if whole && from.Valid {
		s.heldDays = fmt.Sprintf(" and %s between date %s and date %s", dayColumn, literal(from.String), literal(to.String))
	}
	return nil
}

// touch notes the days on which a key changed: where it was and where it is now. A
// key delivered again with the same Updated and the same content has not changed.
func (s *stage) touch() error {
	days := "select distinct _date from stage_keys"
	if s.heldKeys > 0 {
		if err := s.findSame(); err != nil {
			return err
		}
		days = fmt.Sprintf(`
			select _date from stage_keys as keys anti join stage_same as same on %s
			union
			select _date from stage_raw as held anti join stage_same as same on %s`,
			s.key.match("keys", "same"), s.key.match("held", "same"))
	}
	return s.exec("note touched days", fmt.Sprintf(`
		insert into meta.touched
		select %[1]s, _date from (%[2]s) as days
		where not exists (
			select 1 from meta.touched as noted
			where noted.table_name = %[1]s and noted.day is not distinct from days._date)`,
		literal(s.table.RawName()), days))
}

// findSame collects the keys that this batch brings just as raw holds them. Rows are
// compared by the sum of their hashes, only where Updated tells no difference.
func (s *stage) findSame() error {
	n, err := s.create("stage_same", fmt.Sprintf(`
		select %s from stage_keys as keys join stage_raw as held on %s
		where keys._u is not distinct from held._u`,
		s.key.names("keys"), s.key.match("keys", "held")))
	if n == 0 || err != nil {
		return err
	}
	content := func(relation string) string {
		return fmt.Sprintf(`
			select %[1]s, count(*), sum(_content::hugeint) from (
				select %[2]s, hash(%[3]s) as _content from %[4]s semi join stage_same as same on %[5]s)
			group by %[1]s`,
			s.key.names(""), s.key.selected(), s.columns(), relation, s.key.matchTable("same"))
	}
	_, err = s.create("stage_same", fmt.Sprintf("select %s from (%s intersect %s)", s.key.names(""),
		content(s.without(s.delivered)+" as alive"),
		content(fmt.Sprintf("(select * from %s where true%s) as held", s.table.RawName(), s.heldDays))))
	return err
}
