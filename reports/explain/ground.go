package explain

import (
	"slices"
	"strings"
)

// newestBatches is how many deliveries of a table are told one by one.
const newestBatches = 10

// mapping tells what the reference files do not know and the figure may feel.
func (r reader) mapping(e *Explanation) error {
	var shares []func() (Share, error)
	switch r.rule.fact {
	case factDays:
		shares = append(shares, r.agentDays)
	case factActions:
		shares = append(shares, r.accessNumbers, r.municipalityTexts)
	default:
		shares = append(shares, r.accessNumbers, r.transferNumbers)
	}
	if r.rule.fact != factDays && r.query.Perspective == "agent" || r.query.KPI == "helped_by_others" {
		shares = append(shares, r.agents)
	}
	if r.asksSurvey() {
		shares = append(shares, r.surveys)
	}
	e.Mapping = []Share{}
	for _, read := range shares {
		s, err := read()
		if err != nil {
			return err
		}
		e.Mapping = append(e.Mapping, s)
	}
	return nil
}

// accessNumbers are calls to numbers that are in nobody's name.
func (r reader) accessNumbers() (Share, error) {
	s := Share{ID: "access_numbers", Label: "Opkald til et hovednummer, der mangler i access_numbers.csv", Scope: "all"}
	err := r.db.QueryRowContext(r.ctx, `
		select count(*) filter (where citizen_municipality_code = 'unknown'), count(*)
		from marts.fct_calls where call_date between cast(? as date) and cast(? as date)`, r.query.days()...).
		Scan(&s.Rows, &s.Of)
	return s, err
}

// transferNumbers are the group's calls that went back to numbers missing from
// transfer_numbers.csv, which count as the municipality's (DOMAIN §4).
func (r reader) transferNumbers() (Share, error) {
	s := Share{ID: "transfer_numbers", Label: "Stillet tilbage til et nummer, der mangler i transfer_numbers.csv", Scope: "group"}
	calls := r.callRows()
	unmapped := `
		from (` + calls.sql + `) as r
		inner join marts.fct_agent_legs as l on r.call_id = l.call_id and r.call_date = l.call_date
		where l.transfer_target = 'unmapped_number' and l.is_sent_back and (r.agent_id is null or r.agent_id = l.agent_id)`
	err := r.db.QueryRowContext(r.ctx, `
		select
			(select count(*) from (select distinct r.call_id, r.agent_id `+unmapped+`) as u),
			(select count(*) from (`+calls.sql+`) as c where is_sent_back)`,
		slices.Concat(calls.args, calls.args)...).Scan(&s.Rows, &s.Of)
	if err != nil || s.Rows == 0 {
		return s, err
	}
	numbers, err := r.countBy(`
		select coalesce(l.transfer_number, 'unknown'), count(distinct r.call_id) `+unmapped+`
		group by l.transfer_number`, calls.args...)
	s.Keys = numbered(numbers)
	return s, err
}

// municipalityTexts are guide actions whose citizen's municipality sb.nu names by a text
// that is none: they count as unknown. Texts that are meant so count too.
func (r reader) municipalityTexts() (Share, error) {
	s := Share{ID: "municipality_texts", Label: "Guidebrug med en kommune, der ikke genkendes", Scope: "all"}
	days := r.query.days()
	err := r.db.QueryRowContext(r.ctx, `
		select
			(select cast(coalesce(sum(row_count), 0) as bigint) from marts.fct_unknown_values
				where kind = 'municipality' and seen_date between cast(? as date) and cast(? as date)),
			(select count(*) from marts.fct_guide_actions where action_date between cast(? as date) and cast(? as date))`,
		slices.Concat(days, days)...).Scan(&s.Rows, &s.Of)
	if err != nil || s.Rows == 0 {
		return s, err
	}
	texts, err := r.countBy(`
		select min(text), cast(sum(row_count) as bigint) from marts.fct_unknown_values
		where kind = 'municipality' and seen_date between cast(? as date) and cast(? as date)
		group by key`, days...)
	s.Keys = numbered(texts)
	return s, err
}

