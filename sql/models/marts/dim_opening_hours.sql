-- One row per interval of the week in which the hotline is open, and stretch of
-- days with that rule. Special days have hours of their own: dim_date tells them.
-- @grain weekday, opens_minute, valid_from
-- @build table
-- @check closes_minute > opens_minute
-- @check valid_to >= valid_from
-- @column weekday count 1 Monday to 7 Sunday
-- @column opens_minute min from midnight to the first open minute
-- @column closes_minute min from midnight to the first closed minute after it
-- @column opens text opening on the wall clock, 08:00
-- @column closes text closing on the wall clock, 20:00; 24:00 at midnight
-- @column valid_from date first day
-- @column valid_to date last day
select
    cast(weekday as integer) as weekday,
    opens_minute,
    closes_minute,
    lpad(cast(cast(floor(opens_minute / 60) as integer) as varchar), 2, '0')
    || ':' || lpad(cast(opens_minute % 60 as varchar), 2, '0') as opens,
    lpad(cast(cast(floor(closes_minute / 60) as integer) as varchar), 2, '0')
    || ':' || lpad(cast(closes_minute % 60 as varchar), 2, '0') as closes,
    valid_from,
    valid_to
from reference.opening_hours
