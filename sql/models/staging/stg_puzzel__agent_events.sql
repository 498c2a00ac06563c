-- One row per event of an agent as Puzzel recorded it: log on, log off, pauses,
-- and a copy of each conversation leg. Times are the wall clock they arrived as.
-- @grain event_id
-- @build view by event_date
-- @column event_id id the row's place in its batch
-- @column event_date date local date of the event
-- @column agent_id id Puzzel's agent
-- @column record_id id Puzzel's rec_id, -1 where the source has none
-- @column leg_id id Puzzel's id of the conversation leg, empty on other events
-- @column event_type code i log on, o log off, p pause, r return, c conversation
-- @column result_code code how a conversation ended
-- @column started_local time wall clock
-- @column duration_seconds s length of a conversation; 0 on other events
-- @column wrap_up_seconds s wrap-up after a conversation
-- @column pause_type text what the pause is for
select
    concat_ws('/', _batch, _row) as event_id,
    _day as event_date,
    agent_id,
    coalesce(rec_id, -1) as record_id,
    case when event_type = 'c' then internal_odr_id end as leg_id,
    event_type,
    result_code,
    dte_start as started_local,
    coalesce(duration_sec, 0) as duration_seconds,
    coalesce(wrap_up_sec, 0) as wrap_up_seconds,
    trim(pause_type_name) as pause_type
from raw.puzzel__agent_events
