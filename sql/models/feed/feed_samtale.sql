-- Samtale: one row per answered agent leg.
-- @grain opkald_id, samtale_nummer
-- @build view by dato
-- @column opkald_id id Puzzels nummer for opkaldet
-- @column samtale_nummer count Samtalens plads i opkaldet
-- @column dato date Opkaldets lokale dato
-- @column agent_id id Medarbejderen
-- @column agent_kommunekode code Arbejdsgiver den dag
-- @column borger_kommunekode code Borgerens kommune
-- @column taletid_sekunder s Taletid
-- @column hold_sekunder s Borgeren på hold, inden for taletiden
-- @column efterbehandling_sekunder s Efterbehandling
-- @column er_stillet_tilbage flag Medarbejderen stillede opkaldet tilbage
select
    cast(call_id as varchar) as opkald_id,
    leg_number as samtale_nummer,
    call_date as dato,
    agent_id,
    agent_municipality_code as agent_kommunekode,
    citizen_municipality_code as borger_kommunekode,
    talk_seconds as taletid_sekunder,
    hold_seconds as hold_sekunder,
    wrap_up_seconds as efterbehandling_sekunder,
    is_sent_back as er_stillet_tilbage
from marts.fct_agent_legs
