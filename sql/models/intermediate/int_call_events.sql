-- One row per event of a phone call but its menus, numbered in the order in which it happened
-- and placed on the UTC line. In the hour that happens twice in October an event
-- belongs to the first pass when its call later shows an earlier clock, when
-- its call began before the hour and by its own length ended within the first
-- pass, or when the lengths of menus, queues and conversations, one after the other, say
-- so: a queue of 70 minutes that begins at 2:50 and is answered at 3:00 began in the first
-- pass. Otherwise it belongs to the second. A callback is placed by its own day.
-- An agent leg is a conversation leg of an agent that was not set
-- up from a municipality's or another authority's queue; it is answered with
-- result k, on a callback only when the citizen's leg was answered too (DOMAIN §4):
-- the one in the same session, or, where the two legs have sessions of their own, one of
-- the same call in a session without an agent's leg.
-- @grain call_id, event_number
-- @build incremental by call_date
-- @check ended_at >= started_at
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column event_number count place in the call, from 1, over all its sessions
-- @column is_inbound flag the call has an initiation event and is no callout
-- @column event_type code i, m, q or c
-- @column result_code code how the event ended
-- @column started_local time wall clock at the start
-- @column started_at time start, UTC
-- @column ended_at time end, UTC
-- @column speak_started_at time start of speaking, UTC
-- @column speak_seconds s time spoken
-- @column caller_pseudonym id keyed pseudonym of the caller, initiation events only
-- @column destination_pseudonym id keyed pseudonym of the number dialled, or of the external number rung
-- @column destination_number text that number where it cannot be a citizen's
-- @column queue_key code queue
-- @column queue_kind code ddh, municipality or other; empty without a queue
-- @column agent_id id agent of the leg
-- @column callback_leg code a agent's and c citizen's leg of a callback
-- @column is_transfer flag the agent of this leg transferred the call
-- @column wrap_up_seconds s wrap-up after the leg
-- @column hold_seconds s caller on hold during the leg
-- @column scheduled_callback_at time UTC moment for which a callback was ordered
-- @column is_agent_leg flag conversation leg of an agent of the hotline
-- @column is_answered_leg flag agent leg in which agent and citizen spoke
with phone_events as (
    select
        e.*,
        case when e.queue_key is not null then coalesce(q.kind, 'ddh') end as queue_kind
    from staging.stg_puzzel__call_events as e
    left join staging.stg_puzzel__media_types as m on e.media_type_id = m.media_type_id
    left join reference.queues as q on e.queue_key = meta.key(q.queue_key)
    where
        e.call_date >= $from and e.call_date < $to
        and coalesce(m.is_phone, e.media_type_id = 1, true)
),

calls as (
    select
        call_id,
        bool_or(event_type = 'i') as has_initiation,
        bool_or(coalesce(left(queue_key, 10) = '__callout_', false)) as is_callout,
        bool_or(callback_leg is not null) as has_callback_leg,
        count(*) = max(sequence)
        and count(*) = bit_count(bit_or(cast(1 as bigint) << cast(case when sequence between 1 and 60 then sequence else 0 end as bigint)) & -2)
            as is_numbered
    from phone_events
    group by call_id
),

sessions as (
    select
        e.call_id,
        e.session_id,
        bool_or(coalesce(e.callback_leg = 'c' and e.result_code = 'k', false)) as citizen_was_reached,
        bool_or(coalesce(e.callback_leg = 'a', false)) as has_agents_leg,
        bool_or(coalesce(e.callback_leg = 'c', false)) as has_citizens_leg,
        row_number() over (partition by e.call_id order by min(e.started_local), e.session_id) as session_number
    from phone_events as e
    inner join calls as c on e.call_id = c.call_id
    where c.has_callback_leg or not c.is_numbered
    group by e.call_id, e.session_id
),

reached_apart as (
    select distinct call_id
    from sessions
    where citizen_was_reached and not has_agents_leg
),

numbers as (
    select
        e.call_id,
        e.batch_row,
        e.event_type,
        e.started_local,
        row_number() over (
            partition by e.call_id
            order by s.session_number, e.sequence, e.started_local, e.record_id, e.batch_row
        ) as event_number
    from phone_events as e
    inner join calls as c on e.call_id = c.call_id
    inner join sessions as s on e.call_id = s.call_id and e.session_id = s.session_id
    where not c.is_numbered
),

ordered as (
    select
        e.*,
        c.has_initiation and not c.is_callout as is_inbound,
        coalesce(s.citizen_was_reached or not s.has_citizens_leg and a.call_id is not null, false) as citizen_was_reached,
        coalesce(n.event_number, e.sequence) as event_number,
        cast(e.started_local as date) <> e.call_date as is_on_later_day
    from phone_events as e
    inner join calls as c on e.call_id = c.call_id
    left join sessions as s on e.call_id = s.call_id and e.session_id = s.session_id
    left join reached_apart as a on e.call_id = a.call_id
    left join numbers as n
        on
            e.call_id = n.call_id and e.batch_row = n.batch_row
            and e.event_type = n.event_type and e.started_local = n.started_local
),

