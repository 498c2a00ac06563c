-- A published copy in miniature, with invented people and figures: the columns that
-- reports read, and no others.
create schema marts;
create schema feed;

create table marts.dim_data (
    data_until timestamp, run_id varchar, program_version varchar, is_simulated boolean, contact varchar
);
insert into marts.dim_data values ('2026-09-30 19:58:00', '20261001T020000Z', 'v1.0.0', true, 'Sekretariatet');

create table marts.dim_municipality (
    municipality_code varchar, municipality_name varchar, region_name varchar, network varchar,
    population bigint, population_date date, is_member boolean
);
insert into marts.dim_municipality values
    ('0101', 'København', 'Region Hovedstaden', null, 671714, '2026-01-01', false),
    ('0316', 'Holbæk', 'Region Sjælland', 'Øst', 75000, '2026-01-01', true),
    ('0751', 'Aarhus', 'Region Midtjylland', 'Midt', 378000, '2026-01-01', true),
    ('unknown', 'Ukendt/ikke-medlem', 'Ukendt', null, null, null, false);
create table marts.dim_population (
    municipality_code varchar, valid_from date, valid_to date, population bigint, population_date date
);
insert into marts.dim_population values
    ('0101', '1900-01-01', '9999-12-31', 671714, '2026-01-01'),
    ('0316', '1900-01-01', '2026-09-30', 74000, '2025-01-01'),
    ('0316', '2026-10-01', '9999-12-31', 75000, '2026-10-01'),
    ('0751', '1900-01-01', '9999-12-31', 378000, '2026-01-01');
create table marts.kpi_hour_profile (
    period varchar, year_from date, grouping varchar, key varchar, weekday integer, local_hour integer,
    calls_offered bigint, calls_answered bigint, calls_answered_on_line bigint, calls_abandoned bigint,
    calls_outside_hours bigint, wait_seconds bigint, open_minutes bigint
);
insert into marts.kpi_hour_profile values
    ('2026K3', '2026-01-01', 'total', 'total', 1, 9, 90, 80, 80, 5, 0, 4000, 780),
    ('2026K3', '2026-01-01', 'municipality', '0316', 1, 9, 40, 38, 38, 2, 0, 1900, 780),
    ('2026K3', '2026-01-01', 'municipality', '0316', 1, 7, 0, 0, 0, 0, 3, 0, 0),
    ('2026K2', '2026-01-01', 'municipality', '0316', 1, 9, 7, 7, 7, 0, 0, 70, 780),
    ('2026K3', '2026-01-01', 'municipality', '0751', 1, 9, 50, 42, 42, 3, 0, 2100, 780);
create table marts.kpi_help_matrix (
    period varchar, year_from date, citizen_municipality_code varchar, agent_municipality_code varchar,
    calls_answered bigint, agent_calls bigint
);
insert into marts.kpi_help_matrix values
    ('2026K3', '2026-01-01', '0316', '0316', 5, 5),
    ('2026K3', '2026-01-01', '0316', '0751', 33, 34),
    ('2026K3', '2026-01-01', '0751', '0316', 12, 13),
    ('2026K2', '2026-01-01', '0751', '0316', 99, 99);
create table marts.dim_membership (municipality_code varchar, network varchar, valid_from date, valid_to date);
insert into marts.dim_membership values
    ('0316', 'Øst', '2000-01-01', '9999-12-31'),
    ('0751', 'Midt', '2000-01-01', '9999-12-31');


create table marts.dim_kpi (
    kpi varchar, label varchar, unit varchar, decimals integer, direction varchar,
    definition varchar, formula varchar, sort_order integer
);
insert into marts.dim_kpi values
    ('wait_seconds_mean', 'Ventetid', 'seconds', 0, 'min', 'Tid i kø', 'sum / antal', 1),
    ('calls_answered', 'Besvarede opkald', 'count', 0, null, 'Antal', 'antal', 2),
    ('guide_views', 'Brugte guider', 'count', 0, null, 'Antal', 'antal', 3);

