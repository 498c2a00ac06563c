-- One row per period, perspective and group with the exact median, 90th percentile
-- and longest of the waits of calls answered on the line, and the median of the waits
-- for a callback. They cannot be added up from days, so they are taken from the calls.
-- @grain period, perspective, grouping, key, municipality_code
-- @build incremental by year_from, 366 days back
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column perspective code citizen or agent
-- @column grouping code the grouping
-- @column key text the group
-- @column municipality_code code one municipality for groups within one, else all
-- @column wait_seconds_median s half waited no longer
-- @column wait_seconds_p90 s nine of ten waited no longer
-- @column wait_seconds_max s nobody waited longer
-- @column callback_wait_seconds_median s half waited no longer for their callback
with answered as (
    select *
    from marts.fct_calls
    where call_date >= $from and call_date < $to + 366 and outcome = 'answered'
),

agents_answered as (
    select *
    from marts.fct_agent_calls
    where call_date >= $from and call_date < $to + 366
),

waits as (
    select
        call_date, 'citizen' as perspective, 'total' as grouping, 'total' as key,
        wait_seconds, callback_wait_seconds
    from answered
    union all
    select
        call_date, 'citizen' as perspective, 'municipality' as grouping, citizen_municipality_code as key,
        wait_seconds, callback_wait_seconds
    from answered
    union all
    select
        call_date, 'citizen' as perspective, 'network' as grouping, citizen_network as key,
        wait_seconds, callback_wait_seconds
    from answered
    union all
    select
        call_date, 'citizen' as perspective, 'region' as grouping, citizen_region as key,
        wait_seconds, callback_wait_seconds
    from answered
    union all
    select a.call_date, 'citizen' as perspective, p.grouping, p.key, a.wait_seconds, a.callback_wait_seconds
    from answered as a
    inner join marts.bridge_call_part as p on a.call_id = p.call_id and a.call_date = p.call_date
    where p.call_date >= $from and p.call_date < $to + 366 and p.grouping <> 'transfer_number'
    union all
    select
        call_date, 'agent' as perspective, 'total' as grouping, 'total' as key,
        wait_seconds, callback_wait_seconds
    from agents_answered
    union all
    select
        call_date, 'agent' as perspective, 'municipality' as grouping, agent_municipality_code as key,
        wait_seconds, callback_wait_seconds
    from agents_answered
    union all
    select
        call_date, 'agent' as perspective, 'network' as grouping, agent_network as key,
        wait_seconds, callback_wait_seconds
    from agents_answered
    union all
    select
        call_date, 'agent' as perspective, 'region' as grouping, agent_region as key,
        wait_seconds, callback_wait_seconds
    from agents_answered
    union all
    select
        call_date, 'agent' as perspective, 'agent' as grouping, cast(agent_id as varchar) as key,
        wait_seconds, callback_wait_seconds
    from agents_answered
),

waits_of_groups as (
    select
        p.period,
        p.year_from,
        w.perspective,
        w.grouping,
        w.key,
        quantile_cont(w.wait_seconds, [0.5, 0.9]) as quantiles,
        max(w.wait_seconds) as wait_seconds_max,
        median(w.callback_wait_seconds) as callback_wait_seconds_median
    from waits as w
    inner join marts.dim_period_day as p on w.call_date = p.day
    where p.year_from >= $from and p.year_from < $to
    group by p.period, p.year_from, w.perspective, w.grouping, w.key
)

select
    period,
    year_from,
    perspective,
    grouping,
    key,
    'all' as municipality_code,
    cast(quantiles[1] as double) as wait_seconds_median,
    cast(quantiles[2] as double) as wait_seconds_p90,
    cast(wait_seconds_max as double) as wait_seconds_max,
    cast(callback_wait_seconds_median as double) as callback_wait_seconds_median
from waits_of_groups
