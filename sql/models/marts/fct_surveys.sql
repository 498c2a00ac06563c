-- One row per surveyed call: the first question about it, and the first valid
-- score that came back within the window of any question about it. Questions without
-- a call are apart, in fct_unmatched_surveys.
-- @grain call_id
-- @build incremental by call_date
-- @follow intermediate.int_surveys by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call: a reply belongs to its call's quarter
-- @column agent_id id the agent asked about: the one Puzzel names if that agent answered, else the last who did
-- @column sent_at time when the question was sent, UTC
-- @column match_quality code call_id or agent_and_number
-- @column is_replied flag any text came back within the window
-- @column score score first valid score 1-9
with surveys as (
    select
        s.*,
        row_number() over (partition by s.call_id order by s.sent_at, s.survey_id) as from_first,
        bool_or(s.is_replied) over (partition by s.call_id) as is_any_replied,
        first_value(s.score) over (
            partition by s.call_id
            order by s.score is null, s.replied_at nulls last, s.sent_at, s.survey_id
            rows between unbounded preceding and unbounded following
        ) as first_score
    from intermediate.int_surveys as s
    where s.call_date >= $from and s.call_date < $to
),

answerers as (
    select
        l.call_id,
        l.agent_id,
        max(l.leg_number) as last_leg_number
    from intermediate.int_agent_legs as l
    where l.call_date >= $from and l.call_date < $to and l.is_answered
    group by l.call_id, l.agent_id
),

last_answerers as (
    select
        call_id,
        arg_max(agent_id, last_leg_number) as agent_id
    from answerers
    group by call_id
)

select
    s.call_id,
    s.call_date,
    coalesce(n.agent_id, a.agent_id) as agent_id,
    s.sent_at,
    s.match_quality,
    s.is_any_replied as is_replied,
    s.first_score as score
from surveys as s
left join answerers as n on s.call_id = n.call_id and s.agent_id = n.agent_id
left join last_answerers as a on s.call_id = a.call_id
where s.from_first = 1
