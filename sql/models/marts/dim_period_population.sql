-- One row per period and group of municipalities with the inhabitants behind it:
-- a municipality's own; for networks, regions and the whole, those of the members
-- on the period's last day.
-- @grain period, grouping, key
-- @build table
-- @column period code the period
-- @column grouping code total, municipality, network or region
-- @column key text the group
-- @column population count inhabitants
with members as (
    select
        p.period,
        m.municipality_code,
        b.network,
        m.region_name,
        m.population
    from marts.dim_period as p
    inner join marts.dim_membership as b on p.period_to between b.valid_from and b.valid_to
    inner join marts.dim_municipality as m on b.municipality_code = m.municipality_code
),

groups as (
    select period, 'total' as grouping, 'total' as key, population from members
    union all
    select period, 'network' as grouping, network as key, population from members where network is not null
    union all
    select period, 'region' as grouping, region_name as key, population from members
    union all
    select p.period, 'municipality' as grouping, m.municipality_code as key, m.population
    from marts.dim_period as p
    cross join marts.dim_municipality as m
    where m.population is not null
)

select
    period,
    grouping,
    key,
    cast(sum(population) as bigint) as population
from groups
group by period, grouping, key
