-- Omstillingsnummer: one row per number that calls are transferred to.
-- @grain nummer
-- @build view
-- @column nummer text Nummer
-- @column type code municipality, authority eller ddh
-- @column kommunekode code Hvis nummer det er
-- @column afdeling text Afdeling
select
    number as nummer,
    kind as type,
    municipality_code as kommunekode,
    department as afdeling
from marts.dim_transfer_number
