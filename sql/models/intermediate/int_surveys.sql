-- One row per survey question sent, with its call and what was answered within
-- the window. An answer belongs to the last question of the same call, or to the
-- same number where the call is not named. The call is the one the source names,
-- else the agent's last call with that number that ended within the link time
-- before the SMS, else none. A question that went out before the call it names began,
-- by more than clocks may differ, cannot be about it. A first answer without any question stands for one
-- (SOURCES §2). The first valid score counts; what arrives after the window does
-- not exist here.
-- @grain survey_id
-- @build incremental by sent_date, 8 days back, 7 days ahead
-- @check score between 1 and 9
-- @column survey_id id the source's question
-- @column sent_date date local date the question was sent
-- @column sent_at time when the question was sent, UTC
-- @column agent_id id the agent Puzzel names, of the call's last leg
-- @column call_id id the call asked about, empty where none was found
-- @column call_date date local date of that call
-- @column match_quality code call_id, agent_and_number or none
-- @column is_replied flag any text came back within the window
-- @column replied_at time first reply within the window, UTC
-- @column score score first valid score 1-9 within the window
-- @column score_rule code the parser's rule for the first reply
with messages as (
    select
        m.*,
        timezone('UTC', timezone('Europe/Copenhagen', m.happened_local)) as happened_at
    from staging.stg_survey__messages as m
    where m.message_date >= $from - 31 and m.message_date < $to + 9
),

questions as (
    select * from messages where sequence = 1
),

answers as (
    select * from messages where sequence in (2, 3)
),

answer_questions as (
    select a.message_id, q.message_id as question_id, q.happened_at as question_at
    from answers as a
    inner join questions as q on a.call_id = q.call_id
    where a.happened_at >= q.happened_at and a.happened_at < q.happened_at + interval 30 day
    union all
    select a.message_id, q.message_id as question_id, q.happened_at as question_at
    from answers as a
    inner join questions as q on a.citizen_pseudonym = q.citizen_pseudonym
    where
        a.call_id is null and q.call_id is null
        and a.happened_at >= q.happened_at and a.happened_at < q.happened_at + interval 30 day
),

attached as (
    select
        message_id,
        arg_max(question_id, question_at) as question_id
    from answer_questions
    group by message_id
),

conversations as (
    select message_id as survey_id, happened_at as sent_at, call_id, agent_id, citizen_pseudonym
    from questions
    union all
    select a.message_id as survey_id, a.happened_at as sent_at, a.call_id, a.agent_id, a.citizen_pseudonym
    from answers as a
    where a.sequence = 2 and a.message_id not in (select t.message_id from attached as t)
    union all
    select
        r.response_id as survey_id,
        timezone('UTC', timezone('Europe/Copenhagen', r.sent_local)) as sent_at,
        cast(null as ubigint) as call_id,
        coalesce(try_cast(r.agent_code as bigint), n.agent_id) as agent_id,
        r.citizen_pseudonym
    from staging.stg_survey__responses as r
    left join intermediate.int_agent_names as n on r.agent_code = n.user_name
    where r.sent_date >= $from and r.sent_date < $to
),

replies as (
    select coalesce(t.question_id, a.message_id) as survey_id, a.happened_at as replied_at, a.sequence, a.score, a.score_rule
    from answers as a
    left join attached as t on a.message_id = t.message_id
    where a.reply_text is not null or a.score is not null
    union all
    select
        r.response_id as survey_id,
        timezone('UTC', timezone('Europe/Copenhagen', r.answered_local)) as replied_at,
        2 as sequence,
        r.score,
        r.score_rule
    from staging.stg_survey__responses as r
    where r.sent_date >= $from and r.sent_date < $to and (r.reply_text is not null or r.score is not null)
),

asked as (
    select
        c.*,
        cast(timezone('Europe/Copenhagen', timezone('UTC', c.sent_at)) as date) as sent_date
    from conversations as c
),

asked_in_range as (
    select * from asked where sent_date >= $from and sent_date < $to
),

timely_replies as (
    select
        r.survey_id,
        min(r.replied_at) as replied_at,
        arg_min(r.score_rule, epoch(r.replied_at) * 10 + r.sequence) as score_rule,
        arg_min(r.score, epoch(r.replied_at) * 10 + r.sequence) filter (where r.score is not null) as score
    from replies as r
    inner join asked_in_range as a on r.survey_id = a.survey_id
    cross join reference.settings as s
    where r.replied_at <= a.sent_at + s.survey_window_hours * interval 1 hour
    group by r.survey_id
),

linked as (
    select
        a.survey_id,
        c.call_id,
        c.call_date,
        row_number() over (partition by a.survey_id order by c.ended_at desc, c.call_id desc) as from_latest
    from asked_in_range as a
    cross join reference.settings as s
    inner join intermediate.int_agent_legs as l on a.agent_id = l.agent_id
    inner join intermediate.int_calls as c
        on l.call_id = c.call_id and a.citizen_pseudonym = c.caller_pseudonym
    where
        a.call_id is null
        and l.is_answered
        and l.call_date >= $from - 1 and l.call_date < $to
        and c.call_date >= $from - 1 and c.call_date < $to
        and l.call_date between a.sent_date - 1 and a.sent_date
        and c.ended_at <= a.sent_at
        and c.ended_at >= a.sent_at - s.survey_link_minutes * interval 1 minute
)

select
    a.survey_id,
    a.sent_date,
    a.sent_at,
    a.agent_id,
    coalesce(n.call_id, l.call_id) as call_id,
    coalesce(n.call_date, l.call_date) as call_date,
    case
        when n.call_id is not null then 'call_id'
        when l.call_id is not null then 'agent_and_number'
        else 'none'
    end as match_quality,
    r.survey_id is not null as is_replied,
    r.replied_at,
    cast(r.score as integer) as score,
    r.score_rule
from asked_in_range as a
left join intermediate.int_calls as n
    on
        a.call_id = n.call_id and n.call_date >= $from - 7 and n.call_date < $to
        and a.sent_at >= n.started_at - interval 2 minute
left join linked as l on a.survey_id = l.survey_id and l.from_latest = 1
left join timely_replies as r on a.survey_id = r.survey_id
