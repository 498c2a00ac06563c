-- What the figures rest on: until when there are calls, which program and run made
-- them, and whether the calls are simulated.
-- @grain one row
-- @build table
-- @column data_until time wall clock of the newest call's start
-- @column data_from date day of the oldest call
-- @column run_id id the run that built this
-- @column program_version text ddh's version
-- @column is_simulated flag the calls come from the simulator
-- @column contact text whom to ask
select
    c.data_until,
    c.data_from,
    r.run_id,
    r.program_version,
    r.is_simulated,
    r.contact
from reference.release as r
cross join (
    select
        timezone('Europe/Copenhagen', timezone('UTC', max(started_at))) as data_until,
        min(call_date) as data_from
    from marts.fct_calls
) as c
