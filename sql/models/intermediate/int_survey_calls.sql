-- One row per call, agent who answered in it, and day on which a survey question that
-- names no call can be about it: one that goes out within the link time after the call
-- ended. On a callback these are days after the call's own. A day here may be one too
-- many, never one too few: Danish time is one or two hours ahead of UTC.
-- @grain call_id, agent_id, link_date
-- @build incremental by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column agent_id id an agent who answered
-- @column link_date date local date
-- @column citizen_pseudonym id keyed pseudonym of the caller
-- @column ended_at time end of the call's last event, UTC
with answered_calls as (
    select distinct
        c.call_id,
        c.call_date,
        l.agent_id,
        c.caller_pseudonym as citizen_pseudonym,
        c.ended_at,
        s.survey_link_minutes
    from intermediate.int_calls as c
    inner join intermediate.int_agent_legs as l on c.call_id = l.call_id
    cross join reference.settings as s
    where
        c.call_date >= $from and c.call_date < $to
        and l.call_date >= $from and l.call_date < $to
        and l.is_answered and c.caller_pseudonym is not null
)

select
    c.call_id,
    c.call_date,
    c.agent_id,
    cast(unnest(generate_series(
        date_trunc('day', c.ended_at + interval 1 hour),
        date_trunc('day', c.ended_at + c.survey_link_minutes * interval 1 minute + interval 2 hour),
        interval 1 day
    )) as date) as link_date,
    c.citizen_pseudonym,
    c.ended_at
from answered_calls as c
