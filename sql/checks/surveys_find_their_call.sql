-- Survey questions that no call was found for, in months of the last quarter year:
-- their replies count nowhere. A few are normal; more than one in twenty says that
-- the link is broken. Look whether related_call_id still arrives, whether the
-- survey's agents are Puzzel's, and whether the calls of those days have arrived at
-- all; then survey_link in ddh.toml.
-- @severity warn
select
    coalesce(u.month_from, s.month_from) as month_from,
    coalesce(u.questions, 0) as unmatched,
    coalesce(s.questions, 0) + coalesce(u.questions, 0) as questions
from (
    select cast(date_trunc('month', sent_date) as date) as month_from, count(*) as questions
    from marts.fct_unmatched_surveys
    where sent_date >= (select cast(data_until as date) - 90 from marts.dim_data)
    group by cast(date_trunc('month', sent_date) as date)
) as u
full outer join (
    select cast(date_trunc('month', call_date) as date) as month_from, count(*) as questions
    from marts.fct_surveys
    where call_date >= (select cast(data_until as date) - 90 from marts.dim_data)
    group by cast(date_trunc('month', call_date) as date)
) as s on u.month_from = s.month_from
where coalesce(u.questions, 0) > 0.05 * (coalesce(s.questions, 0) + coalesce(u.questions, 0)) + 3
