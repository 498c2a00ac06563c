-- The help matrix adds up to what both perspectives tell of every municipality: its
-- rows to calls_answered of the citizens, and off the diagonal to no more than
-- helped_by_others, its columns to calls_answered and handled_for_others of the agents. A gap means that the matrix
-- and the figures were built from different calls: ddh rebuild brings them together,
-- and how they came apart is worth a report.
-- @severity error
with margins as (
    select
        period,
        'citizen' as perspective,
        citizen_municipality_code as municipality_code,
        sum(calls_answered) as calls_answered,
        sum(case
            when citizen_municipality_code <> 'unknown' and citizen_municipality_code <> agent_municipality_code
                then calls_answered
            else 0
        end) as calls_of_others
    from marts.kpi_help_matrix
    group by period, citizen_municipality_code
    union all
    select
        period,
        'agent' as perspective,
        agent_municipality_code as municipality_code,
        sum(agent_calls) as calls_answered,
        sum(case when citizen_municipality_code <> agent_municipality_code then agent_calls else 0 end) as calls_of_others
    from marts.kpi_help_matrix
    group by period, agent_municipality_code
),

figures as (
    select
        period,
        perspective,
        key as municipality_code,
        calls_answered,
        case perspective when 'citizen' then calls_helped_by_others else calls_handled_for_others end as calls_of_others
    from marts.kpi_sums
    where grouping = 'municipality' and municipality_code = 'all'
)

select
    coalesce(f.period, m.period) as period,
    coalesce(f.perspective, m.perspective) as perspective,
    coalesce(f.municipality_code, m.municipality_code) as municipality_code,
    f.calls_answered,
    m.calls_answered as matrix_answered,
    f.calls_of_others,
    m.calls_of_others as matrix_of_others
from figures as f
full outer join margins as m
    on f.period = m.period and f.perspective = m.perspective and f.municipality_code = m.municipality_code
where
    coalesce(f.calls_answered, 0) <> coalesce(m.calls_answered, 0)
    or coalesce(f.calls_of_others, 0) < coalesce(m.calls_of_others, 0)
    or coalesce(f.perspective, m.perspective) = 'agent'
    and coalesce(f.calls_of_others, 0) <> coalesce(m.calls_of_others, 0)
