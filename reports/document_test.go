package reports_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

var (
	share   = reports.Format{Unit: reports.UnitShare, Decimals: 1}
	seconds = reports.Format{Unit: reports.UnitSeconds}
	score   = reports.Format{Unit: reports.UnitScore, Decimals: 1}
	hours   = reports.Format{Unit: reports.UnitHours, Decimals: 1}
)

func TestValuesPrintAndTravel(t *testing.T) {
	cases := []struct {
		value         reports.Value
		print, asJSON string
	}{
		{reports.Number(0.684, share), "68,4 %", "0.684"},
		{reports.Number(47.3, seconds), "0:47", "47.3"},
		{reports.Count(1234), "1.234", "1234"},
		{reports.Number(1234.56, hours), "1.234,6", "1234.56"},
		{reports.Number(math.NaN(), share), "-", "null"},
		{reports.Text("æøå"), "æøå", `"æøå"`},
		{reports.Text(""), "-", "null"},
		{reports.Day(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)), "31. marts 2026", `"2026-03-31"`},
		{reports.Suppressed(), "-", `{"suppressed":true}`},
	}
	for _, c := range cases {
		text, err := json.Marshal(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if c.value.String() != c.print || string(text) != c.asJSON {
			t.Errorf("got %s and %s, want %s and %s", c.value, text, c.print, c.asJSON)
		}
	}
}

func TestDifference(t *testing.T) {
	cases := []struct {
		now, then reports.Value
		want      string
	}{
		{reports.Number(0.703, share), reports.Number(0.691, share), "+1,2 procentpoint"},
		{reports.Number(47, seconds), reports.Number(52, seconds), "-5 sek."},
		{reports.Number(8.1, score), reports.Number(8.0, score), "+0,1"},
		{reports.Number(8.11, score), reports.Number(8.09, score), reports.Unchanged},
		{reports.Count(1500), reports.Count(300), "+1.200"},
		{reports.Number(12.5, hours), reports.Number(14, hours), "-1,5 timer"},
		{reports.Suppressed(), reports.Count(300), reports.Missing},
		{reports.Count(300), reports.Value{}, reports.Missing},
	}
	for _, c := range cases {
		if got := reports.Difference(c.now, c.then); got != c.want {
			t.Errorf("from %s to %s: got %q, want %q", c.then, c.now, got, c.want)
		}
	}
}

func TestTargetsSayTheirDirection(t *testing.T) {
	cases := []struct {
		direction reports.Direction
		target    reports.Value
		want      string
	}{
		{reports.Min, reports.Number(60, seconds), "højst 1:00"},
		{reports.Max, reports.Number(0.70, share), "mindst 70 %"},
		{reports.Max, reports.Number(0.725, share), "mindst 72,5 %"},
		{reports.Max, reports.Number(7, score), "mindst 7"},
		{reports.Max, reports.Value{}, "intet mål"},
	}
	for _, c := range cases {
		if got := c.direction.TargetText(c.target); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestEveryStatusHasAShapeAndAWordOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, status := range []reports.Status{reports.Met, reports.Missed, reports.NoTarget, reports.NoData, reports.IsSuppressed} {
		text := status.Text(reports.Max)
		shape, word, _ := strings.Cut(text, " ")
		if seen[word] || len([]rune(shape)) != 1 || word == "" {
			t.Errorf("status %s reads %q", status, text)
		}
		seen[word] = true
	}
}

func TestCheckFindsABuildersMistakes(t *testing.T) {
	column := reports.Column{Key: "a", Label: "A"}
	table := reports.Table{Name: "t", Short: "T", Columns: []reports.Column{column}, Rows: [][]reports.Value{{reports.Count(1)}}}
	cases := []struct {
		name    string
		section reports.Section
		want    string
	}{
		{"well made", reports.Section{Name: "s", Tables: []reports.Table{table}}, ""},
		{"nameless", reports.Section{}, "a section has no name"},
		{"two tables of one name", reports.Section{Name: "s", Tables: []reports.Table{table, table}}, `table "t" occurs twice`},
		{
			"row too long",
			reports.Section{Name: "s", Tables: []reports.Table{{Name: "t", Short: "T", Columns: []reports.Column{column}, Rows: [][]reports.Value{{{}, {}}}}}},
			`table "t": row 1 has 2 cells for 1 columns`,
		},
		{
			"labels that differ in case only",
			reports.Section{Name: "s", Tables: []reports.Table{{Name: "t", Short: "T", Columns: []reports.Column{column, {Key: "b", Label: "a"}}}}},
			`label "a" occurs twice`,
		},
		{
			"total too long",
			reports.Section{Name: "s", Tables: []reports.Table{{Name: "t", Short: "T", Columns: []reports.Column{column}, Totals: [][]reports.Value{{{}, {}}}}}},
			`table "t": row 1 has 2 cells for 1 columns`,
		},
		{
			"shades of a column that is not there",
			reports.Section{Name: "s", Tables: []reports.Table{{Name: "t", Short: "T", Columns: []reports.Column{column}, Heat: reports.Heat{From: "a", To: "b"}}}},
			`table "t": shades from column "a" to "b"`,
		},
		{
			"chart without its table",
			reports.Section{Name: "s", Charts: []reports.Chart{{Name: "c", Table: "t", Category: "a"}}},
			`refers to table "t"`,
		},
		{
			"chart without its column",
			reports.Section{Name: "s", Tables: []reports.Table{table}, Charts: []reports.Chart{
				{Name: "c", Table: "t", Category: "a", Series: []reports.Series{{Column: "b"}}},
			}},
			`refers to column "b"`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := reports.Document{Sections: []reports.Section{c.section}}.Check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
