package model_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/google/go-cmp/cmp"
)

// towns is a folder of one table; body is what comes after prose and grain.
func towns(body string) fstest.MapFS {
	return folder("marts/dim_town.sql", "-- One row per town.\n-- @grain town\n"+body)
}

const townColumns = "-- @column town text name\n-- @column region text part of the country\n"

func built(t *testing.T) *sql.Conn {
	t.Helper()
	conn := open(t)
	fill(t, conn)
	build(t, conn, graphOf(t, conn, hotline), model.Options{Run: "first"})
	return conn
}

func TestBuildResult(t *testing.T) {
	conn := built(t)
	late(t, conn, 2, "2026-03-03", 700)
	var watched []string
	clock := noon
	result, err := graphOf(t, conn, hotline).Build(context.Background(), conn, model.Options{
		Run:   "second",
		Now:   func() time.Time { clock = clock.Add(10 * time.Millisecond); return clock },
		Watch: func(step string, done, total int64) { watched = append(watched, step) },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `check    staging.stg_calls 2026-03-02..2026-03-03 (raw.calls: 2 days): 2 rows, 0.01 s
days     intermediate.int_calls 2026-03-02..2026-03-03 (raw.calls: 2 days): 2 rows, 0.02 s
days     intermediate.int_repeats 2026-02-27..2026-03-03 (int_calls: 2 days): 3 rows, 0.01 s
days     marts.fct_calls 2026-02-27..2026-03-03 (int_calls: 2 days, int_repeats: 5 days): 3 rows, 0.01 s
rebuild  marts.kpi_total (fct_calls: 5 days): 1 row, 0.01 s
check    reports.rpt_total (kpi_total changed): 1 row, 0.01 s
warning: intermediate.int_calls: check "wait_seconds < 600" failed for 1 row of 2, e.g. call_id=2
6 of 9 models done in 0.24 s`
	if diff := cmp.Diff(want, result.String()); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if len(watched) != 10 || watched[0] != "staging.stg_agents" || watched[9] != "checks" {
		t.Errorf("watched %v", watched)
	}
}

func TestBuildLeavesAFingerprintedTableAlone(t *testing.T) {
	conn := built(t)
	exec(t, conn, "insert into meta.touched values ('raw.agents', null)")
	result := build(t, conn, graphOf(t, conn, hotline), model.Options{})
	for _, s := range result.Done() {
		if s.Model == "marts.fct_calls" {
			t.Errorf("dim_agent has the same rows as before, yet: %s", s)
		}
		if s.Model == "marts.dim_agent" && s.Changed {
			t.Errorf("%s counts as changed", s)
		}
	}
}

func TestBuildKeepsState(t *testing.T) {
	conn := built(t)
	want := "table|-1|first|rebuild|new"
	got := scalar(t, conn, "select concat_ws('|', kind, case when fingerprint like '2:%' then -1 end, run, action, reason) from meta.model_state where model = 'marts.dim_agent'")
	if got != want {
		t.Errorf("state is %s, want %s", got, want)
	}
	late(t, conn, 4, "2026-03-21", 1)
	build(t, conn, graphOf(t, conn, hotline), model.Options{Run: "second"})
	if n := scalar(t, conn, "select count(*) from meta.touched"); n != "0" {
		t.Errorf("%s touched days are left", n)
	}
	if got := scalar(t, conn, "select row_count || ' ' || columns from meta.model_state where model = 'intermediate.int_repeats'"); got != "4 call_id BIGINT, call_date DATE, later_calls BIGINT" {
		t.Errorf("state of int_repeats is %s", got)
	}
	if got := scalar(t, conn, "select run from meta.model_state where model = 'marts.dim_agent'"); got != "first" {
		t.Errorf("dim_agent was built by run %s", got)
	}
}

func TestBuildWritesComments(t *testing.T) {
	conn := built(t)
	tests := []struct{ query, want string }{
		{"select comment from duckdb_tables() where table_name = 'fct_calls'", "One row per call with all that is known."},
		{"select comment from duckdb_views() where view_name = 'stg_calls'", "One row per call."},
		{"select comment from duckdb_columns() where table_name = 'fct_calls' and column_name = 'wait_seconds'", "[s] wait"},
		{"select comment from duckdb_columns() where table_name = 'stg_calls' and column_name = 'call_date'", "[date] its day"},
	}
	for _, tt := range tests {
		if got := scalar(t, conn, tt.query); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.query, got, tt.want)
		}
	}
	late(t, conn, 4, "2026-03-20", 1)
	g := graphOf(t, conn, edit(hotline, "intermediate/int_calls.sql", "s wait", "s ventetid på øen, 'citeret'"))
	build(t, conn, g, model.Options{})
	got := scalar(t, conn, "select comment from duckdb_columns() where table_name = 'int_calls' and column_name = 'wait_seconds'")
	if want := "[s] ventetid på øen, 'citeret'"; got != want {
		t.Errorf("comment is %q, want %q", got, want)
	}
}

