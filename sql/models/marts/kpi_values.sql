-- One row per period, perspective, group and KPI: the figure everybody sees, with
-- what it was divided from, its interval, target and status. Every division in the
-- warehouse happens here, once. An empty denominator gives no value. Shares carry
-- a Wilson 95 % interval, means a t-interval (DOMAIN §4). Satisfaction is not shown
-- for fewer than five answers, nor where it would give such a figure away (kpi_hidden).
-- Agents and municipalities carry the range in which 998 of 1,000 groups of their size
-- would lie if they were like the whole: funnel limits, in place of a rank.
-- @grain period, perspective, grouping, key, municipality_code, kpi
-- @build incremental by year_from
-- @check value is null or status not in ('suppressed', 'no_data')
-- @check not (kpi like 'satisfaction_%' and n between 1 and 4) or status = 'suppressed'
-- @check lower is null or lower <= value + 1e-9
-- @check upper is null or upper >= value - 1e-9
-- @check expected is null or n >= 5 and value is not null and expected_lower <= expected_upper
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
-- @column numerator count what was added up, for hours seconds; empty for quantiles
-- @column denominator count what it was divided by; empty for counts
-- @column n count observations behind the figure, for hours days with a log-on
-- @column lower ratio lower end of the 95 % interval
-- @column upper ratio upper end of the 95 % interval
-- @column target ratio target on the period's last day, also where it changed within the period
-- @column status code against the target in the KPI's own direction, else in that of targets.csv:
--      met, missed, no_target, no_data or suppressed
-- @column expected_lower ratio lower end of the range expected of a group of this size, for shares and
--      means of at least five observations by agent and municipality
-- @column expected_upper ratio upper end of it
-- @column expected code inside, above or below that range
with sums as (
    select
        s.*,
        d.period_kind,
        d.period_from,
        d.period_to,
        coalesce(g.label, case s.key when 'unknown' then 'Ukendt' else s.key end) as label,
        h.cell_number is not null as is_hidden,
        q.wait_seconds_median,
        q.wait_seconds_p90,
        q.wait_seconds_max,
        q.callback_wait_seconds_median,
        p.population,
        p.calls_offered as inhabitants_calls
    from marts.kpi_sums as s
    inner join marts.dim_period as d on s.period = d.period
    left join marts.dim_group as g on s.grouping = g.grouping and s.key = g.key
    left join marts.kpi_hidden as h
        on
            s.period = h.period and s.perspective = h.perspective and s.grouping = h.grouping
            and s.key = h.key and s.municipality_code = h.municipality_code
    left join marts.kpi_wait_quantiles as q
        on
            s.period = q.period and s.perspective = q.perspective and s.grouping = q.grouping
            and s.key = q.key and s.municipality_code = q.municipality_code
    left join marts.kpi_inhabitants as p
        on s.period = p.period and s.grouping = p.grouping and s.key = p.key
    where s.year_from >= $from and s.year_from < $to
),

shapes as (
    select distinct perspective, grouping, municipality_code = 'all' as is_whole
    from marts.kpi_sums
    where year_from >= $from and year_from < $to
),

scope as (
    select
        s.perspective,
        s.grouping,
        s.is_whole,
        k.kpi,
        k.kind,
        k.unit,
        k.direction,
        strpos(k.kpi, 'satisfaction_') = 1 as is_score
    from shapes as s
    inner join marts.dim_kpi as k
        on
            strpos(
                ' ' || case s.perspective when 'citizen' then k.citizen_groupings else k.agent_groupings end || ' ',
                ' ' || s.grouping || ' '
            ) > 0
            and (s.is_whole or strpos(' ' || k.municipality_groupings || ' ', ' ' || s.grouping || ' ') > 0)
),

