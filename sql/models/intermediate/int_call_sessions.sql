-- One row per inbound call and session of it: what is registered for a session is
-- registered for the call.
-- @grain call_id, session_id
-- @build incremental by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column session_id id Puzzel's session
select distinct e.call_id, e.call_date, e.session_id
from staging.stg_puzzel__call_events as e
inner join intermediate.int_calls as c on e.call_id = c.call_id and e.call_date = c.call_date
where
    e.call_date >= $from and e.call_date < $to
    and c.call_date >= $from and c.call_date < $to
    and e.session_id <> ''
