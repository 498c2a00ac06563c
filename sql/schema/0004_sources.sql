-- Where the sources left off, and what became of quarantined rows.

-- Up to when a source has delivered everything of a table. Windows of batches tell
-- the same but for windows that brought nothing, so it may be lost.
create table meta.cursors (
    source     varchar not null,
    table_name varchar not null,
    until      timestamptz not null
);
comment on table meta.cursors is 'Where the next window of a source begins, one row per source and table';
comment on column meta.cursors.table_name is 'qualified name, for example raw.puzzel__call_events';

-- One row per quarantined row that was replayed. It need not be in meta.quarantine
-- yet: batches may be loaded in any order.
create table meta.replays (
    batch       varchar not null,
    row         bigint not null,
    replayed_by varchar not null
);
comment on table meta.replays is 'Quarantined rows that a later batch brought again; they are no longer open';
comment on column meta.replays.batch is 'batch in which the row was quarantined';
comment on column meta.replays.replayed_by is 'batch that brought it again';
