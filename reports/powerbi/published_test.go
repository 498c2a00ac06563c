package powerbi_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/leader"
	"github.com/den-digitale-hotline/ddh/reports/powerbi"
	"github.com/google/go-cmp/cmp"
)

// published makes a small published copy: the marts that reports read, and a feed
// of two tables, one of them empty. This file is the one place where reports are
// tested against DuckDB, because every binary that links it costs seconds.
func published(t testing.TB) *sql.DB {
	t.Helper()
	return publishedAs(t, "")
}

func publishedAs(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	script, err := os.ReadFile(filepath.Join("testdata", "published.sql"))
	if err != nil {
		t.Fatal(err)
	}
	do(t, db, string(script))
	return db
}

func do(t testing.TB, db *sql.DB, script string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), script); err != nil {
		t.Fatal(err)
	}
}

var keys = powerbi.Options{Release: "2026K3/v1", Keys: map[string][]string{"feed_opkald": {"opkald_id"}}}

func TestWriteMakesBothFormsAndTheContract(t *testing.T) {
	db, dir := published(t), t.TempDir()
	result, err := powerbi.Write(t.Context(), db, dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"emne.csv", "emne.parquet", "opkald.csv", "opkald.parquet", "schema.json"}
	if diff := cmp.Diff(want, names(t, filepath.Join(dir, "v1"))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	wantCSV := "opkald_id,dato,er_besvaret,ventetid_sekunder,pris,note\n" +
		"1,2026-07-01,true,12.5,1.50,\"æøå, \"\"citat\"\"\"\n" +
		"2,2026-07-02,false,,,\n"
	if got := read(t, dir, "opkald.csv"); got != wantCSV {
		t.Errorf("opkald.csv is\n%s\nwant\n%s", got, wantCSV)
	}
	if got := read(t, dir, "emne.csv"); got != "emne_id,navn\n" {
		t.Errorf("an empty table keeps its header; got %q", got)
	}
	columns := result.Schema.Tables[1].Columns
	if diff := cmp.Diff(powerbi.Column{Name: "opkald_id", Type: "BIGINT", Unit: "id", Description: "Opkaldets nummer", Key: true}, columns[0]); diff != "" {
		t.Errorf("column (-want +got):\n%s", diff)
	}
	for _, table := range result.Schema.Tables {
		for _, file := range table.Files {
			sum := sha256.Sum256([]byte(read(t, dir, file.Name)))
			if hex.EncodeToString(sum[:]) != file.SHA256 {
				t.Errorf("schema.json has the wrong sha256 for %s", file.Name)
			}
		}
	}
}

func TestParquetReadsBackWithItsTypes(t *testing.T) {
	db, dir := published(t), t.TempDir()
	if _, err := powerbi.Write(t.Context(), db, dir, keys); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"opkald": "BIGINT DATE BOOLEAN DOUBLE DECIMAL(9,2) VARCHAR",
		"emne":   "VARCHAR VARCHAR",
	} {
		var got string
		row := db.QueryRow(`select string_agg(column_type, ' ') from (describe select * from read_parquet(?))`,
			filepath.Join(dir, "v1", name+".parquet"))
		if err := row.Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s.parquet has the types %s, want %s", name, got, want)
		}
	}
}

func TestWriteNeedsNoWriteAccessToTheCopy(t *testing.T) {
	path, dir := filepath.Join(t.TempDir(), "kpi.duckdb"), t.TempDir()
	if err := publishedAs(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", path+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := powerbi.Write(t.Context(), db, dir, keys); err != nil {
		t.Fatal(err)
	}
}

func TestWritingTwiceGivesTheSameBytes(t *testing.T) {
	db, dir := published(t), t.TempDir()
	// More rows than one row group of Parquet, written by several threads.
	do(t, db, "insert into feed.feed_opkald select 1000 + i % 130001, null, true, i % 113, null, 'x' from range(130000) as r (i)")
	var sets [2]map[string]string
	for i := range sets {
		if _, err := powerbi.Write(t.Context(), db, dir, keys); err != nil {
			t.Fatal(err)
		}
		sets[i] = map[string]string{}
		for _, name := range names(t, filepath.Join(dir, "v1")) {
			sets[i][name] = read(t, dir, name)
		}
	}
	for name, content := range sets[0] {
		if sets[1][name] != content {
			t.Errorf("%s differs", name)
		}
	}
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("leftovers beside v1: %v", left)
	}
}

func TestRefusalsLeaveThePublishedSetAlone(t *testing.T) {
	cases := []struct {
		name, change, want string
	}{
		{"a sum that was not cast", "alter table feed.feed_opkald add column sum_sek hugeint", "opkald.sum_sek HUGEINT"},
		{"a column gone", "alter table feed.feed_opkald drop column note", "opkald: column note is gone"},
		{"a column renamed", "alter table feed.feed_opkald rename dato to dag", "opkald: column dato is gone"},
		{"a column retyped", "alter table feed.feed_opkald alter ventetid_sekunder type bigint", "was DOUBLE and is now BIGINT"},
		{"a table gone", "drop table feed.feed_emne", "table emne is gone"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			db, dir := published(t), t.TempDir()
			if _, err := powerbi.Write(t.Context(), db, dir, keys); err != nil {
				t.Fatal(err)
			}
			before := read(t, dir, "schema.json")
			do(t, db, c.change)
			_, err := powerbi.Write(t.Context(), db, dir, keys)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got error %v, want one with %q", err, c.want)
			}
			var typeError *powerbi.TypeError
			var contractError *powerbi.ContractError
			if !errors.As(err, &typeError) && !errors.As(err, &contractError) {
				t.Errorf("%T is neither a TypeError nor a ContractError", err)
			}
			if read(t, dir, "schema.json") != before || len(names(t, dir)) != 1 {
				t.Error("the refusal changed the feed folder")
			}
		})
	}
}

