package explain

import "fmt"

// rows is a query with its arguments, of the rows of one group and period.
type rows struct {
	sql  string
	args []any
}

// where adds a condition.
func (r *rows) where(condition string, args ...any) {
	r.sql += " and " + condition
	r.args = append(r.args, args...)
}

// rowsOf is every row that could count in the asked figure, counted or not, under
// the same column names in both perspectives: the rules are written over them.
func rowsOf(q Query, fact string) rows {
	switch {
	case fact == factActions:
		return guideActions(q)
	case fact == factDays:
		return agentDays(q)
	case fact == factMembers:
		return memberCalls(q)
	case q.Perspective == "agent":
		return agentCalls(q)
	}
	return citizenCalls(q)
}

const callColumns = `
	select
		c.call_id, c.call_date, c.started_at, c.outcome, c.is_offered, c.citizen_municipality_code,
		cast(null as bigint) as agent_id, c.wait_seconds, c.is_answered_within_20s, c.is_answered_within_60s,
		c.is_answered_by_callback, c.callback_wait_seconds,
		c.is_transferred_back as is_sent_back, c.transfer_number,
		c.has_repeat_call, false as is_for_other, c.is_helped_by_other, c.leg_count, c.talk_seconds, c.hold_seconds,
		c.wrap_up_seconds, c.handling_seconds, c.guide_use_count, c.guide_send_count, c.is_surveyed,
		c.is_survey_replied, c.score
	from marts.fct_calls as c`

// citizenCalls are the inbound calls of a group, by whose number was dialled.
func citizenCalls(q Query) rows {
	days := " where c.call_date between cast(? as date) and cast(? as date)"
	r := rows{sql: callColumns + days, args: q.days()}
	switch q.By {
	case "total":
	case "municipality", "network", "region":
		r.where(citizenColumn(q.By)+" = ?", q.Key)
	default:
		r = rows{sql: callColumns + `
			inner join marts.bridge_call_part as p on c.call_id = p.call_id and c.call_date = p.call_date` + days, args: q.days()}
		r.where("p.grouping = ? and p.key = ?", q.By, q.Key)
		if q.Municipality != "" {
			r.where("c.citizen_municipality_code = ?", q.Municipality)
		}
	}
	return r
}

func citizenColumn(grouping string) string {
	return map[string]string{
		"municipality": "c.citizen_municipality_code", "network": "c.citizen_network", "region": "c.citizen_region",
	}[grouping]
}

// memberCalls are the inbound calls of the municipalities that make up a group on
// the period's last day, as calls per inhabitant are told.
func memberCalls(q Query) rows {
	r := rows{
		sql:  callColumns + " where c.call_date between cast(? as date) and cast(? as date)",
		args: q.days(),
	}
	if q.By == "municipality" {
		r.where("c.citizen_municipality_code = ?", q.Key)
		return r
	}
	members := `c.citizen_municipality_code in (
		select b.municipality_code from marts.dim_membership as b
		inner join marts.dim_municipality as m on b.municipality_code = m.municipality_code
		where cast(? as date) between b.valid_from and b.valid_to`
	args := []any{q.days()[1]}
	switch q.By {
	case "network":
		members, args = members+" and b.network = ?", append(args, q.Key)
	case "region":
		members, args = members+" and m.region_name = ?", append(args, q.Key)
	}
	r.where(members+")", args...)
	return r
}

