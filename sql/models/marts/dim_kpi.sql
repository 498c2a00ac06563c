-- One row per KPI: the catalogue that every report prints and every figure follows.
-- @grain kpi
-- @build table
-- @column kpi code stable id
-- @column label text Danish name
-- @column unit code seconds, share, score, count, hours, per_1000 or per_call
-- @column kind code count, share, mean, quantile or rate: how value and interval are worked out
-- @column decimals count decimals when printed
-- @column direction code min: low is good; max: high is good; empty: neither
-- @column definition text the rule in Danish
-- @column formula text numerator / denominator in Danish
-- @column citizen_groupings text groupings it exists for in the citizen's perspective
-- @column agent_groupings text groupings it exists for in the agent's perspective
-- @column municipality_groupings text groupings it exists for within one municipality
-- @column sort_order count place in lists
select
    kpi,
    label,
    unit,
    kind,
    cast(decimals as integer) as decimals,
    nullif(direction, '') as direction,
    definition,
    formula,
    coalesce(citizen_groupings, '') as citizen_groupings,
    coalesce(agent_groupings, '') as agent_groupings,
    coalesce(municipality_groupings, '') as municipality_groupings,
    cast(sort_order as integer) as sort_order
from seeds.kpis
