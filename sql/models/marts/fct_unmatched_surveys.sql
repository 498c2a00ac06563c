-- One row per survey question that no call could be found for. They count in no
-- figure; their number is shown.
-- @grain survey_id
-- @build incremental by sent_date
-- @column survey_id id the source's question
-- @column sent_date date local date the question was sent
-- @column is_replied flag any text came back within the window
-- @column score score first valid score 1-9
select
    survey_id,
    sent_date,
    is_replied,
    score
from intermediate.int_surveys
where sent_date >= $from and sent_date < $to and call_id is null
