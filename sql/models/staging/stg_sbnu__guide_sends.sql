-- One row per SMS or mail an agent sent from a guide. The recipient never arrives.
-- @grain send_id
-- @build view by send_date
-- @column send_id id what tells the row from any other, the same in whatever delivery it comes
-- @column send_date date local date
-- @column sent_local time wall clock
-- @column sbnu_user text sb.nu user name, lower case
-- @column guide_id id the guide it was sent from
-- @column channel code sms or mail
-- @column citizen_municipality text the citizen's municipality as delivered
select
    concat_ws(
        '/',
        coalesce(cast(sent_at as varchar), ''),
        coalesce(agent, ''),
        coalesce(guide_id, ''),
        coalesce(channel, ''),
        coalesce(citizen_municipality, '')
    ) as send_id,
    _day as send_date,
    sent_at as sent_local,
    meta.key(agent) as sbnu_user,
    meta.key(guide_id) as guide_id,
    lower(trim(channel)) as channel,
    trim(citizen_municipality) as citizen_municipality
from raw.sbnu__guide_sends
