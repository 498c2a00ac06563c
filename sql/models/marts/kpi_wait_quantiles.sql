-- One row per period, perspective and group with the exact median and 90th
-- percentile of the waits of answered calls. Quantiles cannot be added up from
-- days, so they are taken from the calls.
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
with waits as (
    select g.call_date, 'citizen' as perspective, g.grouping, g.key, g.municipality_code, c.wait_seconds
    from marts.bridge_call_group as g
    inner join marts.fct_calls as c on g.call_id = c.call_id and g.call_date = c.call_date
    where
        c.outcome = 'answered' and g.grouping <> 'transfer_number'
        and c.call_date >= $from and c.call_date < $to + 366
        and g.call_date >= $from and g.call_date < $to + 366
    union all
    select g.call_date, 'agent' as perspective, g.grouping, g.key, g.municipality_code, c.wait_seconds
    from marts.bridge_agent_call_group as g
    inner join marts.fct_agent_calls as c
        on g.call_id = c.call_id and g.agent_id = c.agent_id and g.call_date = c.call_date
    where
        c.call_date >= $from and c.call_date < $to + 366
        and g.call_date >= $from and g.call_date < $to + 366
),

dated as (
    select p.period, p.year_from, w.*
    from marts.dim_period_day as p
    inner join waits as w on p.day = w.call_date
    where p.year_from >= $from and p.year_from < $to
),

over_all as (
    select
        period, year_from, perspective, grouping, key, 'all' as municipality_code,
        quantile_cont(wait_seconds, [0.5, 0.9]) as quantiles
    from dated
    group by period, year_from, perspective, grouping, key
),

by_municipality as (
    select
        period, year_from, perspective, grouping, key, municipality_code,
        quantile_cont(wait_seconds, [0.5, 0.9]) as quantiles
    from dated
    where municipality_code <> 'all'
    group by period, year_from, perspective, grouping, key, municipality_code
),

counted as (
    select * from over_all
    union all
    select * from by_municipality
)

select
    period,
    year_from,
    perspective,
    grouping,
    key,
    municipality_code,
    cast(quantiles[1] as double) as wait_seconds_median,
    cast(quantiles[2] as double) as wait_seconds_p90
from counted
