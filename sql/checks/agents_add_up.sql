-- The agents' answered calls add up to the citizens' plus one for every further
-- agent of a call: who answers a transferred call answers it too. Looked at for the
-- last thirteen months. A gap means that an answered call has no agent, or an agent
-- counts twice in one. Compare fct_agent_calls with the answered calls of fct_calls
-- on the month's days.
-- @severity error
with recent as (
    select p.period, p.period_from
    from marts.dim_period as p
    inner join marts.dim_data as d on p.period_to >= cast(d.data_until as date) - 396
    where p.period_kind = 'month'
),

agents_of_calls as (
    select cast(date_trunc('month', call_date) as date) as month_from, call_id, count(*) as agents
    from marts.fct_agent_calls
    where call_date >= (select min(r.period_from) from recent as r)
    group by cast(date_trunc('month', call_date) as date), call_id
),

further as (
    select month_from, sum(agents - 1) as further_agents
    from agents_of_calls
    group by month_from
),

agents as (
    select period, sum(calls_answered) as calls_answered
    from marts.kpi_sums
    where perspective = 'agent' and grouping = 'agent' and municipality_code = 'all'
    group by period
)

select
    c.period,
    c.calls_answered,
    a.calls_answered as agents_answered,
    f.further_agents
from marts.kpi_sums as c
inner join recent as r on c.period = r.period
left join agents as a on c.period = a.period
left join further as f on r.period_from = f.month_from
where
    c.perspective = 'citizen' and c.grouping = 'total' and c.municipality_code = 'all'
    and coalesce(a.calls_answered, 0) <> c.calls_answered + coalesce(f.further_agents, 0)
