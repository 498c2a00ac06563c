-- One row per calendar day from 2010 to 2040: the spine that opening hours,
-- periods and the date dimension hang on.
-- @grain day
-- @build table
-- @column day date the day
-- @column weekday count 1 Monday to 7 Sunday
select
    cast(days.day as date) as day,
    cast(isodow(days.day) as integer) as weekday
from generate_series(date '2010-01-01', date '2040-12-31', interval 1 day) as days (day)
