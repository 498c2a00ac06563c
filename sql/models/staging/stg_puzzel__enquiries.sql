-- One row per topic an agent registered for a session.
-- @grain enquiry_id, topic_id, topic_record_id
-- @build view by registered_date
-- @column enquiry_id id Puzzel's registration
-- @column topic_record_id id Puzzel's record of the topic, -1 where there is none
-- @column registered_date date local date of the registration
-- @column session_id id the session it belongs to
-- @column topic_id code the topic chosen; by its name where Puzzel gives no number
-- @column topic_name text its name
-- @column category_name text the category above it
select
    enqreg_header_recid as enquiry_id,
    coalesce(enqreg_topic_recid, -1) as topic_record_id,
    _day as registered_date,
    meta.guid(related_iq_session_id) as session_id,
    coalesce(cast(topic_id as varchar), meta.key(topic_name)) as topic_id,
    topic_name,
    category_name
from raw.puzzel__enqreg_header
