-- One row per call and part of a municipality's calls that it counts in: its queue,
-- topics, guides used and, when sent back, the number it went to.
-- @grain call_id, grouping, key
-- @build view by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column grouping code queue, topic, guide or transfer_number
-- @column key text the part
select call_id, call_date, 'queue' as grouping, first_queue_key as key
from marts.fct_calls
where is_offered
union all
select c.call_id, c.call_date, 'topic' as grouping, coalesce(t.topic_id, 'unknown') as key
from marts.fct_calls as c
left join marts.fct_call_topics as t on c.call_id = t.call_id and c.call_date = t.call_date
where c.is_offered
union all
select distinct c.call_id, c.call_date, 'guide' as grouping, g.guide_id as key
from marts.fct_guide_actions as g
inner join marts.fct_calls as c on g.call_id = c.call_id and g.call_date = c.call_date
where g.action = 'view'
union all
select call_id, call_date, 'transfer_number' as grouping, coalesce(transfer_number, 'unknown') as key
from marts.fct_calls
where is_transferred_back
