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

// supersedeWithin marks the dead rows among each batch's own. The Row columns are
// compared by their hash: rows of one key are few, and that two of them agree in 64
// bits without being twins is not to be expected in the life of the warehouse.
func (s *stage) supersedeWithin() error {
	twins, err := s.create("stage_twins", fmt.Sprintf(
		"select distinct _b, %[1]s from (select _b, %[1]s from %[2]s group by _b, %[1]s, _r having count(*) > 1)",
		s.key.names(""), s.alive()))
	if twins == 0 || err != nil {
		return err
	}
	_, err = s.create("stage_family", fmt.Sprintf(`
		select _b, _n, %[1]s, _u, first_value(_u) over living as winner_u, row_number() over living as place
		from %[2]s as alive semi join stage_twins as twins on alive._b = twins._b and %[3]s
		window living as (partition by _b, %[1]s, _r order by _u desc nulls last, _n desc)`,
		s.key.names(""), s.alive(), s.key.match("alive", "twins")))
	if err != nil {
		return err
	}
	// The latest boundary between two versions of a key lies midway between a dead
	// row and its living twin. Sums of microseconds need more than 64 bits.
	return s.exclude(fmt.Sprintf(`
		with boundaries as (
			select _b, %[1]s, max((_u::hugeint + winner_u::hugeint) // 2) as boundary
			from stage_family where _u < winner_u group by _b, %[1]s
		)
		select _n, 0::usmallint as _fault from stage_family where place > 1
		union
		select alive._n, 0::usmallint from %[2]s as alive join boundaries on alive._b = boundaries._b and %[3]s
		where alive._u <= boundaries.boundary`,
		s.key.names(""), s.alive(), s.key.match("alive", "boundaries")))
}

// collectKeys sums the living rows up by batch and key.
func (s *stage) collectKeys() error {
	_, err := s.create("stage_keys", fmt.Sprintf(`
		select _b, %[1]s, max(_u) as _u, count(*) as _rows, %[4]s, %[2]s as _date from %[3]s group by _b, %[1]s`,
		s.key.names(""), s.day(), s.alive(), s.ends()))
	if err != nil {
		return err
	}
	living, err := s.perBatch("stage_keys", "coalesce(sum(_rows), 0)::bigint")
	if err != nil {
		return err
	}
	for i := range s.tally {
		s.tally[i].living = living[i][0]
	}
	return s.boundKeys()
}

// boundKeys keeps later steps from reading all of raw for a night's keys: DuckDB passes
// over row groups by constants, not by joins, as far as the key has columns of which it
// knows what a row group holds.
func (s *stage) boundKeys() error {
	var ends []string
	var parts []int
	for i, ordered := range s.key.ordered {
		if ordered {
			ends = append(ends, fmt.Sprintf("min(%[1]s)::varchar, max(%[1]s)::varchar", s.key.name("", i)))
			parts = append(parts, i)
		}
	}
	s.reach = "true"
	if len(parts) == 0 {
		return nil
	}
	found, into := make([]sql.NullString, 2*len(parts)), make([]any, 2*len(parts))
	for i := range found {
		into[i] = &found[i]
	}
	err := s.tx.QueryRowContext(s.ctx, fmt.Sprintf("select %s from stage_keys", strings.Join(ends, ", "))).Scan(into...)
	if err != nil {
		return fmt.Errorf("find bounds: %w", err)
	}
	for at, i := range parts {
		if from, to := found[2*at], found[2*at+1]; from.Valid {
			s.reach += fmt.Sprintf(" and %[1]s between %[2]s::%[4]s and %[3]s::%[4]s",
				ident(s.key.parts[i]), literal(from.String), literal(to.String), s.key.types[i])
		}
	}
	return nil
}

// collectHeld sums up what raw holds of the set's keys.
func (s *stage) collectHeld() (err error) {
	s.heldKeys, err = s.create("stage_raw", fmt.Sprintf(`
		select %[1]s, max(_u) as _u, count(*) as _rows, min(_at) as _first, any_value(_day) as _date, any_value(_batch) as _from
		from (select %[2]s, %[3]s as _u, %[7]s as _at, _day, _batch from %[4]s where %[5]s) as held
		semi join stage_keys as keys on %[6]s
		group by %[1]s`,
		s.key.names(""), s.key.selected(), s.updated, s.table.RawName(), s.reach, s.key.match("held", "keys"), s.at()))
	return err
}

// judge decides for each version of a key that raw or another batch has too whether it
// is newer than what raw holds and all that came before it in the set, and which is the
// last.
func (s *stage) judge() error {
	query, err := s.versions()
	if query == "" || err != nil {
		return err
	}
	contested, err := s.create("stage_versions", query)
	if contested == 0 || err != nil {
		return err
	}
	sums, err := s.perBatch("stage_versions",
		"coalesce(sum(_rows) filter (where not is_newer), 0)::bigint",
		"coalesce(sum(replaced), 0)::bigint",
		"coalesce(sum(_rows) filter (where replaced is not null), 0)::bigint",
		"count(*) filter (where not is_last)",
		"count(*) filter (where is_last and is_even)")
	if err != nil {
		return err
	}
	for i := range s.tally {
		t := &s.tally[i]
		t.lost, t.replaced, t.replacing = sums[i][0], sums[i][1], sums[i][2]
		s.losing += sums[i][3]
		s.even += sums[i][4]
	}
	return nil
}

