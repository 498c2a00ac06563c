package warehouse_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (b *bench) publish(run string) string {
	b.Helper()
	path, err := b.w.Publish(context.Background(), run, []string{"marts", "feed"}, []string{"meta.runs"})
	if err != nil {
		b.Fatal(err)
	}
	return path
}

func (b *bench) reader() (*sql.DB, warehouse.Published) {
	b.Helper()
	db, p, err := warehouse.OpenPublished(context.Background(), b.options.PublishedDir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db, p
}

func answer(t testing.TB, db *sql.DB, query string) string {
	t.Helper()
	var text string
	if err := db.QueryRowContext(context.Background(), query).Scan(&text); err != nil {
		t.Errorf("%s: %v", query, err)
	}
	return text
}

// withMarts makes a table and a view over a schema that is not published.
func withMarts(t *testing.T) *bench {
	b := newBench(t)
	b.exec(`create table intermediate.int_calls as select 1 as call_id;
		create table marts.fct_calls as select 60 as wait_seconds;
		comment on table marts.fct_calls is 'Opkald';
		comment on column marts.fct_calls.wait_seconds is '[s] ventetid, også på en søndag';
		create view feed.opkald as select f.wait_seconds, i.call_id from marts.fct_calls as f cross join intermediate.int_calls as i;
		comment on view feed.opkald is 'Opkald til Power BI'`)
	return b
}

func TestPublishedCopy(t *testing.T) {
	b := withMarts(t)
	path := b.publish("run-1")
	db, p := b.reader()
	if p.Path != path || p.Run != "run-1" || !p.At.Equal(clock) {
		t.Errorf("published = %+v", p)
	}
	for query, want := range map[string]string{
		"select wait_seconds::varchar from feed.opkald":                                                      "60",
		"select string_agg(schema_name || '.' || table_name, ' ' order by schema_name) from duckdb_tables()": "feed.opkald marts.fct_calls meta.published meta.runs",
		"select count(*)::varchar from duckdb_views() where not internal":                                    "0",
		"select comment from duckdb_tables() where table_name = 'fct_calls'":                                 "Opkald",
		"select comment from duckdb_tables() where table_name = 'opkald'":                                    "Opkald til Power BI",
		"select comment from duckdb_columns() where table_name = 'fct_calls'":                                "[s] ventetid, også på en søndag",
		"select current_setting('TimeZone')":                                                                 "Europe/Copenhagen",
	} {
		if got := answer(t, db, query); got != want {
			t.Errorf("%s\n got %q\nwant %q", query, got, want)
		}
	}
	if _, err := db.ExecContext(context.Background(), "create table marts.mine (a integer)"); err == nil {
		t.Error("a reader can write")
	}
}

func TestReadersKeepTheirCopyWhileNewOnesCome(t *testing.T) {
	b := withMarts(t)
	b.publish("run-1")
	old, _ := b.reader()
	b.exec("update marts.fct_calls set wait_seconds = 61")
	b.publish("run-2")
	b.exec("update marts.fct_calls set wait_seconds = 62")
	b.publish("run-2") // the same run once more

	const query = "select wait_seconds::varchar from marts.fct_calls"
	if got := answer(t, old, query); got != "60" {
		t.Errorf("the old reader sees %s", got)
	}
	current, p := b.reader()
	if got := answer(t, current, query); got != "62" || p.Run != "run-2" {
		t.Errorf("a new reader sees %s of %s", got, p.Run)
	}
	if diff := cmp.Diff([]string{"current", "kpi-run-2-2.duckdb", "kpi-run-2.duckdb"}, ls(t, b.options.PublishedDir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

func TestFailedPublishLeavesWhatWasPublished(t *testing.T) {
	b := withMarts(t)
	b.publish("run-1")
	b.exec("drop table intermediate.int_calls") // the view over it breaks
	_, err := b.w.Publish(context.Background(), "run-2", []string{"marts", "feed"}, nil)
	if err == nil || !strings.Contains(err.Error(), "feed.opkald") {
		t.Errorf("error = %v", err)
	}
	if _, p := b.reader(); p.Run != "run-1" {
		t.Errorf("current is %s", p.Run)
	}
	if diff := cmp.Diff([]string{"current", "kpi-run-1.duckdb"}, ls(t, b.options.PublishedDir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	b.exec("create table intermediate.int_calls as select 1 as call_id")
	b.publish("run-3") // nothing of the failure is left attached
	if _, err := b.w.Publish(context.Background(), "../run", nil, nil); err == nil {
		t.Error("a run id that leaves the folder is accepted")
	}
}

func TestPublishSweepsWhatACrashLeft(t *testing.T) {
	b := withMarts(t)
	b.publish("run-1")
	for _, name := range []string{"kpi-run-2.duckdb.tmp", "kpi-run-2.duckdb.tmp.wal", "current.tmp", "kpi-run-0.duckdb"} {
		if err := os.WriteFile(filepath.Join(b.options.PublishedDir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.publish("run-3")
	want := []string{"current", "kpi-run-1.duckdb", "kpi-run-3.duckdb"}
	if diff := cmp.Diff(want, ls(t, b.options.PublishedDir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

func TestOpenPublishedWithoutACopy(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := warehouse.OpenPublished(context.Background(), dir); !errors.Is(err, warehouse.ErrNothingPublished) {
		t.Errorf("error = %v", err)
	}
	for _, pointer := range []string{"", "../ddh.duckdb\n", "kpi-gone.duckdb\n"} {
		if err := os.WriteFile(filepath.Join(dir, "current"), []byte(pointer), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := warehouse.OpenPublished(context.Background(), dir); err == nil {
			t.Errorf("a pointer to %q is followed", pointer)
		}
	}
	if left := ls(t, dir); len(left) != 1 {
		t.Errorf("opening made files: %v", left)
	}
}

func ls(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
