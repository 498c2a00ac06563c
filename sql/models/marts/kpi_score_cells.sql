-- One row per figure with at least one score behind it, and per part of a
-- municipality's scores that falls to one network: a network counts days of
-- membership, so a municipality that changed network has two parts. Parts are not
-- published; they only tie the figures of municipalities and networks together.
-- The number puts a year's cells in order of size, ties by name, so that the smallest
-- of some cells is the one with the lowest number.
-- @grain cell_number
-- @build incremental by year_from, 366 days back
-- @column cell_number id year x 10,000,000 + place
-- @column year_from date first day of the period's year
-- @column period code 2026-10, 2026K3 or 2026
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region, agent, guide, queue, topic or network_part
-- @column key text the group; for network_part the network
-- @column municipality_code code one municipality for groups within one, else all
-- @column scores count valid scores
with groups as (
    select year_from, period, perspective, grouping, key, municipality_code, scores
    from marts.kpi_sums
    where year_from >= $from and year_from < $to and scores > 0
),

network_parts as (
    select
        p.year_from,
        p.period,
        d.perspective,
        'network_part' as grouping,
        coalesce(m.network, 'unknown') as key,
        d.key as municipality_code,
        cast(sum(d.scores) as bigint) as scores
    from marts.kpi_daily as d
    inner join marts.dim_period_day as p on d.call_date = p.day
    left join marts.dim_membership as m
        on d.key = m.municipality_code and d.call_date between m.valid_from and m.valid_to
    where
        d.grouping = 'municipality' and d.scores > 0
        and d.call_date >= $from and d.call_date < $to + 366
        and p.year_from >= $from and p.year_from < $to
    group by p.year_from, p.period, d.perspective, coalesce(m.network, 'unknown'), d.key
),

cells as (
    select year_from, period, perspective, grouping, key, municipality_code, scores
    from groups
    union all
    select year_from, period, perspective, grouping, key, municipality_code, scores
    from network_parts
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
