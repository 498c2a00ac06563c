-- One row per call and distinct topic an agent registered for it. A topic
-- registered shortly after midnight still belongs to its call's day.
-- @grain call_id, topic_id
-- @build incremental by call_date, 1 days back
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column topic_id code the topic chosen
-- @column topic_name text its name
with sessions as (
    select distinct e.call_id, e.call_date, e.session_id
    from staging.stg_puzzel__call_events as e
    inner join intermediate.int_calls as c on e.call_id = c.call_id and e.call_date = c.call_date
    where
        e.call_date >= $from and e.call_date < $to
        and c.call_date >= $from and c.call_date < $to
        and e.session_id <> ''
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
