-- One row per interval in which the hotline is open. A special day replaces the
-- weekday's rule altogether; a special day without hours is closed and has no row.
-- An interval runs from its first second to the second before it closes.
-- @grain day, opens_local
-- @build table
-- @check closes_local > opens_local
-- @column day date local date
-- @column opens_local time wall clock of the first open second
-- @column closes_local time wall clock of the first closed second after it
-- @column open_minutes min length on the wall clock
with weekday_hours as (
    select
        d.day,
        h.opens_minute,
        h.closes_minute
    from intermediate.int_days as d
    inner join reference.opening_hours as h
        on d.weekday = h.weekday and d.day between h.valid_from and h.valid_to
    where d.day not in (select s.date from reference.special_days as s)
),

special_hours as (
    select
        s.date as day,
        s.opens_minute,
        s.closes_minute
    from reference.special_days as s
    where s.opens_minute is not null
),

all_hours as (
    select day, opens_minute, closes_minute from weekday_hours
    union all
    select day, opens_minute, closes_minute from special_hours
)

select
    day,
    day + opens_minute * interval 1 minute as opens_local,
    day + closes_minute * interval 1 minute as closes_local,
    cast(closes_minute - opens_minute as integer) as open_minutes
from all_hours
