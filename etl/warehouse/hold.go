package warehouse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// A call is whole or held. Where a row of a key cannot be read, what is left of the key
// is no smaller truth but a wrong one: a call without its agent leg ended in an error.
// So all rows of the key that the batch brings wait in quarantine together, and what
// raw holds of the key stays until a whole version comes, or until the rows are brought
// again (replay.go).

// partOfHeld is the rule of a row that could be read and waits for one that could not.
const partOfHeld = "part-of-held-call"

// hold sets the rest of the keys aside of which a row could not be read.
func (s *stage) hold() error {
	if !s.hasBroken() {
		return nil
	}
	for _, step := range []func() error{s.findBroken, s.placeBySession, s.placeByNeighbours} {
		if err := step(); err != nil {
			return err
		}
	}
	held, err := s.create("stage_held", fmt.Sprintf(`
		select _b, %[1]s, min(_row) as _row, arg_min(_column, _row) as _column, arg_min(_rule, _row) as _rule
		from stage_broken where _placed group by _b, %[1]s`, s.key.names("")))
	if held == 0 || err != nil {
		return err
	}
	return s.setAside(partOfHeld, fmt.Sprintf(
		"select rows._n, rows._b from stage_rows as rows semi join stage_held as held on rows._b = held._b and %s where _fault = 0",
		s.key.match("rows", "held")))
}

// setAside keeps more rows out of raw as faults of a rule; query gives their _n and _b.
func (s *stage) setAside(rule, query string) error {
	s.faults = append(s.faults, fault{rule: rule})
	rows, err := s.create("stage_aside", query)
	if rows == 0 || err != nil {
		return err
	}
	counts, err := s.perBatch("stage_aside", "count(*)")
	if err != nil {
		return err
	}
	for i := range s.tally {
		s.tally[i].faulty += counts[i][0]
	}
	return s.exclude(fmt.Sprintf("select _n, %d::usmallint as _fault from stage_aside", len(s.faults)))
}

func (s *stage) hasBroken() bool {
	for i, f := range s.filled {
		if s.tally[i].faulty > 0 || f.file.Rejects != "" {
			return true
		}
	}
	return false
}

// findBroken collects the rows that could not be read, with what is known of their key.
func (s *stage) findBroken() error {
	var parts []string
	if s.excluded {
		parts = append(parts, s.faultyRows())
	}
	for i, f := range s.filled {
		if f.file.Rejects == "" {
			continue
		}
		rejected, err := s.rejectedRows(f)
		if err != nil {
			return err
		}
		parts = append(parts, fmt.Sprintf("select %d as _b, * from (%s)", i, rejected))
	}
	_, err := s.create("stage_broken", strings.Join(parts, " union all "))
	return err
}

// faultyRows are the rows that the contract refuses. Where the fault is in a column of
// the key, nothing is known of the key.
func (s *stage) faultyRows() string {
	kinds := make([]string, len(s.faults))
	for i, f := range s.faults {
		placed := f.rule != "no-key"
		for _, c := range s.table.Named(s.table.Replace.Key...) {
			placed = placed && (c.Name != f.column || f.rule == timeInTheFuture)
		}
		kinds[i] = fmt.Sprintf("(%d, %s, %s, %t)", i+1, literal(f.column), literal(f.rule), placed)
	}
	return fmt.Sprintf(`
		select _b, _row, %s, %s as _session, kinds._placed, kinds._column, kinds._rule
		from %s as bad
		join (select _n, _fault from stage_out) as faults using (_n)
		join (values %s) as kinds (_fault, _column, _rule, _placed) using (_fault)`,
		s.key.selected(), s.session(), s.delivered, strings.Join(kinds, ", "))
}