measures as (
    select
        s.period,
        s.year_from,
        s.period_kind,
        s.period_from,
        s.period_to,
        s.perspective,
        s.grouping,
        s.key,
        s.municipality_code,
        s.label,
        k.kpi,
        k.kind,
        k.unit,
        k.direction,
        k.is_score and s.is_hidden as is_suppressed,
        case k.kpi
            when 'wait_seconds_median' then s.wait_seconds_median
            when 'wait_seconds_p90' then s.wait_seconds_p90
            when 'wait_seconds_max' then s.wait_seconds_max
            when 'callback_wait_seconds_median' then s.callback_wait_seconds_median
        end as quantile,
        case k.kpi
            when 'wait_seconds_mean' then s.wait_seconds
            when 'first_contact_resolution' then s.calls_answered - s.calls_transferred_back
            when 'satisfaction_mean' then s.score_sum
            when 'calls_offered' then s.calls_offered
            when 'calls_answered' then s.calls_answered
            when 'answer_rate' then s.calls_answered
            when 'answered_within_60s' then s.calls_answered_within_60s
            when 'answered_within_20s' then s.calls_answered_within_20s
            when 'calls_answered_by_callback' then s.calls_answered_by_callback
            when 'callback_wait_seconds_mean' then s.callback_wait_seconds
            when 'calls_abandoned' then s.calls_abandoned
            when 'calls_short_abandoned' then s.calls_short_abandoned
            when 'calls_callback_ordered' then s.calls_callback_ordered
            when 'calls_overflow' then s.calls_overflow
            when 'calls_rejected' then s.calls_rejected
            when 'calls_error' then s.calls_error
            when 'calls_menu_only' then s.calls_menu_only
            when 'calls_outside_hours' then s.calls_outside_hours
            when 'calls_transferred_back' then s.calls_transferred_back
            when 'talk_seconds_mean' then s.talk_seconds
            when 'wrap_up_seconds_mean' then s.wrap_up_seconds
            when 'hold_seconds_mean' then s.hold_seconds
            when 'handling_seconds_mean' then s.handling_seconds
            when 'repeat_calls_7d' then s.calls_repeated
            when 'calls_per_1000_inhabitants' then s.inhabitants_calls
            when 'handled_for_others' then s.calls_handled_for_others
            when 'helped_by_others' then s.calls_helped_by_others
            when 'survey_sent' then s.surveys_sent
            when 'survey_replies' then s.survey_replies
            when 'survey_response_rate' then s.survey_replies
            when 'satisfaction_share_low' then s.scores_low
            when 'satisfaction_share_mid' then s.scores_mid
            when 'satisfaction_share_high' then s.scores_high
            when 'guide_views' then s.guide_views
            when 'guide_coverage' then s.calls_with_guide
            when 'guide_sends' then s.guide_sends
            when 'guide_send_rate' then s.call_guide_sends
            when 'logged_on_hours' then s.logged_on_seconds
            when 'ready_hours' then s.ready_seconds
            when 'pause_hours' then s.pause_seconds
        end as numerator,
        case
            when k.kind = 'count' then null
            when k.kpi = 'answer_rate' then s.calls_offered - s.calls_short_abandoned
            when k.kpi = 'repeat_calls_7d' then s.calls_answered - s.calls_transferred_back
            when k.kpi = 'calls_per_1000_inhabitants' then s.population
            when k.kpi = 'survey_response_rate' then s.surveys_sent
            when k.is_score then s.scores
            when k.kpi in ('talk_seconds_mean', 'wrap_up_seconds_mean', 'hold_seconds_mean', 'handling_seconds_mean')
                then s.legs
            when strpos(k.kpi, 'callback_wait_seconds_') = 1 then s.callback_waits
            when strpos(k.kpi, 'wait_seconds_') = 1 or strpos(k.kpi, 'answered_within_') = 1
                then s.calls_answered - s.calls_answered_by_callback
            else s.calls_answered
        end as denominator,
        case k.kpi
            when 'wait_seconds_mean' then s.wait_squares
            when 'callback_wait_seconds_mean' then s.callback_wait_squares
            when 'satisfaction_mean' then s.score_squares
            when 'talk_seconds_mean' then s.talk_squares
            when 'wrap_up_seconds_mean' then s.wrap_up_squares
            when 'hold_seconds_mean' then s.hold_squares
            when 'handling_seconds_mean' then s.handling_squares
        end as squares,
        s.agent_days
    from sums as s
    inner join scope as k
        on
            s.perspective = k.perspective and s.grouping = k.grouping
            and (s.municipality_code = 'all') = k.is_whole
    where k.kpi <> 'calls_per_1000_inhabitants' or s.population is not null
),

