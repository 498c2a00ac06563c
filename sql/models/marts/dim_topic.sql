-- One row per enquiry topic.
-- @grain topic_id
-- @build table
-- @column topic_id code topic
-- @column topic_name text name
-- @column category_name text category above it
select
    topic_id,
    topic_name,
    category_name
from intermediate.int_topics
