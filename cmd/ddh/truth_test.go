package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// TestWarehouseFindsWhatTheSimulationMadeHappen compares every figure of the
// simulator's truth with the published one, both ways: what is true must be
// published, and nothing else. A quarter has its neighbours, so that months, a whole
// quarter, parts of quarters and a year are compared. Then a figure is looked up in
// every output.
func TestWarehouseFindsWhatTheSimulationMadeHappen(t *testing.T) {
	for _, seed := range []uint64{7, 2026} {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			dir := simulated(t, simulate.Options{
				From: time.Date(2026, 6, 20, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC),
				CallsPerYear: 12000, Seed: seed,
			})
			db := published(t, dir)
			want, got := trueFigures(t, db, dir), publishedFigures(t, db)
			differences := compareFigures(want, got)
			t.Logf("%d figures compared", len(want))
			for i, d := range differences {
				if i == 20 {
					t.Errorf("and %d more", len(differences)-i)
					break
				}
				t.Error(d)
			}
			checkOneFigureEverywhere(t, dir)
		})
	}
}

// simulated makes a project of a simulated history and runs it.
func simulated(t *testing.T, o simulate.Options) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "hotline")
	o.Dir = dir
	if _, err := simulate.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := newProject(dir, config.New{Simulated: true}); err != nil {
		t.Fatal(err)
	}
	var stderr lines
	code := programOn(0, io.Discard, &stderr, "run", "--config", filepath.Join(dir, config.FileName))
	if code != exitOK && code != exitWarnings { // a quiet day of a small hotline is unusual
		t.Fatalf("ddh run ended with %d: %s", code, stderr)
	}
	return dir
}

// published opens the read copy of a project.
func published(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, _, err := warehouse.OpenPublished(context.Background(), filepath.Join(dir, "data", "published"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// figureID tells figures apart.
type figureID struct{ period, by, perspective, key, kpi string }

func (f figureID) String() string {
	return strings.Join([]string{f.period, f.by, f.perspective, f.key, f.kpi}, " ")
}

// shown is a figure as it is published; NaN is an empty cell.
type shown struct {
	value, numerator, denominator float64
	status                        string
}

// hidden is the figure as it is published where it must not be seen.
func (s shown) hidden() shown {
	return shown{value: math.NaN(), numerator: math.NaN(), denominator: s.denominator, status: "suppressed"}
}

func (s shown) String() string {
	return fmt.Sprintf("%v = %v / %v %s", s.value, s.numerator, s.denominator, s.status)
}

// trueFigures reads truth/kpi.csv, without the figures that the catalogue does not
// define for a grouping, and hides what small numbers hide (DOMAIN §4).
func trueFigures(t *testing.T, db *sql.DB, dir string) map[figureID]shown {
	t.Helper()
	defined := definedFigures(t, db)
	all := map[figureID]shown{}
	for _, row := range readRows(t, filepath.Join(dir, "truth", "kpi.csv")) {
		id := figureID{row[0], row[1], row[2], row[3], row[4]}
		if !slices.Contains(defined[id.perspective+" "+id.kpi], id.by) {
			continue
		}
		f := shown{value: number(t, row[5]), numerator: number(t, row[6]), denominator: number(t, row[7])}
		if strings.HasPrefix(id.kpi, "satisfaction_") && f.denominator > 0 && f.denominator < 5 {
			f = f.hidden()
		}
		all[id] = f
	}
	return all
}

// definedFigures are the groupings of each perspective and KPI.
func definedFigures(t *testing.T, db *sql.DB) map[string][]string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), "select kpi, citizen_groupings, agent_groupings from marts.dim_kpi")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	defined := map[string][]string{}
	for rows.Next() {
		var kpi, citizen, agent string
		if err := rows.Scan(&kpi, &citizen, &agent); err != nil {
			t.Fatal(err)
		}
		defined["citizen "+kpi], defined["agent "+kpi] = strings.Fields(citizen), strings.Fields(agent)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return defined
}

func publishedFigures(t *testing.T, db *sql.DB) map[figureID]shown {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `
		select period, grouping, perspective, key, kpi, value, numerator, denominator,
			case when status = 'suppressed' then status else '' end
		from marts.kpi_values where municipality_code = 'all'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[figureID]shown{}
	for rows.Next() {
		var id figureID
		var f shown
		var value, numerator, denominator sql.NullFloat64
		if err := rows.Scan(&id.period, &id.by, &id.perspective, &id.key, &id.kpi,
			&value, &numerator, &denominator, &f.status); err != nil {
			t.Fatal(err)
		}
		f.value, f.numerator, f.denominator = orNaN(value), orNaN(numerator), orNaN(denominator)
		all[id] = f
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func orNaN(x sql.NullFloat64) float64 {
	if !x.Valid {
		return math.NaN()
	}
	return x.Float64
}

// compareFigures lists what differs, sorted.
func compareFigures(want, got map[figureID]shown) []string {
	var differences []string
	for id, w := range want {
		g, found := got[id]
		if g.status == "suppressed" && g.denominator >= 5 && strings.HasPrefix(id.kpi, "satisfaction_") {
			w = w.hidden() // because it would give a smaller one away
		}
		switch {
		case !found:
			differences = append(differences, fmt.Sprintf("%s: true %s, not published", id, w))
		case !w.agrees(g):
			differences = append(differences, fmt.Sprintf("%s: true %s, published %s", id, w, g))
		}
	}
	for id, g := range got {
		if _, found := want[id]; !found {
			differences = append(differences, fmt.Sprintf("%s: published %s, not true", id, g))
		}
	}
	slices.Sort(differences)
	return differences
}

// agrees asks for the same whole numbers; the one division may round differently in
// the last place.
func (s shown) agrees(other shown) bool {
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	return same(s.numerator, other.numerator) && same(s.denominator, other.denominator) && s.status == other.status &&
		(same(s.value, other.value) || math.Abs(s.value-other.value) <= 1e-12*math.Abs(s.value))
}

// readRows reads a CSV file without its header.
func readRows(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows[1:]
}

// number reads a cell of the truth; an empty one is NaN.
func number(t *testing.T, text string) float64 {
	t.Helper()
	if text == "" {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
