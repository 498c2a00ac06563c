-- One row per message of the SMS survey as Puzzel's table `surveys` has it:
-- 1 question, 2 first answer, 3 follow-up or unsolicited comment, 4 its answer. The
-- score that the source itself read wins over the words of the answer; a comment is
-- read like an answer where there is no answer.
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
-- @column score score 1-9: the source's own, else the answer's, else the comment's
-- @column score_rule code the parser's rule that fired on it
-- @column is_contradicted flag the source's own score is not the one its answer gives
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
    coalesce(given_score, score, case when answer is null then comment_score end) as score,
    case
        when given_score is not null then given_rule
        when answer is null and score is null then coalesce(comment_rule, given_rule)
        else score_rule
    end as score_rule,
    coalesce(given_score <> score, false) as is_contradicted
from raw.survey__surveys
