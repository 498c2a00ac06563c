-- One row per period, perspective, group and KPI: the figure everybody sees, with
-- what it was divided from, its interval, target and status. Every division in the
-- warehouse happens here, once. An empty denominator gives no value. Shares carry
-- a Wilson 95 % interval, means a t-interval (DOMAIN §4). Satisfaction is not shown
-- for fewer than five answers.
-- @grain period, perspective, grouping, key, municipality_code, kpi
-- @build incremental by year_from, 366 days back
-- @check value is null or status not in ('suppressed', 'no_data')
-- @check lower is null or lower <= value + 1e-9
-- @check upper is null or upper >= value - 1e-9
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column period_kind code month, quarter or year
-- @column period_from date first day
-- @column period_to date last day
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region, agent, guide, queue, topic or transfer_number
-- @column key text the group
-- @column municipality_code code one municipality for groups within one, else all
-- @column label text the group's Danish name
-- @column kpi code KPI
-- @column value ratio the figure, in the KPI's unit
-- @column numerator count what was added up; empty for quantiles
-- @column denominator count what it was divided by; empty for counts
-- @column n count observations behind the figure
-- @column lower ratio lower end of the 95 % interval
-- @column upper ratio upper end of the 95 % interval
-- @column target ratio target on the period's last day
-- @column status code against the target in the KPI's own direction, else in that of targets.csv:
--      met, missed, no_target, no_data or suppressed
with sums as (
    select
        s.*,
        q.wait_seconds_median,
        q.wait_seconds_p90,
        p.population,
        p.calls_offered as inhabitants_calls
    from marts.kpi_sums as s
    left join marts.kpi_wait_quantiles as q
        on
            s.period = q.period and s.perspective = q.perspective and s.grouping = q.grouping
            and s.key = q.key and s.municipality_code = q.municipality_code
    left join marts.kpi_inhabitants as p
        on s.period = p.period and s.grouping = p.grouping and s.key = p.key
    where s.year_from >= $from and s.year_from < $to
),

measures as (
    select period, perspective, grouping, key, municipality_code,
        'wait_seconds_mean' as kpi, cast(null as double) as quantile, wait_seconds as numerator, calls_answered as denominator, calls_answered as n, wait_squares as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'first_contact_resolution' as kpi, cast(null as double) as quantile, calls_answered - calls_transferred_back as numerator, calls_answered as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'satisfaction_mean' as kpi, cast(null as double) as quantile, score_sum as numerator, scores as denominator, scores as n, score_squares as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_offered' as kpi, cast(null as double) as quantile, calls_offered as numerator, cast(null as bigint) as denominator, calls_offered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_answered' as kpi, cast(null as double) as quantile, calls_answered as numerator, cast(null as bigint) as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'answer_rate' as kpi, cast(null as double) as quantile, calls_answered as numerator, calls_offered - calls_short_abandoned as denominator, calls_offered - calls_short_abandoned as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'wait_seconds_median' as kpi, wait_seconds_median as quantile, cast(null as bigint) as numerator, calls_answered as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'wait_seconds_p90' as kpi, wait_seconds_p90 as quantile, cast(null as bigint) as numerator, calls_answered as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'answered_within_60s' as kpi, cast(null as double) as quantile, calls_answered_within_60s as numerator, calls_answered as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_abandoned' as kpi, cast(null as double) as quantile, calls_abandoned as numerator, cast(null as bigint) as denominator, calls_abandoned as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_short_abandoned' as kpi, cast(null as double) as quantile, calls_short_abandoned as numerator, cast(null as bigint) as denominator, calls_short_abandoned as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_callback_ordered' as kpi, cast(null as double) as quantile, calls_callback_ordered as numerator, cast(null as bigint) as denominator, calls_callback_ordered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_overflow' as kpi, cast(null as double) as quantile, calls_overflow as numerator, cast(null as bigint) as denominator, calls_overflow as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_rejected' as kpi, cast(null as double) as quantile, calls_rejected as numerator, cast(null as bigint) as denominator, calls_rejected as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_error' as kpi, cast(null as double) as quantile, calls_error as numerator, cast(null as bigint) as denominator, calls_error as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_menu_only' as kpi, cast(null as double) as quantile, calls_menu_only as numerator, cast(null as bigint) as denominator, calls_menu_only as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_outside_hours' as kpi, cast(null as double) as quantile, calls_outside_hours as numerator, cast(null as bigint) as denominator, calls_outside_hours as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_transferred_back' as kpi, cast(null as double) as quantile, calls_transferred_back as numerator, cast(null as bigint) as denominator, calls_transferred_back as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'talk_seconds_mean' as kpi, cast(null as double) as quantile, talk_seconds as numerator, legs as denominator, legs as n, talk_squares as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'wrap_up_seconds_mean' as kpi, cast(null as double) as quantile, wrap_up_seconds as numerator, legs as denominator, legs as n, wrap_up_squares as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'hold_seconds_mean' as kpi, cast(null as double) as quantile, hold_seconds as numerator, legs as denominator, legs as n, hold_squares as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'handling_seconds_mean' as kpi, cast(null as double) as quantile, handling_seconds as numerator, legs as denominator, legs as n, handling_squares as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'repeat_calls_7d' as kpi, cast(null as double) as quantile, calls_repeated as numerator, calls_answered - calls_transferred_back as denominator, calls_answered - calls_transferred_back as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'calls_per_1000_inhabitants' as kpi, cast(null as double) as quantile, inhabitants_calls as numerator, population as denominator, coalesce(inhabitants_calls, 0) as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'handled_for_others' as kpi, cast(null as double) as quantile, calls_handled_for_others as numerator, cast(null as bigint) as denominator, calls_handled_for_others as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'helped_by_others' as kpi, cast(null as double) as quantile, calls_helped_by_others as numerator, cast(null as bigint) as denominator, calls_helped_by_others as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'survey_sent' as kpi, cast(null as double) as quantile, surveys_sent as numerator, cast(null as bigint) as denominator, surveys_sent as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'survey_replies' as kpi, cast(null as double) as quantile, survey_replies as numerator, cast(null as bigint) as denominator, survey_replies as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'survey_response_rate' as kpi, cast(null as double) as quantile, survey_replies as numerator, surveys_sent as denominator, surveys_sent as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'satisfaction_share_low' as kpi, cast(null as double) as quantile, scores_low as numerator, scores as denominator, scores as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'satisfaction_share_mid' as kpi, cast(null as double) as quantile, scores_mid as numerator, scores as denominator, scores as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'satisfaction_share_high' as kpi, cast(null as double) as quantile, scores_high as numerator, scores as denominator, scores as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'guide_views' as kpi, cast(null as double) as quantile, guide_views as numerator, cast(null as bigint) as denominator, guide_views as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'guide_coverage' as kpi, cast(null as double) as quantile, calls_with_guide as numerator, calls_answered as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'guide_sends' as kpi, cast(null as double) as quantile, guide_sends as numerator, cast(null as bigint) as denominator, guide_sends as n, cast(null as bigint) as squares
    from sums
    union all
    select period, perspective, grouping, key, municipality_code,
        'guide_send_rate' as kpi, cast(null as double) as quantile, call_guide_sends as numerator, calls_answered as denominator, calls_answered as n, cast(null as bigint) as squares
    from sums
),

