-- One row per half hour of the day.
-- @grain half_hour
-- @build table
-- @column half_hour count 0-47
-- @column local_hour count 0-23
-- @column starts text beginning on the wall clock, 08:30
-- @column label text Danish, 08:30-09:00
with halves as (
    select
        cast(h.half_hour as integer) as half_hour,
        cast(floor(h.half_hour / 2) as integer) as local_hour,
        case when h.half_hour % 2 = 0 then ':00' else ':30' end as starting_minutes,
        cast(floor((h.half_hour + 1) / 2) as integer) as ending_hour,
        case when h.half_hour % 2 = 0 then ':30' else ':00' end as ending_minutes
    from generate_series(0, 47) as h (half_hour)
)

select
    half_hour,
    local_hour,
    lpad(cast(local_hour as varchar), 2, '0') || starting_minutes as starts,
    lpad(cast(local_hour as varchar), 2, '0') || starting_minutes
    || '-' || lpad(cast(ending_hour as varchar), 2, '0') || ending_minutes as label
from halves
