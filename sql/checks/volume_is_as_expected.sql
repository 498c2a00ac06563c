-- Days of the last 30 with far more or fewer offered calls than that weekday is used
-- to: outside the median of the same weekday in the twelve weeks before, plus or
-- minus four times the median deviation (or chance alone, the square root of the
-- median, where that is more). Only whole days with the weekday's ordinary hours are
-- judged or compared with. Too few mostly means rows that did not arrive: see ddh
-- runs and ddh quarantine list for the day; too many can be a campaign, a fault at a
-- municipality or rows loaded twice.
-- @severity warn
with days as (
    select
        d.date,
        d.weekday,
        d.open_minutes,
        coalesce(k.calls_offered, 0) as calls_offered,
        p.last_day
    from (
        select cast(data_from as date) as first_day, cast(data_until as date) as last_day
        from marts.dim_data
    ) as p
    inner join marts.dim_date as d on d.date >= p.first_day and d.date < p.last_day
    left join marts.kpi_daily as k
        on
            d.date = k.call_date and k.perspective = 'citizen' and k.grouping = 'total'
            and k.municipality_code = 'all'
    where d.date >= p.last_day - 114 and d.open_minutes > 0 and not d.is_special_day
),

pairs as (
    select
        d.date,
        d.calls_offered,
        e.calls_offered as earlier_offered
    from days as d
    inner join days as e
        on
            d.weekday = e.weekday and d.open_minutes = e.open_minutes
            and e.date between d.date - 84 and d.date - 7
    where d.date >= d.last_day - 30
),

medians as (
    select
        date,
        calls_offered,
        median(earlier_offered) as usual
    from pairs
    group by date, calls_offered
    having count(*) >= 8
),

spreads as (
    select
        m.date,
        m.calls_offered,
        m.usual,
        greatest(median(abs(p.earlier_offered - m.usual)), sqrt(m.usual)) as spread
    from medians as m
    inner join pairs as p on m.date = p.date
    group by m.date, m.calls_offered, m.usual
)

select
    date,
    calls_offered,
    greatest(0, usual - 4 * spread) as expected_from,
    usual + 4 * spread as expected_to
from spreads
where calls_offered < usual - 4 * spread or calls_offered > usual + 4 * spread
order by date
