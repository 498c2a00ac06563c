-- One row per answered call, agent and group it counts in, in the agent's
-- perspective.
-- @grain call_id, agent_id, grouping, key
-- @build view by call_date
-- @column call_id id Puzzel's call
-- @column agent_id id agent
-- @column call_date date local date of the call
-- @column grouping code total, municipality, network, region or agent
-- @column key text the group
-- @column municipality_code code the agent's municipality for agents, else all
select call_id, agent_id, call_date, 'total' as grouping, 'total' as key, 'all' as municipality_code
from marts.fct_agent_calls
union all
select call_id, agent_id, call_date, 'municipality' as grouping, agent_municipality_code as key, 'all' as municipality_code
from marts.fct_agent_calls
union all
select call_id, agent_id, call_date, 'network' as grouping, agent_network as key, 'all' as municipality_code
from marts.fct_agent_calls
union all
select call_id, agent_id, call_date, 'region' as grouping, agent_region as key, 'all' as municipality_code
from marts.fct_agent_calls
union all
select
    call_id, agent_id, call_date, 'agent' as grouping, cast(agent_id as varchar) as key,
    agent_municipality_code as municipality_code
from marts.fct_agent_calls
