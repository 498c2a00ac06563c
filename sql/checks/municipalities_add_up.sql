-- The municipalities' calls add up to the whole, in both perspectives.
-- @severity error
select
    t.call_date,
    t.perspective,
    t.calls_answered,
    m.calls_answered as municipalities_answered
from marts.kpi_daily as t
left join (
    select call_date, perspective, sum(calls_answered) as calls_answered
    from marts.kpi_daily
    where grouping = 'municipality'
    group by call_date, perspective
) as m on t.call_date = m.call_date and t.perspective = m.perspective
where t.grouping = 'total' and t.calls_answered is distinct from m.calls_answered
