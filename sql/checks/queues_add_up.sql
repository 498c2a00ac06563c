-- The offered calls of the queues add up to the whole in every month: each offered
-- call has exactly one first queue of the hotline. A gap means that a call counts in
-- no queue or in two. Look at first_queue_key of that month's calls in fct_calls,
-- and at queues.csv for a queue whose kind was changed.
-- @severity error
select
    t.period,
    t.calls_offered,
    q.calls_offered as queues_offered
from marts.kpi_sums as t
left join (
    select period, sum(calls_offered) as calls_offered
    from marts.kpi_sums
    where perspective = 'citizen' and grouping = 'queue' and municipality_code = 'all'
    group by period
) as q on t.period = q.period
where
    t.perspective = 'citizen' and t.grouping = 'total' and t.municipality_code = 'all'
    and t.calls_offered <> coalesce(q.calls_offered, 0)
