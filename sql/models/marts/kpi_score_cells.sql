-- One row per figure with at least one score behind it, and per municipality's part of
-- a network's scores. The number puts a year's cells in order of size, ties by name, so
-- that the smallest of some cells is the one with the lowest number.
-- @grain cell_number
-- @build incremental by year_from
-- @column cell_number id year x 10,000,000 + place
-- @column year_from date first day of the period's year
-- @column period code 2026-10, 2026K3 or 2026
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region, agent, guide, queue, topic or network_part
-- @column key text the group; for network_part the network
-- @column municipality_code code one municipality for groups within one, else all
-- @column scores count valid scores
with cells as (
    select year_from, period, perspective, grouping, key, municipality_code, scores
    from marts.kpi_sums
    where year_from >= $from and year_from < $to and scores > 0
    union all
    select year_from, period, perspective, 'network_part' as grouping, network as key, municipality_code, scores
    from marts.kpi_score_network_parts
    where year_from >= $from and year_from < $to
)

select
    year(year_from) * 10000000 + row_number() over (
        partition by year_from
        order by scores, perspective, grouping, key, municipality_code, period
    ) as cell_number,
    year_from,
    period,
    perspective,
    grouping,
    key,
    municipality_code,
    scores
from cells
