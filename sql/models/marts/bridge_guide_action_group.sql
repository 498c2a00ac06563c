-- One row per guide action and group it counts in, in both perspectives.
-- @grain action_id, perspective, grouping, key
-- @build view by action_date
-- @column action_id id the view or send
-- @column action_date date local date
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region, guide or agent
-- @column key text the group
-- @column municipality_code code the municipality for groups within one, else all
with placed as (
    select
        a.action_id, a.action_date, 'citizen' as perspective,
        a.citizen_municipality_code as municipality_code, a.guide_id, a.agent_id
    from marts.fct_guide_actions as a
    union all
    select
        a.action_id, a.action_date, 'agent' as perspective,
        a.agent_municipality_code as municipality_code, a.guide_id, a.agent_id
    from marts.fct_guide_actions as a
),

described as (
    select
        p.*,
        coalesce(b.network, 'unknown') as network,
        coalesce(m.region_name, 'unknown') as region
    from placed as p
    left join marts.dim_municipality as m on p.municipality_code = m.municipality_code
    left join marts.dim_membership as b
        on p.municipality_code = b.municipality_code and p.action_date between b.valid_from and b.valid_to
)

select action_id, action_date, perspective, 'total' as grouping, 'total' as key, 'all' as municipality_code
from described
union all
select action_id, action_date, perspective, 'municipality' as grouping, municipality_code as key, 'all' as municipality_code
from described
union all
select action_id, action_date, perspective, 'network' as grouping, network as key, 'all' as municipality_code
from described
union all
select action_id, action_date, perspective, 'region' as grouping, region as key, 'all' as municipality_code
from described
union all
select action_id, action_date, perspective, 'guide' as grouping, guide_id as key, municipality_code
from described
where perspective = 'citizen'
union all
select
    action_id, action_date, perspective, 'agent' as grouping,
    coalesce(cast(agent_id as varchar), 'unknown') as key, municipality_code
from described
where perspective = 'agent'
