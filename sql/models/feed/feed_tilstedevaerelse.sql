-- Tilstedeværelse: one row per agent and day with a log-on.
-- @grain agent_id, dato
-- @build view by dato
-- @column agent_id id Medarbejderen
-- @column dato date Lokal dato
-- @column agent_kommunekode code Arbejdsgiver den dag
-- @column logget_paa_sekunder s Logget på: klar, samtaler, efterbehandling og pause lagt sammen
-- @column klar_sekunder s Logget på og klar til et opkald
-- @column samtale_sekunder s I besvarede samtaler, fra første ring
-- @column efterbehandling_sekunder s I efterbehandling
-- @column pause_sekunder s I pause
-- @column er_til_midnat flag Ingen loggede af før døgnets sidste minut, så tiden kan være for lang
select
    agent_id,
    presence_date as dato,
    agent_municipality_code as agent_kommunekode,
    logged_on_seconds as logget_paa_sekunder,
    ready_seconds as klar_sekunder,
    conversation_seconds as samtale_sekunder,
    wrap_up_seconds as efterbehandling_sekunder,
    pause_seconds as pause_sekunder,
    is_until_midnight as er_til_midnat
from marts.fct_agent_presence
