-- One row per day, kind and text that was not recognised.
-- @grain seen_date, kind, key
-- @build incremental by seen_date
-- @column seen_date date local date
-- @column kind code of the seed unknown_kinds
-- @column key text the text as it is compared
-- @column text text as it came; of several spellings the first
-- @column row_count count events, calls, legs or guide actions
select
    seen_date,
    kind,
    key,
    text,
    row_count
from intermediate.int_unknown_values
where seen_date >= $from and seen_date < $to
