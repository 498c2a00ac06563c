-- One row per inbound call with exactly one outcome (DOMAIN §4). Outside opening
-- hours beats everything; a call that never reached a queue of the hotline is
-- menu_only; then an answered agent leg decides; then how the last queue event
-- ended, and where that says "answered" or "moved" although no agent got through,
-- how the last queue of the hotline ended, and then the leg that rang. A call that was
-- moved on to where the hotline answers no more has left it like one that overflowed; one
-- whose queue timed out while an agent's phone rang was abandoned where that leg says that
-- the citizen hung up.
-- Times are told as exactly as they come and lengths rounded once, to the nearest second and
-- halves up, so that a wait of 4.2 s is 4; what is within a minute, or hung up under five
-- seconds, is judged before rounding. Sums and means are of these whole seconds.
-- An answered call is answered by callback when its first answered leg is one, else on
-- the line: only who stayed on the line has a wait. A citizen who ordered a callback
-- waits from the order, or from the later moment it was ordered for, until the own leg
-- speaks; where no order is on record that wait is unknown.
-- @grain call_id
-- @build incremental by call_date
-- @check outcome is not null
-- @check wait_seconds >= 0
-- @check callback_wait_seconds >= 0
-- @check not is_answered_within_20s or is_answered_within_60s
-- @check not is_answered_within_60s or wait_seconds <= 60
-- @check callback_wait_seconds is null or is_answered_by_callback
-- @column call_id id Puzzel's call
-- @column call_date date local date on which the initiation event starts
-- @column started_local time wall clock of the initiation event
-- @column started_at time start of the initiation event, UTC
-- @column ended_at time end of the call's last event, UTC
-- @column caller_pseudonym id keyed pseudonym of the caller; empty when withheld
-- @column citizen_municipality_code code whose number was dialled; unknown where the number is in no reference file
-- @column is_access_number_mapped flag the number dialled is in access_numbers.csv
-- @column first_queue_key code first queue of the hotline
-- @column outcome code outside_hours, menu_only, answered, abandoned, short_abandoned, callback_ordered, overflow, rejected or error
-- @column wait_seconds s start of the first queue event to the first spoken word; calls answered on the line only
-- @column is_answered_within_20s flag answered on the line, and the wait is no longer than 20 s
-- @column is_answered_within_60s flag answered on the line, and the wait is no longer than 60 s
-- @column is_answered_by_callback flag answered, the first time by calling the citizen back
-- @column callback_wait_seconds s order of the callback, or the later moment it was ordered for, to the citizen's first word
-- @column queue_seconds s start of the first queue event to the end of the last one
with events as (
    select *
    from intermediate.int_call_events
    where call_date >= $from and call_date < $to and is_inbound
),

summary as (
    select
        call_id,
        call_date,
        arg_min(started_local, event_number) filter (where event_type = 'i') as started_local,
        arg_min(started_at, event_number) filter (where event_type = 'i') as started_at,
        max(ended_at) as ended_at,
        arg_min(caller_pseudonym, event_number) filter (where event_type = 'i') as caller_pseudonym,
        arg_min(destination_pseudonym, event_number) filter (where event_type = 'i') as dialled_pseudonym,
        min(started_at) filter (where event_type = 'q') as first_queue_started_at,
        max(ended_at) filter (where event_type = 'q') as last_queue_ended_at,
        arg_max(coalesce(result_code, '?'), event_number) filter (where event_type = 'q') as last_queue_result,
        arg_max(coalesce(result_code, '?'), event_number) filter (where event_type = 'q' and queue_kind = 'ddh') as last_ddh_queue_result,
        arg_min(queue_key, event_number) filter (where event_type = 'q' and queue_kind = 'ddh') as first_queue_key,
        arg_max(coalesce(result_code, '?'), event_number) filter (where event_type = 'c') as last_leg_result,
        arg_max(is_agent_leg, event_number) filter (where event_type = 'c') as is_last_leg_agents,
        bool_or(event_type = 'q' and queue_kind = 'ddh') as reached_ddh_queue,
        bool_or(is_answered_leg) as has_answered_leg,
        arg_min(speak_started_at, event_number) filter (where is_answered_leg) as first_spoken_at,
        coalesce(
            arg_min(coalesce(callback_leg = 'a', false), event_number) filter (where is_answered_leg), false
        ) as is_by_callback
    from events
    group by call_id, call_date
),

