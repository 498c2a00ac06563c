-- One row per calendar day from 2010 to 2040: the spine that opening hours,
-- periods, the date dimension and the UTC line hang on.
-- @grain day
-- @build table
-- @column day date the day
-- @column weekday count 1 Monday to 7 Sunday
-- @column utc_offset_seconds s how far Danish time is ahead of UTC at the day's noon
-- @column is_near_clock_change flag the clock changes on this day or the next, so that the offset is not the day's
with days as (
    select cast(d.day as date) as day
    from generate_series(date '2010-01-01', date '2040-12-31', interval 1 day) as d (day)
),

offsets as (
    select
        day,
        date_diff('second', timezone('UTC', timezone('Europe/Copenhagen', day + interval 12 hour)), day + interval 12 hour)
            as utc_offset_seconds
    from days
)

select
    day,
    cast(isodow(day) as integer) as weekday,
    utc_offset_seconds,
    coalesce(
        utc_offset_seconds <> lag(utc_offset_seconds) over (order by day)
        or utc_offset_seconds <> lead(utc_offset_seconds) over (order by day),
        false
    ) as is_near_clock_change
from offsets
