-- One row per message of the SMS survey with the moment at which it went out or came
-- back, and what tells which other messages belong to it: the call, or the citizen where
-- no call is named.
-- @grain message_id
-- @build incremental by message_date
-- @column message_id id the conversation and the message's place in it
-- @column message_date date local date under which the source's row is kept
-- @column happened_date date local date of the question or of the answer
-- @column happened_at time moment of the question or of the answer, UTC
-- @column sequence count 1 question, 2 first answer, 3 and 4 what follows
-- @column call_id id the call asked about, where Puzzel says
-- @column unnamed_pseudonym id the citizen's pseudonym where the call is not named
-- @column citizen_pseudonym id keyed pseudonym of the number asked
-- @column agent_id id the agent of the call's last leg
-- @column is_reply flag the message says something
-- @column score score 1-9 where the answer is one
-- @column score_rule code the parser's rule that fired
select
    message_id,
    message_date,
    cast(happened_local as date) as happened_date,
    timezone('UTC', timezone('Europe/Copenhagen', happened_local)) as happened_at,
    sequence,
    call_id,
    case when call_id is null then citizen_pseudonym end as unnamed_pseudonym,
    citizen_pseudonym,
    agent_id,
    reply_text is not null or score is not null as is_reply,
    score,
    score_rule
from staging.stg_survey__messages
where message_date >= $from and message_date < $to
