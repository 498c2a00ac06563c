-- One row per call and distinct topic an agent registered for it. A topic
-- registered shortly after midnight still belongs to its call's day.
-- @grain call_id, topic_id
-- @build incremental by call_date, 1 days back
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column topic_id code the topic chosen
-- @column topic_name text its name
with sessions as (
    select distinct call_id, call_date, session_id
    from intermediate.int_call_events
    where call_date >= $from and call_date < $to and is_inbound and session_id <> ''
)

select
    s.call_id,
    s.call_date,
    e.topic_id,
    max(e.topic_name) as topic_name
from sessions as s
inner join staging.stg_puzzel__enquiries as e on s.session_id = e.session_id
where
    e.registered_date >= $from and e.registered_date < $to + 2
    and e.topic_id is not null
group by s.call_id, s.call_date, e.topic_id