reached as (
    select
        call_id,
        min(event_number) as event_number,
        arg_min(speak_started_at, event_number) as spoken_at
    from events
    where event_type = 'c' and callback_leg = 'c' and result_code = 'k'
    group by call_id
),

callbacks as (
    select
        r.call_id,
        r.spoken_at,
        greatest(
            arg_max(e.ended_at, e.event_number) filter (where e.event_type = 'q' and e.result_code = 'q'),
            max(e.scheduled_callback_at)
        ) as due_at
    from reached as r
    inner join events as e on r.call_id = e.call_id and r.event_number >= e.event_number
    group by r.call_id, r.spoken_at
),

opened as (
    select
        s.*,
        o.day is not null as is_inside_hours,
        case when s.last_queue_result in ('k', 'm') then s.last_ddh_queue_result else s.last_queue_result end as exit_code,
        date_diff('microsecond', s.first_queue_started_at, s.last_queue_ended_at) as queue_microseconds
    from summary as s
    left join intermediate.int_opening_intervals as o
        on s.call_date = o.day and s.started_local >= o.opens_local and s.started_local < o.closes_local
),

judged as (
    select
        o.*,
        case
            when not o.is_inside_hours then 'outside_hours'
            when not o.reached_ddh_queue then 'menu_only'
            when o.has_answered_leg then 'answered'
            when o.exit_code = 'h' then 'abandoned'
            when o.exit_code = 'q' then 'callback_ordered'
            when o.exit_code = 't' and o.is_last_leg_agents and o.last_leg_result in ('h', 'q') then 'abandoned'
            when o.exit_code in ('a', 'b', 't') then 'overflow'
            when o.exit_code in ('f', 's') then 'rejected'
            when o.exit_code in ('k', 'm') and o.last_leg_result in ('h', 'q') then 'abandoned'
            when o.exit_code = 'm' then 'overflow'
            else 'error'
        end as long_outcome
    from opened as o
),

measured as (
    select
        j.*,
        case
            when j.long_outcome = 'answered' and not j.is_by_callback
                then greatest(0, date_diff('microsecond', j.first_queue_started_at, j.first_spoken_at))
        end as wait_microseconds,
        case
            when j.long_outcome = 'answered' and j.is_by_callback and b.due_at is not null
                then greatest(0, date_diff('microsecond', b.due_at, b.spoken_at))
        end as callback_wait_microseconds
    from judged as j
    left join callbacks as b on j.call_id = b.call_id
)

select
    j.call_id,
    j.call_date,
    j.started_local,
    j.started_at,
    j.ended_at,
    j.caller_pseudonym,
    coalesce(n.municipality_code, 'unknown') as citizen_municipality_code,
    n.municipality_code is not null as is_access_number_mapped,
    j.first_queue_key,
    case
        when j.long_outcome = 'abandoned' and j.queue_microseconds < s.short_abandon_seconds * 1000000 then 'short_abandoned'
        else j.long_outcome
    end as outcome,
    cast(floor((j.wait_microseconds + 500000) / 1000000) as bigint) as wait_seconds,
    coalesce(j.wait_microseconds <= 20000000, false) as is_answered_within_20s,
    coalesce(j.wait_microseconds <= 60000000, false) as is_answered_within_60s,
    j.long_outcome = 'answered' and j.is_by_callback as is_answered_by_callback,
    cast(floor((j.callback_wait_microseconds + 500000) / 1000000) as bigint) as callback_wait_seconds,
    cast(floor((j.queue_microseconds + 500000) / 1000000) as bigint) as queue_seconds
from measured as j
cross join reference.settings as s
left join reference.access_numbers as n
    on j.dialled_pseudonym = n.number_pseudonym and j.call_date between n.valid_from and n.valid_to
