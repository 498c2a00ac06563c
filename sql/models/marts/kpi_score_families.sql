-- One row per figure and figure that it is a part of: the sums a reader can do with
-- published satisfaction. A family is a parent and all its children of one kind; the
-- children's scores add up to the parent's. Topics and guides of a call overlap, so
-- they are no parts of a whole, but each of them has municipalities and months. A score
-- counts once for citizens and once for agents, so the whole hotline of the one is that
-- of the other. Regions are no parts of anything here, neither of the whole nor of longer
-- periods: where they are shown, so are all their municipalities, whose sums say it all.
-- @grain parent_number, family, child_number
-- @build incremental by year_from
-- @column year_from date first day of the year of both periods
-- @column parent_number id cell of the whole
-- @column family code what the whole is split by: municipality, network, queue, agent,
--      region_municipality, network_part or time; perspective: citizens' whole hotline is agents'
-- @column turn count the sums that kpi_hidden settles first: small wholes, then the whole hotline,
--      regions last
-- @column child_number id cell of the part
-- @column scores count the part's valid scores
with cells as (
    select cell_number, year_from, period, perspective, grouping, key, municipality_code, scores
    from marts.kpi_score_cells
    where year_from >= $from and year_from < $to
),

spans as (
    select
        part.period,
        whole.period as whole_period
    from marts.dim_period as part
    inner join marts.dim_period as whole on part.period_from between whole.period_from and whole.period_to
    where
        part.period_kind = 'month' and whole.period_kind = 'quarter'
        or part.period_kind = 'quarter' and whole.period_kind = 'year'
),

wholes as (
    select
        cell_number, period, perspective,
        grouping as family, 2 as turn, 'total' as grouping, 'total' as key, 'all' as municipality_code
    from cells
    where grouping in ('municipality', 'network', 'queue', 'agent') and municipality_code = 'all'
    union all
    select
        cell_number, period, 'citizen' as perspective,
        'perspective' as family, 2 as turn, grouping, key, municipality_code
    from cells
    where grouping = 'total' and perspective = 'agent'
    union all
    select
        c.cell_number, c.period, c.perspective,
        'region_municipality' as family, 3 as turn, 'region' as grouping, coalesce(m.region_name, 'unknown') as key,
        'all' as municipality_code
    from cells as c
    left join marts.dim_municipality as m on c.key = m.municipality_code
    where c.grouping = 'municipality'
    union all
    select
        cell_number, period, perspective,
        'network_part' as family, 1 as turn, 'network' as grouping, key, 'all' as municipality_code
    from cells
    where grouping = 'network_part'
    union all
    select
        cell_number, period, perspective,
        grouping as family, 1 as turn, 'municipality' as grouping, municipality_code as key, 'all' as municipality_code
    from cells
    where grouping in ('network_part', 'queue', 'agent') and municipality_code <> 'all'
    union all
    select
        cell_number, period, perspective,
        'municipality' as family, 1 as turn, grouping, key, 'all' as municipality_code
    from cells
    where grouping <> 'network_part' and municipality_code <> 'all'
    union all
    select
        c.cell_number, s.whole_period as period, c.perspective,
        'time' as family, 1 as turn, c.grouping, c.key, c.municipality_code
    from cells as c
    inner join spans as s on c.period = s.period
    where c.grouping <> 'region'
)

select
    child.year_from,
    parent.cell_number as parent_number,
    w.family,
    w.turn,
    w.cell_number as child_number,
    child.scores
from wholes as w
inner join cells as parent
    on
        w.period = parent.period and w.perspective = parent.perspective and w.grouping = parent.grouping
        and w.key = parent.key and w.municipality_code = parent.municipality_code
inner join cells as child on w.cell_number = child.cell_number
