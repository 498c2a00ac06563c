-- One row per queue key with Puzzel's own description. The same key can exist on
-- several service numbers; the descriptions then agree or the first one serves.
-- @grain queue_key
-- @build view
-- @column queue_key code Puzzel's queue
-- @column written_key text the key as Puzzel writes it; the first spelling where there are several
-- @column description text what Puzzel calls it
select
    meta.key(queue_key) as queue_key,
    min(trim(queue_key)) as written_key,
    min(descript) as description
from raw.puzzel__queues
where meta.key(queue_key) is not null
group by meta.key(queue_key)
