-- One row per inbound call with everything the citizen's perspective counts: how it
-- ended, how long it waited, whether it was settled, what the citizen said and
-- which guides were used. Nothing in it tells who called.
-- @grain call_id
-- @build incremental by call_date, 8 days back
-- @follow marts.fct_guide_actions by call_date
-- @check (outcome = 'answered' and not is_answered_by_callback) = (wait_seconds is not null)
-- @check not is_answered_by_callback or outcome = 'answered'
-- @check not is_transferred_back or outcome = 'answered'
-- @column call_id id Puzzel's call
-- @column call_date date local date on which the initiation event starts
-- @column started_at time start, UTC
-- @column local_hour count hour on the wall clock, 0-23
-- @column half_hour count half hour of the local day, 0-47
-- @column outcome code exactly one of the nine of DOMAIN §4
-- @column citizen_municipality_code code whose number was dialled
-- @column citizen_network code that municipality's network on the day
-- @column citizen_region text that municipality's region
-- @column first_queue_key code first queue of the hotline
-- @column is_offered flag inside opening hours and reached a queue of the hotline
-- @column wait_seconds s first queue event to first spoken word, calls answered on the line only
-- @column is_answered_within_20s flag answered on the line, and the wait is no longer than 20 s before it is rounded
-- @column is_answered_within_60s flag answered on the line, and the wait is no longer than 60 s before it is rounded
-- @column is_answered_by_callback flag answered, the first time by calling the citizen back
-- @column callback_wait_seconds s order of the callback, or the later moment it was ordered for, to the citizen's first word
-- @column first_agent_municipality_code code employer of the first agent who answered
-- @column is_transferred_back flag sent back to the municipality
-- @column transfer_number text number or queue it was last sent back to
-- @column is_helped_by_other flag another municipality's agent answered, first or later
-- @column has_repeat_call flag answered, and the caller called again within seven days on the clock
-- @column leg_count count answered agent legs
-- @column talk_seconds s over all answered legs
-- @column talk_squares count sum of squared talk seconds per leg
-- @column hold_seconds s over all answered legs
-- @column hold_squares count sum of squares per leg
-- @column wrap_up_seconds s over all answered legs
-- @column wrap_up_squares count sum of squares per leg
-- @column handling_seconds s over all answered legs
-- @column handling_squares count sum of squares per leg
-- @column guide_use_count count guides used
-- @column guide_send_count count SMS and mails sent from guides
-- @column is_surveyed flag asked for a score; calls sent back are not surveyed
-- @column is_survey_replied flag any text came back within the window
-- @column score score first valid score 1-9
with calls as (
    select *
    from intermediate.int_calls
    where call_date >= $from and call_date < $to
),

-- Calls of one caller that begin at the same moment have the same next call. Seven days
-- are days of the calendar, to the same time on the clock: 168 hours, give or take the
-- hour of a clock change between.
moments as (
    select caller_pseudonym, started_at, min(started_local) as started_local
    from intermediate.int_calls
    where call_date >= $from and call_date < $to + 9 and caller_pseudonym is not null
    group by caller_pseudonym, started_at
),

later_calls as (
    select
        caller_pseudonym,
        started_at,
        lead(started_local) over (partition by caller_pseudonym order by started_at) as next_started_local
    from moments
),

legs as (
    select
        l.call_id,
        arg_min(l.agent_municipality_code, l.leg_number) as first_agent_municipality_code,
        bool_or(l.agent_municipality_code <> l.citizen_municipality_code) as has_agent_of_other,
        bool_or(l.is_sent_back) as is_transferred_back,
        arg_max(l.transfer_number, l.leg_number) filter (where l.is_sent_back) as transfer_number,
        count(*) as leg_count,
        sum(l.talk_seconds) as talk_seconds,
        sum(l.talk_seconds * l.talk_seconds) as talk_squares,
        sum(l.hold_seconds) as hold_seconds,
        sum(l.hold_seconds * l.hold_seconds) as hold_squares,
        sum(l.wrap_up_seconds) as wrap_up_seconds,
        sum(l.wrap_up_seconds * l.wrap_up_seconds) as wrap_up_squares,
        sum(l.handling_seconds) as handling_seconds,
        sum(l.handling_seconds * l.handling_seconds) as handling_squares
    from marts.fct_agent_legs as l
    where l.call_date >= $from and l.call_date < $to
    group by l.call_id
),

guides as (
    select
        g.call_id,
        count(*) filter (where g.action = 'view') as guide_use_count,
        count(*) filter (where g.action = 'send') as guide_send_count
    from marts.fct_guide_actions as g
    where g.call_date >= $from and g.call_date < $to
    group by g.call_id
),

surveys as (
    select *
    from marts.fct_surveys
    where call_date >= $from and call_date < $to
)

select
    c.call_id,
    c.call_date,
    c.started_at,
    cast(hour(c.started_local) as integer) as local_hour,
    cast(hour(c.started_local) * 2 + floor(minute(c.started_local) / 30) as integer) as half_hour,
    c.outcome,
    c.citizen_municipality_code,
    coalesce(b.network, 'unknown') as citizen_network,
    coalesce(m.region_name, 'unknown') as citizen_region,
    c.first_queue_key,
    c.outcome not in ('outside_hours', 'menu_only') as is_offered,
    c.wait_seconds,
    c.is_answered_within_20s,
    c.is_answered_within_60s,
    c.is_answered_by_callback,
    c.callback_wait_seconds,
    l.first_agent_municipality_code,
    coalesce(l.is_transferred_back, false) as is_transferred_back,
    l.transfer_number,
    coalesce(
        c.citizen_municipality_code <> 'unknown' and l.has_agent_of_other,
        false
    ) as is_helped_by_other,
    c.outcome = 'answered'
    and coalesce(
        r.next_started_local <= c.started_local + interval 7 day,
        false
    ) as has_repeat_call,
    cast(coalesce(l.leg_count, 0) as integer) as leg_count,
    cast(coalesce(l.talk_seconds, 0) as bigint) as talk_seconds,
    cast(coalesce(l.talk_squares, 0) as bigint) as talk_squares,
    cast(coalesce(l.hold_seconds, 0) as bigint) as hold_seconds,
    cast(coalesce(l.hold_squares, 0) as bigint) as hold_squares,
    cast(coalesce(l.wrap_up_seconds, 0) as bigint) as wrap_up_seconds,
    cast(coalesce(l.wrap_up_squares, 0) as bigint) as wrap_up_squares,
    cast(coalesce(l.handling_seconds, 0) as bigint) as handling_seconds,
    cast(coalesce(l.handling_squares, 0) as bigint) as handling_squares,
    cast(coalesce(g.guide_use_count, 0) as integer) as guide_use_count,
    cast(coalesce(g.guide_send_count, 0) as integer) as guide_send_count,
    c.outcome = 'answered' and not coalesce(l.is_transferred_back, false) and s.call_id is not null as is_surveyed,
    c.outcome = 'answered' and not coalesce(l.is_transferred_back, false) and coalesce(s.is_replied, false) as is_survey_replied,
    case when c.outcome = 'answered' and not coalesce(l.is_transferred_back, false) then s.score end as score
from calls as c
left join later_calls as r on c.caller_pseudonym = r.caller_pseudonym and c.started_at = r.started_at
left join legs as l on c.call_id = l.call_id
left join guides as g on c.call_id = g.call_id
left join surveys as s on c.call_id = s.call_id
left join marts.dim_municipality as m on c.citizen_municipality_code = m.municipality_code
left join marts.dim_membership as b
    on c.citizen_municipality_code = b.municipality_code and c.call_date between b.valid_from and b.valid_to
