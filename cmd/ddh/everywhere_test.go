package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// everywhere are the KPIs whose figures are looked up in every output, and their
// Danish names, as the workbook has them.
var everywhere = map[string]string{
	"wait_seconds_mean":        "Ventetid",
	"first_contact_resolution": "Straksafklaring",
	"satisfaction_mean":        "Borgertilfredshed",

	"wait_seconds_max":             "Ventetid, længste",
	"answered_within_20s":          "Besvaret inden for 20 sekunder",
	"calls_answered_by_callback":   "Besvaret ved tilbagekald",
	"callback_wait_seconds_mean":   "Ventetid på tilbagekald",
	"callback_wait_seconds_median": "Ventetid på tilbagekald, median",
}

// checkOneFigureEverywhere looks up the figures of the municipality with the most
// scores in ddh kpi, in its leader workbook and in both files of the feed: each must
// be the same to the last digit (DOMAIN §4).
func checkOneFigureEverywhere(t *testing.T, dir string) {
	config := filepath.Join(dir, "ddh.toml")
	code := busiest(t, config)
	asked := kpiJSON(t, config, "--by", "municipality", "--municipality", code)
	reports := filepath.Join(dir, "reports")
	var stderr lines
	args := []string{"report", "leader", "--config", config, "--period", "2026K3", "--municipality", code, "--out", reports}
	if exit := program(io.Discard, &stderr, args...); exit != exitOK {
		t.Fatalf("ddh %q ended with %d: %s", args, exit, stderr)
	}
	workbook := workbookFigures(t, filepath.Join(reports, "DDH lederrapport 2026K3 "+code+".xlsx"))
	parquet := feedFigures(t, "read_parquet("+quote(filepath.Join(dir, "feed", "v1", "noegletal.parquet"))+")", code)
	csv := feedFigures(t, "read_csv("+quote(filepath.Join(dir, "feed", "v1", "noegletal.csv"))+
		", types = {'noegle': 'varchar', 'vaerdi': 'double'})", code)
	checked := 0
	for _, row := range asked.Rows {
		label, wanted := everywhere[row.KPI]
		if !wanted {
			continue
		}
		checked++
		if row.Value == nil && strings.HasPrefix(row.KPI, "callback_") { // nobody was called back
			if got, shown := workbook[label]; shown || !math.IsNaN(parquet[row.KPI]) || !math.IsNaN(csv[row.KPI]) {
				t.Errorf("%s of %s has no value, in the workbook %v, in the feed %v and %v", row.KPI, code, got, parquet[row.KPI], csv[row.KPI])
			}
			continue
		}
		if row.Value == nil {
			t.Fatalf("%s of %s has no value", row.KPI, code)
		}
		want, stored := *row.Value, *row.Value
		if strings.Contains(row.KPI, "wait_seconds_") {
			stored /= 24 * 60 * 60 // Excel keeps durations as fractions of a day
		}
		if got := workbook[label]; got != stored {
			t.Errorf("%s of %s: %v, in the workbook %v", row.KPI, code, stored, got)
		}
		for output, got := range map[string]float64{"noegletal.parquet": parquet[row.KPI], "noegletal.csv": csv[row.KPI]} {
			if got != want {
				t.Errorf("%s of %s: %v, in %s %v", row.KPI, code, want, output, got)
			}
		}
	}
	if checked != len(everywhere) {
		t.Errorf("ddh kpi shows %d of the %d KPIs", checked, len(everywhere))
	}
	checkMeasuresOfTheFeed(t, dir, code, asked)
}

// checkMeasuresOfTheFeed adds ventetid up from the feed's calls as a measure of Power
// BI would, on the line and by callback apart.
func checkMeasuresOfTheFeed(t *testing.T, dir, code string, asked figures.Answer) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var onLine, byCallback sql.NullFloat64
	err = db.QueryRowContext(context.Background(), `
		select sum(ventetid_sekunder) / count(*) filter (where er_besvaret_paa_linjen),
			sum(ventetid_tilbagekald_sekunder) / count(*) filter (where er_besvaret_ved_tilbagekald)
		from read_parquet(`+quote(filepath.Join(dir, "feed", "v1", "opkald.parquet"))+`)
		where borger_kommunekode = ? and dato between date '2026-07-01' and date '2026-09-30'`, code).Scan(&onLine, &byCallback)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range asked.Rows {
		got, measured := map[string]sql.NullFloat64{"wait_seconds_mean": onLine, "callback_wait_seconds_mean": byCallback}[row.KPI]
		if measured && (got.Valid != (row.Value != nil) || got.Valid && *row.Value != got.Float64) {
			t.Errorf("%s of %s: %v of %d, by the feed's calls %v", row.KPI, code, row.Value, row.N, got)
		}
	}
}

// kpiJSON asks ddh kpi for the third quarter.
func kpiJSON(t *testing.T, config string, args ...string) figures.Answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"kpi", "--config", config, "--period", "2026K3", "--json"}, args...)
	if code := program(&stdout, &stderr, args...); code != exitOK {
		t.Fatalf("ddh %q ended with %d: %s", args, code, stderr.String())
	}
	var answer figures.Answer
	if err := json.NewDecoder(&stdout).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// busiest is the municipality with the most scores among those that are shown.
func busiest(t *testing.T, config string) string {
	t.Helper()
	rows := kpiJSON(t, config, "--by", "municipality", "--kpi", "satisfaction_mean").Rows
	rows = slices.DeleteFunc(rows, func(r figures.Row) bool { return r.Key == "unknown" || r.Value == nil })
	return slices.MaxFunc(rows, func(a, b figures.Row) int { return int(a.N - b.N) }).Key
}

// workbookFigures are the citizens' figures on the sheet of all KPIs.
func workbookFigures(t *testing.T, path string) map[string]float64 {
	t.Helper()
	file, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.GetRows("Alle nøgletal", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, row := range rows {
		if len(row) < 2 {
			continue
		}
		if x, err := strconv.ParseFloat(row[1], 64); err == nil {
			all[row[0]] = x
		}
	}
	return all
}

// feedFigures are a municipality's figures in one file of the feed.
func feedFigures(t *testing.T, from, code string) map[string]float64 {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), `
		select noegletal, vaerdi from `+from+`
		where periode = '2026K3' and perspektiv = 'citizen' and gruppering = 'municipality' and noegle = ?`, code)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]float64{}
	for rows.Next() {
		var kpi string
		var value sql.NullFloat64
		if err := rows.Scan(&kpi, &value); err != nil {
			t.Fatal(err)
		}
		all[kpi] = math.NaN()
		if value.Valid {
			all[kpi] = value.Float64
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
