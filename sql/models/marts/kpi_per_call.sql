-- One row per inbound call with what it adds to the numerators and denominators of the
-- citizen's perspective: the one place that says which calls a sum counts.
-- @grain call_id
-- @build view by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date
-- @column municipality_code code the citizen's
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
-- @column calls_helped_by_others count answered, first or later, by another municipality's agent
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
select
    call_id,
    call_date,
    citizen_municipality_code as municipality_code,
    case when is_offered then 1 else 0 end as calls_offered,
    case when outcome = 'answered' then 1 else 0 end as calls_answered,
    case when outcome = 'abandoned' then 1 else 0 end as calls_abandoned,
    case when outcome = 'short_abandoned' then 1 else 0 end as calls_short_abandoned,
    case when outcome = 'callback_ordered' then 1 else 0 end as calls_callback_ordered,
    case when outcome = 'overflow' then 1 else 0 end as calls_overflow,
    case when outcome = 'rejected' then 1 else 0 end as calls_rejected,
    case when outcome = 'error' then 1 else 0 end as calls_error,
    case when outcome = 'menu_only' then 1 else 0 end as calls_menu_only,
    case when outcome = 'outside_hours' then 1 else 0 end as calls_outside_hours,
    case when is_transferred_back then 1 else 0 end as calls_transferred_back,
    case when is_answered_by_callback then 1 else 0 end as calls_answered_by_callback,
    case when is_answered_within_20s then 1 else 0 end as calls_answered_within_20s,
    case when is_answered_within_60s then 1 else 0 end as calls_answered_within_60s,
    coalesce(wait_seconds, 0) as wait_seconds,
    coalesce(wait_seconds * wait_seconds, 0) as wait_squares,
    case when callback_wait_seconds is not null then 1 else 0 end as callback_waits,
    coalesce(callback_wait_seconds, 0) as callback_wait_seconds,
    coalesce(callback_wait_seconds * callback_wait_seconds, 0) as callback_wait_squares,
    leg_count as legs,
    talk_seconds,
    talk_squares,
    hold_seconds,
    hold_squares,
    wrap_up_seconds,
    wrap_up_squares,
    handling_seconds,
    handling_squares,
    case when has_repeat_call and not is_transferred_back then 1 else 0 end as calls_repeated,
    0 as calls_handled_for_others,
    case when is_helped_by_other then 1 else 0 end as calls_helped_by_others,
    case when outcome = 'answered' and guide_use_count > 0 then 1 else 0 end as calls_with_guide,
    case when outcome = 'answered' then guide_send_count else 0 end as call_guide_sends,
    case when is_surveyed then 1 else 0 end as surveys_sent,
    case when is_survey_replied then 1 else 0 end as survey_replies,
    case when score is not null then 1 else 0 end as scores,
    coalesce(score, 0) as score_sum,
    coalesce(score * score, 0) as score_squares,
    case when score between 1 and 4 then 1 else 0 end as scores_low,
    case when score between 5 and 6 then 1 else 0 end as scores_mid,
    case when score between 7 and 9 then 1 else 0 end as scores_high
from marts.fct_calls
