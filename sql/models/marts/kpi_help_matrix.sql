-- One row per period, citizen's municipality and agent's municipality: who took whose
-- calls. calls_answered gives each call to the first agent who answered, so that
-- its rows add up to the citizen's perspective; agent_calls gives it to every agent
-- who answered, so that its columns add up to the agent's perspective. Off the
-- diagonal lies handled_for_others, and of helped_by_others the calls that another
-- municipality's agent answered first; it counts those too that one answered later.
-- @grain period, citizen_municipality_code, agent_municipality_code
-- @build incremental by year_from, 366 days back
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column citizen_municipality_code code whose number was dialled
-- @column agent_municipality_code code who employs the agent that day
-- @column calls_answered count answered calls, by the first agent who answered
-- @column agent_calls count answered calls, once for each agent who answered
with calls as (
    select
        cast(date_trunc('month', call_date) as date) as month_from,
        citizen_municipality_code,
        first_agent_municipality_code as agent_municipality_code,
        count(*) as calls_answered
    from marts.fct_calls
    where call_date >= $from and call_date < $to + 366 and outcome = 'answered'
    group by cast(date_trunc('month', call_date) as date), citizen_municipality_code, first_agent_municipality_code
),

agent_calls as (
    select
        cast(date_trunc('month', call_date) as date) as month_from,
        citizen_municipality_code,
        agent_municipality_code,
        count(*) as agent_calls
    from marts.fct_agent_calls
    where call_date >= $from and call_date < $to + 366
    group by cast(date_trunc('month', call_date) as date), citizen_municipality_code, agent_municipality_code
),

months as (
    select month_from, citizen_municipality_code, agent_municipality_code, calls_answered, 0 as agent_calls
    from calls
    union all
    select month_from, citizen_municipality_code, agent_municipality_code, 0 as calls_answered, agent_calls
    from agent_calls
)

select
    p.period,
    p.year_from,
    m.citizen_municipality_code,
    m.agent_municipality_code,
    cast(sum(m.calls_answered) as bigint) as calls_answered,
    cast(sum(m.agent_calls) as bigint) as agent_calls
from months as m
inner join marts.dim_period_day as p on m.month_from = p.day
where p.year_from >= $from and p.year_from < $to
group by p.period, p.year_from, m.citizen_municipality_code, m.agent_municipality_code