// TestBuildRefuses shows each thing that rolls a build back, and that afterwards
// everything is as it was.
func TestBuildRefuses(t *testing.T) {
	contract := new(model.ContractError)
	failed := new(model.CheckError)
	tests := []struct {
		name   string
		change string // SQL before the build
		models fstest.MapFS
		as     any
		want   string
	}{
		{
			name: "a column too few and one too many", as: &contract,
			models: towns("-- @build table\n" + townColumns + "select town, 1 as n from seeds.towns"),
			want:   "marts.dim_town (marts/dim_town.sql): the query lacks region and has n, which the header does not list",
		},
		{
			name: "a column too few", as: &contract,
			models: towns("-- @build view\n" + townColumns + "select town from seeds.towns"),
			want:   "marts.dim_town (marts/dim_town.sql): the query lacks region, which the header lists",
		},
		{
			name: "a column too many", as: &contract,
			models: towns("-- @build table\n" + townColumns + "select town, region, 1 as n from seeds.towns"),
			want:   "marts.dim_town (marts/dim_town.sql): the query has n, which the header does not list",
		},
		{
			name: "columns in another order", as: &contract,
			models: towns("-- @build table\n" + townColumns + "select region, town from seeds.towns"),
			want:   "marts.dim_town (marts/dim_town.sql): the header lists the columns as town, region, the query has them as region, town",
		},
		{
			name: "a huge integer", as: &contract,
			models: towns("-- @build table\n-- @column town text name\n-- @column n count letters\nselect town, sum(length(town)) as n from seeds.towns group by town"),
			want:   "marts.dim_town (marts/dim_town.sql): n is HUGEINT: cast it to bigint",
		},
		{
			name: "a date that is a text", as: &contract,
			models: towns("-- @build table\n-- @column town text name\n-- @column d date day\nselect town, '2026-01-01' as d from seeds.towns"),
			want:   "marts.dim_town (marts/dim_town.sql): d is VARCHAR: the unit date asks for a DATE",
		},
		{
			name: "two rows of one grain", as: &failed,
			change: "insert into seeds.towns values ('Greve', 'Sjælland')",
			models: towns("-- @build table\n" + townColumns + "select town, region from seeds.towns"),
			want:   `marts.dim_town: check "grain: town unique" failed for 2 rows of 3, e.g. town=Greve`,
		},
		{
			name: "a grain that is empty", as: &failed,
			change: "insert into seeds.towns values (null, 'Sjælland')",
			models: towns("-- @build table\n" + townColumns + "select town, region from seeds.towns"),
			want:   `marts.dim_town: check "grain: town is not null" failed for 1 row of 3, e.g. town=null`,
		},
		{
			name: "two rows where one is promised", as: &failed,
			models: folder("marts/dim_town.sql", "-- The town.\n-- @grain one row\n-- @build table\n"+townColumns+"select town, region from seeds.towns"),
			want:   `marts.dim_town: check "grain: one row" failed for 2 rows of 2`,
		},
		{
			name: "two checks at once", as: &failed,
			models: towns("-- @build view\n-- @check region <> 'Midt'\n-- @check length(town) > 6 -- a comment\n" + townColumns + "select town, region from seeds.towns"),
			want: `marts.dim_town: check "region <> 'Midt'" failed for 1 row of 2, e.g. town=Viborg` + "\n" +
				`marts.dim_town: check "length(town) > 6 -- a comment" failed for 2 rows of 2, e.g. town=Greve; town=Viborg`,
		},
		{
			name: "a late row that breaks a check", as: &failed,
			change: "update raw.calls set wait = -1 where call_id = 4; insert into meta.touched values ('raw.calls', '2026-03-20')",
			models: hotline,
			want:   `intermediate.int_calls: check "wait_seconds >= 0" failed for 1 row of 1, e.g. call_id=4`,
		},
		{
			name: "a call on two days, the second one late", as: &failed,
			change: "insert into raw.calls values (1, '2026-03-20', 7, 1); insert into meta.touched values ('raw.calls', '2026-03-20')",
			models: hotline,
			want:   `intermediate.int_calls: check "grain: call_id unique" failed for 2 rows of 2, e.g. call_id=1`,
		},
		{
			name: "a row outside of its window", as: &failed,
			change: "update raw.calls set wait = 1 where call_id = 4; insert into meta.touched values ('raw.calls', '2026-03-20')",
			models: edit(hotline, "intermediate/int_calls.sql", "c.call_date >= $from and", "c.call_date >= $from - 30 and"),
			want:   `intermediate.int_calls: check "call_date lies in [$from, $to)" failed for 3 rows of 4`,
		},
		{
			name: "a row without a day", as: &failed,
			change: "insert into raw.calls values (9, null, 7, 1); insert into meta.touched values ('raw.calls', null)",
			models: edit(hotline, "intermediate/int_calls.sql", "c.call_date >= $from and", "c.call_date is null or c.call_date >= $from and"),
			want:   `intermediate.int_calls: check "call_date is a date from 1900-01-01 on" failed for 1 row of 5, e.g. call_id=9`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn := open(t)
			fill(t, conn)
			if tt.models["marts/kpi_total.sql"] != nil {
				build(t, conn, graphOf(t, conn, tt.models), model.Options{})
			}
			if tt.change != "" {
				exec(t, conn, tt.change)
			}
			before := everything(t, conn)
			_, err := graphOf(t, conn, tt.models).Build(context.Background(), conn, model.Options{Run: "bad", Now: now})
			if err == nil || err.Error() != tt.want {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			if !errors.As(err, tt.as) {
				t.Errorf("the error is a %T", err)
			}
			if diff := cmp.Diff(before, everything(t, conn)); diff != "" {
				t.Errorf("the failed build left something behind (-before +after):\n%s", diff)
			}
		})
	}
}

