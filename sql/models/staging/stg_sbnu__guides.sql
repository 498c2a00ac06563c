-- One row per guide and period of validity. Where one guide came under several
-- spellings of its id, what was delivered last counts.
-- @grain guide_id, valid_from
-- @build view
-- @column guide_id id sb.nu's guide
-- @column valid_from date first day of validity
-- @column valid_to date last day of validity
-- @column title text the guide's title
-- @column scope code national or local; empty where sb.nu says nothing or anything else
-- @column delivered_scope code what sb.nu says
-- @column owner_municipality text who owns a local guide, as delivered
-- @column category text sb.nu's category
with delivered as (
    select
        meta.key(guide_id) as guide_id,
        coalesce(valid_from, date '1900-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        title,
        case
            when meta.key(scope) in ('local', 'lokal', 'lokalt', 'lokale') then 'local'
            when meta.key(scope) in ('national', 'nationalt', 'nationale') then 'national'
        end as scope,
        meta.key(scope) as delivered_scope,
        trim(owner_municipality) as owner_municipality,
        category,
        _batch,
        _row
    from raw.sbnu__guides
),

numbered as (
    select
        d.*,
        row_number() over (
            partition by d.guide_id, d.valid_from
            order by d._batch desc, d._row desc
        ) as from_newest
    from delivered as d
    where d.guide_id is not null
)

select
    guide_id,
    valid_from,
    valid_to,
    title,
    scope,
    delivered_scope,
    owner_municipality,
    category
from numbered
where from_newest = 1
