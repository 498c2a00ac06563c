package main

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// TestLiveDemoEndsWithTheSameFigures runs one simulated history twice: out of drop
// folders, and over the network, pulled week by week from a SQL Server and a web
// service. Every figure of every group and period must be the same.
func TestLiveDemoEndsWithTheSameFigures(t *testing.T) {
	t.Parallel()
	demo := func(more ...string) []string {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "demo")
		var stderr lines
		args := append([]string{
			"demo", "--dir", dir, "--from", "2026-03-16", "--to", "2026-04-12", "--calls-per-year", "10000", "--seed", "7",
		}, more...)
		if code := program(io.Discard, &stderr, args...); code != exitOK {
			t.Fatalf("ddh %v ended with %d: %s", args, code, stderr)
		}
		return figuresOf(t, filepath.Join(dir, "data", "published"))
	}
	folders, live := demo(), demo("--live")
	if diff := cmp.Diff(folders, live); diff != "" {
		t.Errorf("figures (-folders +live):\n%s", diff)
	}
	t.Logf("%d figures agree", len(folders))
	if len(folders) < 1000 {
		t.Errorf("only %d figures were compared", len(folders))
	}
}

// figuresOf are all figures of a published copy, as text.
func figuresOf(t *testing.T, dir string) []string {
	t.Helper()
	db, published, err := warehouse.OpenPublished(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return rowsOf(t, published.Path, "select v::varchar from marts.kpi_values as v order by 1")
}