// versions is the query of stage_versions; "" where there is nothing to decide. Windows
// are dear for a few rows: they are for sets that bring a key more than once.
func (s *stage) versions() (string, error) {
	const even = "keys._u is not distinct from held._u"
	newer := fmt.Sprintf("(coalesce(keys._u > held._u, held._u is null and keys._u is not null) or %s and %s > %s)",
		even, arrival(s.batchID("keys")), arrival("held._from"))
	repeats := int64(0)
	if len(s.filled) > 1 {
		err := s.tx.QueryRowContext(s.ctx, fmt.Sprintf(
			"select count(*) from (select 1 from stage_keys group by %s having count(*) > 1)", s.key.names(""))).Scan(&repeats)
		if err != nil {
			return "", fmt.Errorf("count repeated keys: %w", err)
		}
	}
	switch {
	case repeats == 0 && s.heldKeys == 0:
		return "", nil
	case repeats == 0:
		return fmt.Sprintf(`
			select *, is_newer as is_last, case when is_newer then held_rows end as replaced
			from (
				select keys._b, %s, keys._rows, held._rows as held_rows, %s as is_even, %s as is_newer
				from stage_keys as keys join stage_raw as held on %s)`,
			s.key.names("keys"), even, newer, s.key.match("keys", "held")), nil
	}
	return fmt.Sprintf(`
		with contested as (
			select %[1]s from stage_raw
			union
			select %[1]s from stage_keys group by %[1]s having count(*) > 1
		),
		compared as (
			select keys._b, %[2]s, keys._rows, held._rows as held_rows,
				row_number() over (partition by %[2]s order by keys._u desc nulls last, keys._b desc) as place,
				max(keys._u) over (partition by %[2]s order by keys._b) is not distinct from keys._u
					and (held._rows is null or %[3]s) as is_newer,
				held._rows is not null and %[6]s as is_even
			from stage_keys as keys
			join contested on %[4]s
			left join stage_raw as held on %[5]s
		)
		select _b, %[1]s, _rows, is_even, is_newer, is_newer and place = 1 as is_last,
			case when is_newer then coalesce(
				lag(_rows) over (partition by %[1]s, is_newer order by _b), held_rows) end as replaced
		from compared`,
		s.key.names(""), s.key.names("keys"), newer,
		s.key.match("keys", "contested"), s.key.match("keys", "held"), even), nil
}

// letGo leaves of each key its last version: the others do not go into raw, or do not
// go from it.
func (s *stage) letGo() error {
	if s.losing == 0 {
		return nil
	}
	return s.exec("let go of versions", fmt.Sprintf(`
		delete from stage_keys as keys using stage_versions as versions
		where not versions.is_last and keys._b = versions._b and %s;
		delete from stage_raw as held
		where not exists (select 1 from stage_versions as versions where versions.is_last and %s)`,
		s.key.match("keys", "versions"), s.key.match("held", "versions")))
}

// arrival is SQL text by which batch ids sort as they arrived. The number within a
// run is padded: a run can have more than the 9,999 batches its four digits hold.
func arrival(id string) string {
	return fmt.Sprintf("(split_part(%[1]s, '-', 1) || lpad(split_part(%[1]s, '-', 2), 9, '0') || split_part(%[1]s, '-', 3))", id)
}

// boundDays counts what raw loses, and finds the days on which it has it: all rows of a
// key have one _day.
func (s *stage) boundDays() error {
	if s.heldKeys == 0 {
		return nil
	}
	var from, to sql.NullString
	var whole bool
	err := s.tx.QueryRowContext(s.ctx, `
		select count(*), coalesce(sum(_rows), 0)::bigint, min(_date)::varchar, max(_date)::varchar, count(*) = count(_date)
		from stage_raw`).Scan(&s.heldKeys, &s.heldRows, &from, &to, &whole)
	if err != nil {
		return fmt.Errorf("find days of raw: %w", err)
	}
	if whole && from.Valid {
		s.reach += fmt.Sprintf(" and %s between date %s and date %s", dayColumn, literal(from.String), literal(to.String))
	}
	return nil
}

// touch notes the days on which a key changed: where it was and where it is now. A
// key delivered again with the same Updated and the same content has not changed.
func (s *stage) touch() error {
	days := "select distinct _date from stage_keys"
	switch {
	case s.even > 0:
		if err := s.findSame(); err != nil {
			return err
		}
		days = fmt.Sprintf(`
			select _date from stage_keys as keys anti join stage_same as same on %s
			union
			select _date from stage_raw as held anti join stage_same as same on %s`,
			s.key.match("keys", "same"), s.key.match("held", "same"))
	case s.heldKeys > 0:
		days = "select _date from stage_keys union select _date from stage_raw"
	}
	return s.exec("note touched days", fmt.Sprintf(`
		insert into meta.touched
		select %[1]s, _date from (%[2]s) as days
		where not exists (
			select 1 from meta.touched as noted
			where noted.table_name = %[1]s and noted.day is not distinct from days._date)`,
		literal(s.table.RawName()), days))
}

// findSame collects the keys that the set brings just as raw holds them. Rows are
// compared by the sum of their hashes, only where Updated tells no difference.
func (s *stage) findSame() error {
	_, err := s.create("stage_same", fmt.Sprintf(`
		select %[1]s from (
			select %[2]s, _side, _side * hash(%[3]s)::hugeint as _content
			from (
				select _b, 1 as _side, %[3]s from %[4]s
				union all
				select -1, -1, %[3]s from %[5]s where %[6]s
			) as sides
			semi join (select * from stage_versions where is_last and is_even) as even
				on %[7]s and (sides._b = even._b or sides._b = -1))
		group by %[1]s having sum(_side) = 0 and sum(_content) = 0`,
		s.key.names(""), s.key.selected(), s.columns(), s.without(s.delivered),
		s.table.RawName(), s.reach, s.key.matchTable("even")))
	return err
}
