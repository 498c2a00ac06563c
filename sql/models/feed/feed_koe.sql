-- Kø: one row per queue.
-- @grain koe
-- @build view
-- @column koe code Puzzels nøgle for køen
-- @column navn text Navn
-- @column type code ddh, municipality eller other
select
    queue_key as koe,
    label as navn,
    kind as type
from marts.dim_queue
