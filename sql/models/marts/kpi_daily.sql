-- One row per day, perspective and group with the numerators and denominators of
-- every KPI, for municipalities, what they belong to, and agents; parts of their calls,
-- such as topics, are told per period only (kpi_sums). Periods are sums of days; nothing
-- is divided here. All sums are whole numbers, so their order cannot matter.
-- @grain call_date, perspective, grouping, key, municipality_code
-- @build incremental by call_date
-- @column call_date date local date
-- @column perspective code citizen or agent
-- @column grouping code total, municipality, network, region or agent
-- @column key text the group
-- @column municipality_code code the agent's municipality for agents, else all
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
with calls as (
    select
        call_date, 'citizen' as perspective, municipality_code, cast(null as bigint) as agent_id,
        calls_offered, calls_answered, calls_abandoned, calls_short_abandoned, calls_callback_ordered,
        calls_overflow, calls_rejected, calls_error, calls_menu_only, calls_outside_hours, calls_transferred_back,
        calls_answered_by_callback, calls_answered_within_20s, calls_answered_within_60s, wait_seconds, wait_squares,
        callback_waits, callback_wait_seconds, callback_wait_squares, legs, talk_seconds, talk_squares, hold_seconds,
        hold_squares, wrap_up_seconds, wrap_up_squares, handling_seconds, handling_squares, calls_repeated,
        calls_handled_for_others, calls_helped_by_others, calls_with_guide, call_guide_sends, surveys_sent,
        survey_replies, scores, score_sum, score_squares, scores_low, scores_mid, scores_high,
        0 as guide_views, 0 as guide_sends, 0 as agent_days, 0 as logged_on_seconds, 0 as ready_seconds,
        0 as pause_seconds
    from marts.kpi_per_call
    where call_date >= $from and call_date < $to
),

pairs as (
    select
        c.call_date,
        'agent' as perspective,
        c.agent_municipality_code as municipality_code,
        c.agent_id,
        0 as calls_offered,
        1 as calls_answered,
        0 as calls_abandoned,
        0 as calls_short_abandoned,
        0 as calls_callback_ordered,
        0 as calls_overflow,
        0 as calls_rejected,
        0 as calls_error,
        0 as calls_menu_only,
        0 as calls_outside_hours,
        case when c.is_sent_back then 1 else 0 end as calls_transferred_back,
        case when c.is_answered_by_callback then 1 else 0 end as calls_answered_by_callback,
        case when c.is_answered_within_20s then 1 else 0 end as calls_answered_within_20s,
        case when c.is_answered_within_60s then 1 else 0 end as calls_answered_within_60s,
        coalesce(c.wait_seconds, 0) as wait_seconds,
        coalesce(c.wait_seconds * c.wait_seconds, 0) as wait_squares,
        case when c.callback_wait_seconds is not null then 1 else 0 end as callback_waits,
        coalesce(c.callback_wait_seconds, 0) as callback_wait_seconds,
        coalesce(c.callback_wait_seconds * c.callback_wait_seconds, 0) as callback_wait_squares,
        c.leg_count as legs,
        c.talk_seconds,
        c.talk_squares,
        c.hold_seconds,
        c.hold_squares,
        c.wrap_up_seconds,
        c.wrap_up_squares,
        c.handling_seconds,
        c.handling_squares,
        case when c.has_repeat_call and not c.is_sent_back then 1 else 0 end as calls_repeated,
        case when c.is_for_other then 1 else 0 end as calls_handled_for_others,
        0 as calls_helped_by_others,
        case when c.guide_use_count > 0 then 1 else 0 end as calls_with_guide,
        c.guide_send_count as call_guide_sends,
        case when c.is_surveyed then 1 else 0 end as surveys_sent,
        case when c.is_survey_replied then 1 else 0 end as survey_replies,
        case when c.score is not null then 1 else 0 end as scores,
        coalesce(c.score, 0) as score_sum,
        coalesce(c.score * c.score, 0) as score_squares,
        case when c.score between 1 and 4 then 1 else 0 end as scores_low,
        case when c.score between 5 and 6 then 1 else 0 end as scores_mid,
        case when c.score between 7 and 9 then 1 else 0 end as scores_high,
        0 as guide_views, 0 as guide_sends, 0 as agent_days, 0 as logged_on_seconds, 0 as ready_seconds,
        0 as pause_seconds
    from marts.fct_agent_calls as c
    where c.call_date >= $from and c.call_date < $to
),

moments as (
    select
        action_date as call_date, 'citizen' as perspective, citizen_municipality_code as municipality_code,
        cast(null as bigint) as agent_id, action, 0 as agent_days, 0 as logged_on_seconds, 0 as ready_seconds,
        0 as pause_seconds
    from marts.fct_guide_actions
    where action_date >= $from and action_date < $to
    union all
    select
        action_date as call_date, 'agent' as perspective, agent_municipality_code as municipality_code,
        agent_id, action, 0 as agent_days, 0 as logged_on_seconds, 0 as ready_seconds, 0 as pause_seconds
    from marts.fct_guide_actions
    where action_date >= $from and action_date < $to
    union all
    select
        presence_date as call_date, 'agent' as perspective, agent_municipality_code as municipality_code,
        agent_id, 'presence' as action, 1 as agent_days, logged_on_seconds, ready_seconds, pause_seconds
    from marts.fct_agent_presence
    where presence_date >= $from and presence_date < $to
),

others as (
    select
        call_date, perspective, municipality_code, agent_id,
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
        case action when 'view' then 1 else 0 end as guide_views,
        case action when 'send' then 1 else 0 end as guide_sends,
        agent_days, logged_on_seconds, ready_seconds, pause_seconds
    from moments
),

counted as (
    select * from calls
    union all
    select * from pairs
    union all
    select * from others
),

days as (
    select
        call_date,
        perspective,
        municipality_code,
        agent_id,
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
    from counted
    group by call_date, perspective, municipality_code, agent_id
),

groupings (grouping) as (
    values ('total'), ('municipality'), ('network'), ('region'), ('agent')
),

grouped as (
    select
        g.grouping,
        case g.grouping
            when 'total' then 'total'
            when 'municipality' then d.municipality_code
            when 'network' then coalesce(b.network, 'unknown')
            when 'region' then coalesce(m.region_name, 'unknown')
            else coalesce(cast(d.agent_id as varchar), 'unknown')
        end as key,
        case g.grouping when 'agent' then d.municipality_code else 'all' end as within_code,
        d.*
    from days as d
    inner join groupings as g on d.perspective = 'agent' or g.grouping <> 'agent'
    left join marts.dim_municipality as m on d.municipality_code = m.municipality_code
    left join marts.dim_membership as b
        on d.municipality_code = b.municipality_code and d.call_date between b.valid_from and b.valid_to
)

select
    call_date,
    perspective,
    grouping,
    key,
    within_code as municipality_code,
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
from grouped
group by call_date, perspective, grouping, key, within_code
