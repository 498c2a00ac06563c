-- One row per agent and day with a log-on: how long the agent was logged on, and
-- what became of the time. Logged on = ready + conversations + wrap-up + pause, to
-- the second; conversations last from the first ring, answered ones only. Agents
-- of other systems, who never log on here, have no row.
-- @grain agent_id, presence_date
-- @build incremental by presence_date
-- @check logged_on_seconds = ready_seconds + conversation_seconds + wrap_up_seconds + pause_seconds
-- @check logged_on_seconds between 1 and 90000
-- @column agent_id id Puzzel's agent
-- @column presence_date date local date
-- @column agent_municipality_code code who employs the agent that day; unknown where nobody is named
-- @column first_logged_on_at time first log-on, UTC
-- @column last_logged_off_at time last log-off, UTC; midnight where none came
-- @column logged_on_seconds s logged on
-- @column ready_seconds s logged on and free for a call
-- @column conversation_seconds s in answered conversations, from the first ring
-- @column wrap_up_seconds s in wrap-up
-- @column pause_seconds s in pause, of any type
-- @column is_until_midnight flag nobody logged off before the last minute of the day: the time may be too long
with days as (
    select
        agent_id,
        state_date as presence_date,
        min(started_at) as first_logged_on_at,
        max(ended_at) as last_logged_off_at,
        sum(state_seconds) as logged_on_seconds,
        sum(case when state = 'ready' then state_seconds - conversation_seconds - wrap_up_seconds else 0 end) as ready_seconds,
        sum(conversation_seconds) as conversation_seconds,
        sum(wrap_up_seconds) as wrap_up_seconds,
        sum(case when state = 'pause' then state_seconds - conversation_seconds - wrap_up_seconds else 0 end) as pause_seconds,
        bool_or(is_until_midnight) as is_until_midnight
    from intermediate.int_agent_states
    where state_date >= $from and state_date < $to
    group by agent_id, state_date
)

select
    d.agent_id,
    d.presence_date,
    coalesce(a.municipality_code, 'unknown') as agent_municipality_code,
    d.first_logged_on_at,
    d.last_logged_off_at,
    cast(d.logged_on_seconds as bigint) as logged_on_seconds,
    cast(d.ready_seconds as bigint) as ready_seconds,
    cast(d.conversation_seconds as bigint) as conversation_seconds,
    cast(d.wrap_up_seconds as bigint) as wrap_up_seconds,
    cast(d.pause_seconds as bigint) as pause_seconds,
    d.is_until_midnight
from days as d
left join intermediate.int_agent_history as a
    on d.agent_id = a.agent_id and d.presence_date between a.valid_from and a.valid_to
