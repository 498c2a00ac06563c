package warehouse_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// contents is all that a reader of the current copy can see: rows, tables, comments.
func (b *bench) contents() []string {
	b.Helper()
	db, _ := b.reader()
	defer func() { _ = db.Close() }()
	var all []string
	for _, query := range []string{
		"select coalesce(string_agg(schema_name || '.' || table_name || ' ' || coalesce(comment, '-'), ' ' order by table_name), '') from duckdb_tables()",
		"select coalesce(string_agg(view_name || ' ' || coalesce(comment, '-'), ' ' order by view_name), '') from duckdb_views() where not internal",
		"select string_agg(table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(comment, '-'), ', ' order by table_name, column_index) from duckdb_columns() where schema_name = 'marts'",
		"select coalesce(string_agg(t::varchar, ' ' order by t::varchar), '') from marts.fct_days as t",
		"select coalesce(string_agg(t::varchar, ' ' order by t::varchar), '') from marts.dim_names as t",
	} {
		all = append(all, answer(b, db, query))
	}
	return all
}

// TestACopyRenewedIsAsOneMadeFromNothing changes the warehouse in every way in which a
// build can, and compares the copy that comes from the one before it with a new one.
func TestACopyRenewedIsAsOneMadeFromNothing(t *testing.T) {
	b := newBench(t)
	b.exec(`create table marts.fct_days as select i as id, date '2026-03-01' + (i // 10)::integer as day, 1 as n from range(100) as r (i);
		create table marts.dim_names as select 1 as id, 'Åse' as name;
		create view feed.dage as select day, n from marts.fct_days;
		comment on table marts.fct_days is 'Dage'; comment on column marts.fct_days.n is 'antal'`)
	b.publish("run-0")
	for i, change := range []string{
		"select 1", // nothing at all
		"update marts.fct_days set n = 2 where id = 17",
		"delete from marts.fct_days where day = date '2026-03-04'",
		"insert into marts.fct_days values (1000, date '2026-04-01', 1), (1001, null, 1)",
		"insert into marts.fct_days values (1000, date '2026-04-01', 1)", // a row twice
		"update marts.fct_days set day = date '2026-05-01' where day is null",
		"insert into marts.dim_names values (2, 'Bo'), (2, 'Bo')",
		"delete from marts.dim_names",
		"insert into marts.dim_names values (3, 'Cæcilie')",
		"comment on table marts.fct_days is null; comment on column marts.fct_days.n is 'antal opkald'",
		"alter table marts.fct_days add column minutes double",
		"drop view feed.dage; create view feed.dage as select day, 2 * n as n from marts.fct_days",
		"drop view feed.dage; create table feed.dage as select 1 as n",
		"drop table feed.dage",
		"alter table marts.fct_days alter column n type bigint",
		"delete from marts.fct_days",
	} {
		b.exec(change)
		b.publish("run-1")
		renewed := b.contents()
		if err := os.RemoveAll(b.options.PublishedDir); err != nil {
			t.Fatal(err)
		}
		b.publish("run-2")
		if diff := cmp.Diff(b.contents(), renewed); diff != "" {
			t.Errorf("change %d, %s (-from nothing +renewed):\n%s", i, change, diff)
		}
	}
}

// TestADamagedCopyIsMadeAnew puts rubbish, and nothing, where the last copy was.
func TestADamagedCopyIsMadeAnew(t *testing.T) {
	b := withMarts(t)
	path := b.publish("run-1")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.publish("run-2")
	db, p := b.reader()
	if got := answer(t, db, "select wait_seconds::varchar from marts.fct_calls"); got != "60" || p.Run != "run-2" {
		t.Errorf("a reader sees %s of %s", got, p.Run)
	}
	if err := os.Remove(filepath.Join(b.options.PublishedDir, "kpi-run-2.duckdb")); err != nil {
		t.Fatal(err)
	}
	b.publish("run-3")
	if _, p := b.reader(); p.Run != "run-3" {
		t.Errorf("current is %s", p.Run)
	}
}

// TestNothingOfTheOldCopyIsLeftAfterARebuild looks for a text that is gone in the bytes
// of the copy: a clone would still have it in room that its tables gave up.
func TestNothingOfTheOldCopyIsLeftAfterARebuild(t *testing.T) {
	b := newBench(t)
	const secret = "Ellinor Skjoldborg"
	b.exec("create table marts.dim_names as select '" + secret + "' as name")
	if text, err := os.ReadFile(b.publish("run-1")); err != nil || !strings.Contains(string(text), secret) {
		t.Fatalf("the first copy does not hold the text: %v", err)
	}
	b.close()
	if _, err := warehouse.Rebuild(context.Background(), b.options, b.files(), nil); err != nil {
		t.Fatal(err)
	}
	b.open()
	b.exec("create table marts.dim_names as select 'Bo' as name")
	if text, err := os.ReadFile(b.publish("run-2")); err != nil || strings.Contains(string(text), secret) {
		t.Errorf("the copy after a rebuild still holds the text: %v", err)
	}
	if diff := cmp.Diff([]string{"current", "kpi-run-1.duckdb", "kpi-run-2.duckdb"}, ls(t, b.options.PublishedDir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}