// agents are answered calls of agents that nobody is named to employ.
func (r reader) agents() (Share, error) {
	s := Share{ID: "agents", Label: "Besvaret af en medarbejder uden kommune i agent_groups.csv og agents.csv", Scope: "all"}
	err := r.db.QueryRowContext(r.ctx, `
		select count(*) filter (where agent_municipality_code = 'unknown'), count(*)
		from marts.fct_agent_calls where call_date between cast(? as date) and cast(? as date)`, r.query.days()...).
		Scan(&s.Rows, &s.Of)
	return s, err
}

// agentDays are days with a log-on of agents that nobody is named to employ.
func (r reader) agentDays() (Share, error) {
	s := Share{ID: "agents", Label: "Dage med log på for en medarbejder uden kommune i agent_groups.csv og agents.csv", Scope: "all"}
	err := r.db.QueryRowContext(r.ctx, `
		select count(*) filter (where agent_municipality_code = 'unknown'), count(*)
		from marts.fct_agent_presence where presence_date between cast(? as date) and cast(? as date)`, r.query.days()...).
		Scan(&s.Rows, &s.Of)
	return s, err
}

// surveys are questions that no call was found for.
func (r reader) surveys() (Share, error) {
	s := Share{ID: "surveys", Label: "Sms-spørgsmål, der ikke kunne knyttes til et opkald", Scope: "all"}
	days := r.query.days()
	err := r.db.QueryRowContext(r.ctx, `
		select u.n, u.n + m.n
		from (select count(*) as n from marts.fct_unmatched_surveys
			where sent_date between cast(? as date) and cast(? as date)) as u
		cross join (select count(*) as n from marts.fct_surveys
			where call_date between cast(? as date) and cast(? as date)) as m`, slices.Concat(days, days)...).
		Scan(&s.Rows, &s.Of)
	return s, err
}

func (r reader) ground(e *Explanation) error {
	g := &e.Ground
	return r.db.QueryRowContext(r.ctx, `
		select coalesce(strftime(data_until, '%Y-%m-%dT%H:%M:%S'), ''), is_simulated, run_id, program_version
		from marts.dim_data`).Scan(&g.DataUntil, &g.Simulated, &g.Run, &g.Program)
}

// deliveries lists, per raw table, what can have brought rows of the period.
func (r reader) deliveries(tables []RawTable) ([]Table, error) {
	out := make([]Table, 0, len(tables))
	for _, raw := range tables {
		t := Table{Name: raw.Name, Dated: raw.Dated, Newest: []Batch{}}
		if err := r.delivered(&t); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

const batchTime = `strftime(timezone('Europe/Copenhagen', loaded_at), '%Y-%m-%dT%H:%M:%S')`

func (r reader) delivered(t *Table) error {
	from := ` from meta.batches where owner || '__' || table_name = ?`
	args := []any{strings.TrimPrefix(t.Name, "raw.")}
	if t.Dated {
		from += ` and (
			cast(timezone('Europe/Copenhagen', loaded_at) as date) >= cast(? as date)
			or (select is_simulated from marts.dim_data))` // a simulation may lie in the future
		args = append(args, r.query.days()[0])
	}
	err := r.db.QueryRowContext(r.ctx, `
		select count(*), cast(coalesce(sum(loaded), 0) as bigint),
			coalesce(min(`+batchTime+`), ''), coalesce(max(`+batchTime+`), '')`+from, args...).
		Scan(&t.Deliveries, &t.Loaded, &t.FirstAt, &t.LastAt)
	if err != nil {
		return err
	}
	rows, err := r.db.QueryContext(r.ctx, `
		select batch, origin, run, `+batchTime+`, read, loaded, superseded, quarantined`+from+`
		order by loaded_at desc, batch desc limit ?`, append(args, newestBatches)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	for rows.Next() {
		var b Batch
		err := rows.Scan(&b.ID, &b.Origin, &b.Run, &b.LoadedAt, &b.Read, &b.Loaded, &b.Superseded, &b.Quarantined)
		if err != nil {
			return err
		}
		t.Newest = append(t.Newest, b)
	}
	return rows.Err()
}
