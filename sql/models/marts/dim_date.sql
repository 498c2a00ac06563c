-- One row per calendar day with how long the hotline was open, and Danish public
-- holidays by name. Easter follows Gauss' rule, good for 1900 to 2099. 1 May, 5 June,
-- 24 and 31 December are the centre's own decision and stand in special_days.csv
-- (DOMAIN §5).
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
-- @column iso_week_label text Danish, uge 43
-- @column holiday text Danish name of the public holiday; empty on other days
-- @column is_holiday flag a public holiday
with opened as (
    select day, sum(open_minutes) as open_minutes
    from intermediate.int_opening_intervals
    group by day
),

special as (
    select date as day, min(note) as note
    from reference.special_days
    group by date
),

calendar_years as (
    select distinct cast(year(day) as integer) as calendar_year
    from intermediate.int_days
),

moons as (
    select calendar_year, (19 * (calendar_year % 19) + 24) % 30 as days_to_full_moon
    from calendar_years
),

sundays as (
    select
        calendar_year,
        days_to_full_moon,
        (2 * (calendar_year % 4) + 4 * (calendar_year % 7) + 6 * days_to_full_moon + 5) % 7 as days_to_sunday
    from moons
),

easters as (
    select
        calendar_year,
        make_date(calendar_year, 3, 22) + days_to_full_moon + days_to_sunday
        - case
            when days_to_full_moon = 29 and days_to_sunday = 6 then 7
            when days_to_full_moon = 28 and days_to_sunday = 6 and calendar_year % 19 > 10 then 7
            else 0
        end as easter_sunday
    from sundays
),

holiday_rules (days_after_easter, month_number, day_number, last_year, holiday) as (
    values
    (cast(null as integer), 1, 1, 9999, 'Nytårsdag'),
    (-3, null, null, 9999, 'Skærtorsdag'),
    (-2, null, null, 9999, 'Langfredag'),
    (0, null, null, 9999, 'Påskedag'),
    (1, null, null, 9999, '2. påskedag'),
    (26, null, null, 2023, 'Store bededag'),
    (39, null, null, 9999, 'Kristi himmelfartsdag'),
    (49, null, null, 9999, 'Pinsedag'),
    (50, null, null, 9999, '2. pinsedag'),
    (null, 12, 25, 9999, 'Juledag'),
    (null, 12, 26, 9999, '2. juledag')
),

holidays as (
    select
        coalesce(e.easter_sunday + r.days_after_easter, make_date(e.calendar_year, r.month_number, r.day_number)) as day,
        min(r.holiday) as holiday
    from easters as e
    inner join holiday_rules as r on e.calendar_year <= r.last_year
    group by coalesce(e.easter_sunday + r.days_after_easter, make_date(e.calendar_year, r.month_number, r.day_number))
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
    s.note,
    'uge ' || weekofyear(d.day) as iso_week_label,
    h.holiday,
    h.day is not null as is_holiday
from intermediate.int_days as d
left join opened as o on d.day = o.day
left join special as s on d.day = s.day
left join holidays as h on d.day = h.day
