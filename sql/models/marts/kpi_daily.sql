-- One row per day, perspective and group with the numerators and denominators of
-- every KPI. Periods are sums of days; nothing is divided here. All sums are whole
-- numbers, so their order cannot matter.
-- @grain call_date, perspective, grouping, key, municipality_code
-- @build incremental by call_date
-- @column call_date date local date
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region, agent, guide, queue, topic or transfer_number
-- @column key text the group
-- @column municipality_code code the municipality for groups within one, else all
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
with calls_by_municipality as (
    select
        c.call_date,
        c.citizen_municipality_code as municipality_code,
        c.citizen_network as network,
        c.citizen_region as region,
        cast(count(*) filter (where c.is_offered) as bigint) as calls_offered,
        cast(count(*) filter (where c.outcome = 'answered') as bigint) as calls_answered,
        cast(count(*) filter (where c.outcome = 'abandoned') as bigint) as calls_abandoned,
        cast(count(*) filter (where c.outcome = 'short_abandoned') as bigint) as calls_short_abandoned,
        cast(count(*) filter (where c.outcome = 'callback_ordered') as bigint) as calls_callback_ordered,
        cast(count(*) filter (where c.outcome = 'overflow') as bigint) as calls_overflow,
        cast(count(*) filter (where c.outcome = 'rejected') as bigint) as calls_rejected,
        cast(count(*) filter (where c.outcome = 'error') as bigint) as calls_error,
        cast(count(*) filter (where c.outcome = 'menu_only') as bigint) as calls_menu_only,
        cast(count(*) filter (where c.outcome = 'outside_hours') as bigint) as calls_outside_hours,
        cast(count(*) filter (where c.is_transferred_back) as bigint) as calls_transferred_back,
        cast(count(*) filter (where c.wait_seconds <= 60) as bigint) as calls_answered_within_60s,
        cast(coalesce(sum(c.wait_seconds), 0) as bigint) as wait_seconds,
        cast(coalesce(sum(c.wait_seconds * c.wait_seconds), 0) as bigint) as wait_squares,
        cast(sum(c.leg_count) as bigint) as legs,
        cast(sum(c.talk_seconds) as bigint) as talk_seconds,
        cast(sum(c.talk_squares) as bigint) as talk_squares,
        cast(sum(c.hold_seconds) as bigint) as hold_seconds,
        cast(sum(c.hold_squares) as bigint) as hold_squares,
        cast(sum(c.wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(c.wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(c.handling_seconds) as bigint) as handling_seconds,
        cast(sum(c.handling_squares) as bigint) as handling_squares,
        cast(count(*) filter (where c.has_repeat_call and not c.is_transferred_back) as bigint) as calls_repeated,
        cast(0 as bigint) as calls_handled_for_others,
        cast(count(*) filter (where c.is_helped_by_other) as bigint) as calls_helped_by_others,
        cast(count(*) filter (where c.outcome = 'answered' and c.guide_use_count > 0) as bigint) as calls_with_guide,
        cast(coalesce(sum(c.guide_send_count) filter (where c.outcome = 'answered'), 0) as bigint) as call_guide_sends,
        cast(count(*) filter (where c.is_surveyed) as bigint) as surveys_sent,
        cast(count(*) filter (where c.is_survey_replied) as bigint) as survey_replies,
        cast(count(c.score) as bigint) as scores,
        cast(coalesce(sum(c.score), 0) as bigint) as score_sum,
        cast(coalesce(sum(c.score * c.score), 0) as bigint) as score_squares,
        cast(count(*) filter (where c.score between 1 and 4) as bigint) as scores_low,
        cast(count(*) filter (where c.score between 5 and 6) as bigint) as scores_mid,
        cast(count(*) filter (where c.score between 7 and 9) as bigint) as scores_high
    from marts.fct_calls as c
    where c.call_date >= $from and c.call_date < $to
    group by c.call_date, c.citizen_municipality_code, c.citizen_network, c.citizen_region
),

calls_by_part as (
    select
        c.call_date,
        p.grouping,
        p.key,
        c.citizen_municipality_code as municipality_code,
        cast(count(*) filter (where c.is_offered) as bigint) as calls_offered,
        cast(count(*) filter (where c.outcome = 'answered') as bigint) as calls_answered,
        cast(count(*) filter (where c.outcome = 'abandoned') as bigint) as calls_abandoned,
        cast(count(*) filter (where c.outcome = 'short_abandoned') as bigint) as calls_short_abandoned,
        cast(count(*) filter (where c.outcome = 'callback_ordered') as bigint) as calls_callback_ordered,
        cast(count(*) filter (where c.outcome = 'overflow') as bigint) as calls_overflow,
        cast(count(*) filter (where c.outcome = 'rejected') as bigint) as calls_rejected,
        cast(count(*) filter (where c.outcome = 'error') as bigint) as calls_error,
        cast(count(*) filter (where c.outcome = 'menu_only') as bigint) as calls_menu_only,
        cast(count(*) filter (where c.outcome = 'outside_hours') as bigint) as calls_outside_hours,
        cast(count(*) filter (where c.is_transferred_back) as bigint) as calls_transferred_back,
        cast(count(*) filter (where c.wait_seconds <= 60) as bigint) as calls_answered_within_60s,
        cast(coalesce(sum(c.wait_seconds), 0) as bigint) as wait_seconds,
        cast(coalesce(sum(c.wait_seconds * c.wait_seconds), 0) as bigint) as wait_squares,
        cast(sum(c.leg_count) as bigint) as legs,
        cast(sum(c.talk_seconds) as bigint) as talk_seconds,
        cast(sum(c.talk_squares) as bigint) as talk_squares,
        cast(sum(c.hold_seconds) as bigint) as hold_seconds,
        cast(sum(c.hold_squares) as bigint) as hold_squares,
        cast(sum(c.wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(c.wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(c.handling_seconds) as bigint) as handling_seconds,
        cast(sum(c.handling_squares) as bigint) as handling_squares,
        cast(count(*) filter (where c.has_repeat_call and not c.is_transferred_back) as bigint) as calls_repeated,
        cast(0 as bigint) as calls_handled_for_others,
        cast(count(*) filter (where c.is_helped_by_other) as bigint) as calls_helped_by_others,
        cast(count(*) filter (where c.outcome = 'answered' and c.guide_use_count > 0) as bigint) as calls_with_guide,
        cast(coalesce(sum(c.guide_send_count) filter (where c.outcome = 'answered'), 0) as bigint) as call_guide_sends,
        cast(count(*) filter (where c.is_surveyed) as bigint) as surveys_sent,
        cast(count(*) filter (where c.is_survey_replied) as bigint) as survey_replies,
        cast(count(c.score) as bigint) as scores,
        cast(coalesce(sum(c.score), 0) as bigint) as score_sum,
        cast(coalesce(sum(c.score * c.score), 0) as bigint) as score_squares,
        cast(count(*) filter (where c.score between 1 and 4) as bigint) as scores_low,
        cast(count(*) filter (where c.score between 5 and 6) as bigint) as scores_mid,
        cast(count(*) filter (where c.score between 7 and 9) as bigint) as scores_high
    from marts.bridge_call_part as p
    inner join marts.fct_calls as c on p.call_id = c.call_id and p.call_date = c.call_date
    where p.call_date >= $from and p.call_date < $to and c.call_date >= $from and c.call_date < $to
    group by c.call_date, p.grouping, p.key, c.citizen_municipality_code
),

calls_by_agent as (
    select
        c.call_date,
        c.agent_id,
        c.agent_municipality_code as municipality_code,
        c.agent_network as network,
        c.agent_region as region,
        cast(0 as bigint) as calls_offered,
        cast(count(*) as bigint) as calls_answered,
        cast(0 as bigint) as calls_abandoned,
        cast(0 as bigint) as calls_short_abandoned,
        cast(0 as bigint) as calls_callback_ordered,
        cast(0 as bigint) as calls_overflow,
        cast(0 as bigint) as calls_rejected,
        cast(0 as bigint) as calls_error,
        cast(0 as bigint) as calls_menu_only,
        cast(0 as bigint) as calls_outside_hours,
        cast(count(*) filter (where c.is_sent_back) as bigint) as calls_transferred_back,
        cast(count(*) filter (where c.wait_seconds <= 60) as bigint) as calls_answered_within_60s,
        cast(sum(c.wait_seconds) as bigint) as wait_seconds,
        cast(sum(c.wait_seconds * c.wait_seconds) as bigint) as wait_squares,
        cast(sum(c.leg_count) as bigint) as legs,
        cast(sum(c.talk_seconds) as bigint) as talk_seconds,
        cast(sum(c.talk_squares) as bigint) as talk_squares,
        cast(sum(c.hold_seconds) as bigint) as hold_seconds,
        cast(sum(c.hold_squares) as bigint) as hold_squares,
        cast(sum(c.wrap_up_seconds) as bigint) as wrap_up_seconds,
        cast(sum(c.wrap_up_squares) as bigint) as wrap_up_squares,
        cast(sum(c.handling_seconds) as bigint) as handling_seconds,
        cast(sum(c.handling_squares) as bigint) as handling_squares,
        cast(count(*) filter (where c.has_repeat_call and not c.is_sent_back) as bigint) as calls_repeated,
        cast(count(*) filter (where c.is_for_other) as bigint) as calls_handled_for_others,
        cast(0 as bigint) as calls_helped_by_others,
        cast(count(*) filter (where c.guide_use_count > 0) as bigint) as calls_with_guide,
        cast(sum(c.guide_send_count) as bigint) as call_guide_sends,
        cast(count(*) filter (where c.is_surveyed) as bigint) as surveys_sent,
        cast(count(*) filter (where c.is_survey_replied) as bigint) as survey_replies,
        cast(count(c.score) as bigint) as scores,
        cast(coalesce(sum(c.score), 0) as bigint) as score_sum,
        cast(coalesce(sum(c.score * c.score), 0) as bigint) as score_squares,
        cast(count(*) filter (where c.score between 1 and 4) as bigint) as scores_low,
        cast(count(*) filter (where c.score between 5 and 6) as bigint) as scores_mid,
        cast(count(*) filter (where c.score between 7 and 9) as bigint) as scores_high
    from marts.fct_agent_calls as c
    where c.call_date >= $from and c.call_date < $to
    group by c.call_date, c.agent_id, c.agent_municipality_code, c.agent_network, c.agent_region
),

guide_actions as (
    select
        a.action_date as call_date,
        g.perspective,
        g.grouping,
        g.key,
        g.municipality_code,
        count(*) filter (where a.action = 'view') as guide_views,
        count(*) filter (where a.action = 'send') as guide_sends
    from marts.bridge_guide_action_group as g
    inner join marts.fct_guide_actions as a on g.action_id = a.action_id and g.action_date = a.action_date
    where g.action_date >= $from and g.action_date < $to and a.action_date >= $from and a.action_date < $to
    group by a.action_date, g.perspective, g.grouping, g.key, g.municipality_code
),

grouped_calls as (
    select
        call_date, 'citizen' as perspective, 'total' as grouping, 'total' as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_municipality
    union all
    select
        call_date, 'citizen' as perspective, 'municipality' as grouping, municipality_code as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_municipality
    union all
    select
        call_date, 'citizen' as perspective, 'network' as grouping, network as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_municipality
    union all
    select
        call_date, 'citizen' as perspective, 'region' as grouping, region as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_municipality
    union all
    select
        call_date, 'citizen' as perspective, grouping as grouping, key as key, municipality_code as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_part
    union all
    select
        call_date, 'agent' as perspective, 'total' as grouping, 'total' as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_agent
    union all
    select
        call_date, 'agent' as perspective, 'municipality' as grouping, municipality_code as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_agent
    union all
    select
        call_date, 'agent' as perspective, 'network' as grouping, network as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_agent
    union all
    select
        call_date, 'agent' as perspective, 'region' as grouping, region as key, 'all' as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_agent
    union all
    select
        call_date, 'agent' as perspective, 'agent' as grouping, cast(agent_id as varchar) as key, municipality_code as municipality_code,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_within_60s, wait_seconds, wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high, 0 as guide_views,
        0 as guide_sends
    from calls_by_agent
    union all
    select
        call_date, perspective, grouping, key, municipality_code,
        0 as calls_offered, 0 as calls_answered, 0 as calls_abandoned, 0 as calls_short_abandoned,
        0 as calls_callback_ordered, 0 as calls_overflow, 0 as calls_rejected, 0 as calls_error,
        0 as calls_menu_only, 0 as calls_outside_hours, 0 as calls_transferred_back, 0 as calls_answered_within_60s,
        0 as wait_seconds, 0 as wait_squares, 0 as legs, 0 as talk_seconds, 0 as talk_squares, 0 as hold_seconds,
        0 as hold_squares, 0 as wrap_up_seconds, 0 as wrap_up_squares, 0 as handling_seconds, 0 as handling_squares,
        0 as calls_repeated, 0 as calls_handled_for_others, 0 as calls_helped_by_others, 0 as calls_with_guide,
        0 as call_guide_sends, 0 as surveys_sent, 0 as survey_replies, 0 as scores, 0 as score_sum,
        0 as score_squares, 0 as scores_low, 0 as scores_mid, 0 as scores_high, guide_views, guide_sends
    from guide_actions
)

select
    call_date,
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
from grouped_calls
group by call_date, perspective, grouping, key, municipality_code
