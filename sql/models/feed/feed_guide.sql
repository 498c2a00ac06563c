-- Guide: one row per guide of sb.nu.
-- @grain guide_id
-- @build view
-- @column guide_id id Guidens id
-- @column titel text Titel
-- @column omfang code national eller local
-- @column ejer_kommunekode code Ejer af en lokal guide
-- @column kategori text Kategori
select
    guide_id,
    title as titel,
    scope as omfang,
    owner_municipality_code as ejer_kommunekode,
    category as kategori
from marts.dim_guide
