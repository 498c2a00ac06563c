-- One row per calendar day with how long the hotline was open.
-- @grain date
-- @build table
-- @column date date the day
-- @column year count calendar year
-- @column quarter code 2026K3
-- @column month code 2026-10
-- @column iso_year count year of the ISO week
-- @column iso_week count ISO week
-- @column weekday count 1 Monday to 7 Sunday
-- @column weekday_name text Danish
-- @column open_minutes min opening time
-- @column is_special_day flag special_days.csv has its own hours for it
-- @column note text why
with opened as (
    select day, sum(open_minutes) as open_minutes
    from intermediate.int_opening_intervals
    group by day
),

special as (
    select date as day, min(note) as note
    from reference.special_days
    group by date
)

select
    d.day as date,
    cast(year(d.day) as integer) as year,
    strftime(d.day, '%Y') || 'K' || quarter(d.day) as quarter,
    strftime(d.day, '%Y-%m') as month,
    cast(isoyear(d.day) as integer) as iso_year,
    cast(weekofyear(d.day) as integer) as iso_week,
    d.weekday,
    case d.weekday
        when 1 then 'mandag' when 2 then 'tirsdag' when 3 then 'onsdag' when 4 then 'torsdag'
        when 5 then 'fredag' when 6 then 'lørdag' else 'søndag'
    end as weekday_name,
    cast(coalesce(o.open_minutes, 0) as integer) as open_minutes,
    s.day is not null as is_special_day,
    s.note
from intermediate.int_days as d
left join opened as o on d.day = o.day
left join special as s on d.day = s.day
