-- One row per guide an agent opened and per SMS or mail sent from one, with the
-- call the agent had at that moment: the one sb.nu names, else the latest that the
-- agent had answered and whose wrap-up, plus a grace, was not over. Legs and
-- actions meet in quarter-hour buckets. Opening the same guide again in the same
-- call within the reload time of the view before is no new use, whoever of the
-- call's agents opens it (SOURCES §3).
-- @grain action_id
-- @build incremental by action_date, 1 days ahead
-- @column action_id id view or send and what tells the row from any other
-- @column action code view or send
-- @column action_date date local date
-- @column happened_at time when, UTC
-- @column guide_id id the guide
-- @column channel code sms or mail; empty for views
-- @column agent_id id the agent, empty where the sb.nu user is unknown
-- @column call_id id the call, empty where there was none
-- @column call_date date local date of that call
-- @column match_quality code call_id, interval or none
-- @column citizen_municipality_code code as sb.nu says, else the call's; unknown where neither does
-- @column agent_municipality_code code who employs the agent that day
-- @column is_use flag counts: every send, and every view that is not a reload
with delivered as (
    select
        'view/' || view_id as action_id,
        'view' as action,
        view_date as action_date,
        viewed_local as happened_local,
        guide_id,
        cast(null as varchar) as channel,
        call_id,
        lower(citizen_municipality) as citizen_municipality,
        sbnu_user
    from staging.stg_sbnu__guide_views
    where view_date >= $from and view_date < $to
    union all
    select
        'send/' || send_id as action_id,
        'send' as action,
        send_date as action_date,
        sent_local as happened_local,
        guide_id,
        channel,
        cast(null as ubigint) as call_id,
        lower(citizen_municipality) as citizen_municipality,
        sbnu_user
    from staging.stg_sbnu__guide_sends
    where send_date >= $from and send_date < $to
),

actions as (
    select
        d.*,
        case
            when coalesce(n.is_near_clock_change, true) then timezone('UTC', timezone('Europe/Copenhagen', d.happened_local))
            else d.happened_local - n.utc_offset_seconds * interval 1 second
        end as happened_at,
        u.agent_id
    from delivered as d
    left join intermediate.int_days as n on d.action_date = n.day
    left join intermediate.int_sbnu_users as u
        on d.sbnu_user = u.sbnu_user and d.action_date between u.valid_from and u.valid_to
),

answered_legs as (
    select
        l.call_id,
        l.call_date,
        l.agent_id,
        l.speak_started_at,
        l.ended_at + (l.wrap_up_seconds + s.guide_grace_seconds) * interval 1 second as open_until
    from intermediate.int_agent_legs as l
    cross join reference.settings as s
    where l.call_date >= $from - 1 and l.call_date < $to and l.is_answered
),

leg_buckets as (
    select
        l.*,
        unnest(generate_series(
            cast(floor(epoch(l.speak_started_at) / 900) as bigint),
            cast(floor(epoch(l.open_until) / 900) as bigint)
        )) as bucket
    from answered_legs as l
),

candidates as (
    select
        a.action_id,
        l.call_id,
        l.call_date,
        row_number() over (partition by a.action_id order by l.speak_started_at desc, l.call_id desc) as from_latest
    from actions as a
    inner join leg_buckets as l
        on a.agent_id = l.agent_id and cast(floor(epoch(a.happened_at) / 900) as bigint) = l.bucket
    where a.happened_at >= l.speak_started_at and a.happened_at <= l.open_until
),

calls as (
    select call_id, call_date, citizen_municipality_code
    from intermediate.int_calls
    where call_date >= $from - 1 and call_date < $to
),

matched as (
    select
        a.*,
        coalesce(n.call_id, i.call_id) as matched_call_id,
        coalesce(n.call_date, i.call_date) as call_date,
        case
            when n.call_id is not null then 'call_id'
            when i.call_id is not null then 'interval'
            else 'none'
        end as match_quality
    from actions as a
    left join calls as n on a.call_id = n.call_id
    left join candidates as i on a.action_id = i.action_id and i.from_latest = 1
),

spaced as (
    select
        m.*,
        lag(m.happened_at) over (
            partition by m.action, m.matched_call_id, m.guide_id
            order by m.happened_at, m.action_id
        ) as previous_at
    from matched as m
)

select
    s.action_id,
    s.action,
    s.action_date,
    s.happened_at,
    s.guide_id,
    s.channel,
    s.agent_id,
    s.matched_call_id as call_id,
    s.call_date,
    s.match_quality,
    coalesce(m.municipality_code, c.citizen_municipality_code, 'unknown') as citizen_municipality_code,
    coalesce(h.municipality_code, 'unknown') as agent_municipality_code,
    s.action = 'send'
    or s.matched_call_id is null
    or s.previous_at is null
    or date_diff('second', s.previous_at, s.happened_at) > t.guide_reload_seconds as is_use
from spaced as s
cross join reference.settings as t
left join reference.municipality_spellings as m on s.citizen_municipality = m.spelling
left join calls as c on s.matched_call_id = c.call_id
left join intermediate.int_agent_history as h
    on s.agent_id = h.agent_id and s.action_date between h.valid_from and h.valid_to
