-- One row per call and group it counts in, in the citizen's perspective. The
-- groups within one municipality (queue, topic, guide, transfer number) carry the
-- citizen's municipality, so that they can be told for all and for one.
-- @grain call_id, grouping, key
-- @build view by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column grouping code total, municipality, network, region, queue, topic, guide or transfer_number
-- @column key text the group
-- @column municipality_code code the citizen's municipality for groups within one, else all
select call_id, call_date, 'total' as grouping, 'total' as key, 'all' as municipality_code
from marts.fct_calls
union all
select call_id, call_date, 'municipality' as grouping, citizen_municipality_code as key, 'all' as municipality_code
from marts.fct_calls
union all
select call_id, call_date, 'network' as grouping, citizen_network as key, 'all' as municipality_code
from marts.fct_calls
union all
select call_id, call_date, 'region' as grouping, citizen_region as key, 'all' as municipality_code
from marts.fct_calls
union all
select call_id, call_date, 'queue' as grouping, first_queue_key as key, citizen_municipality_code as municipality_code
from marts.fct_calls
where is_offered
union all
select
    c.call_id, c.call_date, 'topic' as grouping, coalesce(t.topic_id, 'unknown') as key,
    c.citizen_municipality_code as municipality_code
from marts.fct_calls as c
left join marts.fct_call_topics as t on c.call_id = t.call_id and c.call_date = t.call_date
where c.is_offered
union all
select distinct
    c.call_id, c.call_date, 'guide' as grouping, g.guide_id as key,
    c.citizen_municipality_code as municipality_code
from marts.fct_guide_actions as g
inner join marts.fct_calls as c on g.call_id = c.call_id and g.call_date = c.call_date
where g.action = 'view'
union all
select
    call_id, call_date, 'transfer_number' as grouping, coalesce(transfer_number, 'unknown') as key,
    citizen_municipality_code as municipality_code
from marts.fct_calls
where is_transferred_back
