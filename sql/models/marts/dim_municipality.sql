-- One row per Danish municipality, and one for calls whose municipality is unknown.
-- Population is the newest count; dim_population has those before.
-- @grain municipality_code
-- @build table
-- @column municipality_code code four digits, or unknown
-- @column municipality_name text Danish name
-- @column region_name text region; empty for unknown
-- @column network text network today, else the last one; empty for municipalities that never were members
-- @column population count inhabitants
-- @column population_date date the count's date
-- @column is_member flag named as a member of the contact centre at any time
with newest_membership as (
    select
        municipality_code,
        arg_max(network, valid_from) as network
    from reference.members
    where service = 'contact_centre'
    group by municipality_code
)

select
    m.municipality_code,
    m.name as municipality_name,
    m.region_name,
    b.network,
    p.population,
    p.population_date,
    b.municipality_code is not null as is_member
from seeds.municipalities as m
left join marts.dim_population as p on m.municipality_code = p.municipality_code and p.valid_to = date '9999-12-31'
left join newest_membership as b on m.municipality_code = b.municipality_code
union all
select
    'unknown' as municipality_code,
    'Ukendt/ikke-medlem' as municipality_name,
    cast(null as varchar) as region_name,
    cast(null as varchar) as network,
    cast(null as bigint) as population,
    cast(null as date) as population_date,
    false as is_member
