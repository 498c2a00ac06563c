-- One row per answered leg and day on which a guide that its agent uses belongs to the
-- call: from the first word until wrap-up and a grace are over. On a callback these are
-- days after the call's own. A day here may be one too many, never one too few: Danish
-- time is one or two hours ahead of UTC.
-- @grain call_id, leg_number, open_date
-- @build incremental by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column leg_number count event number of the leg in the call
-- @column open_date date local date
-- @column agent_id id agent
-- @column citizen_municipality_code code whose number was dialled
-- @column speak_started_at time start of speaking, UTC
-- @column open_until time end of the grace, UTC
with legs as (
    select
        l.call_id,
        l.call_date,
        l.leg_number,
        l.agent_id,
        c.citizen_municipality_code,
        l.speak_started_at,
        l.ended_at + (l.wrap_up_seconds + s.guide_grace_seconds) * interval 1 second as open_until
    from intermediate.int_agent_legs as l
    inner join intermediate.int_calls as c on l.call_id = c.call_id
    cross join reference.settings as s
    where
        l.call_date >= $from and l.call_date < $to
        and c.call_date >= $from and c.call_date < $to
        and l.is_answered
)

select
    l.call_id,
    l.call_date,
    l.leg_number,
    cast(unnest(generate_series(
        date_trunc('day', l.speak_started_at + interval 1 hour),
        date_trunc('day', l.open_until + interval 2 hour),
        interval 1 day
    )) as date) as open_date,
    l.agent_id,
    l.citizen_municipality_code,
    l.speak_started_at,
    l.open_until
from legs as l
