-- One row per queue key with Puzzel's own description. The same key can exist on
-- several service numbers; the descriptions then agree or the first one serves.
-- @grain queue_key
-- @build view
-- @column queue_key code Puzzel's queue
-- @column description text what Puzzel calls it
select
    trim(queue_key) as queue_key,
    min(descript) as description
from raw.puzzel__queues
group by trim(queue_key)
