-- One row per period, comparison, perspective and main KPI: the total over the
-- municipalities that were members on every day of both the period and the one it
-- is compared with. What a joining or leaving municipality brings or takes is thus
-- not mistaken for a change (DOMAIN §2). The numerators and denominators are those
-- of kpi_values, divided once. Satisfaction is not shown for fewer than five scores,
-- nor where it is another sum than the whole while a municipality's or the whole's is
-- hidden: over few municipalities, the one sum less the other would give it away.
-- @grain period, comparison, perspective, kpi
-- @build incremental by year_from, 366 days back, 366 days ahead
-- @check members > 0
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column comparison code previous: the period before of the same kind; last_year: the same period a year before, which a year does not have apart
-- @column compared_period code that period
-- @column perspective code citizen or agent: whose municipality
-- @column kpi code KPI
-- @column members count municipalities that count, all through both periods
-- @column value ratio value in the KPI's unit
-- @column numerator count numerator; seconds for waits, sum of scores for satisfaction; empty where not shown
-- @column denominator count denominator; empty for counts
-- @column n count calls, or replies, behind the value
-- @column compared_value ratio the same, of the compared period
-- @column compared_numerator count the same, of the compared period
-- @column compared_denominator count the same, of the compared period
-- @column compared_n count the same, of the compared period
with sums as (
    select
        period,
        year_from,
        perspective,
        key as municipality_code,
        calls_offered,
        calls_answered,
        calls_short_abandoned,
        calls_transferred_back,
        calls_answered_by_callback,
        calls_answered_within_60s,
        wait_seconds,
        scores,
        score_sum
    from marts.kpi_sums
    where
        grouping = 'municipality' and municipality_code = 'all'
        and year_from >= $from - 366 and year_from < $to
),

periods as (
    select
        p.period,
        p.year_from,
        'previous' as comparison,
        p.previous_period as compared_period
    from marts.dim_period as p
    where p.year_from >= $from and p.year_from < $to
    union all
    select
        p.period,
        p.year_from,
        'last_year' as comparison,
        p.same_period_last_year as compared_period
    from marts.dim_period as p
    where p.year_from >= $from and p.year_from < $to and p.same_period_last_year <> p.previous_period
),

present as (
    select distinct
        s.period,
        s.perspective,
        m.municipality_code
    from sums as s
    inner join marts.dim_period_membership as m on s.period = m.period
    where not m.is_partial
),

pairs as (
    select
        p.period,
        p.year_from,
        p.comparison,
        p.compared_period,
        a.perspective,
        a.municipality_code
    from periods as p
    inner join present as a on p.period = a.period
    inner join present as b
        on p.compared_period = b.period and a.perspective = b.perspective and a.municipality_code = b.municipality_code
),

sides as (
    select
        *,
        period as side_period,
        false as is_compared
    from pairs
    union all
    select
        *,
        compared_period as side_period,
        true as is_compared
    from pairs
),

wholes as (
    select
        period,
        perspective,
        sum(scores) as scores
    from sums
    group by period, perspective
),

hidden as (
    select
        period,
        perspective,
        bool_or(grouping = 'total') as is_whole_hidden
    from marts.kpi_hidden
    where
        grouping in ('total', 'municipality') and municipality_code = 'all'
        and year_from >= $from - 366 and year_from < $to
    group by period, perspective
),

totals as (
    select
        t.period,
        t.year_from,
        t.comparison,
        t.compared_period,
        t.perspective,
        t.is_compared,
        t.side_period,
        count(*) as members,
        coalesce(sum(s.calls_offered), 0) as calls_offered,
        coalesce(sum(s.calls_answered), 0) as calls_answered,
        coalesce(sum(s.calls_short_abandoned), 0) as calls_short_abandoned,
        coalesce(sum(s.calls_transferred_back), 0) as calls_transferred_back,
        coalesce(sum(s.calls_answered_by_callback), 0) as calls_answered_by_callback,
        coalesce(sum(s.calls_answered_within_60s), 0) as calls_answered_within_60s,
        coalesce(sum(s.wait_seconds), 0) as wait_seconds,
        coalesce(sum(s.scores), 0) as scores,
        coalesce(sum(s.score_sum), 0) as score_sum
    from sides as t
    left join sums as s
        on t.side_period = s.period and t.perspective = s.perspective and t.municipality_code = s.municipality_code
    group by
        t.period, t.year_from, t.comparison, t.compared_period, t.perspective, t.is_compared, t.side_period
),

kpis (kpi, exists_for_agents) as (
    values
    ('calls_offered', false),
    ('calls_answered', true),
    ('answer_rate', false),
    ('wait_seconds_mean', true),
    ('answered_within_60s', true),
    ('first_contact_resolution', true),
    ('satisfaction_mean', true)
),

measures as (
    select
        t.period,
        t.year_from,
        t.comparison,
        t.compared_period,
        t.perspective,
        t.is_compared,
        t.members,
        k.kpi,
        case k.kpi
            when 'calls_offered' then t.calls_offered
            when 'wait_seconds_mean' then t.wait_seconds
            when 'answered_within_60s' then t.calls_answered_within_60s
            when 'first_contact_resolution' then t.calls_answered - t.calls_transferred_back
            when 'satisfaction_mean' then t.score_sum
            else t.calls_answered
        end as numerator,
        case
            when k.kpi in ('calls_offered', 'calls_answered') then null
            when k.kpi = 'answer_rate' then t.calls_offered - t.calls_short_abandoned
            when k.kpi = 'satisfaction_mean' then t.scores
            when k.kpi in ('wait_seconds_mean', 'answered_within_60s') then t.calls_answered - t.calls_answered_by_callback
            else t.calls_answered
        end as denominator,
        k.kpi = 'satisfaction_mean'
        and (
            t.scores between 1 and 4
            or coalesce(h.is_whole_hidden, false)
            or h.period is not null and w.scores > t.scores
        ) as is_suppressed
    from totals as t
    inner join wholes as w on t.side_period = w.period and t.perspective = w.perspective
    left join hidden as h on t.side_period = h.period and t.perspective = h.perspective
    inner join kpis as k on t.perspective = 'citizen' or k.exists_for_agents
),

figures as (
    select
        m.*,
        coalesce(m.denominator, m.numerator) as n,
        case
            when m.kpi in ('calls_offered', 'calls_answered') then cast(m.numerator as double)
            when m.denominator > 0 and not m.is_suppressed then cast(m.numerator as double) / m.denominator
        end as value,
        case when not m.is_suppressed then m.numerator end as shown_numerator
    from measures as m
)

select
    f.period,
    f.year_from,
    f.comparison,
    f.compared_period,
    f.perspective,
    f.kpi,
    cast(f.members as integer) as members,
    f.value,
    cast(f.shown_numerator as bigint) as numerator,
    cast(f.denominator as bigint) as denominator,
    cast(f.n as bigint) as n,
    c.value as compared_value,
    cast(c.shown_numerator as bigint) as compared_numerator,
    cast(c.denominator as bigint) as compared_denominator,
    cast(c.n as bigint) as compared_n
from figures as f
inner join figures as c
    on
        f.period = c.period and f.comparison = c.comparison and f.perspective = c.perspective
        and f.kpi = c.kpi
where not f.is_compared and c.is_compared
