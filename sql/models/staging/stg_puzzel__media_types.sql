-- One row per kind of medium that Puzzel names. Which id is the telephone is the
-- customer's own setting, so it is told by the name.
-- @grain media_type_id
-- @build view
-- @column media_type_id code Puzzel's id
-- @column is_phone flag the medium is a telephone call
select
    try_cast(trim(media_type_id) as bigint) as media_type_id,
    bool_or(lower(trim(descript)) in ('phone', 'telephone', 'telefon', 'voice', 'tale', 'call')) as is_phone
from raw.puzzel__media_types
where try_cast(trim(media_type_id) as bigint) is not null
group by try_cast(trim(media_type_id) as bigint)
