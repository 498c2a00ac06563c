-- One row per text, number or code that nothing recognised, over all data: what
-- `ddh unknown` lists. accepted.csv says which of them are meant to be so.
-- @grain kind, key
-- @build table
-- @column kind code of the seed unknown_kinds
-- @column key text the text as it is compared
-- @column text text as it came; of several spellings the first
-- @column row_count count events, calls, legs, guide actions, media types or guides
-- @column first_seen_date date first local date; empty where the rows have none
-- @column last_seen_date date last local date; empty where the rows have none
-- @column label text Danish name of the kind
-- @column effect text what it does to the figures, in Danish
-- @column reference_file text the reference file that can tell what it is; empty where none can
-- @column is_warning flag it is a warning until it is mended or accepted
-- @column is_accepted flag accepted.csv names it
-- @column sort_order count order of the kinds
with found as (
    select kind, key, text, row_count, seen_date
    from marts.fct_unknown_values
    union all
    select kind, key, text, row_count, cast(null as date) as seen_date
    from intermediate.int_unknown_names
),

summed as (
    select
        kind,
        key,
        min(text) as text,
        cast(sum(row_count) as bigint) as row_count,
        min(seen_date) as first_seen_date,
        max(seen_date) as last_seen_date
    from found
    group by kind, key
),

accepted as (
    select distinct
        lower(kind) as kind,
        coalesce(meta.key(text), lower(text)) as key
    from reference.accepted
)

select
    s.kind,
    s.key,
    s.text,
    s.row_count,
    s.first_seen_date,
    s.last_seen_date,
    k.label,
    k.effect,
    coalesce(k.reference_file, '') as reference_file,
    k.is_warning and a.key is null as is_warning,
    a.key is not null as is_accepted,
    cast(k.sort_order as integer) as sort_order
from summed as s
inner join seeds.unknown_kinds as k on s.kind = k.kind
left join accepted as a on s.kind = a.kind and s.key = a.key
