-- Agent: one row per agent, without names: the shared feed reaches people of every
-- municipality.
-- @grain agent_id
-- @build view
-- @column agent_id id Puzzels nummer for medarbejderen
-- @column agent text Medarbejderens nummer som tekst; navne vises kun i egen kommune
-- @column kommunekode code Arbejdsgiver
-- @column er_fratraadt flag Er stoppet
select
    agent_id,
    'Medarbejder ' || agent_id as agent,
    municipality_code as kommunekode,
    is_deleted as er_fratraadt
from marts.dim_agent