-- Calls of the days before may still ring in the hour that happens twice.
october_events as (
    select
        e.call_id,
        coalesce(n.event_number, e.sequence) as event_number,
        e.event_type,
        e.started_local,
        e.speak_started_local,
        e.duration_seconds,
        e.callback_leg is null and (e.event_type in ('m', 'q') or e.event_type = 'c' and coalesce(e.result_code = 'k', false))
            as is_link
    from phone_events as e
    left join numbers as n
        on
            e.call_id = n.call_id and e.batch_row = n.batch_row
            and e.event_type = n.event_type and e.started_local = n.started_local
    where month(e.call_date) = 10 and day(e.call_date) >= 18
),

repeated_hour as (
    select call_id, event_number, started_local, speak_started_local
    from october_events
    where
        month(started_local) = 10 and day(started_local) >= 25
        and isodow(started_local) = 7 and hour(started_local) = 2
),

short_calls_into_it as (
    select call_id
    from october_events
    where
        event_type = 'i' and hour(started_local) < 2
        and started_local + duration_seconds * interval 1 second < date_trunc('day', started_local) + interval 3 hour
),

-- Menus, queues and conversations follow each other, so that the lengths before an event
-- say how long after the first of them it began; where the clock says an hour less, the
-- change lies between the two. Rings that nobody answered lie within a queue.
chained as (
    select
        call_id,
        event_number,
        started_local,
        first_value(started_local) over (partition by call_id order by event_number) as chain_started_local,
        first_value(started_local) over (partition by call_id order by event_number)
        + coalesce(sum(duration_seconds) over (
            partition by call_id order by event_number
            rows between unbounded preceding and 1 preceding
        ), 0) * interval 1 second
        > started_local + interval 30 minute as is_after_change
    from october_events
    where is_link and call_id in (select r.call_id from repeated_hour as r)
),

chains as (
    select
        c.call_id,
        max(c.event_number) filter (where not c.is_after_change) as last_before_change
    from chained as c
    inner join repeated_hour as r on c.call_id = r.call_id
    group by c.call_id
    having bool_or(c.is_after_change) or min(c.chain_started_local) < min(date_trunc('hour', r.started_local))
),

first_pass as (
    select r.call_id, r.event_number
    from repeated_hour as r
    inner join october_events as o
        on r.call_id = o.call_id and o.event_number >= r.event_number
    where least(o.started_local, o.speak_started_local) < r.started_local - interval 30 minute
    union
    select r.call_id, r.event_number
    from repeated_hour as r
    inner join short_calls_into_it as s on r.call_id = s.call_id
    union
    select r.call_id, r.event_number
    from repeated_hour as r
    inner join chains as c on r.call_id = c.call_id and r.event_number <= c.last_before_change
),

placed as (
    select
        o.*,
        case
            when d.is_near_clock_change or o.is_on_later_day then timezone('UTC', timezone('Europe/Copenhagen', o.started_local))
            else o.started_local - d.utc_offset_seconds * interval 1 second
        end
        - case when f.event_number is not null then interval 1 hour else interval 0 hour end as started_at,
        case
            when d.is_near_clock_change or o.is_on_later_day then timezone('UTC', timezone('Europe/Copenhagen', o.speak_started_local))
            else o.speak_started_local - d.utc_offset_seconds * interval 1 second
        end
        - case
            when f.event_number is not null and o.speak_started_local >= o.started_local
                and hour(o.speak_started_local) = 2 then interval 1 hour
            else interval 0 hour
        end as speak_started_at,
        o.event_type = 'c' and o.agent_id is not null and coalesce(o.queue_kind = 'ddh', true) as is_agent_leg
    from ordered as o
    inner join intermediate.int_days as d on o.call_date = d.day
    left join first_pass as f on o.call_id = f.call_id and o.event_number = f.event_number
)

select
    call_id,
    call_date,
    cast(event_number as integer) as event_number,
    is_inbound,
    event_type,
    result_code,
    started_local,
    started_at,
    started_at + duration_seconds * interval 1 second as ended_at,
    speak_started_at,
    speak_seconds,
    case when event_type = 'i' then caller_pseudonym end as caller_pseudonym,
    case
        when event_type = 'i' or event_type = 'c' and agent_id is null and callback_leg is null then destination_pseudonym
    end as destination_pseudonym,
    destination_number,
    queue_key,
    queue_kind,
    agent_id,
    callback_leg,
    is_transfer,
    wrap_up_seconds,
    hold_seconds,
    scheduled_callback_at,
    is_agent_leg,
    is_agent_leg
    and coalesce(result_code = 'k', false)
    and (callback_leg is null or callback_leg = 'a' and citizen_was_reached) as is_answered_leg
from placed
where event_type <> 'm'
