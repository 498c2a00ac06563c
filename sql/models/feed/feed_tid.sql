-- Tid: one row per half hour of the day.
-- @grain halvtime
-- @build view
-- @column halvtime count Halvtime på dagen, 0-47
-- @column time_paa_dagen count Time, 0-23
-- @column klokkeslaet text Begyndelse, 08:30
select
    cast(h.half_hour as integer) as halvtime,
    cast(floor(h.half_hour / 2) as integer) as time_paa_dagen,
    lpad(cast(cast(floor(h.half_hour / 2) as integer) as varchar), 2, '0')
    || case when h.half_hour % 2 = 0 then ':00' else ':30' end as klokkeslaet
from generate_series(0, 47) as h (half_hour)
