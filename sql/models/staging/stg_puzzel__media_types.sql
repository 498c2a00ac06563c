-- One row per kind of medium that Puzzel names. Which id is the telephone is the
-- customer's own setting, so it is told by the name; a name that is known neither for a
-- telephone nor for another medium is no telephone, and is told apart.
-- @grain media_type_id
-- @build view
-- @column media_type_id code Puzzel's id
-- @column label text the name; the first where there are several
-- @column is_phone flag the medium is a telephone call
-- @column is_recognised flag the name is one that is known
with named as (
    select
        try_cast(trim(media_type_id) as bigint) as media_type_id,
        descript,
        regexp_matches(
            meta.key(descript),
            '^((inbound|indgående|ind|customer) )?(tele)?(phone|fon|foni|voice|tale|tlf\.?|call|opkald|fonopkald|pstn|sip|ivr)( (call|opkald))?s?$'
        ) as is_phone,
        regexp_matches(
            meta.key(descript),
            'chat|mail|sms|social|facebook|messenger|whatsapp|video|fax|ticket|sag|task|opgave|callout|outbound|udgående|dialler|dialer|web|bot|survey|screen|brev|letter|twitter|instagram'
        ) as is_other
    from raw.puzzel__media_types
)

select
    media_type_id,
    min(descript) as label,
    coalesce(bool_or(is_phone), false) as is_phone,
    coalesce(bool_or(is_phone or is_other), false) as is_recognised
from named
where media_type_id is not null
group by media_type_id
