-- One row per answered leg of an agent in a call that counts as answered. Talk and
-- handling times are means over these.
-- @grain call_id, leg_number
-- @build incremental by call_date
-- @column call_id id Puzzel's call
-- @column call_date date local date of the call
-- @column leg_number count event number of the leg in the call
-- @column agent_id id agent
-- @column agent_municipality_code code who employs the agent that day
-- @column citizen_municipality_code code whose number was dialled
-- @column queue_key code queue the leg was set up from; empty on transfers
-- @column speak_started_at time start of speaking, UTC
-- @column talk_seconds s time spoken
-- @column hold_seconds s caller on hold, lies inside talk
-- @column wrap_up_seconds s wrap-up
-- @column handling_seconds s talk + wrap-up
-- @column is_sent_back flag the agent sent the call to the municipality
-- @column transfer_target code where the agent sent the call
-- @column transfer_number text number or queue it was sent back to
select
    l.call_id,
    l.call_date,
    l.leg_number,
    l.agent_id,
    l.agent_municipality_code,
    c.citizen_municipality_code,
    l.queue_key,
    l.speak_started_at,
    l.talk_seconds,
    l.hold_seconds,
    l.wrap_up_seconds,
    l.handling_seconds,
    l.is_sent_back,
    l.transfer_target,
    l.transfer_number
from intermediate.int_agent_legs as l
inner join intermediate.int_calls as c on l.call_id = c.call_id
where
    l.call_date >= $from and l.call_date < $to
    and c.call_date >= $from and c.call_date < $to
    and l.is_answered and c.outcome = 'answered'
