-- One row per guide, as in its newest validity, the owner led to a code.
-- @grain guide_id
-- @build table
-- @column guide_id id sb.nu's guide
-- @column title text the guide's title
-- @column scope code national or local
-- @column owner_municipality_code code owner of a local guide
-- @column category text sb.nu's category
with newest as (
    select
        g.*,
        row_number() over (partition by g.guide_id order by g.valid_from desc) as from_newest
    from staging.stg_sbnu__guides as g
)

select
    n.guide_id,
    coalesce(n.title, n.guide_id) as title,
    coalesce(n.scope, 'national') as scope,
    m.municipality_code as owner_municipality_code,
    n.category
from newest as n
left join reference.municipality_spellings as m on meta.place(n.owner_municipality) = meta.place(m.spelling)
where n.from_newest = 1
