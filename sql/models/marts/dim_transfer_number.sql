-- One row per number that calls are transferred to, as transfer_numbers.csv has it.
-- @grain number
-- @build table
-- @column number text E.164, or the number as written where it is internal
-- @column kind code municipality, authority or ddh
-- @column municipality_code code whose number it is
-- @column department text the department behind it
select
    number,
    kind,
    municipality_code,
    department
from reference.transfer_numbers
