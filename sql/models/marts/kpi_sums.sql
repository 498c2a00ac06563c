-- One row per period, perspective and group: the days of the period added up. A
-- group that lies within municipalities has a row for each and one for all.
-- @grain period, perspective, grouping, key, municipality_code
-- @build incremental by year_from, 366 days back
-- @column period code 2026-10, 2026K3 or 2026
-- @column year_from date first day of the period's year
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region, agent, guide, queue, topic or transfer_number
-- @column key text the group
-- @column municipality_code code one municipality for groups within one, else all
-- @column calls_offered count inside opening hours and in a queue of the hotline
-- @column calls_answered count answered
-- @column calls_abandoned count the citizen hung up, after 5 s or more
-- @column calls_short_abandoned count the citizen hung up within 5 s
-- @column calls_callback_ordered count callback ordered
-- @column calls_overflow count left the queue by digit, fallback or time-out
-- @column calls_rejected count queue full or closed
-- @column calls_error count technical fault
-- @column calls_menu_only count never reached a queue
-- @column calls_outside_hours count arrived while closed
-- @column calls_transferred_back count answered and sent back to the municipality
-- @column calls_answered_within_60s count answered within a minute
-- @column wait_seconds s waits of answered calls
-- @column wait_squares count squares of those
-- @column legs count answered agent legs
-- @column talk_seconds s over those legs
-- @column talk_squares count squares per leg
-- @column hold_seconds s over those legs
-- @column hold_squares count squares per leg
-- @column wrap_up_seconds s over those legs
-- @column wrap_up_squares count squares per leg
-- @column handling_seconds s over those legs
-- @column handling_squares count squares per leg
-- @column calls_repeated count settled, and the caller called again within 7 days
-- @column calls_handled_for_others count answered for another municipality's citizen
-- @column calls_helped_by_others count answered by another municipality's agent
-- @column calls_with_guide count answered with at least one guide
-- @column call_guide_sends count SMS and mails sent from guides in answered calls
-- @column surveys_sent count asked for a score
-- @column survey_replies count any text came back
-- @column scores count valid scores
-- @column score_sum score sum of valid scores
-- @column score_squares count squares of those
-- @column scores_low count 1-4
-- @column scores_mid count 5-6
-- @column scores_high count 7-9
-- @column guide_views count guides used, with and without a call
-- @column guide_sends count SMS and mails sent from guides, with and without a call
with days as (
    select
        p.period,
        p.year_from,
        d.*
    from marts.dim_period_day as p
    inner join marts.kpi_daily as d on p.day = d.call_date
    where p.year_from >= $from and p.year_from < $to
),

