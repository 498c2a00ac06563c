-- Guidebrug: one row per use of a guide and per SMS or mail sent from one.
-- @grain handling_id
-- @build view by dato
-- @column handling_id id Rækkens dato og nummer den dag
-- @column handling code view eller send
-- @column dato date Lokal dato
-- @column guide_id id Guiden
-- @column kanal code sms eller mail; tom for visninger
-- @column agent_id id Medarbejderen
-- @column opkald_id id Opkaldet, tomt hvor intet blev fundet
-- @column borger_kommunekode code Borgerens kommune
-- @column agent_kommunekode code Arbejdsgiver den dag
select
    concat(
        action_date, '-',
        lpad(cast(row_number() over (partition by action_date order by happened_at, action_id) as varchar), 5, '0')
    ) as handling_id,
    action as handling,
    action_date as dato,
    guide_id,
    channel as kanal,
    agent_id,
    cast(call_id as varchar) as opkald_id,
    citizen_municipality_code as borger_kommunekode,
    agent_municipality_code as agent_kommunekode
from marts.fct_guide_actions
