-- One row per survey as the REST API delivers it: question and reply in one item.
-- The source's own rating wins over the words of the reply; a comment is read like a
-- reply where there is none.
-- @grain response_id
-- @build view by sent_date
-- @column response_id id the API's id
-- @column sent_date date local date the question was sent
-- @column sent_local time wall clock when the question was sent
-- @column answered_local time wall clock of the last change, which is the reply's
-- @column agent_code text the agent of the call's last leg: Puzzel's number, or the name he logs on with, lower case
-- @column citizen_pseudonym id keyed pseudonym of the number asked
-- @column reply_text text the reply, scrubbed
-- @column score score 1-9: the source's own rating, else the reply's, else the comment's
-- @column score_rule code the parser's rule that fired on it
-- @column is_contradicted flag the source's own rating is not the score its reply gives
select
    id as response_id,
    _day as sent_date,
    timezone('Europe/Copenhagen', sms_sent_at) as sent_local,
    timezone('Europe/Copenhagen', updated_at) as answered_local,
    meta.key(agentid) as agent_code,
    msisdn as citizen_pseudonym,
    coalesce(response, comment) as reply_text,
    coalesce(given_score, score, case when response is null then comment_score end) as score,
    case
        when given_score is not null then given_rule
        when response is null and score is null then coalesce(comment_rule, given_rule)
        else score_rule
    end as score_rule,
    coalesce(given_score <> score, false) as is_contradicted
from raw.survey__survey_responses
