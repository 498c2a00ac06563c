package explain

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
)

// sums are what the rows of one reason add up to; reason "" are those that count.
type sums struct {
	reason                              string
	rows, stray                         int64
	inNumerator, numerator, denominator sql.NullInt64
}

// counted tells the rows apart by whether and why they do not count, and adds up
// what the counted ones contribute.
func (r reader) counted(e *Explanation) error {
	tallies, err := r.tallies()
	if err != nil {
		return err
	}
	c := Counted{What: r.what(), Excluded: []Tally{}}
	rows := map[string]int64{}
	for _, t := range tallies {
		if t.stray > 0 {
			return fmt.Errorf("%d rows with reason %q are counted otherwise: mend kpi_calls.csv", t.stray, t.reason)
		}
		rows[t.reason] = t.rows
		c.Rows += t.rows
		if !r.hidden() {
			add(&c.InNumerator, t.inNumerator)
			add(&c.Numerator, t.numerator)
		}
		add(&c.Denominator, t.denominator)
	}
	r.nothing(&c)
	c.Included = rows[""]
	for _, reason := range r.reasons {
		if rows[reason.id] > 0 {
			c.Excluded = append(c.Excluded, Tally{ID: reason.id, Label: reason.label, Rows: rows[reason.id]})
		}
	}
	e.Counted = c
	return nil
}

