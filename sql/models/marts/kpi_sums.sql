-- One row per period, perspective and group: the days of the period added up, and for
-- parts of municipalities' calls, such as topics, the calls themselves. Days that lie in
-- the same periods, those of a month, are added up once for all of these. A group that
-- lies within municipalities has a row for each and one for all.
-- @grain period, perspective, grouping, key, municipality_code
-- @build incremental by year_from, 366 days back
-- @check calls_answered_by_callback between callback_waits and calls_answered
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
-- @column calls_answered_by_callback count answered by calling the citizen back, the rest on the line
-- @column calls_answered_within_20s count answered on the line within 20 s
-- @column calls_answered_within_60s count answered on the line within a minute
-- @column wait_seconds s waits of calls answered on the line
-- @column wait_squares count squares of those
-- @column callback_waits count answered by callback, with an order on record
-- @column callback_wait_seconds s waits of those for the callback
-- @column callback_wait_squares count squares of those
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
-- @column agent_days count days on which an agent logged on, once for each agent
-- @column logged_on_seconds s those agents were logged on
-- @column ready_seconds s of them, free for a call
-- @column pause_seconds s of them, in pause
with spans as (
    select
        day,
        string_agg(period, ' ' order by period) as span
    from marts.dim_period_day
    where year_from >= $from and year_from < $to
    group by day
),

span_periods as (
    select distinct
        s.span,
        p.period,
        p.year_from
    from spans as s
    inner join marts.dim_period_day as p on s.day = p.day
    where p.year_from >= $from and p.year_from < $to
),

