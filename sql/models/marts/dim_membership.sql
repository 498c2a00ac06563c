-- One row per municipality and stretch of membership of the contact centre. A
-- municipality that joined or left inside a period is told from here.
-- @grain municipality_code, valid_from
-- @build table
-- @column municipality_code code member
-- @column network text network the member belongs to
-- @column valid_from date first day
-- @column valid_to date last day
select
    municipality_code,
    network,
    valid_from,
    valid_to
from reference.members
where service = 'contact_centre'
