package model_test

import (
	"database/sql"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/google/go-cmp/cmp"
)

// edit replaces a text in one model of the hotline.
func edit(fsys fstest.MapFS, file, old, replacement string) fstest.MapFS {
	text := string(fsys[file].Data)
	if !strings.Contains(text, old) {
		panic(file + " does not contain " + old)
	}
	return with(fsys, file, strings.Replace(text, old, replacement, 1))
}

// TestPlan changes one thing after a first build and shows the reason each model
// is given, then lets the build follow: nothing may be left to do.
func TestPlan(t *testing.T) {
	tests := []struct {
		name   string
		change func(*testing.T, *sql.Conn)
		models fstest.MapFS
		want   string
	}{
		{
			name: "nothing",
			want: "nothing to build",
		},
		{
			name:   "a call moved to another day",
			change: func(t *testing.T, conn *sql.Conn) { late(t, conn, 2, "2026-03-03", 25) },
			want: `
check    staging.stg_calls 2026-03-02..2026-03-03 (raw.calls: 2 days)
days     intermediate.int_calls 2026-03-02..2026-03-03 (raw.calls: 2 days)
days     intermediate.int_repeats 2026-02-27..2026-03-03 (int_calls: 2 days)
days     marts.fct_calls 2026-02-27..2026-03-03 (int_calls: 2 days, int_repeats: 5 days)
rebuild  marts.kpi_total (fct_calls: 5 days)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name: "days far apart",
			change: func(t *testing.T, conn *sql.Conn) {
				late(t, conn, 1, "2026-03-01", 11)
				late(t, conn, 4, "2026-03-20", 41)
			},
			want: `
check    staging.stg_calls 2026-03-01, 2026-03-20 (raw.calls: 2 days)
days     intermediate.int_calls 2026-03-01, 2026-03-20 (raw.calls: 2 days)
days     intermediate.int_repeats 2026-02-26..2026-03-01, 2026-03-17..2026-03-20 (int_calls: 2 days)
days     marts.fct_calls 2026-02-26..2026-03-01, 2026-03-17..2026-03-20 (int_calls: 2 days, int_repeats: 8 days)
rebuild  marts.kpi_total (fct_calls: 8 days)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name: "a raw table as a whole",
			change: func(t *testing.T, conn *sql.Conn) {
				exec(t, conn, "insert into meta.touched values ('raw.agents', null), ('raw.unread', null)")
			},
			want: `
check    staging.stg_agents (raw.agents changed)
check    intermediate.int_agents (raw.agents changed)
rebuild  marts.dim_agent (raw.agents changed)
maybe    marts.fct_calls (if dim_agent changes)
maybe    marts.kpi_total (if fct_calls changes)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name: "a late call and a raw table as a whole",
			change: func(t *testing.T, conn *sql.Conn) {
				late(t, conn, 4, "2026-03-20", 41)
				exec(t, conn, "insert into meta.touched values ('raw.agents', null)")
			},
			want: `
check    staging.stg_agents (raw.agents changed)
check    staging.stg_calls 2026-03-20 (raw.calls: 1 day)
check    intermediate.int_agents (raw.agents changed)
days     intermediate.int_calls 2026-03-20 (raw.calls: 1 day)
days     intermediate.int_repeats 2026-03-17..2026-03-20 (int_calls: 1 day)
rebuild  marts.dim_agent (raw.agents changed)
days     marts.fct_calls 2026-03-17..2026-03-20 (int_calls: 1 day, int_repeats: 4 days, whole if dim_agent changes)
rebuild  marts.kpi_total (fct_calls: 4 days)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name:   "a seed",
			change: func(t *testing.T, conn *sql.Conn) { exec(t, conn, "insert into seeds.towns values ('Skive', 'Nord')") },
			want: `
rebuild  marts.dim_agent (seeds.towns changed)
maybe    marts.fct_calls (if dim_agent changes)
maybe    marts.kpi_total (if fct_calls changes)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name: "a reference table",
			change: func(t *testing.T, conn *sql.Conn) {
				exec(t, conn, "update reference.members set town = 'Greve'")
			},
			want: `
check    intermediate.int_agents (reference.members changed)
rebuild  intermediate.int_calls (reference.members changed)
rebuild  intermediate.int_repeats (int_calls changed)
rebuild  marts.dim_agent (reference.members changed)
rebuild  marts.fct_calls (int_calls changed, int_repeats changed)
rebuild  marts.kpi_total (fct_calls changed)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name: "a reference table loaded again with the same rows",
			change: func(t *testing.T, conn *sql.Conn) {
				exec(t, conn, "create or replace table reference.members as select * from reference.members order by town desc")
				exec(t, conn, "insert into meta.touched values ('reference.members', null)")
			},
			want: "nothing to build",
		},
		{
			name: "a raw table with a new column",
			change: func(t *testing.T, conn *sql.Conn) {
				exec(t, conn, "alter table raw.calls add column note varchar")
			},
			want: `
rebuild  staging.stg_calls (raw.calls has other columns)
rebuild  intermediate.int_calls (stg_calls changed)
rebuild  intermediate.int_repeats (int_calls changed)
rebuild  marts.fct_calls (int_calls changed, int_repeats changed)
rebuild  marts.kpi_total (fct_calls changed)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name: "a raw table with another type",
			change: func(t *testing.T, conn *sql.Conn) {
				exec(t, conn, "alter table raw.calls alter column wait type integer")
			},
			want: `
rebuild  staging.stg_calls (raw.calls has other columns)
rebuild  intermediate.int_calls (stg_calls changed)
rebuild  intermediate.int_repeats (int_calls changed)
rebuild  marts.fct_calls (int_calls changed, int_repeats changed)
rebuild  marts.kpi_total (fct_calls changed)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name:   "a table somebody dropped",
			change: func(t *testing.T, conn *sql.Conn) { exec(t, conn, "drop table marts.kpi_total") },
			want: `
rebuild  marts.kpi_total (missing in the warehouse)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name:   "other SQL",
			models: edit(hotline, "marts/kpi_total.sql", "count(*)", "count(call_id)"),
			want: `
rebuild  marts.kpi_total (SQL changed)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name:   "other prose",
			models: edit(hotline, "intermediate/int_calls.sql", "-- One row per call", "-- One row for each call"),
			want:   "check    intermediate.int_calls (header changed)",
		},
		{
			name:   "another check on a view that has late calls under it",
			models: edit(hotline, "staging/stg_calls.sql", "-- @column call_id", "-- @check call_id > 0\n-- @column call_id"),
			change: func(t *testing.T, conn *sql.Conn) { late(t, conn, 4, "2026-03-20", 41) },
			want: `
check    staging.stg_calls (header changed, raw.calls: 1 day)
days     intermediate.int_calls 2026-03-20 (raw.calls: 1 day)
days     intermediate.int_repeats 2026-03-17..2026-03-20 (int_calls: 1 day)
days     marts.fct_calls 2026-03-17..2026-03-20 (int_calls: 1 day, int_repeats: 4 days)
rebuild  marts.kpi_total (fct_calls: 4 days)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name:   "a table that becomes a view",
			models: edit(hotline, "marts/dim_agent.sql", "@build table", "@build view"),
			want: `
rebuild  marts.dim_agent (SQL changed)
rebuild  marts.fct_calls (dim_agent changed)
rebuild  marts.kpi_total (fct_calls changed)
maybe    reports.rpt_total (if kpi_total changes)`,
		},
		{
			name:   "a model that is gone",
			models: with(hotline, "reports/rpt_total.sql", ""),
			want:   "drop     reports.rpt_total (its file is gone)",
		},
		{
			name: "a new model",
			models: with(hotline, "feed/feed_agent.sql",
				"-- One row per agent.\n-- @grain agent_id\n-- @build view\n-- @column agent_id id the agent\nselect agent_id from marts.dim_agent"),
			want: "rebuild  feed.feed_agent (new)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn := open(t)
			fill(t, conn)
			build(t, conn, graphOf(t, conn, hotline), model.Options{})
			if tt.change != nil {
				tt.change(t, conn)
			}
			models := hotline
			if tt.models != nil {
				models = tt.models
			}
			g := graphOf(t, conn, models)
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), plan(t, conn, g)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			build(t, conn, g, model.Options{})
			if left := plan(t, conn, g); left != "nothing to build" {
				t.Errorf("after the build there is left:\n%s", left)
			}
			sameAsFull(t, conn, g)
		})
	}
}
