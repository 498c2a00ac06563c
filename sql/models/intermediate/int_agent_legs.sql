-- One row per leg of an agent in an inbound call, answered or not, with where the
-- agent sent the call. The target of a transfer is the last queue or conversation
-- event after the leg, up to and including the next answered agent leg, so every
-- transferring agent has a target of their own. A conversation leg that ended before
-- the transferring leg did was a consultation that was given up: it is passed over,
-- unless nothing else is there, and a colleague who was only asked, and transferred
-- nothing, does not end the search. A target is the municipality when
-- it is an external number of kind municipality (or one missing from the reference
-- file) or a municipality's queue; where the municipality's own agent then forwards the
-- call to an authority, that is the last event and the call is not back; a consultation is no transfer (DOMAIN §4).
-- @grain call_id, leg_number
-- @build incremental by call_date
-- @check talk_seconds >= 0
-- @check is_answered or not is_sent_back
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column leg_number count event number of the leg in the call
-- @column agent_id id agent
-- @column agent_municipality_code code who employs the agent that day; unknown where nobody is named
-- @column queue_key code queue the leg was set up from; empty on transfers and consultations
-- @column result_code code how the leg ended
-- @column started_at time start, UTC
-- @column speak_started_at time start of speaking, UTC
-- @column ended_at time end, UTC
-- @column is_answered flag agent and citizen spoke
-- @column answered_number count which answered leg of the call this is, from 1; 0 when not answered
-- @column talk_seconds s time spoken
-- @column hold_seconds s caller on hold, lies inside talk
-- @column wrap_up_seconds s wrap-up
-- @column handling_seconds s talk + wrap-up
-- @column is_transfer flag the agent transferred the call
-- @column transfer_target code none, agent, ddh_queue, other_queue, municipality_queue, municipality_number, unmapped_number, authority_number, ddh_number
-- @column is_sent_back flag the target is the municipality
-- @column transfer_number text number or queue the call was sent back to
with legs as (
    select *
    from intermediate.int_call_events
    where call_date >= $from and call_date < $to and is_inbound and is_agent_leg
),

answered_legs as (
    select
        call_id,
        event_number,
        ended_at,
        is_transfer,
        row_number() over (partition by call_id order by event_number) as answered_number
    from legs
    where is_answered_leg
),

transfers as (
    select
        l.call_id,
        l.event_number,
        l.ended_at,
        min(n.event_number) as next_answered_event_number
    from answered_legs as l
    left join answered_legs as n
        on
            l.call_id = n.call_id and l.event_number < n.event_number
            and (n.is_transfer or n.ended_at >= l.ended_at)
    where l.is_transfer
    group by l.call_id, l.event_number, l.ended_at
),

target_events as (
    select
        l.call_id,
        l.event_number as leg_event_number,
        coalesce(
            max(e.event_number) filter (where e.event_type = 'q' or e.ended_at >= l.ended_at),
            max(e.event_number)
        ) as target_event_number
    from transfers as l
    inner join intermediate.int_call_events as e on l.call_id = e.call_id
    where
        e.call_date >= $from and e.call_date < $to
        and e.event_type in ('q', 'c')
        and e.event_number > l.event_number
        and e.event_number <= coalesce(l.next_answered_event_number, e.event_number)
    group by l.call_id, l.event_number
),

targets as (
    select
        t.call_id,
        t.leg_event_number,
        coalesce(n.number, e.destination_number, 'unknown') as number,
        e.queue_key,
        case
            when e.queue_kind = 'municipality' then 'municipality_queue'
            when e.queue_kind = 'other' then 'other_queue'
            when e.event_type = 'q' then 'ddh_queue'
            when e.agent_id is not null then 'agent'
            when e.queue_key is not null or e.callback_leg is not null then 'none'
            when n.kind is null then 'unmapped_number'
            else n.kind || '_number'
        end as transfer_target
    from target_events as t
    inner join intermediate.int_call_events as e
        on t.call_id = e.call_id and t.target_event_number = e.event_number
    left join reference.transfer_numbers as n
        on e.destination_pseudonym = n.number_pseudonym
    where e.call_date >= $from and e.call_date < $to
),

judged as (
    select
        l.*,
        coalesce(a.answered_number, 0) as answered_number,
        coalesce(t.transfer_target, 'none') as transfer_target,
        t.number,
        t.queue_key as target_queue_key
    from legs as l
    left join answered_legs as a on l.call_id = a.call_id and l.event_number = a.event_number
    left join targets as t on l.call_id = t.call_id and l.event_number = t.leg_event_number
)

select
    j.call_id,
    j.call_date,
    j.event_number as leg_number,
    j.agent_id,
    coalesce(a.municipality_code, 'unknown') as agent_municipality_code,
    j.queue_key,
    j.result_code,
    j.started_at,
    j.speak_started_at,
    j.ended_at,
    j.is_answered_leg as is_answered,
    cast(j.answered_number as integer) as answered_number,
    j.speak_seconds as talk_seconds,
    j.hold_seconds,
    j.wrap_up_seconds,
    j.speak_seconds + j.wrap_up_seconds as handling_seconds,
    j.is_transfer,
    j.transfer_target,
    j.transfer_target in ('municipality_number', 'municipality_queue', 'unmapped_number') as is_sent_back,
    case
        when j.transfer_target = 'municipality_queue' then j.target_queue_key
        when j.transfer_target in ('municipality_number', 'unmapped_number') then j.number
    end as transfer_number
from judged as j
left join intermediate.int_agent_history as a
    on j.agent_id = a.agent_id and j.call_date between a.valid_from and a.valid_to
