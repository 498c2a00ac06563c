-- One row per period and group of municipalities with its offered calls and the
-- inhabitants behind them. A municipality stands for itself; networks, regions and
-- the whole count their members on the period's last day, above and below the line.
-- @grain period, grouping, key
-- @build incremental by year_from
-- @column period code the period
-- @column year_from date first day of the period's year
-- @column grouping code total, municipality, network or region
-- @column key text the group
-- @column calls_offered count offered calls of those municipalities' citizens
-- @column population count inhabitants
with offered as (
    select period, year_from, key as municipality_code, calls_offered
    from marts.kpi_sums
    where
        year_from >= $from and year_from < $to
        and perspective = 'citizen' and grouping = 'municipality' and municipality_code = 'all'
),

periods as (
    select distinct period, year_from
    from offered
),

members as (
    select
        m.period,
        p.year_from,
        m.network,
        m.region_name,
        coalesce(o.calls_offered, 0) as calls_offered,
        m.population
    from marts.dim_period_member as m
    inner join periods as p on m.period = p.period
    left join offered as o on m.period = o.period and m.municipality_code = o.municipality_code
),

groups as (
    select period, year_from, 'total' as grouping, 'total' as key, calls_offered, population from members
    union all
    select period, year_from, 'network' as grouping, network as key, calls_offered, population
    from members
    where network is not null
    union all
    select period, year_from, 'region' as grouping, region_name as key, calls_offered, population from members
    union all
    select o.period, o.year_from, 'municipality' as grouping, o.municipality_code as key, o.calls_offered, n.population
    from offered as o
    inner join marts.dim_period as p on o.period = p.period
    inner join marts.dim_population as n
        on o.municipality_code = n.municipality_code and p.period_to between n.valid_from and n.valid_to
)

select
    period,
    year_from,
    grouping,
    key,
    cast(sum(calls_offered) as bigint) as calls_offered,
    cast(sum(population) as bigint) as population
from groups
group by period, year_from, grouping, key