// tallies adds the rows up by reason. A stray row is one that has a reason and adds
// to the figure, or has none and adds nothing: the rule contradicts itself.
func (r reader) tallies() ([]sums, error) {
	judged := rowsOf(r.query, r.rule.fact).judged(r.rule, r.reasons)
	found, err := r.db.QueryContext(r.ctx, `
		select coalesce(reason, ''), count(*),
			count(*) filter (where (reason is null) <> (coalesce(denominator, numerator, 1) <> 0)),
			case when count(numerator) > 0 then count(*) filter (where numerator <> 0) end,
			cast(sum(numerator) as bigint), cast(sum(denominator) as bigint)
		from (`+judged.sql+`) as j
		group by 1`, judged.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }() // Err below is what tells
	var all []sums
	for found.Next() {
		var t sums
		if err := found.Scan(&t.reason, &t.rows, &t.stray, &t.inNumerator, &t.numerator, &t.denominator); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, found.Err()
}

// nothing makes the sums of a group without rows 0, where the KPI has them.
func (r reader) nothing(c *Counted) {
	zero := sql.NullInt64{Valid: true}
	if r.rule.numerator != "" && !r.hidden() {
		add(&c.Numerator, zero)
	}
	if r.rule.denominator != "" {
		add(&c.Denominator, zero)
	}
}

// add adds x to a sum that begins as nil.
func add(sum **int64, x sql.NullInt64) {
	if !x.Valid {
		return
	}
	if *sum == nil {
		*sum = new(int64)
	}
	**sum += x.Int64
}

// what one row of the figure is.
func (r reader) what() string {
	switch {
	case r.rule.fact == factActions:
		return "visninger og udsendelser fra guider"
	case r.rule.fact == factDays:
		return "dage med log på, én for hver medarbejder"
	case r.query.Perspective == "agent":
		return "besvarede opkald, ét for hver medarbejder"
	}
	return "indgående opkald"
}

// callRows are the rows of the group as calls, also where the figure counts guide
// actions.
func (r reader) callRows() rows {
	if r.rule.fact == factMembers {
		return rowsOf(r.query, factMembers)
	}
	return rowsOf(r.query, factCalls)
}

var outcomeLabels = []Tally{
	{ID: "answered", Label: "Besvaret"},
	{ID: "abandoned", Label: "Opgivet"},
	{ID: "short_abandoned", Label: "Kort opgivet"},
	{ID: "callback_ordered", Label: "Bestilt tilbagekald"},
	{ID: "overflow", Label: "Overløb"},
	{ID: "rejected", Label: "Afvist"},
	{ID: "error", Label: "Teknisk fejl"},
	{ID: "menu_only", Label: "Kun menu"},
	{ID: "outside_hours", Label: "Uden for åbningstid"},
	{ID: "answered_by_callback", Label: "Heraf besvaret ved tilbagekald"},
	{ID: "transferred_back", Label: "Heraf besvaret og stillet tilbage"},
}

// outcomes counts the group's calls by outcome. Guide actions have none; they are
// counted by how they were matched to calls, and days by how they ended.
func (r reader) outcomes(e *Explanation) error {
	switch r.rule.fact {
	case factActions:
		return r.matches(e)
	case factDays:
		return r.endings(e)
	}
	calls := r.callRows()
	counts, err := r.countBy(`
		select outcome, count(*) from (`+calls.sql+`) as c group by outcome
		union all
		select 'answered_by_callback', count(*) from (`+calls.sql+`) as c where is_answered_by_callback having count(*) > 0
		union all
		select 'transferred_back', count(*) from (`+calls.sql+`) as c where is_sent_back having count(*) > 0`,
		slices.Concat(calls.args, calls.args, calls.args)...)
	e.Outcomes = labelled(counts, outcomeLabels)
	return err
}

func (r reader) matches(e *Explanation) error {
	rows := guideActions(r.query)
	counts, err := r.countBy(`
		select match_quality, count(*) from (`+rows.sql+`) as r group by match_quality`, rows.args...)
	e.Outcomes = labelled(counts, []Tally{
		{ID: "call_id", Label: "Knyttet til det opkald, guidesystemet angav"},
		{ID: "interval", Label: "Knyttet til det opkald, medarbejderen havde"},
		{ID: "none", Label: "Uden opkald"},
	})
	return err
}

// endings remarks on days whose time may be too long.
func (r reader) endings(e *Explanation) error {
	rows := agentDays(r.query)
	counts, err := r.countBy(`
		select case when is_until_midnight then 'until_midnight' else 'logged_off' end, count(*)
		from (`+rows.sql+`) as r group by is_until_midnight`, rows.args...)
	e.Outcomes = labelled(counts, []Tally{
		{ID: "logged_off", Label: "Dage, der sluttede med log af"},
		{ID: "until_midnight", Label: "Dage uden log af før midnat: tiden kan være for lang"},
	})
	return err
}

// survey counts what became of the SMS questions, for the KPIs that rest on them.
func (r reader) survey(e *Explanation) error {
	e.Survey = []Tally{}
	if !r.asksSurvey() {
		return nil
	}
	calls := r.callRows()
	var answered, sent, replied, scores int64
	err := r.db.QueryRowContext(r.ctx, `
		select count(*) filter (where outcome = 'answered'), count(*) filter (where is_surveyed),
			count(*) filter (where is_survey_replied), count(score)
		from (`+calls.sql+`) as c`, calls.args...).Scan(&answered, &sent, &replied, &scores)
	e.Survey = []Tally{
		{ID: "answered", Label: "Besvarede opkald", Rows: answered},
		{ID: "sent", Label: "Fik et sms-spørgsmål", Rows: sent},
		{ID: "replied", Label: "Svarede inden for svarfristen", Rows: replied},
		{ID: "scored", Label: "Svar med gyldig karakter", Rows: scores},
		{ID: "no_score", Label: "Svar uden en karakter, der kan læses", Rows: replied - scores},
	}
	return err
}

// asksSurvey tells the KPIs that rest on the survey.
func (r reader) asksSurvey() bool { return slices.Contains(r.rule.exclusions, "not_surveyed") }

// countBy reads rows of an id and a number.
func (r reader) countBy(query string, args ...any) (map[string]int64, error) {
	rows, err := r.db.QueryContext(r.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	counts := map[string]int64{}
	for rows.Next() {
		var id string
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		counts[id] = n
	}
	return counts, rows.Err()
}

// labelled puts counts in the order of the labels, without those that are zero.
func labelled(counts map[string]int64, labels []Tally) []Tally {
	out := []Tally{}
	for _, l := range labels {
		if counts[l.ID] > 0 {
			l.Rows = counts[l.ID]
			out = append(out, l)
		}
	}
	return out
}

// numbered puts counts in order of size.
func numbered(counts map[string]int64) []Number {
	out := make([]Number, 0, len(counts))
	for n, rows := range counts {
		out = append(out, Number{Number: n, Rows: rows})
	}
	slices.SortFunc(out, func(a, b Number) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Number, b.Number))
	})
	return out
}