// rejectedRows are the rows that could not be read from a batch's source. Those that
// landed before their key was kept have it in their text, under the source's names.
func (s *stage) rejectedRows(f *staged) (string, error) {
	var hasKey bool
	err := s.tx.QueryRowContext(s.ctx, fmt.Sprintf(
		"select count(*) > 0 from parquet_schema(%s) where name = 'key'", literal(f.file.Rejects))).Scan(&hasKey)
	if err != nil {
		return "", fmt.Errorf("read columns of rejected rows: %w", err)
	}
	text := "raw"
	if hasKey {
		text = "key"
	}
	var columns, known []string
	keyed := s.table.Named(s.table.Replace.Key...)
	for _, c := range s.table.Placing() {
		path := literal(`$."` + c.Name + `"`)
		columns = append(columns, fmt.Sprintf("try_cast(json_extract_string(_text, %s) as %s) as %s", path, c.Type.SQL(), ident(c.Name)))
		if slices.ContainsFunc(keyed, func(k etl.Column) bool { return k.Name == c.Name }) {
			known = append(known, fmt.Sprintf("coalesce(json_exists(_text, %s), false)", path))
		}
	}
	return fmt.Sprintf(`
		select _row, %s, %s as _session, _known and not (%s) as _placed, _column, _rule
		from (
			select _row, _column, _rule, %s, %s as _known
			from (select row as _row, "column" as _column, rule as _rule, nullif(%s, '') as _text from read_parquet(%s))
		)`,
		s.key.selected(), s.session(), s.key.missing(), strings.Join(columns, ", "), strings.Join(known, " and "),
		text, literal(f.file.Rejects)), nil
}

// session is SQL of the visit that a row belongs to.
func (s *stage) session() string {
	if s.table.Replace.Session == "" {
		return "null::varchar"
	}
	return fmt.Sprintf("(%s)::varchar", s.table.Replace.Session)
}

// placeBySession finds the key of rows whose own does not read: that of the only key in
// the batch with their session.
func (s *stage) placeBySession() error {
	return s.place("not _placed and _session is not null", fmt.Sprintf(`
		select lost._b, lost._row, %s
		from (select * from stage_broken where not _placed and _session is not null) as lost
		join (select distinct _b, %s, %s as _session from %s where not (%s)) as rows
			on lost._b = rows._b and lost._session = rows._session
		group by lost._b, lost._row having count(*) = 1`,
		s.key.each(func(name string) string { return fmt.Sprintf("any_value(rows.%[1]s) as %[1]s", name) }),
		s.key.selected(), s.session(), s.delivered, s.key.missing()))
}

// placeByNeighbours finds the key of rows that neither their own text nor a session
// tells: that of the rows before and after, where both have one.
func (s *stage) placeByNeighbours() error {
	packed := "struct_pack(" + s.key.each(func(name string) string { return name + " := " + name }) + ")"
	return s.place("not _placed", fmt.Sprintf(`
		with rows as (
			select _b, _row, %[1]s as _key from (select _b, _row, %[2]s from %[3]s where not (%[4]s))
			where _b in (select _b from stage_broken where not _placed)
			union all
			select _b, _row, case when _placed then %[1]s end from stage_broken
		),
		beside as (
			select _b, _row, _key,
				last_value(_key ignore nulls) over (partition by _b order by _row rows between unbounded preceding and 1 preceding) as before,
				first_value(_key ignore nulls) over (partition by _b order by _row rows between 1 following and unbounded following) as after
			from rows
		)
		select _b, _row, %[5]s from beside where _key is null and before = after`,
		packed, s.key.selected(), s.delivered, s.key.missing(),
		s.key.each(func(name string) string { return fmt.Sprintf("before.%[1]s as %[1]s", name) })))
}

// place gives the lost rows that a condition picks the keys that a query finds.
func (s *stage) place(lost, query string) error {
	var n int64
	err := s.tx.QueryRowContext(s.ctx, "select count(*) from stage_broken where "+lost).Scan(&n)
	if err != nil {
		return fmt.Errorf("count lost rows: %w", err)
	}
	if n == 0 {
		return nil
	}
	if _, err := s.create("stage_found", query); err != nil {
		return err
	}
	return s.exec("place lost rows", fmt.Sprintf(
		"update stage_broken set %s, _placed = true from stage_found as found where stage_broken._b = found._b and stage_broken._row = found._row and not _placed",
		s.key.each(func(name string) string { return fmt.Sprintf("%[1]s = found.%[1]s", name) })))
}
