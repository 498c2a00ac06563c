-- One row per guide and period of validity.
-- @grain guide_id, valid_from
-- @build view
-- @column guide_id id sb.nu's guide
-- @column valid_from date first day of validity
-- @column valid_to date last day of validity
-- @column title text the guide's title
-- @column scope code national or local
-- @column owner_municipality text who owns a local guide, as delivered
-- @column category text sb.nu's category
select
    trim(guide_id) as guide_id,
    coalesce(valid_from, date '1900-01-01') as valid_from,
    coalesce(valid_to, date '9999-12-31') as valid_to,
    title,
    lower(trim(scope)) as scope,
    trim(owner_municipality) as owner_municipality,
    category
from raw.sbnu__guides
