-- Emne: one row per enquiry topic.
-- @grain emne_id
-- @build view
-- @column emne_id code Emnets id
-- @column emne text Navn
-- @column kategori text Kategori
select
    topic_id as emne_id,
    topic_name as emne,
    category_name as kategori
from marts.dim_topic