create table marts.dim_period (
    period varchar, period_kind varchar, period_from date, period_to date, label varchar
);
insert into marts.dim_period values
    ('2026K2', 'quarter', '2026-04-01', '2026-06-30', '2. kvartal 2026'),
    ('2026K3', 'quarter', '2026-07-01', '2026-09-30', '3. kvartal 2026'),
    ('2026K4', 'quarter', '2026-10-01', '2026-12-31', '4. kvartal 2026'),
    ('2026', 'year', '2026-01-01', '2026-12-31', '2026');

create table marts.dim_agent (agent_id bigint, agent_name varchar, municipality_code varchar);
insert into marts.dim_agent values (7, 'Anna Eksempel', '0316'), (8, 'Bo Prøvesen', '0751');

create table marts.fct_agent_presence (agent_id bigint, presence_date date, agent_municipality_code varchar, is_until_midnight boolean);
insert into marts.fct_agent_presence values
    (7, '2026-06-30', '0316', true), (7, '2026-07-01', '0316', true), (7, '2026-07-02', '0751', true), (7, '2026-07-03', '0316', false);

create table marts.dim_guide (guide_id varchar, title varchar, scope varchar, category varchar);
insert into marts.dim_guide values ('g1', 'Pas og kørekort', 'national', 'Borgerservice');

create table marts.kpi_values (
    period varchar, perspective varchar, grouping varchar, key varchar, municipality_code varchar, label varchar,
    kpi varchar, value double, n bigint, lower double, upper double, target double, status varchar,
    expected varchar
);
insert into marts.kpi_values values
    ('2026K3', 'citizen', 'municipality', '0316', 'all', 'Holbæk', 'wait_seconds_mean', 47, 900, 45, 49, 60, 'met', null),
    ('2026K2', 'citizen', 'municipality', '0316', 'all', 'Holbæk', 'wait_seconds_mean', 52, 800, 50, 54, 60, 'met', null),
    ('2026K3', 'citizen', 'municipality', '0751', 'all', 'Aarhus', 'wait_seconds_mean', 66, 4000, 65, 67, 60, 'missed', null),
    ('2026K3', 'citizen', 'municipality', 'unknown', 'all', 'Ukendt/ikke-medlem', 'wait_seconds_mean', 40, 10, 30, 50, 60, 'met', null),
    ('2026K3', 'citizen', 'total', 'total', 'all', 'Hele DDH', 'wait_seconds_mean', 60, 5000, 59, 61, 60, 'met', null),
    ('2026K3', 'agent', 'agent', '7', '0316', 'Medarbejder 7', 'calls_answered', 120, 120, null, null, null, 'no_target', null),
    ('2026K3', 'agent', 'agent', '8', '0751', 'Medarbejder 8', 'calls_answered', 130, 130, null, null, null, 'no_target', null),
    ('2026K3', 'agent', 'agent', '8', 'all', 'Medarbejder 8', 'calls_answered', 130, 130, null, null, null, 'no_target', null),
    ('2026K3', 'citizen', 'guide', 'g1', '0316', 'Pas og kørekort', 'guide_views', 12, 12, null, null, null, 'no_target', null),
    ('2026K2', 'citizen', 'guide', 'g1', '0316', 'Pas og kørekort', 'guide_views', 9, 9, null, null, null, 'no_target', null),
    ('2026K3', 'citizen', 'guide', 'g1', 'all', 'Pas og kørekort', 'guide_views', 99, 99, null, null, null, 'no_target', null);

create table feed.feed_opkald (
    opkald_id bigint, dato date, er_besvaret boolean, ventetid_sekunder double, pris decimal(9, 2), note varchar
);
insert into feed.feed_opkald values
    (2, '2026-07-02', false, null, null, null),
    (1, '2026-07-01', true, 12.5, 1.5, 'æøå, "citat"');
comment on table feed.feed_opkald is 'Ét opkald pr. række.';
comment on column feed.feed_opkald.opkald_id is '[id] Opkaldets nummer';

create table feed.feed_emne (emne_id varchar, navn varchar);
