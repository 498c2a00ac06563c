package leader_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports/leader"
	"github.com/google/go-cmp/cmp"
)

func TestPartialMembershipIsFlagged(t *testing.T) {
	stretch := func(from, to string) leader.Stretch {
		p := mustPeriod(from + ".." + to)
		return leader.Stretch{From: p.From, To: p.To}
	}
	cases := []struct {
		name      string
		stretches []leader.Stretch
		flag      string // "" = none
		fact      string
	}{
		{"all of it", []leader.Stretch{stretch("2020-01-01", "9999-12-31")}, "", "Hele kvartalet"},
		{"joined", []leader.Stretch{stretch("2026-08-15", "9999-12-31")},
			"Kun medlem fra 15. august 2026", "Fra 15. august 2026 (47 af 92 dage)"},
		{"left", []leader.Stretch{stretch("2020-01-01", "2026-07-31")},
			"Kun medlem til og med 31. juli 2026", "Til og med 31. juli 2026 (31 af 92 dage)"},
		{"joined and left", []leader.Stretch{stretch("2026-08-01", "2026-08-31")},
			"Kun medlem fra 1. august 2026 til og med 31. august 2026", "Fra 1. august 2026 til og med 31. august 2026 (31 af 92 dage)"},
		{"away for a month", []leader.Stretch{stretch("2026-09-01", "9999-12-31"), stretch("2020-01-01", "2026-07-31")},
			"Kun medlem 61 af 92 dage", "61 af 92 dage"},
		{"changed network", []leader.Stretch{stretch("2020-01-01", "2026-08-14"), stretch("2026-08-15", "9999-12-31")}, "", "Hele kvartalet"},
		{"overlapping rows", []leader.Stretch{stretch("2020-01-01", "2026-08-31"), stretch("2026-08-15", "9999-12-31")}, "", "Hele kvartalet"},
		{"long gone", []leader.Stretch{stretch("2020-01-01", "2025-12-31")}, "Ikke medlem i kvartalet", "Ikke i kvartalet"},
		{"never", nil, "Ikke medlem i kvartalet", "Ikke i kvartalet"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := sample()
			data.Memberships["0316"] = c.stretches
			doc := leader.Document(data)
			want := []string{"Simulerede data"}
			if c.flag != "" {
				want = append(want, c.flag)
			}
			if diff := cmp.Diff(want, doc.Flags); diff != "" {
				t.Error(diff)
			}
			for _, fact := range doc.Facts {
				if fact.Label == "Medlem af kontaktcentret" && fact.Value.String() != c.fact {
					t.Errorf("fact: got %q, want %q", fact.Value, c.fact)
				}
			}
		})
	}
}

func TestTrendTellsThePeriodsOfPartialMembership(t *testing.T) {
	data := sample()
	data.Memberships["0316"] = []leader.Stretch{{From: date(2023, 11, 15), To: date(9999, 12, 31)}}
	for _, section := range leader.Document(data).Sections {
		if section.Name != "trend" {
			continue
		}
		want := []string{"Holbæk var ikke medlem hele tiden: 3. kvartal 2023 (ikke i kvartalet), 4. kvartal 2023 (fra 15. november 2023)."}
		if diff := cmp.Diff(want, section.Notes); diff != "" {
			t.Error(diff)
		}
	}
}

func TestMunicipalitiesThatAreNotMembersStandApart(t *testing.T) {
	doc := leader.Document(sample())
	table, _ := doc.Table("municipalities")
	var names []string
	for _, row := range table.Rows {
		names = append(names, row[0].Text)
	}
	want := []string{"Aarhus", "Holbæk", "Odsherred", "Ærø", "Skive (ikke medlem)", "Ukendt/ikke-medlem"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	for _, note := range []string{
		"Kun medlem i en del af kvartalet: Odsherred (fra 15. august 2026).",
		"Ikke medlem af kontaktcentret og ikke talt med ovenfor: Skive.",
	} {
		if !slices.Contains(table.Notes, note) {
			t.Errorf("the notes lack %q: %q", note, table.Notes)
		}
	}
	for _, section := range doc.Sections {
		if section.Name == "municipalities" && !strings.Contains(section.Finding, "af 4 kommuner") {
			t.Errorf("the finding counts others than the 4 members: %s", section.Finding)
		}
	}
}
