-- One row per guide an agent opened and per SMS or mail sent from one, with its call.
-- Opening the same guide again in the same call within the reload time of the view
-- before is no new use, whoever of the call's agents opens it (SOURCES §3); of views
-- at 0, 25 and 50 s each is a reload of the one before it, so the three are one use.
-- @grain action_id
-- @build incremental by action_date
-- @follow intermediate.int_guide_matches by action_date
-- @follow intermediate.int_guide_matches by call_id, to intermediate.int_guide_matches by action_date
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
-- @column is_use flag counts: every send, and every view that is not a reload
with matches as (
    select *
    from intermediate.int_guide_matches
    where
        action_date >= $from and action_date < $to
        or call_id in (
            select m.call_id
            from intermediate.int_guide_matches as m
            where m.action_date >= $from and m.action_date < $to
        )
),

spaced as (
    select
        m.*,
        lag(m.happened_at) over (
            partition by m.action, m.call_id, m.guide_id
            order by m.happened_at, m.action_id
        ) as previous_at
    from matches as m
)

select
    s.action_id,
    s.action,
    s.action_date,
    s.happened_at,
    s.guide_id,
    s.channel,
    s.agent_id,
    s.call_id,
    s.call_date,
    s.match_quality,
    s.citizen_municipality_code,
    s.agent_municipality_code,
    s.action = 'send'
    or s.call_id is null
    or s.previous_at is null
    or s.happened_at > s.previous_at + t.guide_reload_seconds * interval 1 second as is_use
from spaced as s
cross join reference.settings as t
where s.action_date >= $from and s.action_date < $to
