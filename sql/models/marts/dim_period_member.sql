-- One row per period and municipality that was a member of the contact centre on
-- the period's last day.
-- @grain period, municipality_code
-- @build table
-- @column period code the period
-- @column municipality_code code member
-- @column network text its network
-- @column region_name text its region
-- @column population count inhabitants as counted last before the period ended
select
    p.period,
    m.municipality_code,
    b.network,
    m.region_name,
    n.population
from marts.dim_period as p
inner join marts.dim_membership as b on p.period_to between b.valid_from and b.valid_to
inner join marts.dim_municipality as m on b.municipality_code = m.municipality_code
left join marts.dim_population as n
    on b.municipality_code = n.municipality_code and p.period_to between n.valid_from and n.valid_to
