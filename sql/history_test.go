package sql_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

var (
	histories = flag.Int("histories", 10, "how many random histories TestMatchesDoNotDependOnOrder plays")
	firstSeed = flag.Uint64("first-seed", 1, "seed of the first of them")
)

// matched are the models that join what happens on different days: a call with its
// callback, its guides, topics and surveys, and with the caller's next call.
var matched = []string{
	"fct_calls", "fct_agent_calls", "fct_guide_actions", "fct_call_topics", "fct_surveys", "fct_unmatched_surveys",
}

// TestMatchesDoNotDependOnOrder deals the rows of a few odd calls, and of all that
// belongs to them, out over deliveries in random order: callbacks days after the order,
// calls and registrations that come again on another day or for another call, guides,
// topics and surveys before and after their call. What the builds have made of it
// delivery by delivery is what one build from nothing makes of the same rows. A campaign:
//
//	go test ./sql -run TestMatchesDoNotDependOnOrder -histories 500 -first-seed 1000
func TestMatchesDoNotDependOnOrder(t *testing.T) {
	b := newHistoryBench(t)
	found := 0
	for seed := *firstSeed; seed < *firstSeed+uint64(*histories); seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { found += b.play(t, seed) })
	}
	if !t.Failed() && found < 5**histories {
		t.Errorf("%d histories held %d matches: they show nothing", *histories, found)
	}
}

// TestCallbackOverTheWeekend is the audit's example: ordered on Friday, called back on
// Monday; the guides, one of them naming the call, the topic and the question come in
// later deliveries, and a last one touches that Monday for another call.
func TestCallbackOverTheWeekend(t *testing.T) {
	b := newHistoryBench(t)
	b.clear(t)
	day := func(day, hour, minute int) time.Time { return time.Date(2026, 8, day, hour, minute, 0, 0, time.UTC) }
	c := invention{
		id: 1, citizen: "c1", agent: 101, ordered: day(14, 15, 30), answered: day(17, 8, 0), callback: true, reached: true,
		sessions: [2]string{"s1", "s1b"}, talk: 240,
	}
	b.load(t, c.item())
	b.build(t, true)
	view := func(moment time.Time, call string) item {
		return item{
			table: "raw.sbnu__guide_views", columns: "viewed_at, agent, guide_id, call_id", day: moment.Format(time.DateOnly), key: "false",
			rows: []string{at(moment) + ", 'a101@odder.example', 'g1', " + call},
		}
	}
	b.load(t, view(day(17, 8, 2), "null"))
	b.build(t, false)
	b.load(t, view(day(20, 9, 0), "1"))
	b.load(t, item{
		table: "raw.puzzel__enqreg_header", key: "false", day: "2026-08-17", columns: "enqreg_header_recid, related_iq_session_id, topic_id, topic_name",
		rows: []string{"1, 's1b', 5, 'Pas'"},
	})
	b.load(t, item{
		table: "raw.survey__surveys", key: "false", day: "2026-08-17", columns: "sequence, destination, agent_id, dte_sent, dte_updated",
		rows: []string{"1, 'c1', 101, " + at(day(17, 8, 4).Add(30*time.Second)) + ", " + at(day(17, 8, 4))},
	})
	b.build(t, false)
	b.load(t, view(day(17, 12, 0), "null"))
	b.build(t, false)
	for query, want := range map[string]int{
		"select guide_use_count from marts.fct_calls":                                      2,
		"select guide_use_count from marts.fct_agent_calls":                                2,
		"select count(*) from marts.fct_call_topics where call_date = '2026-08-14'":        1,
		"select count(*) from marts.fct_surveys where match_quality = 'agent_and_number'":  1,
		"select count(*) from marts.fct_unmatched_surveys":                                 0,
		"select count(*) from marts.fct_guide_actions where match_quality = 'none'":        1,
		"select count(*) from marts.fct_guide_actions where call_date = date '2026-08-14'": 2,
	} {
		if got := b.count(t, query); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
}

// historyBench is a warehouse with the models under the matches.
type historyBench struct {
	conn  *sql.Conn
	graph *model.Graph
}

func newHistoryBench(t *testing.T) historyBench {
	t.Helper()
	ctx := context.Background()
	now := func() time.Time { return time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC) }
	w, err := warehouse.Open(ctx, warehouse.Options{
		Path:         filepath.Join(t.TempDir(), "warehouse.duckdb"),
		PublishedDir: t.TempDir(),
		Schema:       ddhsql.Schema(),
		Tables:       slices.Concat(puzzel.Tables(), survey.Tables(), sbnu.Tables()),
		Now:          now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if _, err := w.SetReference(ctx, templateReference(t)); err != nil {
		t.Fatal(err)
	}
	conn, err := w.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := model.Seeds(ctx, conn, ddhsql.Seeds(), now); err != nil {
		t.Fatal(err)
	}
	models, err := model.Load(ddhsql.Models())
	if err != nil {
		t.Fatal(err)
	}
	all, err := model.NewGraph(ctx, conn, models)
	if err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{}
	for _, name := range matched {
		m, ok := all.Lookup(name)
		if !ok {
			t.Fatalf("there is no model %s", name)
		}
		needed[m.FullName()] = true
		for _, up := range all.Upstream(m.FullName()) {
			needed[up] = true
		}
	}
	graph, err := model.NewGraph(ctx, conn, slices.DeleteFunc(models, func(m model.Model) bool { return !needed[m.FullName()] }))
	if err != nil {
		t.Fatal(err)
	}
	return historyBench{conn, graph}
}

func (b historyBench) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := b.conn.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
}

func (b historyBench) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := b.conn.QueryRowContext(context.Background(), query).Scan(&n); err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
	return n
}

