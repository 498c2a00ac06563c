-- One row per call and distinct topic registered for it.
-- @grain call_id, topic_id
-- @build incremental by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column topic_id code the topic chosen
select
    call_id,
    call_date,
    topic_id
from intermediate.int_call_topics
where call_date >= $from and call_date < $to
