package explain

import (
	"database/sql"
	"strconv"
	"strings"
)

// calls lists the counted rows in the order of time or of the asked column. In a suppressed figure what
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
	shape := r.shape()
	order, sorted, err := r.order(shape.tie)
	if err != nil {
		return err
	}
	e.Sort = sorted
	rows, err := r.db.QueryContext(r.ctx, listSQL(judged.sql, shape, order), append(judged.args, limit)...)
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

// shape is how rows of one kind are listed: their columns from outcome on, whose
// municipality is told, and what tells rows of one call apart.
type shape struct{ columns, municipality, tie string }

func (r reader) shape() shape {
	switch r.rule.fact {
	case factActions:
		return shape{
			columns:      `'', cast(null as bigint), false, cast(null as bigint), false, '', cast(null as bigint), j.action, j.guide_id, ` + nothing,
			municipality: "j.citizen_municipality_code", tie: "j.action_id",
		}
	case factDays:
		return shape{
			columns: `'', cast(null as bigint), false, cast(null as bigint), false, '', cast(null as bigint),
				case when j.is_until_midnight then 'until_midnight' else 'logged_off' end, '',
				cast(null as bigint), j.logged_on_seconds, j.ready_seconds, j.pause_seconds,
				cast(null as bigint), cast(null as bigint), cast(null as bigint)`,
			municipality: "j.agent_municipality_code", tie: "coalesce(j.agent_id, 0)",
		}
	}
	return shape{
		columns: `coalesce(j.outcome, ''), j.wait_seconds, j.is_answered_by_callback, j.callback_wait_seconds,
			coalesce(j.is_sent_back, false), coalesce(j.transfer_number, ''), j.score, '' as action, '' as guide_id,
			j.leg_count, j.talk_seconds, j.hold_seconds, j.wrap_up_seconds, j.handling_seconds, j.guide_use_count,
			j.guide_send_count`,
		municipality: "j.citizen_municipality_code", tie: "coalesce(j.agent_id, 0)",
	}
}

// nothing stands in the seven columns of what a call took.
const nothing = `cast(null as bigint), cast(null as bigint), cast(null as bigint), cast(null as bigint),
	cast(null as bigint), cast(null as bigint), cast(null as bigint)`

// listSQL takes the counted rows with the agents who answered: in the agent's
// perspective the row's own.
func listSQL(judged string, s shape, order string) string {
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
			` + s.municipality + `, coalesce(cast(j.agent_id as varchar), a.agents, ''),
			` + s.columns + `, j.numerator, j.denominator
		from judged as j
		left join agents as a on j.call_id = a.call_id
		where j.reason is null
		order by ` + order + `
		limit ?`
}

func (r reader) scan(rows *sql.Rows) (Call, error) {
	var c Call
	var agents string
	var took [7]sql.NullInt64
	err := rows.Scan(&c.CallID, &c.Date, &c.Time, &c.Municipality, &agents, &c.Outcome, &c.WaitSeconds, &c.ByCallback,
		&c.CalledBack, &c.SentBack, &c.Number, &c.Score, &c.Action, &c.Guide,
		&took[0], &took[1], &took[2], &took[3], &took[4], &took[5], &took[6], &c.Numerator, &c.Denominator)
	if err != nil {
		return Call{}, err
	}
	r.took(&c, took)
	if r.hidden() {
		c.Numerator = nil
	}
	if !r.showsScores() {
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

// took enters what a call took, or what a day was made of.
func (r reader) took(c *Call, n [7]sql.NullInt64) {
	switch r.rule.fact {
	case factCalls, factMembers:
		c.Work = &Work{
			Legs: n[0].Int64, Talk: n[1].Int64, Hold: n[2].Int64, WrapUp: n[3].Int64, Handling: n[4].Int64,
			Guides: n[5].Int64, Sends: n[6].Int64,
		}
	case factDays:
		c.Presence = &Shift{LoggedOn: n[1].Int64, Ready: n[2].Int64, Pause: n[3].Int64}
	}
}

// showsScores tells the figures whose list holds single scores.
func (r reader) showsScores() bool {
	return !r.hidden() && strings.HasPrefix(r.query.KPI, "satisfaction_")
}
