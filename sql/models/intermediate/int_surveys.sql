-- One row per survey question sent, with its call and what was answered within
-- the window. An answer belongs to the last question of the same call, or to the
-- same number where the call is not named. The call is the one the source names,
-- however old, else the agent's last call with that number that ended within the link
-- time before the SMS, whatever the day it was made on, else none. A question that went
-- out before the call it names began,
-- by more than clocks may differ, cannot be about it. A first answer without any question stands for one
-- (SOURCES §2). The first valid score counts; what arrives after the window does
-- not exist here. A reply is any text, whether there is a score in it or not.
-- @grain survey_id
-- @build incremental by sent_date
-- @follow intermediate.int_survey_messages by happened_date
-- @follow intermediate.int_survey_messages by call_id, to intermediate.int_survey_messages by happened_date
-- @follow intermediate.int_survey_messages by unnamed_pseudonym,
--   to intermediate.int_survey_messages by happened_date
-- @follow intermediate.int_survey_calls by link_date
-- @follow intermediate.int_calls by call_id, to intermediate.int_survey_messages by happened_date
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
with messages_in_range as (
    select *
    from intermediate.int_survey_messages
    where happened_date >= $from and happened_date < $to
),

messages as (
    select *
    from intermediate.int_survey_messages
    where
        happened_date >= $from and happened_date < $to
        or call_id in (select r.call_id from messages_in_range as r)
        or unnamed_pseudonym in (select r.unnamed_pseudonym from messages_in_range as r)
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
    where a.happened_at >= q.happened_at
    union all
    select a.message_id, q.message_id as question_id, q.happened_at as question_at
    from answers as a
    inner join questions as q on a.unnamed_pseudonym = q.unnamed_pseudonym
    where a.happened_at >= q.happened_at
),

attached as (
    select
        message_id,
        question_id,
        row_number() over (partition by message_id order by question_at desc, question_id) as from_latest
    from answer_questions
),

conversations as (
    select
        message_id as survey_id, happened_date as sent_date, happened_at as sent_at, call_id, agent_id, citizen_pseudonym
    from questions
    union all
    select
        a.message_id as survey_id, a.happened_date as sent_date, a.happened_at as sent_at, a.call_id, a.agent_id,
        a.citizen_pseudonym
    from answers as a
    where a.sequence = 2 and a.message_id not in (select t.message_id from attached as t)
    union all
    select
        r.response_id as survey_id,
        r.sent_date,
        timezone('UTC', timezone('Europe/Copenhagen', r.sent_local)) as sent_at,
        cast(null as ubigint) as call_id,
        coalesce(try_cast(r.agent_code as bigint), n.agent_id) as agent_id,
        r.citizen_pseudonym
    from staging.stg_survey__responses as r
    left join intermediate.int_agent_names as n on r.agent_code = n.user_name
    where r.sent_date >= $from and r.sent_date < $to
),

replies as (
    select
        coalesce(t.question_id, a.message_id) as survey_id,
        a.happened_at as replied_at,
        a.sequence,
        a.message_id,
        a.score,
        a.score_rule
    from answers as a
    left join attached as t on a.message_id = t.message_id and t.from_latest = 1
    where a.is_reply
    union all
    select
        r.response_id as survey_id,
        timezone('UTC', timezone('Europe/Copenhagen', r.answered_local)) as replied_at,
        2 as sequence,
        r.response_id as message_id,
        r.score,
        r.score_rule
    from staging.stg_survey__responses as r
    where r.sent_date >= $from and r.sent_date < $to and (r.reply_text is not null or r.score is not null)
),

asked_in_range as (
    select * from conversations where sent_date >= $from and sent_date < $to
),

timely_replies as (
    select
        r.survey_id,
        r.replied_at,
        r.score,
        r.score_rule,
        row_number() over (partition by r.survey_id order by r.replied_at, r.sequence, r.message_id) as from_first
    from replies as r
    inner join asked_in_range as a on r.survey_id = a.survey_id
    cross join reference.settings as s
    where r.replied_at <= a.sent_at + s.survey_window_hours * interval 1 hour
),

answered as (
    select
        survey_id,
        min(replied_at) as replied_at,
        arg_min(score_rule, from_first) as score_rule,
        arg_min(score, from_first) filter (where score is not null) as score
    from timely_replies
    group by survey_id
),

linked as (
    select
        a.survey_id,
        c.call_id,
        c.call_date,
        row_number() over (partition by a.survey_id order by c.ended_at desc, c.call_id desc) as from_latest
    from asked_in_range as a
    cross join reference.settings as s
    inner join intermediate.int_survey_calls as c
        on a.agent_id = c.agent_id and a.citizen_pseudonym = c.citizen_pseudonym and a.sent_date = c.link_date
    where
        a.call_id is null
        and c.link_date >= $from and c.link_date < $to
        and c.ended_at <= a.sent_at
        and c.ended_at >= a.sent_at - s.survey_link_minutes * interval 1 minute
),

named_calls as (
    select call_id, call_date, started_at
    from intermediate.int_calls
    where call_id in (select a.call_id from asked_in_range as a)
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
left join named_calls as n on a.call_id = n.call_id and a.sent_at >= n.started_at - interval 2 minute
left join linked as l on a.survey_id = l.survey_id and l.from_latest = 1
left join answered as r on a.survey_id = r.survey_id
