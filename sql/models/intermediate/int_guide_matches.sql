-- One row per guide an agent opened and per SMS or mail sent from one, with the
-- call the agent had at that moment: the one sb.nu names, however old, else the latest
-- that the agent had answered and whose wrap-up, plus a grace, was not over. Legs and
-- actions meet in quarter-hour buckets. The citizen's municipality is the call's only
-- where sb.nu says nothing: a text that is none, or a spreadsheet's error, is unknown.
-- @grain action_id
-- @build incremental by action_date
-- @follow intermediate.int_guide_legs by open_date
-- @follow intermediate.int_calls by call_id, to staging.stg_sbnu__guide_views by view_date
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
-- @column citizen_municipality_code code as sb.nu says, or unknown where that is no municipality; the call's where sb.nu says nothing
-- @column agent_municipality_code code who employs the agent that day
with delivered as (
    select
        'view/' || view_id as action_id,
        'view' as action,
        view_date as action_date,
        viewed_local as happened_local,
        guide_id,
        cast(null as varchar) as channel,
        call_id,
        coalesce(meta.place(citizen_municipality), case when left(citizen_municipality, 1) = '#' then '#' end) as citizen_municipality,
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
        coalesce(meta.place(citizen_municipality), case when left(citizen_municipality, 1) = '#' then '#' end) as citizen_municipality,
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

leg_buckets as (
    select
        l.*,
        unnest(generate_series(
            cast(floor(epoch(greatest(l.speak_started_at, cast(l.open_date as timestamp) - interval 2 hour)) / 900) as bigint),
            cast(floor(epoch(least(l.open_until, cast(l.open_date as timestamp) + interval 23 hour)) / 900) as bigint)
        )) as bucket
    from intermediate.int_guide_legs as l
    where l.open_date >= $from and l.open_date < $to
),

candidates as (
    select
        a.action_id,
        l.call_id,
        l.call_date,
        l.citizen_municipality_code,
        row_number() over (partition by a.action_id order by l.speak_started_at desc, l.call_id desc) as from_latest
    from actions as a
    inner join leg_buckets as l
        on
            a.agent_id = l.agent_id and a.action_date = l.open_date
            and cast(floor(epoch(a.happened_at) / 900) as bigint) = l.bucket
    where a.happened_at >= l.speak_started_at and a.happened_at <= l.open_until
),

named_calls as (
    select call_id, call_date, citizen_municipality_code
    from intermediate.int_calls
    where call_id in (select a.call_id from actions as a)
)

select
    a.action_id,
    a.action,
    a.action_date,
    a.happened_at,
    a.guide_id,
    a.channel,
    a.agent_id,
    coalesce(n.call_id, i.call_id) as call_id,
    coalesce(n.call_date, i.call_date) as call_date,
    case
        when n.call_id is not null then 'call_id'
        when i.call_id is not null then 'interval'
        else 'none'
    end as match_quality,
    case
        when a.citizen_municipality is not null then coalesce(m.municipality_code, 'unknown')
        when n.call_id is not null then n.citizen_municipality_code
        else coalesce(i.citizen_municipality_code, 'unknown')
    end as citizen_municipality_code,
    coalesce(h.municipality_code, 'unknown') as agent_municipality_code
from actions as a
left join named_calls as n on a.call_id = n.call_id
left join candidates as i on a.action_id = i.action_id and i.from_latest = 1
left join reference.municipality_spellings as m on a.citizen_municipality = meta.place(m.spelling)
left join intermediate.int_agent_history as h
    on a.agent_id = h.agent_id and a.action_date between h.valid_from and h.valid_to
