-- One row per use of a guide and per SMS or mail sent from one; reloads are left
-- out.
-- @grain action_id
-- @build incremental by action_date
-- @column action_id id what tells the row from any other; a checksum, since the source names the agent in it
-- @column action code view or send
-- @column action_date date local date
-- @column happened_at time when, UTC
-- @column guide_id id the guide
-- @column channel code sms or mail; empty for views
-- @column agent_id id the agent, empty where the sb.nu user is unknown
-- @column call_id id the call, empty where there was none
-- @column call_date date local date of that call
-- @column match_quality code call_id, interval or none
-- @column citizen_municipality_code code as sb.nu says, else the call's
-- @column agent_municipality_code code who employs the agent that day
select
    md5(action_id) as action_id,
    action,
    action_date,
    happened_at,
    guide_id,
    channel,
    agent_id,
    call_id,
    call_date,
    match_quality,
    citizen_municipality_code,
    agent_municipality_code
from intermediate.int_guide_actions
where action_date >= $from and action_date < $to and is_use
