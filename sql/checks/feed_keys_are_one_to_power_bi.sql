-- No two keys of a feed table are one to Power BI, which compares texts without case and
-- without blanks at the end, and refuses a relationship whose one side has a key twice.
-- Networks come from members.csv and numbers from transfer_numbers.csv: write each in one
-- spelling there. All other keys have one form by then; if one of them is here, meta.key
-- is not used where it becomes a key.
-- @severity error
with keys as (
    select 'koe' as feed_table, queue_key as key from marts.dim_queue
    union all
    select 'guide' as feed_table, guide_id as key from marts.dim_guide
    union all
    select 'emne' as feed_table, topic_id as key from marts.dim_topic
    union all
    select 'omstillingsnummer' as feed_table, number as key from marts.dim_transfer_number
    union all
    select distinct 'netvaerk' as feed_table, network as key from marts.dim_membership
    union all
    select 'kommune' as feed_table, municipality_code as key from marts.dim_municipality
)

select
    feed_table,
    lower(rtrim(nfc_normalize(key))) as key_in_power_bi,
    min(key) as spelling,
    max(key) as other_spelling
from keys
where key is not null
group by feed_table, lower(rtrim(nfc_normalize(key)))
having count(*) > 1
