-- Netværk: one row per network of members.
-- @grain netvaerk
-- @build view
-- @column netvaerk text Netværkets navn
select distinct network as netvaerk
from marts.dim_membership
where network is not null
