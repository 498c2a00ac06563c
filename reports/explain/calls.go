package explain

import (
	"database/sql"
	"strconv"
	"strings"
)

// calls lists the counted rows in the order of time. In a suppressed figure what
// they add to the numerator, and their scores, are left out; other KPIs than those
// of satisfaction show no scores, since those may be too few to be shown.
func (r reader) calls(e *Explanation) error {
	if !r.query.Calls {
		return nil
	}
	judged := rowsOf(r.query, r.rule.fact).judged(r.rule, r.reasons)
	limit := int64(r.query.Limit)
	if limit <= 0 {
		limit = e.Counted.Included
	}
	rows, err := r.db.QueryContext(r.ctx, r.listSQL(judged.sql), append(judged.args, limit)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	e.Calls = []Call{}
	for rows.Next() {
		c, err := r.scan(rows)
		if err != nil {
			return err
		}
		e.Calls = append(e.Calls, c)
	}
	e.CallsLeftOut = e.Counted.Included - int64(len(e.Calls))
	return rows.Err()
}

// listSQL takes the counted rows with the agents who answered: in the agent's
// perspective the row's own.
func (r reader) listSQL(judged string) string {
	columns := `coalesce(j.outcome, ''), j.wait_seconds, coalesce(j.is_sent_back, false), coalesce(j.transfer_number, ''), j.score, '' as action, '' as guide_id`
	municipality, tie := "j.citizen_municipality_code", "coalesce(j.agent_id, 0)"
	switch r.rule.fact {
	case factActions:
		columns = `'', cast(null as bigint), false, '', cast(null as bigint), j.action, j.guide_id`
		tie = "j.action_id"
	case factDays:
		columns = `'', cast(null as bigint), false, '', cast(null as bigint),
			case when j.is_until_midnight then 'until_midnight' else 'logged_off' end, ''`
		municipality = "j.agent_municipality_code"
	}
	return `
		with judged as (` + judged + `),
		answered as (
			select l.call_id, l.agent_id, min(l.leg_number) as leg_number
			from marts.fct_agent_legs as l
			where l.call_id in (select call_id from judged)
			group by l.call_id, l.agent_id
		),
		agents as (
			select call_id, string_agg(cast(agent_id as varchar), ' ' order by leg_number) as agents
			from answered
			group by call_id
		)
		select
			coalesce(cast(j.call_id as varchar), ''),
			strftime(timezone('Europe/Copenhagen', timezone('UTC', j.started_at)), '%Y-%m-%d'),
			strftime(timezone('Europe/Copenhagen', timezone('UTC', j.started_at)), '%H:%M:%S'),
			` + municipality + `, coalesce(cast(j.agent_id as varchar), a.agents, ''),
			` + columns + `, j.numerator, j.denominator
		from judged as j
		left join agents as a on j.call_id = a.call_id
		where j.reason is null
		order by j.started_at, j.call_id, ` + tie + `
		limit ?`
}

func (r reader) scan(rows *sql.Rows) (Call, error) {
	var c Call
	var agents string
	err := rows.Scan(&c.CallID, &c.Date, &c.Time, &c.Municipality, &agents, &c.Outcome, &c.WaitSeconds, &c.SentBack,
		&c.Number, &c.Score, &c.Action, &c.Guide, &c.Numerator, &c.Denominator)
	if err != nil {
		return Call{}, err
	}
	if r.hidden() {
		c.Numerator = nil
	}
	if r.hidden() || !strings.HasPrefix(r.query.KPI, "satisfaction_") {
		c.Score = nil
	}
	c.Agents = []int64{}
	for _, id := range strings.Fields(agents) {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return Call{}, err
		}
		c.Agents = append(c.Agents, n)
	}
	return c, nil
}