// agentCalls are the answered calls of a group's agents, one row per call and agent.
func agentCalls(q Query) rows {
	r := rows{
		sql: `
	select
		a.call_id, a.call_date, c.started_at, c.outcome, c.is_offered, a.citizen_municipality_code,
		a.agent_id, a.wait_seconds, a.is_answered_within_20s, a.is_answered_within_60s, a.is_answered_by_callback, a.callback_wait_seconds, a.is_sent_back, l.transfer_number,
		a.has_repeat_call, a.is_for_other, false as is_helped_by_other, a.leg_count, a.talk_seconds, a.hold_seconds,
		a.wrap_up_seconds, a.handling_seconds, a.guide_use_count, a.guide_send_count, a.is_surveyed,
		a.is_survey_replied, a.score
	from marts.fct_agent_calls as a
	inner join marts.fct_calls as c on a.call_id = c.call_id and a.call_date = c.call_date
	left join (
		select call_id, agent_id, arg_max(transfer_number, leg_number) as transfer_number
		from marts.fct_agent_legs
		where is_sent_back
		group by call_id, agent_id
	) as l on a.call_id = l.call_id and a.agent_id = l.agent_id
	where a.call_date between cast(? as date) and cast(? as date)`,
		args: q.days(),
	}
	switch q.By {
	case "municipality", "network", "region":
		r.where(map[string]string{
			"municipality": "a.agent_municipality_code", "network": "a.agent_network", "region": "a.agent_region",
		}[q.By]+" = ?", q.Key)
	case "agent":
		r.where("cast(a.agent_id as varchar) = ?", q.Key)
		if q.Municipality != "" {
			r.where("a.agent_municipality_code = ?", q.Municipality)
		}
	}
	return r
}

// guideActions are the guide uses and sends of a group.
func guideActions(q Query) rows {
	r := rows{
		sql: `
	select
		a.action_id, a.action, a.action_date as call_date, a.happened_at as started_at, a.guide_id, a.call_id, a.agent_id,
		a.match_quality, a.citizen_municipality_code
	from marts.fct_guide_actions as a` + placedBy("a."+q.Perspective+"_municipality_code", "a.action_date") + `
	where a.action_date between cast(? as date) and cast(? as date)`,
		args: q.days(),
	}
	if q.By == "guide" {
		r.where("a.guide_id = ?", q.Key)
		if q.Municipality != "" {
			r.where("a.citizen_municipality_code = ?", q.Municipality)
		}
		return r
	}
	return r.placed(q, "a."+q.Perspective+"_municipality_code", "a.agent_id")
}

// agentDays are the days on which a group's agents logged on.
func agentDays(q Query) rows {
	r := rows{
		sql: `
	select
		p.agent_id, p.presence_date as call_date, p.first_logged_on_at as started_at, cast(null as ubigint) as call_id,
		p.agent_municipality_code, p.logged_on_seconds, p.ready_seconds, p.pause_seconds, p.is_until_midnight
	from marts.fct_agent_presence as p` + placedBy("p.agent_municipality_code", "p.presence_date") + `
	where p.presence_date between cast(? as date) and cast(? as date)`,
		args: q.days(),
	}
	return r.placed(q, "p.agent_municipality_code", "p.agent_id")
}

// placedBy joins what tells the network and region of a municipality on a day.
func placedBy(municipality, day string) string {
	return fmt.Sprintf(`
	left join marts.dim_municipality as m on %[1]s = m.municipality_code
	left join marts.dim_membership as b on %[1]s = b.municipality_code and %[2]s between b.valid_from and b.valid_to`,
		municipality, day)
}

// placed keeps the rows of a group, where placedBy has told their place; a row that
// belongs nowhere belongs to unknown.
func (r rows) placed(q Query, municipality, agent string) rows {
	column := map[string]string{
		"municipality": municipality, "network": "b.network", "region": "m.region_name", "agent": "cast(" + agent + " as varchar)",
	}[q.By]
	if column != "" {
		r.where("coalesce("+column+", 'unknown') = ?", q.Key)
	}
	if q.Municipality != "" {
		r.where(municipality+" = ?", q.Municipality)
	}
	return r
}

// days are the period's first and last day as query arguments.
func (q Query) days() []any {
	return []any{q.Period.From.Format("2006-01-02"), q.Period.To.Format("2006-01-02")}
}

// judged adds to the rows why each does not count and what it adds to the sums.
func (r rows) judged(k rule, reasons []exclusion) rows {
	return rows{
		sql: fmt.Sprintf("select r.*, %s as reason, %s as numerator, %s as denominator from (%s) as r",
			reasonSQL(reasons), amountSQL(k.numerator), amountSQL(k.denominator), r.sql),
		args: r.args,
	}
}
