-- One row per guide, as in its newest validity.
-- @grain guide_id
-- @build table
-- @column guide_id id sb.nu's guide
-- @column title text the guide's title
-- @column scope code national or local
-- @column owner_municipality_code code owner of a local guide
-- @column category text sb.nu's category
select
    guide_id,
    title,
    scope,
    owner_municipality_code,
    category
from intermediate.int_guides
