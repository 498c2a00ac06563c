package model_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/duckdb/duckdb-go/v2"
)

// noon is the moment at which every build of these tests happens.
var noon = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

// schemas are what the warehouse has before any model is built.
const schemas = `
create schema meta; create schema raw; create schema reference; create schema seeds;
create schema staging; create schema intermediate; create schema marts; create schema reports; create schema feed;
create table meta.touched (table_name varchar not null, day date);
create table raw.calls (call_id bigint, day date, agent_id bigint, wait bigint);
create table raw.agents (agent_id bigint, name varchar);
create table reference.members (agent_id bigint, town varchar);
create table seeds.towns (town varchar, region varchar);`

// open gives a connection to a new in-memory database with schemas.
func open(tb testing.TB) *sql.Conn {
	tb.Helper()
	connector, err := duckdb.NewConnector("", func(e driver.ExecerContext) error {
		_, err := e.ExecContext(context.Background(), "set TimeZone = 'Europe/Copenhagen'", nil)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	db := sql.OpenDB(connector)
	conn, err := db.Conn(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		conn.Close()
		db.Close()
	})
	migration, err := os.ReadFile("../../sql/schema/0002_model.sql")
	if err != nil {
		tb.Fatal(err)
	}
	exec(tb, conn, schemas)
	exec(tb, conn, string(migration))
	return conn
}

func exec(tb testing.TB, conn *sql.Conn, query string, args ...any) {
	tb.Helper()
	if _, err := conn.ExecContext(context.Background(), query, args...); err != nil {
		tb.Fatalf("%s\n%v", query, err)
	}
}

// scalar reads one value as text.
func scalar(tb testing.TB, conn *sql.Conn, query string) string {
	tb.Helper()
	var out sql.NullString
	if err := conn.QueryRowContext(context.Background(), "select ("+query+")::varchar").Scan(&out); err != nil {
		tb.Fatalf("%s\n%v", query, err)
	}
	if !out.Valid {
		return "null"
	}
	return out.String
}

// folder makes a folder of files from pairs of name and text.
func folder(pairs ...string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// with is the folder with one file added or replaced; "" takes it away.
func with(fsys fstest.MapFS, file, text string) fstest.MapFS {
	out := make(fstest.MapFS)
	for name, f := range fsys {
		out[name] = f
	}
	delete(out, file)
	if text != "" {
		out[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func graphOf(tb testing.TB, conn *sql.Conn, fsys fstest.MapFS) *model.Graph {
	tb.Helper()
	models, err := model.Load(fsys)
	if err != nil {
		tb.Fatal(err)
	}
	g, err := model.NewGraph(context.Background(), conn, models)
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func build(tb testing.TB, conn *sql.Conn, g *model.Graph, opt model.Options) model.Result {
	tb.Helper()
	if opt.Run == "" {
		opt.Run = "run"
	}
	opt.Now = now
	result, err := g.Build(context.Background(), conn, opt)
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

func plan(tb testing.TB, conn *sql.Conn, g *model.Graph) string {
	tb.Helper()
	p, err := g.Plan(context.Background(), conn)
	if err != nil {
		tb.Fatal(err)
	}
	return p.String()
}

// hotline is a small hotline of its own: every kind of model, a window that looks
// back, a table between, and a view over a view.
var hotline = folder(
	"staging/stg_calls.sql", `-- One row per call.
-- @grain call_id
-- @build view by call_date
-- @column call_id id the call
-- @column call_date date its day
-- @column agent_id id who answered
-- @column wait_seconds s wait
select call_id, day as call_date, agent_id, wait as wait_seconds from raw.calls
`,
	"staging/stg_agents.sql", `-- One row per agent.
-- @grain agent_id
-- @build view
-- @column agent_id id the agent
-- @column agent_name text name
select agent_id, name as agent_name from raw.agents
`,
	"intermediate/int_calls.sql", `-- One row per call with its town.
-- @grain call_id
-- @build incremental by call_date
-- @check wait_seconds >= 0
-- @check warn: wait_seconds < 600
-- @column call_id id the call
-- @column call_date date its day
-- @column agent_id id who answered
-- @column town text town of the agent
-- @column wait_seconds s wait
select c.call_id, c.call_date, c.agent_id, m.town, c.wait_seconds
from staging.stg_calls as c
left join reference.members as m using (agent_id)
where c.call_date >= $from and c.call_date < $to
`,
	"intermediate/int_repeats.sql", `-- One row per call with the calls of the same agent in the three days after it.
-- @grain call_id, call_date
-- @build incremental by call_date, 3 days back
-- @column call_id id the call
-- @column call_date date its day
-- @column later_calls count calls in the three days after it
select c.call_id, c.call_date, count(l.call_id) as later_calls
from intermediate.int_calls as c
left join intermediate.int_calls as l
    on l.agent_id = c.agent_id and l.call_date > c.call_date and l.call_date <= c.call_date + 3
where c.call_date >= $from and c.call_date < $to
group by c.call_id, c.call_date
`,
	"marts/dim_agent.sql", `-- One row per agent, with the town's region.
-- @grain agent_id
-- @build table
-- @column agent_id id the agent
-- @column agent_name text name
-- @column region text region of the town
select a.agent_id, a.agent_name, t.region
from intermediate.int_agents as a
left join seeds.towns as t on t.town = a.town
`,
	"intermediate/int_agents.sql", `-- One row per agent with the town.
-- @grain agent_id
-- @build view
-- @column agent_id id the agent
-- @column agent_name text name
-- @column town text town
select a.agent_id, upper(a.agent_name) as agent_name, m.town
from staging.stg_agents as a
left join reference.members as m on m.agent_id = a.agent_id
`,
	"marts/fct_calls.sql", `-- One row per call with all that is known.
-- @grain call_id
-- @build incremental by call_date
-- @column call_id id the call
-- @column call_date date its day
-- @column region text region of the agent
-- @column wait_seconds s wait
-- @column later_calls count calls in the three days after it
select c.call_id, c.call_date, a.region, c.wait_seconds, r.later_calls
from intermediate.int_calls as c
inner join intermediate.int_repeats as r on r.call_id = c.call_id and r.call_date >= $from and r.call_date < $to
left join marts.dim_agent as a on a.agent_id = c.agent_id
where c.call_date >= $from and c.call_date < $to
`,
	"marts/kpi_total.sql", `-- The one row of totals.
-- @grain one row
-- @build table
-- @column calls count calls
-- @column wait_seconds s sum of waits
select count(*) as calls, coalesce(sum(wait_seconds), 0)::bigint as wait_seconds from marts.fct_calls
`,
	"reports/rpt_total.sql", `-- The mean for a front page.
-- @grain one row
-- @build view
-- @column wait_seconds_mean s mean wait
select wait_seconds / nullif(calls, 0) as wait_seconds_mean from marts.kpi_total
`)

// fill gives the hotline a few calls on four days.
func fill(tb testing.TB, conn *sql.Conn) {
	tb.Helper()
	exec(tb, conn, `
		insert into raw.calls values
			(1, '2026-03-01', 7, 10), (2, '2026-03-02', 7, 20), (3, '2026-03-02', 8, 30), (4, '2026-03-20', 8, 40);
		insert into raw.agents values (7, 'Ane'), (8, 'Bo');
		insert into reference.members values (7, 'Viborg'), (8, 'Greve');
		insert into seeds.towns values ('Viborg', 'Midt'), ('Greve', 'Øst')`)
}

// late changes one call the way the loader does.
func late(tb testing.TB, conn *sql.Conn, id int, day string, wait int) {
	tb.Helper()
	exec(tb, conn, "insert into meta.touched select 'raw.calls', day from raw.calls where call_id = ?", id)
	exec(tb, conn, "delete from raw.calls where call_id = ?", id)
	exec(tb, conn, "insert into raw.calls values (?, ?::date, 7, ?)", id, day, wait)
	exec(tb, conn, "insert into meta.touched values ('raw.calls', ?::date)", day)
}
