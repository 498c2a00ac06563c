-- One row per queue that Puzzel or queues.csv names.
-- @grain queue_key
-- @build table
-- @column queue_key code Puzzel's queue
-- @column kind code ddh, municipality or other
-- @column label text what people call it
with keys as (
    select queue_key from staging.stg_puzzel__queues where queue_key is not null
    union
    select queue_key from reference.queues
)

select
    k.queue_key,
    coalesce(r.kind, 'ddh') as kind,
    coalesce(r.label, p.description, k.queue_key) as label
from keys as k
left join reference.queues as r on k.queue_key = r.queue_key
left join staging.stg_puzzel__queues as p on k.queue_key = p.queue_key
