-- One row per agent and stretch of a day between two of log on, pause, return and
-- log off, with how much of it went into answered conversations and the wrap-up
-- after them. The source gives these events no length: a state lasts until the next
-- of them (SOURCES §1), at the latest until midnight, when Puzzel logs everybody
-- off. Every second counts once: a conversation comes before wrap-up, wrap-up ends
-- where the next conversation begins, and a pause asked for during either begins
-- after it. Times are whole seconds on the UTC line. In the hour that happens twice
-- in October a move belongs to the first pass when a later record shows an earlier
-- clock, otherwise to the second.
-- @grain agent_id, started_at
-- @build incremental by state_date
-- @check state_seconds > 0
-- @check conversation_seconds >= 0 and wrap_up_seconds >= 0
-- @check conversation_seconds + wrap_up_seconds <= state_seconds
-- @column agent_id id Puzzel's agent
-- @column state_date date local date
-- @column started_at time start, UTC
-- @column ended_at time end, UTC
-- @column state code ready or pause
-- @column pause_type text what the pause is for; empty when ready
-- @column state_seconds s length
-- @column conversation_seconds s of it in answered conversations, from the first ring
-- @column wrap_up_seconds s of it in wrap-up
-- @column is_until_midnight flag no log-off came before the last minute of the day
with events as (
    select *
    from staging.stg_puzzel__agent_events
    where event_date >= $from and event_date < $to
),

days as (
    select
        day,
        utc_offset_seconds,
        is_near_clock_change,
        cast(day + 1 as timestamp) - utc_offset_seconds * interval 1 second as midnight_at
    from intermediate.int_days
    where day >= $from and day < $to
),

moves as (
    select
        agent_id,
        event_date,
        event_type,
        started_local,
        pause_type,
        min(record_id) as record_id
    from events
    where event_type in ('i', 'o', 'p', 'r')
    group by agent_id, event_date, event_type, started_local, pause_type
),

first_pass as (
    select distinct m.agent_id, m.record_id
    from moves as m
    inner join moves as l
        on m.agent_id = l.agent_id and m.event_date = l.event_date and m.record_id < l.record_id
    where
        l.started_local < m.started_local
        and month(m.started_local) = 10 and day(m.started_local) >= 25
        and isodow(m.started_local) = 7 and hour(m.started_local) = 2
),

placed_moves as (
    select
        m.*,
        case
            when d.is_near_clock_change then timezone('UTC', timezone('Europe/Copenhagen', m.started_local))
            else m.started_local - d.utc_offset_seconds * interval 1 second
        end
        - case when f.record_id is not null then interval 1 hour else interval 0 hour end as moved_at,
        d.midnight_at
    from moves as m
    inner join days as d on m.event_date = d.day
    left join first_pass as f on m.agent_id = f.agent_id and m.record_id = f.record_id
),

ordered_moves as (
    select
        p.*,
        lag(p.event_type) over (partition by p.agent_id, p.event_date order by p.moved_at, p.record_id) as previous_type,
        lag(p.moved_at) over (partition by p.agent_id, p.event_date order by p.moved_at, p.record_id) as previous_at,
        row_number() over (partition by p.agent_id, p.event_date order by p.moved_at, p.record_id) as move_number
    from placed_moves as p
),

-- A log-on straight into a pause writes i and p milliseconds apart: that pause began
-- with the log-on.
whole_second_moves as (
    select
        o.*,
        date_trunc('second', case
            when o.event_type = 'p' and o.previous_type = 'i' and o.moved_at < o.previous_at + interval 1 second
                then o.previous_at
            else o.moved_at
        end) as started_at
    from ordered_moves as o
),

stretches as (
    select
        w.agent_id,
        w.event_date,
        w.event_type,
        w.pause_type,
        w.started_at,
        coalesce(
            lead(w.started_at) over (partition by w.agent_id, w.event_date order by w.move_number),
            w.midnight_at
        ) as ended_at,
        w.midnight_at
    from whole_second_moves as w
),

states as (
    select
        *,
        cast(epoch(started_at) as bigint) as started_second,
        cast(epoch(ended_at) as bigint) as ended_second
    from stretches
    where event_type <> 'o' and ended_at > started_at
),

newest_conversations as (
    select
        agent_id,
        event_date,
        arg_max(started_local, record_id) as started_local,
        arg_max(duration_seconds, record_id) as duration_seconds,
        arg_max(wrap_up_seconds, record_id) as wrap_up_seconds
    from events
    where event_type = 'c' and result_code = 'k'
    group by agent_id, event_date, leg_id, case when leg_id is null then started_local end
),

conversations as (
    select
        c.agent_id,
        c.event_date,
        cast(floor(epoch(case
            when d.is_near_clock_change then timezone('UTC', timezone('Europe/Copenhagen', c.started_local))
            else c.started_local - d.utc_offset_seconds * interval 1 second
        end)) as bigint) as started_second,
        greatest(0, c.duration_seconds) as duration_seconds,
        greatest(0, c.wrap_up_seconds) as wrap_up_seconds
    from newest_conversations as c
    inner join days as d on c.event_date = d.day
),

neighbours as (
    select
        c.agent_id,
        c.event_date,
        c.started_second,
        c.started_second + c.duration_seconds as spoken_second,
        c.started_second + c.duration_seconds + c.wrap_up_seconds as wrapped_second,
        max(c.started_second + c.duration_seconds) over (
            partition by c.agent_id, c.event_date order by c.started_second, c.duration_seconds
            rows between unbounded preceding and 1 preceding
        ) as earlier_spoken_second,
        lead(c.started_second) over (
            partition by c.agent_id, c.event_date order by c.started_second, c.duration_seconds
        ) as next_started_second
    from conversations as c
),

apart as (
    select
        agent_id,
        event_date,
        greatest(started_second, coalesce(earlier_spoken_second, started_second)) as started_second,
        spoken_second,
        greatest(spoken_second, coalesce(earlier_spoken_second, spoken_second)) as wrapping_second,
        least(wrapped_second, coalesce(next_started_second, wrapped_second)) as wrapped_second
    from neighbours
),

worked as (
    select
        s.agent_id,
        s.started_at,
        sum(greatest(0, least(a.spoken_second, s.ended_second) - greatest(a.started_second, s.started_second)))
            as conversation_seconds,
        sum(greatest(0, least(a.wrapped_second, s.ended_second) - greatest(a.wrapping_second, s.started_second)))
            as wrap_up_seconds
    from states as s
    inner join apart as a on s.agent_id = a.agent_id and s.event_date = a.event_date
    where a.started_second < s.ended_second and greatest(a.spoken_second, a.wrapped_second) > s.started_second
    group by s.agent_id, s.started_at
)

select
    s.agent_id,
    s.event_date as state_date,
    s.started_at,
    s.ended_at,
    case when s.event_type = 'p' then 'pause' else 'ready' end as state,
    case when s.event_type = 'p' then s.pause_type end as pause_type,
    s.ended_second - s.started_second as state_seconds,
    cast(coalesce(w.conversation_seconds, 0) as bigint) as conversation_seconds,
    cast(coalesce(w.wrap_up_seconds, 0) as bigint) as wrap_up_seconds,
    s.ended_at >= s.midnight_at - interval 1 minute as is_until_midnight
from states as s
left join worked as w on s.agent_id = w.agent_id and s.started_at = w.started_at
