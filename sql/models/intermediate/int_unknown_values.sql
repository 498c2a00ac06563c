-- One row per day, kind and text that was not recognised, with how often: what nobody
-- recognised must not look as if it had been. What each kind does to the figures is in
-- the seed unknown_kinds. A queue that queues.csv does not name is listed even where Puzzel
-- describes it: whose it is only queues.csv can say. Codes are held against those that Puzzel documents (SOURCES §1).
-- @grain seen_date, kind, key
-- @build incremental by seen_date
-- @check row_count > 0
-- @column seen_date date local date
-- @column kind code of the seed unknown_kinds
-- @column key text the text as it is compared
-- @column text text as it came, of several spellings the first; an address is masked, since it names an agent
-- @column row_count count events, calls, legs or guide actions
with events as (
    select *
    from staging.stg_puzzel__call_events
    where call_date >= $from and call_date < $to
),

codes as (
    select
        call_date as seen_date,
        event_type,
        coalesce(result_code, '') as result_code,
        coalesce(unknown_callback_leg, '') as unknown_callback_leg,
        media_type_id,
        count(*) as row_count
    from events
    group by call_date, event_type, coalesce(result_code, ''), coalesce(unknown_callback_leg, ''), media_type_id
),

queues as (
    select
        e.call_date as seen_date,
        e.queue_key,
        count(*) as row_count
    from events as e
    left join reference.queues as q on e.queue_key = meta.key(q.queue_key)
    where e.queue_key is not null and q.queue_key is null and left(e.queue_key, 10) <> '__callout_'
    group by e.call_date, e.queue_key
),

dialled as (
    select
        c.call_id,
        c.call_date,
        arg_min(coalesce(e.destination_number, '(skjult)'), e.event_number) as number
    from intermediate.int_calls as c
    inner join intermediate.int_call_events as e on c.call_id = e.call_id
    where
        c.call_date >= $from and c.call_date < $to
        and e.call_date >= $from and e.call_date < $to
        and not c.is_access_number_mapped
        and e.event_type = 'i'
    group by c.call_id, c.call_date
),

legs as (
    select *
    from intermediate.int_agent_legs
    where call_date >= $from and call_date < $to
),

employers as (
    select
        l.call_date as seen_date,
        case when h.usergroup_name is null then 'agent' else 'user_group' end as kind,
        coalesce(h.usergroup_name, cast(l.agent_id as varchar)) as text,
        count(*) as row_count
    from legs as l
    left join intermediate.int_agent_history as h
        on l.agent_id = h.agent_id and l.call_date between h.valid_from and h.valid_to
    where l.agent_municipality_code = 'unknown'
    group by
        l.call_date,
        case when h.usergroup_name is null then 'agent' else 'user_group' end,
        coalesce(h.usergroup_name, cast(l.agent_id as varchar))
),

delivered as (
    select view_date as seen_date, 'view/' || view_id as action_id, citizen_municipality, sbnu_user
    from staging.stg_sbnu__guide_views
    where view_date >= $from and view_date < $to
    union all
    select send_date as seen_date, 'send/' || send_id as action_id, citizen_municipality, sbnu_user
    from staging.stg_sbnu__guide_sends
    where send_date >= $from and send_date < $to
),

actions as (
    select
        d.seen_date,
        d.citizen_municipality,
        d.sbnu_user,
        a.guide_id,
        a.agent_id,
        a.action,
        a.channel,
        a.citizen_municipality_code,
        g.guide_id as known_guide_id
    from delivered as d
    inner join intermediate.int_guide_matches as a on d.action_id = a.action_id and d.seen_date = a.action_date
    left join intermediate.int_guides as g on a.guide_id = g.guide_id
    where a.action_date >= $from and a.action_date < $to
),

found as (
    select seen_date, 'result_code' as kind, event_type || ':' || result_code as text, row_count
    from codes
    where
        result_code <> ''
        and not case event_type
            when 'q' then contains('abcdefhkmqst?', result_code)
            when 'm' then contains('dehkmnt?', result_code)
            when 'c' then contains('kbcehqt?', result_code)
            else true
        end
    union all
    select seen_date, 'ciq' as kind, unknown_callback_leg as text, row_count
    from codes
    where unknown_callback_leg <> ''
    union all
    select c.seen_date, 'media_type' as kind, cast(c.media_type_id as varchar) as text, c.row_count
    from codes as c
    left join staging.stg_puzzel__media_types as m on c.media_type_id = m.media_type_id
    where m.media_type_id is null and c.media_type_id <> 1
    union all
    select seen_date, 'queue' as kind, queue_key as text, row_count
    from queues
    union all
    select call_date as seen_date, 'access_number' as kind, number as text, 1 as row_count
    from dialled
    union all
    select call_date as seen_date, 'transfer_number' as kind, transfer_number as text, 1 as row_count
    from legs
    where transfer_target = 'unmapped_number'
    union all
    select seen_date, kind, text, row_count
    from employers
    union all
    select seen_date, 'municipality' as kind, citizen_municipality as text, 1 as row_count
    from actions
    where citizen_municipality_code = 'unknown' and (meta.key(citizen_municipality) is not null or left(citizen_municipality, 1) = '#')
    union all
    select seen_date, 'sbnu_user' as kind, regexp_replace(sbnu_user, '^(.?.?)[^@]*@', '\1***@') as text, 1 as row_count
    from actions
    where agent_id is null and sbnu_user is not null
    union all
    select seen_date, 'guide' as kind, guide_id as text, 1 as row_count
    from actions
    where known_guide_id is null
    union all
    select seen_date, 'channel' as kind, '(tom)' as text, 1 as row_count
    from actions
    where action = 'send' and channel is null
)

select
    seen_date,
    kind,
    coalesce(meta.key(text), lower(text)) as key,
    min(text) as text,
    cast(sum(row_count) as bigint) as row_count
from found
group by seen_date, kind, coalesce(meta.key(text), lower(text))
