-- One row per queue that Puzzel or queues.csv names. A queue without a label goes by
-- its key as queues.csv or Puzzel writes it.
-- @grain queue_key
-- @build table
-- @column queue_key code Puzzel's queue
-- @column kind code ddh, municipality or other
-- @column label text what people call it
with keys as (
    select queue_key from staging.stg_puzzel__queues
    union
    select meta.key(queue_key) as queue_key from reference.queues
)

select
    k.queue_key,
    coalesce(r.kind, 'ddh') as kind,
    coalesce(r.label, p.description, r.queue_key, p.written_key) as label
from keys as k
left join reference.queues as r on k.queue_key = meta.key(r.queue_key)
left join staging.stg_puzzel__queues as p on k.queue_key = p.queue_key
