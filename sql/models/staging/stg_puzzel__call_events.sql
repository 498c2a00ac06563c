-- One row per event of a call as Puzzel recorded it: times still the wall clock
-- they arrived as, keys in the one form in which they are compared. A negative length
-- counts as 0, and a ciq other than a and c is none (int_unknown_values counts it). The loader has already replaced whole calls, so
-- there are no dead versions here.
-- @grain call_id, batch_row
-- @build view by call_date
-- @column call_id id Puzzel's call; several sessions can share it
-- @column call_date date local date on which the call's initiation event starts
-- @column session_id id Puzzel's session, empty where the source has none
-- @column sequence count place of the event in the call, 0 where the source has none
-- @column record_id id Puzzel's rec_id, -1 where the source has none
-- @column batch_row count the row's place in its batch; a call comes in one batch
-- @column media_type_id code kind of medium
-- @column event_type code i initiation, m menu, q queue, c conversation leg
-- @column result_code code how the event ended
-- @column started_local time wall clock at the start of the event
-- @column duration_seconds s length of the event
-- @column speak_seconds s time spoken, conversation legs only
-- @column speak_started_local time wall clock when speaking began; worked out from the durations where Puzzel left it empty
-- @column caller_pseudonym id keyed pseudonym of the caller
-- @column destination_pseudonym id keyed pseudonym of the number dialled or rung
-- @column destination_number text that number where it cannot be a citizen's
-- @column queue_key code queue of a queue event or of a leg set up from a queue
-- @column agent_id id agent of the leg, empty for external numbers
-- @column callback_leg code a agent's and c citizen's leg of a callback or callout
-- @column unknown_callback_leg code what the source wrote instead of a or c, which is none
-- @column is_transfer flag the agent of this leg transferred the call
-- @column wrap_up_seconds s wrap-up after the leg
-- @column hold_seconds s caller on hold during the leg
-- @column scheduled_callback_at time UTC moment for which a callback was ordered
select
    call_id,
    _day as call_date,
    coalesce(meta.guid(internal_iq_session_id), '') as session_id,
    coalesce(call_sequence, 0) as sequence,
    coalesce(rec_id, -1) as record_id,
    coalesce(_row, 0) as batch_row,
    media_type_id,
    event_type,
    result_code,
    dte_start as started_local,
    greatest(coalesce(duration_tot_sec, 0), 0) as duration_seconds,
    greatest(coalesce(duration_speak_sec, 0), 0) as speak_seconds,
    coalesce(
        dte_speak_start,
        dte_start + (coalesce(duration_tot_sec, 0) - coalesce(duration_speak_sec, 0)) * interval 1 second
    ) as speak_started_local,
    source as caller_pseudonym,
    destination as destination_pseudonym,
    destination_number,
    meta.key(queue_key) as queue_key,
    agent_id,
    case when ciq in ('a', 'c') then ciq end as callback_leg,
    case when ciq not in ('a', 'c') then meta.key(ciq) end as unknown_callback_leg,
    coalesce(call_transfer, false) as is_transfer,
    greatest(coalesce(wrap_up_sec, 0), 0) as wrap_up_seconds,
    greatest(coalesce(caller_on_hold_sec, 0), 0) as hold_seconds,
    timezone('UTC', dte_scheduled_callback) as scheduled_callback_at
from raw.puzzel__call_events
