-- One row per queue that Puzzel or queues.csv names.
-- @grain queue_key
-- @build table
-- @column queue_key code Puzzel's queue
-- @column kind code ddh, municipality or other
-- @column label text what people call it
select
    queue_key,
    kind,
    label
from intermediate.int_queues
