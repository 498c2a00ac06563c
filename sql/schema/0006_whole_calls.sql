-- A call is loaded whole or waits whole: what a quarantined row belongs to.
alter table meta.quarantine add column key varchar default '';
comment on column meta.quarantine.key is 'key of the row in its table, by which the rows of one call find each other; empty where it could not be told';
