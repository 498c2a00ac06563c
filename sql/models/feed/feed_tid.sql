-- Tid: one row per half hour of the day.
-- @grain halvtime
-- @build view
-- @column halvtime count Halvtime på dagen, 0-47
-- @column time_paa_dagen count Time, 0-23
-- @column klokkeslaet text Begyndelse, 08:30
select
    half_hour as halvtime,
    local_hour as time_paa_dagen,
    starts as klokkeslaet
from marts.dim_half_hour
