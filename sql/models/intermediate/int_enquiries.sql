-- One row per topic an agent registered for a session, with the session and the topic
-- that the newest version of the registration names.
-- @grain enquiry_id, topic_id, topic_record_id
-- @build incremental by registered_date
-- @column enquiry_id id Puzzel's registration
-- @column topic_record_id id Puzzel's record of the topic, -1 where there is none
-- @column registered_date date local date of the registration
-- @column session_id id the session it belongs to
-- @column topic_id code the topic chosen
-- @column topic_name text its name
select enquiry_id, topic_record_id, registered_date, session_id, topic_id, topic_name
from staging.stg_puzzel__enquiries
where registered_date >= $from and registered_date < $to and topic_id is not null
