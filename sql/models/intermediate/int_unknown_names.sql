-- One row per kind and text of a table without days that was not recognised: names of
-- media types, and owners and scopes of guides.
-- @grain kind, key
-- @build table
-- @column kind code of the seed unknown_kinds
-- @column key text the text as it is compared
-- @column text text as it came; of several spellings the first
-- @column row_count count media types or guides
with found as (
    select 'media_label' as kind, label as text
    from staging.stg_puzzel__media_types
    where not is_recognised and meta.key(label) is not null
    union all
    select 'guide_owner' as kind, g.owner_municipality as text
    from staging.stg_sbnu__guides as g
    left join reference.municipality_spellings as m on meta.place(g.owner_municipality) = meta.place(m.spelling)
    where m.spelling is null and meta.key(g.owner_municipality) is not null
    union all
    select 'guide_scope' as kind, delivered_scope as text
    from staging.stg_sbnu__guides
    where scope is null and delivered_scope is not null
)

select
    kind,
    meta.key(text) as key,
    min(text) as text,
    count(*) as row_count
from found
group by kind, meta.key(text)
