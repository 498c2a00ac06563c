-- Tilfredshed: one row per surveyed call that was not sent back.
-- @grain opkald_id
-- @build view by dato
-- @column opkald_id id Puzzels nummer for opkaldet
-- @column dato date Opkaldets lokale dato
-- @column borger_kommunekode code Borgerens kommune
-- @column agent_id id Medarbejderen der blev spurgt til
-- @column er_besvaret flag Et svar kom inden for 72 timer
-- @column karakter score Første gyldige karakter 1-9
select
    cast(c.call_id as varchar) as opkald_id,
    c.call_date as dato,
    c.citizen_municipality_code as borger_kommunekode,
    s.agent_id,
    c.is_survey_replied as er_besvaret,
    c.score as karakter
from marts.fct_calls as c
inner join marts.fct_surveys as s on c.call_id = s.call_id and c.call_date = s.call_date
where c.is_surveyed
