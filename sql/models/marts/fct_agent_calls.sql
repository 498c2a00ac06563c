-- One row per answered call and agent who spoke with the citizen: the grain of the
-- agent's perspective. A call that two agents answered counts once for each.
-- @grain call_id, agent_id
-- @build incremental by call_date
-- @follow marts.fct_guide_actions by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column agent_id id agent
-- @column agent_municipality_code code who employs the agent that day
-- @column agent_network code that municipality's network on the day
-- @column agent_region text that municipality's region
-- @column citizen_municipality_code code whose number was dialled
-- @column wait_seconds s the call's wait, where it was answered on the line
-- @column is_answered_within_20s flag answered on the line, and the wait is no longer than 20 s before it is rounded
-- @column is_answered_within_60s flag answered on the line, and the wait is no longer than 60 s before it is rounded
-- @column is_answered_by_callback flag the citizen was called back
-- @column callback_wait_seconds s the call's wait for the callback
-- @column is_sent_back flag this agent sent the call to the municipality
-- @column is_for_other flag the citizen is another municipality's, or nobody's
-- @column leg_count count this agent's answered legs
-- @column talk_seconds s over this agent's answered legs
-- @column talk_squares count sum of squares per leg
-- @column hold_seconds s over this agent's answered legs
-- @column hold_squares count sum of squares per leg
-- @column wrap_up_seconds s over this agent's answered legs
-- @column wrap_up_squares count sum of squares per leg
-- @column handling_seconds s over this agent's answered legs
-- @column handling_squares count sum of squares per leg
-- @column has_repeat_call flag the caller called again within seven days
-- @column guide_use_count count guides this agent used in the call
-- @column guide_send_count count SMS and mails this agent sent from guides in the call
-- @column is_surveyed flag the citizen was asked about this agent
-- @column is_survey_replied flag any text came back within the window
-- @column score score first valid score 1-9
with pairs as (
    select
        l.call_id,
        l.call_date,
        l.agent_id,
        l.agent_municipality_code,
        bool_or(l.is_sent_back) as is_sent_back,
        count(*) as leg_count,
        sum(l.talk_seconds) as talk_seconds,
        sum(l.talk_seconds * l.talk_seconds) as talk_squares,
        sum(l.hold_seconds) as hold_seconds,
        sum(l.hold_seconds * l.hold_seconds) as hold_squares,
        sum(l.wrap_up_seconds) as wrap_up_seconds,
        sum(l.wrap_up_seconds * l.wrap_up_seconds) as wrap_up_squares,
        sum(l.handling_seconds) as handling_seconds,
        sum(l.handling_seconds * l.handling_seconds) as handling_squares
    from marts.fct_agent_legs as l
    where l.call_date >= $from and l.call_date < $to
    group by l.call_id, l.call_date, l.agent_id, l.agent_municipality_code
),

guides as (
    select
        g.call_id,
        g.agent_id,
        count(*) filter (where g.action = 'view') as guide_use_count,
        count(*) filter (where g.action = 'send') as guide_send_count
    from marts.fct_guide_actions as g
    where g.call_date >= $from and g.call_date < $to
    group by g.call_id, g.agent_id
)

select
    p.call_id,
    p.call_date,
    p.agent_id,
    p.agent_municipality_code,
    coalesce(b.network, 'unknown') as agent_network,
    coalesce(m.region_name, 'unknown') as agent_region,
    c.citizen_municipality_code,
    c.wait_seconds,
    c.is_answered_within_20s,
    c.is_answered_within_60s,
    c.is_answered_by_callback,
    c.callback_wait_seconds,
    p.is_sent_back,
    p.agent_municipality_code <> c.citizen_municipality_code as is_for_other,
    cast(p.leg_count as integer) as leg_count,
    cast(p.talk_seconds as bigint) as talk_seconds,
    cast(p.talk_squares as bigint) as talk_squares,
    cast(p.hold_seconds as bigint) as hold_seconds,
    cast(p.hold_squares as bigint) as hold_squares,
    cast(p.wrap_up_seconds as bigint) as wrap_up_seconds,
    cast(p.wrap_up_squares as bigint) as wrap_up_squares,
    cast(p.handling_seconds as bigint) as handling_seconds,
    cast(p.handling_squares as bigint) as handling_squares,
    c.has_repeat_call,
    cast(coalesce(g.guide_use_count, 0) as integer) as guide_use_count,
    cast(coalesce(g.guide_send_count, 0) as integer) as guide_send_count,
    c.is_surveyed and s.call_id is not null as is_surveyed,
    c.is_survey_replied and s.call_id is not null as is_survey_replied,
    case when s.call_id is not null then c.score end as score
from pairs as p
inner join marts.fct_calls as c on p.call_id = c.call_id
left join guides as g on p.call_id = g.call_id and p.agent_id = g.agent_id
left join marts.fct_surveys as s
    on p.call_id = s.call_id and p.agent_id = s.agent_id and s.call_date >= $from and s.call_date < $to
left join marts.dim_municipality as m on p.agent_municipality_code = m.municipality_code
left join marts.dim_membership as b
    on p.agent_municipality_code = b.municipality_code and p.call_date between b.valid_from and b.valid_to
where c.call_date >= $from and c.call_date < $to
