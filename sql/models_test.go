package sql_test

import (
	"context"
	"database/sql"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/model/modeltest"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/reference"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

var update = flag.Bool("update", false, "write what the models bring into the cases")

// TestModels runs every case of testdata/models: rows in, rows out, one rule each.
// The reference tables hold what `ddh init` writes; a case says which it keeps.
func TestModels(t *testing.T) {
	modeltest.Cases(t, openBench(t), cases, *update)
}

// cases is the folder of the unit cases.
var cases = filepath.Join("..", "testdata", "models")

// openBench builds all models over nothing, with the reference of a new project.
func openBench(t *testing.T) *model.Bench {
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
	graph, err := model.NewGraph(ctx, conn, models)
	if err != nil {
		t.Fatal(err)
	}
	bench, err := model.NewBench(ctx, conn, graph)
	if err != nil {
		t.Fatal(err)
	}
	return bench
}

// TestKeysInGoAndInSQL: a reference file's fault and a join see the same keys.
func TestKeysInGoAndInSQL(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	macros, err := fs.ReadFile(ddhsql.Schema(), "0005_keys.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("create schema meta;" + string(macros)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"DDH": "ddh", " ddh ": "ddh", "Ta\u030arnby ÆØÅ": "tårnby æøå", "TÅRNBY æøå": "tårnby æøå", "a\u00a0b": "a b", "a \t b": "a b",
		"d\u200bdh\ufeff": "ddh", "\u202fddh\u2007": "ddh", "a\u0085b\u3000c": "a b c", "nan": "", "NaN": "", "None": "", "(null)": "", `\N`: "",
		"#N/A": "", "#I/T": "", "": "", " ": "", "\n": "", "none of them": "none of them", "-": "-", "0": "0", "a\u00adb": "ab",
	} {
		var key string
		if err := db.QueryRow("select coalesce(meta.key(?::varchar), '')", text).Scan(&key); err != nil {
			t.Fatal(err)
		}
		if got := reference.Key(text); key != want || got != want {
			t.Errorf("%q is %q in SQL and %q in Go, want %q", text, key, got, want)
		}
	}
	const guid = "ff7fa44e-04ae-5caf-8288-44059a1cd800"
	for text, want := range map[string]string{
		guid: guid, "FF7FA44E-04AE-5CAF-8288-44059A1CD800": guid, "{FF7FA44E-04AE-5CAF-8288-44059A1CD800}": guid,
		"ff7fa44e04ae5caf828844059a1cd800": guid, " FF7FA44E-04AE-5CAF-8288-44059A1CD800 ": guid, "S-1": "s-1", "NULL": "", "": "",
	} {
		var key string
		if err := db.QueryRow("select coalesce(meta.guid(?::varchar), '')", text).Scan(&key); err != nil {
			t.Fatal(err)
		}
		if key != want {
			t.Errorf("%q as a GUID is %q, want %q", text, key, want)
		}
	}
}

// templateReference is what a new project has, with numbers for pseudonyms so that
// cases can be read.
func templateReference(t *testing.T) []etl.Relation {
	t.Helper()
	dir := t.TempDir()
	if _, err := reference.WriteTemplate(dir); err != nil {
		t.Fatal(err)
	}
	file, err := ddhsql.Seeds().Open("municipalities.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	municipalities, err := reference.ReadMunicipalities(file)
	if err != nil {
		t.Fatal(err)
	}
	same := func(s string) string { return s }
	set, faults := reference.Read(os.DirFS(dir), reference.Options{Municipalities: municipalities, Normalise: same, Pseudonym: same})
	for _, f := range faults {
		t.Fatal(f)
	}
	settings := reference.Settings{
		ShortAbandon: 5 * time.Second, SurveyWindow: 72 * time.Hour, SurveyLink: 30 * time.Minute,
		GuideGrace: time.Minute, GuideReload: 30 * time.Second,
	}
	relations := []etl.Relation{
		{
			Name:        "release",
			Columns:     []etl.RelationColumn{{Name: "run_id", SQL: "varchar"}, {Name: "program_version", SQL: "varchar"}, {Name: "is_simulated", SQL: "boolean"}, {Name: "contact", SQL: "varchar"}},
			Rows:        [][]any{{"run", "test", true, "statistik@example.invalid"}},
			Fingerprint: "test",
		},
	}
	return append(append(relations, set.Tables()...), settings.Table())
}