// everything is the content of all tables and views, one line each.
func everything(tb testing.TB, conn *sql.Conn) string {
	tb.Helper()
	names := scalar(tb, conn, `select string_agg(schema_name || '.' || name, ' ' order by schema_name, name) from (
		select schema_name, table_name as name from duckdb_tables() union all
		select schema_name, view_name from duckdb_views() where not internal)`)
	var out strings.Builder
	for name := range strings.FieldsSeq(names) {
		out.WriteString(name + " " + scalar(tb, conn, "select count(*) || ' ' || coalesce(sum(hash(t)::hugeint), 0) from "+name+" as t") + "\n")
	}
	return out.String()
}

func TestBuildRunsRowChecks(t *testing.T) {
	checks := folder(
		"long.sql", "-- Waits are short.\n-- @severity warn\n-- @threshold 1\nselect call_id, call_date from marts.fct_calls where wait_seconds > 15 order by call_id;",
		"never.sql", "-- No town is without a region.\n-- @severity error\nselect * from marts.dim_agent where region is null")
	conn := open(t)
	fill(t, conn)
	result := build(t, conn, graphOf(t, conn, hotline), model.Options{Run: "r1", Checks: checks})
	want := []string{`warning: checks: check "long" failed for 3 rows, e.g. call_id=2, call_date=2026-03-02; call_id=3, call_date=2026-03-02; call_id=4, call_date=2026-03-20`}
	var got []string
	for _, w := range result.Warnings {
		got = append(got, w.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	recorded := scalar(t, conn, "select string_agg(concat_ws('|', run, model, check_name, severity, failed, threshold), ' ' order by check_name) from meta.check_results")
	if want := "r1|checks|long|warn|3|1 r1|checks|never|error|0|0"; recorded != want {
		t.Errorf("recorded %s, want %s", recorded, want)
	}

	exec(t, conn, "insert into raw.agents values (9, 'Mia'); insert into meta.touched values ('raw.agents', null)")
	_, err := graphOf(t, conn, hotline).Build(context.Background(), conn, model.Options{Run: "r2", Now: now, Checks: checks})
	failed := new(model.CheckError)
	if !errors.As(err, &failed) || failed.Model != "checks" || failed.Check != "never" || failed.Failed != 1 {
		t.Fatalf("got %v", err)
	}
	if want := "agent_id=9, agent_name=MIA, region=null"; len(failed.Examples) != 1 || failed.Examples[0] != want {
		t.Errorf("examples %q, want %q", failed.Examples, want)
	}
	if n := scalar(t, conn, "select count(*) from meta.touched"); n != "1" {
		t.Errorf("a failed build left %s touched tables, want 1", n)
	}
}

func TestBuildRecordsWarnings(t *testing.T) {
	conn := open(t)
	fill(t, conn)
	exec(t, conn, "update raw.calls set wait = 601 where call_id <= 2")
	build(t, conn, graphOf(t, conn, hotline), model.Options{Run: "r1"})
	got := scalar(t, conn, "select concat_ws('|', model, check_name, severity, failed, total, examples) from meta.check_results")
	if want := "intermediate.int_calls|wait_seconds < 600|warn|2|4|call_id=1; call_id=2"; got != want {
		t.Errorf("recorded %s, want %s", got, want)
	}
}

func TestBuildStopsWhenTold(t *testing.T) {
	conn := built(t)
	before := everything(t, conn)
	late(t, conn, 4, "2026-03-20", 1)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := graphOf(t, conn, hotline).Build(ctx, conn, model.Options{
		Run: "r2", Now: now, Watch: func(step string, _, _ int64) {
			if step == "marts.kpi_total" {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	exec(t, conn, "delete from meta.touched; update raw.calls set agent_id = 8, wait = 40 where call_id = 4")
	if diff := cmp.Diff(before, everything(t, conn)); diff != "" {
		t.Errorf("the interrupted build left something behind (-before +after):\n%s", diff)
	}
}

func TestBuildNamesTheModelThatFails(t *testing.T) {
	conn := open(t)
	g := graphOf(t, conn, towns("-- @build table\n"+townColumns+"select town, area as region from seeds.towns"))
	_, err := g.Build(context.Background(), conn, model.Options{Run: "r", Now: now})
	if err == nil || !strings.HasPrefix(err.Error(), "marts.dim_town (marts/dim_town.sql): ") || !strings.Contains(err.Error(), "area") {
		t.Errorf("got %v", err)
	}
}
