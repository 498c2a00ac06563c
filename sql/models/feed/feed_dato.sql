-- Dato: one row per day from the first to the last call's year.
-- @grain dato
-- @build view
-- @column dato date Dato
-- @column aar count Kalenderår
-- @column kvartal code Kvartal, 2026K3
-- @column maaned code Måned, 2026-10
-- @column iso_aar count ISO-ugens år
-- @column iso_uge count ISO-uge
-- @column ugedag count 1 mandag til 7 søndag
-- @column ugedag_navn text Ugedagens navn
-- @column aabningsminutter min Minutter hotlinen havde åbent
-- @column er_saerlig_dag flag Dagen har sine egne åbningstider
select
    d.date as dato,
    d.year as aar,
    d.quarter as kvartal,
    d.month as maaned,
    d.iso_year as iso_aar,
    d.iso_week as iso_uge,
    d.weekday as ugedag,
    d.weekday_name as ugedag_navn,
    d.open_minutes as aabningsminutter,
    d.is_special_day as er_saerlig_dag
from marts.dim_date as d
cross join marts.dim_data as p
where d.date between date_trunc('year', p.data_from) and cast(p.data_until as date)
