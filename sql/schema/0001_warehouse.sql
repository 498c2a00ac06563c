-- The schemas of the warehouse and the tables in which it keeps account of itself.
-- A migration that has been applied is never changed: add the next number.

create schema if not exists meta;
create schema if not exists raw;
create schema if not exists seeds;
create schema if not exists reference;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists marts;
create schema if not exists reports;
create schema if not exists feed;

-- One row per loaded batch: its cursor, and the proof that no row was lost.
-- read = loaded + superseded + quarantined, always.
create table meta.batches (
    batch       varchar not null,
    run         varchar not null,
    source      varchar not null,
    owner       varchar not null,
    table_name  varchar not null,
    version     integer not null,
    origin      varchar not null,
    content     varchar not null,
    window_from timestamptz,
    window_to   timestamptz,
    read        bigint not null,
    loaded      bigint not null,
    superseded  bigint not null,
    quarantined bigint not null,
    replaced    bigint not null,
    drift       varchar not null,
    confirmed   boolean not null,
    loaded_at   timestamptz not null
);
comment on table meta.batches is 'Batches loaded, one row each';
comment on column meta.batches.superseded is 'rows of the batch that are older versions of what raw holds';
comment on column meta.batches.replaced is 'rows of earlier batches that this one removed from raw';
comment on column meta.batches.confirmed is 'loaded although it replaced many rows by far fewer';

-- One row per row that could not be loaded. raw has had its privacy treatment.
create table meta.quarantine (
    batch          varchar not null,
    source         varchar not null,
    owner          varchar not null,
    table_name     varchar not null,
    row            bigint not null,
    line           bigint not null,
    column_name    varchar not null,
    rule           varchar not null,
    message        varchar not null,
    raw            varchar not null,
    first_seen_run varchar not null,
    quarantined_at timestamptz not null
);
comment on table meta.quarantine is 'Rows set aside, one row each; (batch, row) finds it again in its source';
comment on column meta.quarantine.line is 'line of the file, from 1; 0 where there are no lines';
comment on column meta.quarantine.column_name is 'column at fault; empty for the row as a whole';

-- What loads have changed since models were last built. The model engine empties it.
create table meta.touched (
    table_name varchar not null,
    day        date
);
comment on table meta.touched is 'Local days of raw tables that changed since the last build';
comment on column meta.touched.table_name is 'qualified name, for example raw.puzzel__call_events';
comment on column meta.touched.day is 'NULL = the table as a whole';

create table meta.runs (
    run_id     varchar not null,
    command    varchar not null,
    started_at timestamptz not null,
    ended_at   timestamptz,
    status     varchar not null,
    message    varchar not null,
    counts     varchar not null
);
comment on table meta.runs is 'Every run of a command that writes, one row each';
comment on column meta.runs.status is 'running, ok, warnings, failed, or interrupted';
comment on column meta.runs.counts is 'JSON object of name to number';

create table meta.steps (
    run_id     varchar not null,
    step       varchar not null,
    started_at timestamptz not null,
    ended_at   timestamptz not null,
    status     varchar not null,
    message    varchar not null,
    counts     varchar not null
);
comment on table meta.steps is 'The steps of a run, in order of their start';
