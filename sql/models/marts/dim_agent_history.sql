-- One row per agent and stretch of days with the same name, user group and
-- municipality. A figure of an old quarter is told by the stretch of its day.
-- @grain agent_id, valid_from
-- @build table
-- @check valid_to >= valid_from
-- @column agent_id id Puzzel's agent
-- @column valid_from date first day
-- @column valid_to date last day
-- @column agent_name text full name; only shown in the agent's own municipality
-- @column municipality_code code who employs the agent; unknown where nobody is named
-- @column usergroup_name text user group
-- @column is_deleted flag the agent has left
-- @column is_current flag the agent as known today
select
    agent_id,
    valid_from,
    valid_to,
    agent_name,
    coalesce(municipality_code, 'unknown') as municipality_code,
    usergroup_name,
    is_deleted,
    valid_to = date '9999-12-31' as is_current
from intermediate.int_agent_history
