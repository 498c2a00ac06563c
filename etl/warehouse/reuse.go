package warehouse

import (
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// A key that is used again. Puzzel's call ids go up and down (SOURCES §1), and a program
// that takes them for decimal numbers makes several into one. A newer version of a call
// brings all its rows again, those of a callback's first session too, so it shares a
// session or a time with the version before. One that shares neither is another call:
// were it loaded, the call before it would be gone and nobody told. So of such versions
// the one that arrived first stays, and the other waits in quarantine as a whole, until
// somebody brings it again by name. Where sessions are not known, first times that lie
// within two days pass for one call whose times were corrected.
//
// Within a delivery, visits of one key that are more than a month apart are not one
// call, and neither are several visits of one key where every large key of the batch
// ends in two zeros: a spreadsheet has rounded them.
const (
	reusedKey = "call-id-reused"        // another thing came under the key before
	equalKeys = "call-ids-became-equal" // several things have the key in one delivery
	// exactFloat is where whole numbers begin that a 64-bit float does not tell apart.
	exactFloat = 1 << 53
)

// NeedsDecision reports whether rows under a rule read well and are held for somebody to
// say what they are.
func NeedsDecision(rule string) bool { return rule == reusedKey || rule == equalKeys }

// at is SQL of the time a row happened.
func (s *stage) at() string {
	if s.table.Replace.At == "" {
		return "null::timestamp"
	}
	return ident(s.table.Replace.At)
}

// ends is the first and last time of a key.
func (s *stage) ends() string {
	if s.table.Replace.At == "" {
		return "null::timestamp as _first, null::timestamp as _last"
	}
	return fmt.Sprintf("min(%[1]s) as _first, max(%[1]s) as _last", s.at())
}

// setReusedAside sets versions of keys aside that are something else than what came
// before under the key. Rows that somebody brings again are what he says they are.
func (s *stage) setReusedAside() error {
	if s.table.Replace.Session == "" || s.table.Replace.At == "" {
		return nil
	}
	if err := s.setEqualAside(); err != nil {
		return err
	}
	suspects, err := s.create("stage_suspects", s.suspects())
	if suspects == 0 || err != nil {
		return err
	}
	strange, err := s.create("stage_strange", s.strangers())
	if strange == 0 || err != nil {
		return err
	}
	reused, err := s.firstComers()
	if len(reused) == 0 || err != nil {
		return err
	}
	_, err = s.create("stage_reused", fmt.Sprintf(
		"select _b, %s from stage_keys as keys where (_b, %s) in (values %s)",
		s.key.names(""), s.key.text("keys"), strings.Join(reused, ", ")))
	if err != nil {
		return err
	}
	return s.setKeysAside(reusedKey)
}

// setKeysAside takes the keys of stage_reused out of the set.
func (s *stage) setKeysAside(rule string) error {
	rows := fmt.Sprintf("select rows._n, rows._b from %s as rows semi join stage_reused as reused on rows._b = reused._b and %s",
		s.alive(), s.key.match("rows", "reused"))
	if err := s.setAside(rule, rows); err != nil {
		return err
	}
	gone, err := s.perBatch("stage_aside", "count(*)")
	if err != nil {
		return err
	}
	for i := range s.tally {
		s.tally[i].living -= gone[i][0]
	}
	err = s.exec("set keys aside", fmt.Sprintf(`
		delete from stage_keys as keys using stage_reused as reused where keys._b = reused._b and %s;
		delete from stage_raw as held where not exists (select 1 from stage_keys as keys where %s)`,
		s.key.match("keys", "reused"), s.key.match("held", "keys")))
	if err != nil {
		return err
	}
	return s.tx.QueryRowContext(s.ctx, "select count(*) from stage_raw").Scan(&s.heldKeys)
}

// setEqualAside finds keys under which one delivery has several things.
func (s *stage) setEqualAside() error {
	number := "null::double"
	if at := s.table.Named(s.table.Replace.Key...); len(s.key.parts) == 1 && len(at) == 1 && at[0].Type == etl.Identifier {
		number = "_k0"
	}
	// Mostly there is nothing to look at: two aggregates over the keys say so.
	found, err := s.create("stage_suspects", fmt.Sprintf(`
		with rounded as (
			select _b from stage_keys where %[1]s > %[2]d
			group by _b having count(*) filter (where %[1]s %% 100 <> 0) = 0
		)
		select _b, %[3]s, (select count(*) from rounded where rounded._b = stage_keys._b) > 0 and %[1]s > %[2]d as is_rounded
		from stage_keys
		where _last > _first + interval 31 days
			or %[1]s > %[2]d and _first <> _last and _b in (select _b from rounded)`,
		number, int64(exactFloat), s.key.names("")))
	if found == 0 || err != nil {
		return err
	}
	reused, err := s.create("stage_reused", fmt.Sprintf(`
		with visits as (
			select rows._b, %[1]s, suspects.is_rounded, min(rows._at) as began
			from (select _b, _n, %[2]s, coalesce(%[3]s, (%[4]s)::varchar) as _session, %[4]s as _at from %[5]s) as rows
			join stage_suspects as suspects on rows._b = suspects._b and %[6]s
			group by rows._b, %[1]s, suspects.is_rounded, rows._session
		),
		gaps as (
			select *, began - lag(began) over (partition by _b, %[7]s order by began) as gap,
				count(*) over (partition by _b, %[7]s) as visits
			from visits
		)
		select distinct _b, %[7]s from gaps where gap > interval 31 days or is_rounded and visits > 1`,
		s.key.names("rows"), s.key.selected(), s.session(), s.at(), s.without(s.delivered), s.key.match("rows", "suspects"), s.key.names("")))
	if reused == 0 || err != nil {
		return err
	}
	return s.exceptReplays(equalKeys)
}

// exceptReplays sets the keys aside but for those that somebody brings again.
func (s *stage) exceptReplays(rule string) error {
	for i, f := range s.filled {
		if f.file.Batch.Replays == "" {
			continue
		}
		if err := s.exec("let replays pass", fmt.Sprintf("delete from stage_reused where _b = %d", i)); err != nil {
			return err
		}
	}
	return s.setKeysAside(rule)
}

// suspects are the keys of which two versions begin at different times. A whole call
// that comes again begins as it did, so these are few.
func (s *stage) suspects() string {
	query := fmt.Sprintf("select %s from stage_keys as keys join stage_raw as held on %s where keys._first is distinct from held._first",
		s.key.names("keys"), s.key.match("keys", "held"))
	if len(s.filled) > 1 {
		query += fmt.Sprintf(" union select %[1]s from stage_keys group by %[1]s having count(distinct _first) > 1", s.key.names(""))
	}
	return query
}

// strangers are the pairs of versions of a key that have nothing in common; what raw
// holds has the place -1.
func (s *stage) strangers() string {
	return fmt.Sprintf(`
		with visits as (
			select _b, %[1]s, _session, _at from (
				select _b, %[2]s, %[3]s as _session, %[4]s as _at from %[5]s
				union all
				select -1, %[2]s, %[3]s, %[4]s from %[6]s where %[7]s
			) as rows
			semi join stage_suspects as suspects on %[8]s
		),
		versions as (
			select _b, %[1]s, min(_at) as began, bool_and(_session is not null) as is_known from visits group by _b, %[1]s
		),
		related as (
			select distinct a._b as one, b._b as other, %[9]s
			from visits as a join visits as b on %[10]s and a._b < b._b and (a._session = b._session or a._at = b._at)
		)
		select one._b as one, other._b as other, %[11]s as _key
		from versions as one
		join versions as other on %[12]s and one._b < other._b
		where not exists (select 1 from related where related.one = one._b and related.other = other._b and %[13]s)
			and (one.is_known and other.is_known or abs(epoch(one.began) - epoch(other.began)) > %[14]d)`,
		s.key.names(""), s.key.selected(), s.session(), s.at(), s.without(s.delivered),
		s.table.RawName(), s.reach, s.key.match("rows", "suspects"), s.key.names("a"), s.key.match("a", "b"),
		s.key.text("one"), s.key.match("one", "other"), s.key.match("related", "one"), int64(2*24*time.Hour/time.Second))
}

// version is one of a key's, in its order of arrival.
type version struct {
	batch   int // place in the set; -1 for what raw holds
	key     string
	updated sql.NullInt64
	arrived string
}

// firstComers goes through the versions of the strange keys as they arrived, and returns
// those that are strangers to what raw would hold by then, as SQL tuples.
func (s *stage) firstComers() ([]string, error) {
	strange := map[string]bool{}
	rows, err := s.tx.QueryContext(s.ctx, "select one, other, _key from stage_strange")
	if err != nil {
		return nil, fmt.Errorf("find reused keys: %w", err)
	}
	for rows.Next() {
		var one, other int
		var key string
		if err := rows.Scan(&one, &other, &key); err != nil {
			return nil, fmt.Errorf("find reused keys: %w", err)
		}
		strange[fmt.Sprint(key, "\x00", one, "\x00", other)] = true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("find reused keys: %w", err)
	}
	versions, err := s.versionsInOrder()
	if err != nil {
		return nil, err
	}
	var reused []string
	var current version
	for i, v := range versions {
		switch {
		case i == 0 || v.key != current.key:
			current = v
		case strange[fmt.Sprint(v.key, "\x00", current.batch, "\x00", v.batch)] && s.filled[v.batch].file.Batch.Replays == "":
			reused = append(reused, fmt.Sprintf("(%d, %s)", v.batch, literal(v.key)))
		case v.newer(current):
			current = v
		}
	}
	return reused, nil
}

// newer is the version rule for two versions of one key.
func (v version) newer(than version) bool {
	if v.updated != than.updated {
		return v.updated.Valid && (!than.updated.Valid || v.updated.Int64 > than.updated.Int64)
	}
	return v.arrived > than.arrived
}

func (s *stage) versionsInOrder() ([]version, error) {
	rows, err := s.tx.QueryContext(s.ctx, fmt.Sprintf(`
		with versions as (
			select _b, %[1]s as _key, _u, %[2]s as _from from stage_keys as keys
			union all
			select -1, %[3]s, _u, _from from stage_raw as held
		)
		select _b, _key, _u, %[4]s from versions where _key in (select _key from stage_strange) order by _key, _b`,
		s.key.text("keys"), s.batchID("keys"), s.key.text("held"), arrival("_from")))
	if err != nil {
		return nil, fmt.Errorf("order versions: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []version
	for rows.Next() {
		var v version
		if err := rows.Scan(&v.batch, &v.key, &v.updated, &v.arrived); err != nil {
			return nil, fmt.Errorf("order versions: %w", err)
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
