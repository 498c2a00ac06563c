-- Kommune: one row per municipality, and one for unknown.
-- @grain kommunekode
-- @build view
-- @column kommunekode code Fire cifre, eller unknown
-- @column kommune text Navn
-- @column region text Region
-- @column netvaerk text Netværk
-- @column indbyggere count Indbyggere (Danmarks Statistik, FOLK1A)
-- @column indbyggere_dato date Dato for indbyggertallet
-- @column er_medlem flag Har været medlem af kontaktcentret
select
    municipality_code as kommunekode,
    municipality_name as kommune,
    region_name as region,
    network as netvaerk,
    population as indbyggere,
    population_date as indbyggere_dato,
    is_member as er_medlem
from marts.dim_municipality
