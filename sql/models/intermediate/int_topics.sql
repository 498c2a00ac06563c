-- One row per enquiry topic, by its newest name.
-- @grain topic_id
-- @build table
-- @column topic_id code topic
-- @column topic_name text name
-- @column category_name text category above it
select
    topic_id,
    arg_max(topic_name, row(enquiry_id, topic_record_id, topic_name)) as topic_name,
    arg_max(category_name, row(enquiry_id, topic_record_id, category_name)) as category_name
from staging.stg_puzzel__enquiries
where topic_id is not null
group by topic_id
