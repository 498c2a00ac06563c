-- One row per call and distinct topic an agent registered for it, whenever that was: on
-- a callback it is days after the call.
-- @grain call_id, topic_id
-- @build incremental by call_date
-- @follow intermediate.int_enquiries by session_id, to intermediate.int_call_sessions by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column topic_id code the topic chosen
-- @column topic_name text its name
select
    s.call_id,
    s.call_date,
    e.topic_id,
    max(e.topic_name) as topic_name
from intermediate.int_call_sessions as s
inner join intermediate.int_enquiries as e on s.session_id = e.session_id
where s.call_date >= $from and s.call_date < $to
group by s.call_id, s.call_date, e.topic_id