wholes as (
    select
        p.span,
        d.perspective,
        d.grouping,
        d.key,
        d.municipality_code,
        cast(sum(d.calls_offered) as bigint) as calls_offered,
        cast(sum(d.calls_answered) as bigint) as calls_answered,
        cast(sum(d.calls_abandoned) as bigint) as calls_abandoned,
        cast(sum(d.calls_short_abandoned) as bigint) as calls_short_abandoned,
        cast(sum(d.calls_callback_ordered) as bigint) as calls_callback_ordered,
        cast(sum(d.calls_overflow) as bigint) as calls_overflow,
        cast(sum(d.calls_rejected) as bigint) as calls_rejected,
        cast(sum(d.calls_error) as bigint) as calls_error,
        cast(sum(d.calls_menu_only) as bigint) as calls_menu_only,
        cast(sum(d.calls_outside_hours) as bigint) as calls_outside_hours,
        cast(sum(d.calls_transferred_back) as bigint) as calls_transferred_back,
        cast(sum(d.calls_answered_by_callback) as bigint) as calls_answered_by_callback,
        cast(sum(d.calls_answered_within_20s) as bigint) as calls_answered_within_20s,
        cast(sum(d.calls_answered_within_60s) as bigint) as calls_answered_within_60s,
        cast(sum(d.wait_seconds) as bigint) as wait_seconds,
        cast(sum(d.wait_squares) as bigint) as wait_squares,
        cast(sum(d.callback_waits) as bigint) as callback_waits,
        cast(sum(d.callback_wait_seconds) as bigint) as callback_wait_seconds,
        cast(sum(d.callback_wait_squares) as bigint) as callback_wait_squares,
        cast(sum(d.legs) as bigint) as legs,
        cast(sum(d.talk_seconds) as bigint) as talk_seconds,
        cast(sum(d.talk_squares) as bigint) as talk_squares,
        cast(sum(d.hold_seconds) as bigint) as hold_seconds,
        cast(sum(d.hold_squares) as bigint) as hold_squares,
        cast(sum(d.wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(d.wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(d.handling_seconds) as bigint) as handling_seconds,
        cast(sum(d.handling_squares) as bigint) as handling_squares,
        cast(sum(d.calls_repeated) as bigint) as calls_repeated,
        cast(sum(d.calls_handled_for_others) as bigint) as calls_handled_for_others,
        cast(sum(d.calls_helped_by_others) as bigint) as calls_helped_by_others,
        cast(sum(d.calls_with_guide) as bigint) as calls_with_guide,
        cast(sum(d.call_guide_sends) as bigint) as call_guide_sends,
        cast(sum(d.surveys_sent) as bigint) as surveys_sent,
        cast(sum(d.survey_replies) as bigint) as survey_replies,
        cast(sum(d.scores) as bigint) as scores,
        cast(sum(d.score_sum) as bigint) as score_sum,
        cast(sum(d.score_squares) as bigint) as score_squares,
        cast(sum(d.scores_low) as bigint) as scores_low,
        cast(sum(d.scores_mid) as bigint) as scores_mid,
        cast(sum(d.scores_high) as bigint) as scores_high,
        cast(sum(d.guide_views) as bigint) as guide_views,
        cast(sum(d.guide_sends) as bigint) as guide_sends,
        cast(sum(d.agent_days) as bigint) as agent_days,
        cast(sum(d.logged_on_seconds) as bigint) as logged_on_seconds,
        cast(sum(d.ready_seconds) as bigint) as ready_seconds,
        cast(sum(d.pause_seconds) as bigint) as pause_seconds
    from marts.kpi_daily as d
    inner join spans as p on d.call_date = p.day
    where d.call_date >= $from and d.call_date < $to + 366
    group by p.span, d.perspective, d.grouping, d.key, d.municipality_code
),

parts as (
    select
        p.span,
        'citizen' as perspective,
        b.grouping,
        b.key,
        c.municipality_code,
        cast(sum(c.calls_offered) as bigint) as calls_offered,
        cast(sum(c.calls_answered) as bigint) as calls_answered,
        cast(sum(c.calls_abandoned) as bigint) as calls_abandoned,
        cast(sum(c.calls_short_abandoned) as bigint) as calls_short_abandoned,
        cast(sum(c.calls_callback_ordered) as bigint) as calls_callback_ordered,
        cast(sum(c.calls_overflow) as bigint) as calls_overflow,
        cast(sum(c.calls_rejected) as bigint) as calls_rejected,
        cast(sum(c.calls_error) as bigint) as calls_error,
        cast(sum(c.calls_menu_only) as bigint) as calls_menu_only,
        cast(sum(c.calls_outside_hours) as bigint) as calls_outside_hours,
        cast(sum(c.calls_transferred_back) as bigint) as calls_transferred_back,
        cast(sum(c.calls_answered_by_callback) as bigint) as calls_answered_by_callback,
        cast(sum(c.calls_answered_within_20s) as bigint) as calls_answered_within_20s,
        cast(sum(c.calls_answered_within_60s) as bigint) as calls_answered_within_60s,
        cast(sum(c.wait_seconds) as bigint) as wait_seconds,
        cast(sum(c.wait_squares) as bigint) as wait_squares,
        cast(sum(c.callback_waits) as bigint) as callback_waits,
        cast(sum(c.callback_wait_seconds) as bigint) as callback_wait_seconds,
        cast(sum(c.callback_wait_squares) as bigint) as callback_wait_squares,
        cast(sum(c.legs) as bigint) as legs,
        cast(sum(c.talk_seconds) as bigint) as talk_seconds,
        cast(sum(c.talk_squares) as bigint) as talk_squares,
        cast(sum(c.hold_seconds) as bigint) as hold_seconds,
        cast(sum(c.hold_squares) as bigint) as hold_squares,
        cast(sum(c.wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(c.wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(c.handling_seconds) as bigint) as handling_seconds,
        cast(sum(c.handling_squares) as bigint) as handling_squares,
        cast(sum(c.calls_repeated) as bigint) as calls_repeated,
        cast(sum(c.calls_handled_for_others) as bigint) as calls_handled_for_others,
        cast(sum(c.calls_helped_by_others) as bigint) as calls_helped_by_others,
        cast(sum(c.calls_with_guide) as bigint) as calls_with_guide,
        cast(sum(c.call_guide_sends) as bigint) as call_guide_sends,
        cast(sum(c.surveys_sent) as bigint) as surveys_sent,
        cast(sum(c.survey_replies) as bigint) as survey_replies,
        cast(sum(c.scores) as bigint) as scores,
        cast(sum(c.score_sum) as bigint) as score_sum,
        cast(sum(c.score_squares) as bigint) as score_squares,
        cast(sum(c.scores_low) as bigint) as scores_low,
        cast(sum(c.scores_mid) as bigint) as scores_mid,
        cast(sum(c.scores_high) as bigint) as scores_high,
        0 as guide_views, 0 as guide_sends, 0 as agent_days, 0 as logged_on_seconds, 0 as ready_seconds,
        0 as pause_seconds
    from marts.bridge_call_part as b
    inner join marts.kpi_per_call as c on b.call_id = c.call_id and b.call_date = c.call_date
    inner join spans as p on c.call_date = p.day
    where
        b.call_date >= $from and b.call_date < $to + 366
        and c.call_date >= $from and c.call_date < $to + 366
    group by p.span, b.grouping, b.key, c.municipality_code
),

guides as (
    select
        p.span,
        'citizen' as perspective,
        'guide' as grouping,
        a.guide_id as key,
        a.citizen_municipality_code as municipality_code,
        0 as calls_offered, 0 as calls_answered, 0 as calls_abandoned, 0 as calls_short_abandoned,
        0 as calls_callback_ordered, 0 as calls_overflow, 0 as calls_rejected, 0 as calls_error,
        0 as calls_menu_only, 0 as calls_outside_hours, 0 as calls_transferred_back,
        0 as calls_answered_by_callback, 0 as calls_answered_within_20s,
        0 as calls_answered_within_60s, 0 as wait_seconds, 0 as wait_squares, 0 as callback_waits,
        0 as callback_wait_seconds, 0 as callback_wait_squares, 0 as legs, 0 as talk_seconds,
        0 as talk_squares, 0 as hold_seconds, 0 as hold_squares, 0 as wrap_up_seconds, 0 as wrap_up_squares,
        0 as handling_seconds, 0 as handling_squares, 0 as calls_repeated, 0 as calls_handled_for_others,
        0 as calls_helped_by_others, 0 as calls_with_guide, 0 as call_guide_sends, 0 as surveys_sent,
        0 as survey_replies, 0 as scores, 0 as score_sum, 0 as score_squares, 0 as scores_low, 0 as scores_mid,
        0 as scores_high,
        count(*) filter (where a.action = 'view') as guide_views,
        count(*) filter (where a.action = 'send') as guide_sends,
        0 as agent_days, 0 as logged_on_seconds, 0 as ready_seconds, 0 as pause_seconds
    from marts.fct_guide_actions as a
    inner join spans as p on a.action_date = p.day
    where a.action_date >= $from and a.action_date < $to + 366
    group by p.span, a.guide_id, a.citizen_municipality_code
),

span_sums as (
    select * from wholes
    union all
    select * from parts
    union all
    select * from guides
),

by_municipality as (
    select
        p.period,
        p.year_from,
        s.perspective,
        s.grouping,
        s.key,
        s.municipality_code,
        cast(sum(s.calls_offered) as bigint) as calls_offered,
        cast(sum(s.calls_answered) as bigint) as calls_answered,
        cast(sum(s.calls_abandoned) as bigint) as calls_abandoned,
        cast(sum(s.calls_short_abandoned) as bigint) as calls_short_abandoned,
        cast(sum(s.calls_callback_ordered) as bigint) as calls_callback_ordered,
        cast(sum(s.calls_overflow) as bigint) as calls_overflow,
        cast(sum(s.calls_rejected) as bigint) as calls_rejected,
        cast(sum(s.calls_error) as bigint) as calls_error,
        cast(sum(s.calls_menu_only) as bigint) as calls_menu_only,
        cast(sum(s.calls_outside_hours) as bigint) as calls_outside_hours,
        cast(sum(s.calls_transferred_back) as bigint) as calls_transferred_back,
        cast(sum(s.calls_answered_by_callback) as bigint) as calls_answered_by_callback,
        cast(sum(s.calls_answered_within_20s) as bigint) as calls_answered_within_20s,
        cast(sum(s.calls_answered_within_60s) as bigint) as calls_answered_within_60s,
        cast(sum(s.wait_seconds) as bigint) as wait_seconds,
        cast(sum(s.wait_squares) as bigint) as wait_squares,
        cast(sum(s.callback_waits) as bigint) as callback_waits,
        cast(sum(s.callback_wait_seconds) as bigint) as callback_wait_seconds,
        cast(sum(s.callback_wait_squares) as bigint) as callback_wait_squares,
        cast(sum(s.legs) as bigint) as legs,
        cast(sum(s.talk_seconds) as bigint) as talk_seconds,
        cast(sum(s.talk_squares) as bigint) as talk_squares,
        cast(sum(s.hold_seconds) as bigint) as hold_seconds,
        cast(sum(s.hold_squares) as bigint) as hold_squares,
        cast(sum(s.wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(s.wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(s.handling_seconds) as bigint) as handling_seconds,
        cast(sum(s.handling_squares) as bigint) as handling_squares,
        cast(sum(s.calls_repeated) as bigint) as calls_repeated,
        cast(sum(s.calls_handled_for_others) as bigint) as calls_handled_for_others,
        cast(sum(s.calls_helped_by_others) as bigint) as calls_helped_by_others,
        cast(sum(s.calls_with_guide) as bigint) as calls_with_guide,
        cast(sum(s.call_guide_sends) as bigint) as call_guide_sends,
        cast(sum(s.surveys_sent) as bigint) as surveys_sent,
        cast(sum(s.survey_replies) as bigint) as survey_replies,
        cast(sum(s.scores) as bigint) as scores,
        cast(sum(s.score_sum) as bigint) as score_sum,
        cast(sum(s.score_squares) as bigint) as score_squares,
        cast(sum(s.scores_low) as bigint) as scores_low,
        cast(sum(s.scores_mid) as bigint) as scores_mid,
        cast(sum(s.scores_high) as bigint) as scores_high,
        cast(sum(s.guide_views) as bigint) as guide_views,
        cast(sum(s.guide_sends) as bigint) as guide_sends,
        cast(sum(s.agent_days) as bigint) as agent_days,
        cast(sum(s.logged_on_seconds) as bigint) as logged_on_seconds,
        cast(sum(s.ready_seconds) as bigint) as ready_seconds,
        cast(sum(s.pause_seconds) as bigint) as pause_seconds
    from span_sums as s
    inner join span_periods as p on s.span = p.span
    group by p.period, p.year_from, s.perspective, s.grouping, s.key, s.municipality_code
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
        cast(sum(calls_answered_by_callback) as bigint) as calls_answered_by_callback,
        cast(sum(calls_answered_within_20s) as bigint) as calls_answered_within_20s,
        cast(sum(calls_answered_within_60s) as bigint) as calls_answered_within_60s,
        cast(sum(wait_seconds) as bigint) as wait_seconds,
        cast(sum(wait_squares) as bigint) as wait_squares,
        cast(sum(callback_waits) as bigint) as callback_waits,
        cast(sum(callback_wait_seconds) as bigint) as callback_wait_seconds,
        cast(sum(callback_wait_squares) as bigint) as callback_wait_squares,
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
        cast(sum(guide_sends) as bigint) as guide_sends,
        cast(sum(agent_days) as bigint) as agent_days,
        cast(sum(logged_on_seconds) as bigint) as logged_on_seconds,
        cast(sum(ready_seconds) as bigint) as ready_seconds,
        cast(sum(pause_seconds) as bigint) as pause_seconds
    from by_municipality
    group by period, year_from, perspective, grouping, key
)

select * from over_all
union all
select * from by_municipality
where municipality_code <> 'all'
