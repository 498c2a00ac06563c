package reports_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports"
)

func TestFewObservationsMakeSharesAndMeansUncertain(t *testing.T) {
	perCall := reports.Format{Unit: reports.UnitPerCall, Decimals: 2}
	cases := []struct {
		value reports.Value
		n     int64
		want  string
	}{
		{reports.Number(7.94, score), 29, "7,9*"},
		{reports.Number(7.94, score), 30, "7,9"},
		{reports.Number(0.5, share), 4, "50,0 %*"},
		{reports.Number(47, seconds), 4, "0:47*"},
		{reports.Number(0.25, perCall), 4, "0,25*"},
		{reports.Number(12.5, hours), 4, "12,5"}, // a sum is what it is
		{reports.Count(4), 4, "4"},
		{reports.Number(math.NaN(), share), 0, "-"},
		{reports.Suppressed(), 3, "-"},
	}
	for _, c := range cases {
		if got := c.value.From(c.n).Marked(); got != c.want {
			t.Errorf("%s from %d: got %q, want %q", c.value, c.n, got, c.want)
		}
	}
	if got := reports.Number(7.94, score).From(4).From(40).Marked(); got != "7,9" {
		t.Errorf("told anew that there are enough, the cell reads %q", got)
	}
}

func TestAnUncertainValueTravelsWithItsMark(t *testing.T) {
	text, err := json.Marshal(reports.Number(7.94, score).From(12))
	if want := `{"value":7.94,"uncertain":true}`; err != nil || string(text) != want {
		t.Errorf("got %s (%v), want %s", text, err, want)
	}
}

func TestOnlyAJudgementCanBeUncertain(t *testing.T) {
	few, many := reports.Number(7.94, score).From(12), reports.Number(7.94, score).From(120)
	cases := []struct {
		status reports.Status
		value  reports.Value
		want   string
	}{
		{reports.Met, few, "● opfyldt, usikkert"},
		{reports.Missed, few, "▲ under mål, usikkert"},
		{reports.Met, many, "● opfyldt"},
		{reports.NoTarget, few, "○ intet mål"},
		{reports.NoData, reports.Value{}.From(0), "■ ingen data"},
	}
	for _, c := range cases {
		if got := c.status.TextFor(c.value, reports.Max); got != c.want {
			t.Errorf("%s: got %q, want %q", c.status, got, c.want)
		}
	}
}

func TestTheMarkIsExplainedOnceWhereItStands(t *testing.T) {
	few, many := reports.Number(7.94, score).From(12), reports.Number(7.94, score).From(120)
	with := func(value reports.Value) reports.Table {
		return reports.Table{Notes: []string{"note"}, Rows: [][]reports.Value{{value}}}
	}
	total := reports.Table{Totals: [][]reports.Value{{few}}}
	cases := []struct {
		name string
		got  []string
		want []string
	}{
		{"table with a mark", with(few).Footnotes(), []string{"note", reports.UncertainLegend}},
		{"table without", with(many).Footnotes(), []string{"note"}},
		{"mark in a total", total.Footnotes(), []string{reports.UncertainLegend}},
		{"tile", reports.Section{Tiles: []reports.Tile{{Value: few}}}.Footnotes(), []string{reports.UncertainLegend}},
		{"tile of before", reports.Section{Tiles: []reports.Tile{{Previous: reports.Change{Value: few}}}}.Footnotes(), []string{reports.UncertainLegend}},
		{"tile above a table that tells", reports.Section{
			Notes: []string{"about"}, Tiles: []reports.Tile{{Value: few}}, Tables: []reports.Table{with(few)},
		}.Footnotes(), []string{"about"}},
	}
	for _, c := range cases {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}