func (b historyBench) build(t *testing.T, full bool) {
	t.Helper()
	at := func() time.Time { return time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC) }
	if _, err := b.graph.Build(context.Background(), b.conn, model.Options{Run: "run", Full: full, Now: at}); err != nil {
		t.Fatal(err)
	}
}

// play lets one history arrive and compares; it returns how many matches there are.
func (b historyBench) play(t *testing.T, seed uint64) int {
	h := inventHistory(rand.New(rand.NewPCG(seed, 16)))
	b.clear(t)
	b.build(t, true)
	for round := range h.rounds {
		for _, i := range h.order(round) {
			b.load(t, i)
		}
		b.build(t, false)
	}
	b.exec(t, "create schema if not exists kept")
	for _, m := range b.graph.Models() {
		if m.Build.Kind != model.View {
			b.exec(t, fmt.Sprintf("create or replace table kept.%s as select * from %s", m.Name, m.FullName()))
		}
	}
	b.build(t, true)
	for _, m := range b.graph.Models() {
		if m.Build.Kind != model.View {
			b.compare(t, m)
		}
	}
	b.exec(t, "drop schema kept cascade")
	return b.count(t, `select (select count(*) from marts.fct_guide_actions where call_id is not null)
		+ (select count(*) from marts.fct_call_topics) + (select count(*) from marts.fct_surveys)
		+ (select count(*) from marts.fct_calls where has_repeat_call)`)
}

// clear leaves nothing but three agents.
func (b historyBench) clear(t *testing.T) {
	t.Helper()
	b.exec(t, `delete from raw.puzzel__call_events; delete from raw.puzzel__agents; delete from raw.puzzel__enqreg_header;
		delete from raw.sbnu__guide_views; delete from raw.sbnu__guide_sends; delete from raw.survey__surveys;
		insert into raw.puzzel__agents (_batch, _row, agent_id, email, dte_updated)
		select 'a', a, 100 + a, 'a' || (100 + a) || '@odder.example', timestamp '2026-01-01' from range(1, 4) as r (a)`)
}

func (b historyBench) compare(t *testing.T, m *model.Model) {
	t.Helper()
	for _, pair := range [][3]string{{"kept." + m.Name, m.FullName(), "bit by bit"}, {m.FullName(), "kept." + m.Name, "from nothing"}} {
		var n int
		var example sql.NullString
		err := b.conn.QueryRowContext(context.Background(), fmt.Sprintf(
			"select count(*), cast(any_value(d) as varchar) from (select * from %s except all select * from %s) as d", pair[0], pair[1])).Scan(&n, &example)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Errorf("%s: %d rows only where built %s, such as %s", m.Name, n, pair[2], example.String)
		}
	}
}

// load replaces what is held of an item's key by its rows, and notes where both are, as
// the warehouse does.
func (b historyBench) load(t *testing.T, i item) {
	t.Helper()
	b.exec(t, fmt.Sprintf("insert into meta.touched select distinct '%[1]s', _day from %[1]s where %[2]s", i.table, i.key))
	b.exec(t, fmt.Sprintf("delete from %s where %s", i.table, i.key))
	for n, row := range i.rows {
		b.exec(t, fmt.Sprintf("insert into %s (_batch, _row, _day, %s) values ('b', %d, date '%s', %s)",
			i.table, i.columns, n+1, i.day, row))
	}
	b.exec(t, fmt.Sprintf("insert into meta.touched values ('%s', date '%s')", i.table, i.day))
}

// item is what a source delivers at once: the rows of one key.
type item struct {
	table, key, columns, day string
	rows                     []string // SQL values
}

// at writes a moment as SQL, on the wall clock.
func at(moment time.Time) string {
	return "timestamp '" + moment.Format("2006-01-02 15:04:05.000") + "'"
}

func text(s string) string {
	if s == "" {
		return "null"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// maybe is the value or NULL.
func maybe(named bool, value any) string {
	if !named {
		return "null"
	}
	return fmt.Sprint(value)
}