by_municipality as (
    select
        period,
        year_from,
        perspective,
        grouping,
        key,
        municipality_code,
        cast(sum(calls_offered) as bigint) as calls_offered,
        cast(sum(calls_answered) as bigint) as calls_answered,
        cast(sum(calls_abandoned) as bigint) as calls_abandoned,
        cast(sum(calls_short_abandoned) as bigint) as calls_short_abandoned,
        cast(sum(calls_callback_ordered) as bigint) as calls_callback_ordered,
        cast(sum(calls_overflow) as bigint) as calls_overflow,
        cast(sum(calls_rejected) as bigint) as calls_rejected,
        cast(sum(calls_error) as bigint) as calls_error,
        cast(sum(calls_menu_only) as bigint) as calls_menu_only,
        cast(sum(calls_outside_hours) as bigint) as calls_outside_hours,
        cast(sum(calls_transferred_back) as bigint) as calls_transferred_back,
        cast(sum(calls_answered_within_60s) as bigint) as calls_answered_within_60s,
        cast(sum(wait_seconds) as bigint) as wait_seconds,
        cast(sum(wait_squares) as bigint) as wait_squares,
        cast(sum(legs) as bigint) as legs,
        cast(sum(talk_seconds) as bigint) as talk_seconds,
        cast(sum(talk_squares) as bigint) as talk_squares,
        cast(sum(hold_seconds) as bigint) as hold_seconds,
        cast(sum(hold_squares) as bigint) as hold_squares,
        cast(sum(wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(handling_seconds) as bigint) as handling_seconds,
        cast(sum(handling_squares) as bigint) as handling_squares,
        cast(sum(calls_repeated) as bigint) as calls_repeated,
        cast(sum(calls_handled_for_others) as bigint) as calls_handled_for_others,
        cast(sum(calls_helped_by_others) as bigint) as calls_helped_by_others,
        cast(sum(calls_with_guide) as bigint) as calls_with_guide,
        cast(sum(call_guide_sends) as bigint) as call_guide_sends,
        cast(sum(surveys_sent) as bigint) as surveys_sent,
        cast(sum(survey_replies) as bigint) as survey_replies,
        cast(sum(scores) as bigint) as scores,
        cast(sum(score_sum) as bigint) as score_sum,
        cast(sum(score_squares) as bigint) as score_squares,
        cast(sum(scores_low) as bigint) as scores_low,
        cast(sum(scores_mid) as bigint) as scores_mid,
        cast(sum(scores_high) as bigint) as scores_high,
        cast(sum(guide_views) as bigint) as guide_views,
        cast(sum(guide_sends) as bigint) as guide_sends
    from days
    group by period, year_from, perspective, grouping, key, municipality_code
),

over_all as (
    select
        period,
        year_from,
        perspective,
        grouping,
        key,
        'all' as municipality_code,
        cast(sum(calls_offered) as bigint) as calls_offered,
        cast(sum(calls_answered) as bigint) as calls_answered,
        cast(sum(calls_abandoned) as bigint) as calls_abandoned,
        cast(sum(calls_short_abandoned) as bigint) as calls_short_abandoned,
        cast(sum(calls_callback_ordered) as bigint) as calls_callback_ordered,
        cast(sum(calls_overflow) as bigint) as calls_overflow,
        cast(sum(calls_rejected) as bigint) as calls_rejected,
        cast(sum(calls_error) as bigint) as calls_error,
        cast(sum(calls_menu_only) as bigint) as calls_menu_only,
        cast(sum(calls_outside_hours) as bigint) as calls_outside_hours,
        cast(sum(calls_transferred_back) as bigint) as calls_transferred_back,
        cast(sum(calls_answered_within_60s) as bigint) as calls_answered_within_60s,
        cast(sum(wait_seconds) as bigint) as wait_seconds,
        cast(sum(wait_squares) as bigint) as wait_squares,
        cast(sum(legs) as bigint) as legs,
        cast(sum(talk_seconds) as bigint) as talk_seconds,
        cast(sum(talk_squares) as bigint) as talk_squares,
        cast(sum(hold_seconds) as bigint) as hold_seconds,
        cast(sum(hold_squares) as bigint) as hold_squares,
        cast(sum(wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(handling_seconds) as bigint) as handling_seconds,
        cast(sum(handling_squares) as bigint) as handling_squares,
        cast(sum(calls_repeated) as bigint) as calls_repeated,
        cast(sum(calls_handled_for_others) as bigint) as calls_handled_for_others,
        cast(sum(calls_helped_by_others) as bigint) as calls_helped_by_others,
        cast(sum(calls_with_guide) as bigint) as calls_with_guide,
        cast(sum(call_guide_sends) as bigint) as call_guide_sends,
        cast(sum(surveys_sent) as bigint) as surveys_sent,
        cast(sum(survey_replies) as bigint) as survey_replies,
        cast(sum(scores) as bigint) as scores,
        cast(sum(score_sum) as bigint) as score_sum,
        cast(sum(score_squares) as bigint) as score_squares,
        cast(sum(scores_low) as bigint) as scores_low,
        cast(sum(scores_mid) as bigint) as scores_mid,
        cast(sum(scores_high) as bigint) as scores_high,
        cast(sum(guide_views) as bigint) as guide_views,
        cast(sum(guide_sends) as bigint) as guide_sends
    from by_municipality
    group by period, year_from, perspective, grouping, key
)

select * from over_all
union all
select * from by_municipality
where municipality_code <> 'all'
