-- One row per period and day in it: the bridge from a day to its month, quarter
-- and year.
-- @grain period, day
-- @build table
-- @column period code the period
-- @column day date a day in it
-- @column year_from date first day of the period's year
select
    p.period,
    d.day,
    p.year_from
from marts.dim_period as p
inner join intermediate.int_days as d on d.day between p.period_from and p.period_to
