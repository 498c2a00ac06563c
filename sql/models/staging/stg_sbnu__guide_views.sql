-- One row per guide an agent opened.
-- @grain view_id
-- @build view by view_date
-- @column view_id id what tells the row from any other, the same in whatever delivery it comes
-- @column view_date date local date
-- @column viewed_local time wall clock
-- @column sbnu_user text sb.nu user name, lower case
-- @column guide_id id the guide opened
-- @column citizen_municipality text the citizen's municipality as delivered
-- @column call_id id the call, where sb.nu knows it
select
    concat_ws(
        '/',
        coalesce(cast(viewed_at as varchar), ''),
        coalesce(agent, ''),
        coalesce(guide_id, ''),
        coalesce(citizen_municipality, ''),
        coalesce(session_id, ''),
        coalesce(cast(call_id as varchar), '')
    ) as view_id,
    _day as view_date,
    viewed_at as viewed_local,
    meta.key(agent) as sbnu_user,
    meta.key(guide_id) as guide_id,
    trim(citizen_municipality) as citizen_municipality,
    call_id
from raw.sbnu__guide_views
