-- One row per group that figures are told for, with its name for people. Agents go
-- by their number: their names are shown in their own municipality only.
-- @grain grouping, key
-- @build table
-- @column grouping code municipality, network, region, agent, guide, queue, topic, transfer_number or total
-- @column key text the group
-- @column label text Danish name
with named as (
    select 'total' as grouping, 'total' as key, 'Hele DDH' as label
    union all
    select 'municipality' as grouping, municipality_code as key, municipality_name as label from marts.dim_municipality
    union all
    select distinct 'network' as grouping, network as key, network as label from marts.dim_membership where network is not null
    union all
    select distinct 'region' as grouping, region_name as key, region_name as label from marts.dim_municipality where region_name is not null
    union all
    select 'agent' as grouping, cast(agent_id as varchar) as key, 'Medarbejder ' || agent_id as label from marts.dim_agent
    union all
    select 'guide' as grouping, guide_id as key, title as label from marts.dim_guide
    union all
    select 'queue' as grouping, queue_key as key, label from marts.dim_queue
    union all
    select 'topic' as grouping, topic_id as key, topic_name as label from marts.dim_topic
    union all
    select 'transfer_number' as grouping, number as key, coalesce(department, number) as label from marts.dim_transfer_number
    union all
    select 'transfer_number' as grouping, queue_key as key, label from marts.dim_queue where kind = 'municipality'
)

select
    grouping,
    key,
    min(label) as label
from named
group by grouping, key
