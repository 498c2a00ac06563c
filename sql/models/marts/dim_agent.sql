-- One row per agent as known today.
-- @grain agent_id
-- @build table
-- @column agent_id id Puzzel's agent
-- @column agent_name text full name; only shown in the agent's own municipality
-- @column municipality_code code who employs the agent; unknown where nobody is named
-- @column usergroup_name text user group
-- @column is_deleted flag the agent has left
select
    agent_id,
    agent_name,
    coalesce(municipality_code, 'unknown') as municipality_code,
    usergroup_name,
    is_deleted
from intermediate.int_agent_history
where valid_to = date '9999-12-31'
