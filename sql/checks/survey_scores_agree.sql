-- Replies of the last quarter year whose own score, as the survey system read it,
-- differs from the one its words give: the system's counts. A slip now and then is
-- normal; more than one in twenty says that the column named as the score holds
-- something else. Look at the columns of the survey in ddh.toml.
-- @severity warn
select
    date_trunc('month', m.replied_on) as month_from,
    count(*) filter (where m.is_contradicted) as contradicted,
    count(*) as scored
from (
    select message_date as replied_on, is_contradicted from staging.stg_survey__messages where score is not null
    union all
    select sent_date as replied_on, is_contradicted from staging.stg_survey__responses where score is not null
) as m
where m.replied_on >= (select cast(data_until as date) - 90 from marts.dim_data)
group by date_trunc('month', m.replied_on)
having count(*) filter (where m.is_contradicted) > 0.05 * count(*)