figures as (
    select
        m.*,
        case
            when m.unit = 'hours' then m.agent_days
            when m.kind = 'count' then m.numerator
            when m.unit = 'per_1000' then coalesce(m.numerator, 0)
            else m.denominator
        end as n,
        case
            when m.kind = 'quantile' then m.quantile
            when m.unit = 'hours' and m.agent_days = 0 then null
            when m.unit = 'hours' then m.numerator / 3600.0
            when m.kind = 'count' then cast(m.numerator as double)
            when m.denominator = 0 then null
            when m.unit = 'per_1000' then 1000.0 * m.numerator / m.denominator
            else cast(m.numerator as double) / m.denominator
        end as value
    from measures as m
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

whole as (
    select
        period,
        perspective,
        kpi,
        value,
        case kind when 'share' then value * (1 - value) else variance end as variance
    from spread
    where grouping = 'total' and kind in ('share', 'mean') and not is_suppressed
),

bounded as (
    select
        s.*,
        case
            when s.kind = 'share' and s.value = 0 then 0
            when s.value is not null and s.kind = 'share'
                then greatest(0, (s.value + 1.920729411 / s.n - 1.959963985 * sqrt(greatest(s.value * (1 - s.value) / s.n + 0.960364705 / (s.n * s.n), 0))) / (1 + 3.841458821 / s.n))
            when s.variance is not null
                then greatest(s.value - s.t_975 * sqrt(s.variance / s.n), case s.unit when 'score' then 1 else 0 end)
        end as lower,
        case
            when s.kind = 'share' and s.value = 1 then 1
            when s.value is not null and s.kind = 'share'
                then least(1, (s.value + 1.920729411 / s.n + 1.959963985 * sqrt(greatest(s.value * (1 - s.value) / s.n + 0.960364705 / (s.n * s.n), 0))) / (1 + 3.841458821 / s.n))
            when s.variance is not null and s.unit = 'score' then least(s.value + s.t_975 * sqrt(s.variance / s.n), 9)
            when s.variance is not null then s.value + s.t_975 * sqrt(s.variance / s.n)
        end as upper,
        case
            when s.grouping in ('agent', 'municipality') and s.n >= 5 and s.value is not null and not s.is_suppressed
                and w.variance is not null
                then w.value
        end as expected_value,
        sqrt(w.variance / nullif(s.n, 0)) as expected_deviation
    from spread as s
    left join whole as w on s.period = w.period and s.perspective = w.perspective and s.kpi = w.kpi
),

ranged as (
    select
        b.*,
        greatest(
            b.expected_value - 3.090232306 * b.expected_deviation, case b.unit when 'score' then 1 else 0 end
        ) as expected_lower,
        least(
            b.expected_value + 3.090232306 * b.expected_deviation, case b.unit when 'score' then 9 when 'share' then 1 end
        ) as expected_upper
    from bounded as b
)

select
    b.period,
    b.year_from,
    b.period_kind,
    b.period_from,
    b.period_to,
    b.perspective,
    b.grouping,
    b.key,
    b.municipality_code,
    b.label,
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
    end as status,
    case when b.expected_value is not null then b.expected_lower end as expected_lower,
    case when b.expected_value is not null then b.expected_upper end as expected_upper,
    case
        when b.expected_value is null then null
        when b.value < b.expected_lower then 'below'
        when b.value > b.expected_upper then 'above'
        else 'inside'
    end as expected
from ranged as b
left join marts.dim_target as t on b.kpi = t.kpi and b.period_to between t.valid_from and t.valid_to
