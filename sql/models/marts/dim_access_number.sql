-- One row per number citizens dial and stretch of days in which it was the same
-- municipality's.
-- @grain number, valid_from
-- @build table
-- @check valid_to >= valid_from
-- @column number text the municipality's number as access_numbers.csv has it
-- @column municipality_code code whose citizens dial it
-- @column valid_from date first day
-- @column valid_to date last day
select
    number,
    municipality_code,
    valid_from,
    valid_to
from reference.access_numbers
