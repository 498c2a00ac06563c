-- One row per name that an agent logs on with. A name that went from one agent to
-- another is the last one's.
-- @grain user_name
-- @build table
-- @column user_name text lower case
-- @column agent_id id Puzzel's agent
select
    user_name,
    arg_max(agent_id, updated_local) as agent_id
from staging.stg_puzzel__agents
where user_name is not null and user_name <> ''
group by user_name
