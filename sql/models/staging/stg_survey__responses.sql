-- One row per survey as the REST API delivers it: question and reply in one item.
-- @grain response_id
-- @build view by sent_date
-- @column response_id id the API's id
-- @column sent_date date local date the question was sent
-- @column sent_local time wall clock when the question was sent
-- @column answered_local time wall clock of the last change, which is the reply's
-- @column agent_code text the agent of the call's last leg: Puzzel's number, or the name he logs on with, lower case
-- @column citizen_pseudonym id keyed pseudonym of the number asked
-- @column reply_text text the reply, scrubbed
-- @column score score 1-9 where the reply is one
-- @column score_rule code the parser's rule that fired
select
    id as response_id,
    _day as sent_date,
    timezone('Europe/Copenhagen', sms_sent_at) as sent_local,
    timezone('Europe/Copenhagen', updated_at) as answered_local,
    meta.key(agentid) as agent_code,
    msisdn as citizen_pseudonym,
    response as reply_text,
    score,
    score_rule
from raw.survey__survey_responses