func TestAColumnAtTheEndIsWelcome(t *testing.T) {
	db, dir := published(t), t.TempDir()
	if _, err := powerbi.Write(t.Context(), db, dir, keys); err != nil {
		t.Fatal(err)
	}
	do(t, db, "alter table feed.feed_opkald add column er_genopkald boolean")
	result, err := powerbi.Write(t.Context(), db, dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"opkald.er_genopkald"}, result.Added); diff != "" {
		t.Error(diff)
	}
}

func TestAFailedWriteKeepsTheOldSet(t *testing.T) {
	db, dir := published(t), t.TempDir()
	if _, err := powerbi.Write(t.Context(), db, dir, keys); err != nil {
		t.Fatal(err)
	}
	before := read(t, dir, "opkald.csv")
	// The table reads well until its last row.
	do(t, db, `
		drop table feed.feed_opkald;
		create view feed.feed_opkald as
		select i as opkald_id, date '2026-07-01' as dato, true as er_besvaret,
		       cast(if(i = 3, 'x', '1') as double) as ventetid_sekunder,
		       cast(null as decimal(9, 2)) as pris, 'n' as note
		from range(4) as r (i)`)
	if _, err := powerbi.Write(t.Context(), db, dir, keys); err == nil {
		t.Fatal("a table that cannot be read was written")
	}
	if read(t, dir, "opkald.csv") != before || len(names(t, dir)) != 1 {
		t.Error("a failed write changed the feed folder")
	}
}

func TestLeaderReportReadsThePublishedCopy(t *testing.T) {
	db := published(t)
	period, err := reports.ParsePeriod("2026-07-01..2026-09-30")
	if err != nil {
		t.Fatal(err)
	}
	list, err := leader.List(t.Context(), db, period)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Name != "Holbæk" || list[1].Name != "Aarhus" {
		t.Errorf("municipalities with figures: %+v", list)
	}
	data, err := leader.Load(t.Context(), db, period, "0316")
	if err != nil {
		t.Fatal(err)
	}
	if len(data.OpenDays) != 1 || data.OpenDays["7"] != 1 {
		t.Errorf("days without a log-off: %v, want one of agent 7, in the quarter and for Holbæk", data.OpenDays)
	}
	if len(data.Hours) != 2 || data.Hours[1].Offered != 40 || data.Hours[0].Outside != 3 || len(data.TotalHours) != 1 {
		t.Errorf("hours: %+v, of all %+v; want the quarter's, of Holbæk", data.Hours, data.TotalHours)
	}
	aarhus := leader.Exchange{Key: "0751", Label: "Aarhus", Given: 13, Received: 33}
	if !slices.Contains(data.Exchanges, aarhus) {
		t.Errorf("exchanges: %+v, want %+v", data.Exchanges, aarhus)
	}
	if data.Municipality.Population != 74000 {
		t.Errorf("%d inhabitants, want those counted before the quarter ended", data.Municipality.Population)
	}
	doc := leader.Document(data)
	if err := doc.Check(); err != nil {
		t.Fatal(err)
	}
	wait := doc.Sections[0].Tiles[0]
	if wait.Value.String() != "0:47" || wait.Previous.Difference != "-5 sek." || wait.Status != reports.Met {
		t.Errorf("tile of the wait: %+v", wait)
	}
	if !math.IsNaN(data.Trend[0].Network.Get("wait_seconds_mean").Value) {
		t.Error("a figure that is not in the marts is not NaN")
	}
	agents, _ := doc.Table("agents")
	if len(agents.Rows) != 1 || agents.Rows[0][0].Text != "Anna Eksempel" {
		t.Errorf("agents: %v", agents.Rows)
	}
	guides, _ := doc.Table("guides")
	if got := guides.Rows[0][guides.Index("change")].String(); len(guides.Rows) != 1 || got != "3" {
		t.Errorf("guides: %v", guides.Rows)
	}
}

func TestLeaderReportWithoutFigures(t *testing.T) {
	db := published(t)
	for _, c := range []struct{ period, municipality string }{
		{"2020K1", "0316"}, {"2026K3", "9999"}, {"2026K3", "0101"},
	} {
		period, err := reports.ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := leader.Load(t.Context(), db, period, c.municipality); !errors.Is(err, leader.ErrNoFigures) {
			t.Errorf("%s in %s: got error %v", c.municipality, c.period, err)
		}
	}
}

// BenchmarkWrite writes a DDH year: 230,000 calls.
func BenchmarkWrite(b *testing.B) {
	db, dir := published(b), b.TempDir()
	do(b, db, `
		insert into feed.feed_opkald
		select 1000 + i, date '2026-01-01' + cast(i % 365 as integer), i % 7 > 0, i % 113, null, 'kø ' || i % 5
		from range(230000) as r (i)`)
	for b.Loop() {
		if _, err := powerbi.Write(b.Context(), db, dir, keys); err != nil {
			b.Fatal(err)
		}
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "v1", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
