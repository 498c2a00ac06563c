-- What the schedule goes by: who asked for a run, and which of its steps were jobs.

alter table meta.runs add column trigger varchar default 'manual';
comment on column meta.runs.trigger is 'manual, schedule, or catch-up: a scheduled time that was missed';

alter table meta.steps add column job varchar default '';
comment on column meta.steps.job is 'the job of the configuration that this step did: a source, or a name under jobs; empty for other steps';

alter table meta.steps add column position integer default 0;
comment on column meta.steps.position is 'order of the steps within their run, from 0';
