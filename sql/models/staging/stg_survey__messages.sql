-- One row per message of the SMS survey as Puzzel's table `surveys` has it:
-- 1 question, 2 first answer, 3 follow-up or unsolicited comment, 4 its answer.
-- @grain message_id
-- @build view by message_date
-- @column message_id id the conversation and the message's place in it
-- @column message_date date local date of the message
-- @column sequence count 1 question, 2 first answer, 3 and 4 what follows
-- @column call_id id the call asked about, where Puzzel says
-- @column agent_id id the agent of the call's last leg
-- @column citizen_pseudonym id keyed pseudonym of the number asked
-- @column happened_local time wall clock of the question or of the answer
-- @column reply_text text the answer, scrubbed
-- @column score score 1-9 where the answer is one
-- @column score_rule code the parser's rule that fired
select
    concat_ws('/', coalesce(cast(related_call_id as varchar), related_iq_session_id, concat_ws('/', destination, agent_id, dte_sent, dte_answered)), sequence) as message_id,
    _day as message_date,
    sequence,
    related_call_id as call_id,
    agent_id,
    destination as citizen_pseudonym,
    case
        when sequence = 1 then coalesce(dte_sent, dte_updated)
        else coalesce(dte_answered, dte_sent, dte_updated)
    end as happened_local,
    coalesce(answer, comment) as reply_text,
    score,
    score_rule
from raw.survey__surveys