in_scope as (
    select
        m.*,
        k.kind,
        k.unit,
        k.direction
    from measures as m
    inner join marts.dim_kpi as k on m.kpi = k.kpi
    where strpos(
        ' ' || case m.perspective when 'citizen' then k.citizen_groupings else k.agent_groupings end || ' ',
        ' ' || m.grouping || ' '
    ) > 0
    and (m.kpi <> 'calls_per_1000_inhabitants' or m.denominator is not null)
    and (m.municipality_code = 'all' or strpos(' ' || k.municipality_groupings || ' ', ' ' || m.grouping || ' ') > 0)
),

figures as (
    select
        i.*,
        coalesce(i.kpi like 'satisfaction_%' and i.n between 1 and 4, false) as is_suppressed,
        case
            when i.kind = 'quantile' then i.quantile
            when i.kind = 'count' then cast(i.numerator as double)
            when i.denominator = 0 then null
            when i.unit = 'per_1000' then 1000.0 * i.numerator / i.denominator
            else cast(i.numerator as double) / i.denominator
        end as value
    from in_scope as i
),

spread as (
    select
        f.*,
        case
            when f.n - 1 <= 200 then t.t_975
            else 1.959963985 + 2.372271230 / (f.n - 1) + 2.822502290 / ((f.n - 1) * (f.n - 1))
        end as t_975,
        case
            when f.kind = 'mean' and f.n > 1
                then greatest(f.squares - cast(f.numerator as double) * f.numerator / f.n, 0) / (f.n - 1)
        end as variance
    from figures as f
    left join seeds.t_quantiles as t on f.n - 1 = t.degrees_of_freedom
),

bounded as (
    select
        s.*,
        case
            when s.value is not null and s.kind = 'share'
                then greatest(0, (s.value + 1.920729411 / s.n - 1.959963985 * sqrt(greatest(s.value * (1 - s.value) / s.n + 0.960364705 / (s.n * s.n), 0))) / (1 + 3.841458821 / s.n))
            when s.variance is not null
                then greatest(s.value - s.t_975 * sqrt(s.variance / s.n), case s.unit when 'score' then 1 else 0 end)
        end as lower,
        case
            when s.value is not null and s.kind = 'share'
                then least(1, (s.value + 1.920729411 / s.n + 1.959963985 * sqrt(greatest(s.value * (1 - s.value) / s.n + 0.960364705 / (s.n * s.n), 0))) / (1 + 3.841458821 / s.n))
            when s.variance is not null and s.unit = 'score' then least(s.value + s.t_975 * sqrt(s.variance / s.n), 9)
            when s.variance is not null then s.value + s.t_975 * sqrt(s.variance / s.n)
        end as upper
    from spread as s
)

select
    b.period,
    p.year_from,
    p.period_kind,
    p.period_from,
    p.period_to,
    b.perspective,
    b.grouping,
    b.key,
    b.municipality_code,
    coalesce(g.label, case b.key when 'unknown' then 'Ukendt' else b.key end) as label,
    b.kpi,
    case when not b.is_suppressed then b.value end as value,
    case when not b.is_suppressed then b.numerator end as numerator,
    b.denominator,
    b.n,
    case when not b.is_suppressed then b.lower end as lower,
    case when not b.is_suppressed then b.upper end as upper,
    t.target,
    case
        when b.is_suppressed then 'suppressed'
        when b.value is null then 'no_data'
        when t.target is null then 'no_target'
        when coalesce(b.direction, t.direction) = 'min' and b.value <= t.target then 'met'
        when coalesce(b.direction, t.direction) = 'max' and b.value >= t.target then 'met'
        else 'missed'
    end as status
from bounded as b
inner join marts.dim_period as p on b.period = p.period
left join marts.dim_group as g on b.grouping = g.grouping and b.key = g.key
left join marts.dim_target as t on b.kpi = t.kpi and p.period_to between t.valid_from and t.valid_to
