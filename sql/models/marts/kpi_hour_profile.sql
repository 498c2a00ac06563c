-- One row per period, group of citizens, weekday and hour of the local day: when
-- citizens call, and how they are served then. Hours in which the hotline is closed
-- have a row where somebody called all the same; open hours have one even where
-- nobody did. open_minutes counts the days between the year's first and last call,
-- so that a period under way is told by the hours it has had so far; over 60 they
-- are the open hours that calls are divided by.
-- @grain period, grouping, key, weekday, local_hour
-- @build incremental by year_from, 366 days back
-- @check weekday between 1 and 7
-- @check local_hour between 0 and 23
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column grouping code total, municipality or network
-- @column key text the group
-- @column weekday count 1 Monday to 7 Sunday
-- @column local_hour count hour on the wall clock, 0-23
-- @column calls_offered count inside opening hours and in a queue of the hotline
-- @column calls_answered count answered
-- @column calls_abandoned count the citizen hung up, after 5 s or more
-- @column calls_outside_hours count arrived while closed
-- @column calls_answered_on_line count answered, but not by callback: the calls that have a wait
-- @column wait_seconds s waits of those
-- @column open_minutes min the hotline was open, the same for every group
with months as (
    select
        cast(date_trunc('month', call_date) as date) as month_from,
        citizen_municipality_code,
        citizen_network,
        cast(isodow(call_date) as integer) as weekday,
        local_hour,
        cast(count(*) filter (where is_offered) as bigint) as calls_offered,
        cast(count(*) filter (where outcome = 'answered') as bigint) as calls_answered,
        cast(count(*) filter (where outcome = 'abandoned') as bigint) as calls_abandoned,
        cast(count(*) filter (where outcome = 'outside_hours') as bigint) as calls_outside_hours,
        cast(count(wait_seconds) as bigint) as calls_answered_on_line,
        cast(coalesce(sum(wait_seconds), 0) as bigint) as wait_seconds
    from marts.fct_calls
    where call_date >= $from and call_date < $to + 366
    group by
        cast(date_trunc('month', call_date) as date), citizen_municipality_code, citizen_network,
        cast(isodow(call_date) as integer), local_hour
),

spans as (
    select
        cast(date_trunc('year', call_date) as date) as year_from,
        min(call_date) as first_day,
        max(call_date) as last_day
    from marts.fct_calls
    where call_date >= $from and call_date < $to + 366
    group by cast(date_trunc('year', call_date) as date)
),

opened as (
    select
        cast(date_trunc('month', o.day) as date) as month_from,
        cast(isodow(o.day) as integer) as weekday,
        cast(h.local_hour as integer) as local_hour,
        sum(
            least(date_diff('minute', cast(o.day as timestamp), o.closes_local), h.local_hour * 60 + 60)
            - greatest(date_diff('minute', cast(o.day as timestamp), o.opens_local), h.local_hour * 60)
        ) as open_minutes
    from spans as s
    inner join intermediate.int_opening_intervals as o on o.day between s.first_day and s.last_day
    inner join generate_series(0, 23) as h (local_hour)
        on
            h.local_hour * 60 < date_diff('minute', cast(o.day as timestamp), o.closes_local)
            and h.local_hour * 60 + 60 > date_diff('minute', cast(o.day as timestamp), o.opens_local)
    group by cast(date_trunc('month', o.day) as date), cast(isodow(o.day) as integer), cast(h.local_hour as integer)
),

grouped as (
    select
        month_from, 'total' as grouping, 'total' as key, weekday, local_hour,
        calls_offered, calls_answered, calls_abandoned, calls_outside_hours, calls_answered_on_line, wait_seconds
    from months
    union all
    select
        month_from, 'municipality' as grouping, citizen_municipality_code as key, weekday, local_hour,
        calls_offered, calls_answered, calls_abandoned, calls_outside_hours, calls_answered_on_line, wait_seconds
    from months
    union all
    select
        month_from, 'network' as grouping, citizen_network as key, weekday, local_hour,
        calls_offered, calls_answered, calls_abandoned, calls_outside_hours, calls_answered_on_line, wait_seconds
    from months
),

calls as (
    select
        p.period,
        p.year_from,
        g.*
    from grouped as g
    inner join marts.dim_period_day as p on g.month_from = p.day
    where p.year_from >= $from and p.year_from < $to
),

groups as (
    select distinct period, year_from, grouping, key
    from calls
),

hours as (
    select
        p.period,
        o.weekday,
        o.local_hour,
        sum(o.open_minutes) as open_minutes
    from opened as o
    inner join marts.dim_period_day as p on o.month_from = p.day
    where p.year_from >= $from and p.year_from < $to
    group by p.period, o.weekday, o.local_hour
),

cells as (
    select
        period, year_from, grouping, key, weekday, local_hour,
        calls_offered, calls_answered, calls_abandoned, calls_outside_hours, calls_answered_on_line, wait_seconds,
        0 as open_minutes
    from calls
    union all
    select
        g.period, g.year_from, g.grouping, g.key, h.weekday, h.local_hour,
        0 as calls_offered, 0 as calls_answered, 0 as calls_abandoned, 0 as calls_outside_hours,
        0 as calls_answered_on_line, 0 as wait_seconds,
        h.open_minutes
    from groups as g
    inner join hours as h on g.period = h.period
)

select
    period,
    year_from,
    grouping,
    key,
    weekday,
    local_hour,
    cast(sum(calls_offered) as bigint) as calls_offered,
    cast(sum(calls_answered) as bigint) as calls_answered,
    cast(sum(calls_abandoned) as bigint) as calls_abandoned,
    cast(sum(calls_outside_hours) as bigint) as calls_outside_hours,
    cast(sum(calls_answered_on_line) as bigint) as calls_answered_on_line,
    cast(sum(wait_seconds) as bigint) as wait_seconds,
    cast(sum(open_minutes) as bigint) as open_minutes
from cells
group by period, year_from, grouping, key, weekday, local_hour
