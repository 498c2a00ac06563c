-- One row per KPI and stretch of days with the same target; an old quarter keeps
-- the target of its time.
-- @grain kpi, valid_from
-- @build table
-- @column kpi code KPI
-- @column target ratio the target, in the KPI's unit
-- @column direction code min: at most, low is good; max: at least, high is good
-- @column valid_from date first day
-- @column valid_to date last day
select
    kpi,
    cast(target as double) as target,
    direction,
    valid_from,
    valid_to
from reference.targets
