-- What the model engine (etl/model) remembers between builds.

create schema if not exists meta;

-- One row per built model, and per external table that models read. A model is
-- built again when what is kept here no longer fits.
create table meta.model_state (
    model varchar not null,        -- schema.name
    kind varchar not null,         -- view, table, incremental; raw, reference, seeds for external tables
    sql_hash varchar not null,     -- of query, @build line and column names; '' for external tables
    header_hash varchar not null,  -- of everything else in the header
    fingerprint varchar not null,  -- of the rows of a table model or a reference table; '' for others
    columns varchar not null,      -- names and types
    row_count bigint not null,     -- rows after the build; -1 where they were not counted
    built_at timestamptz not null, -- last time anything was done to it
    run varchar not null,
    action varchar not null,
    reason varchar not null,
    seconds double not null
);

-- One row per check that a run evaluated and somebody should see: every query of
-- sql/checks, and each @check warn that failed. A failing error leaves no row,
-- since the build that found it is rolled back. Those that hold now are those
-- whose run is the one in meta.model_state.
create table meta.check_results (
    run varchar not null,
    model varchar not null,        -- schema.name; 'checks' for the queries of sql/checks
    check_name varchar not null,   -- the expression, or the file's name
    severity varchar not null,     -- error or warn
    failed bigint not null,        -- rows that fail
    total bigint,                  -- rows looked at; null for a query of sql/checks
    threshold bigint not null,     -- failing rows that are tolerated
    examples varchar not null,     -- up to three of the failing rows
    checked_at timestamptz not null
);

-- One row per seed file loaded into the schema seeds.
create table meta.seeds (
    seed varchar not null,         -- seeds.name
    content varchar not null,      -- hash of the file
    loaded_at timestamptz not null
);
