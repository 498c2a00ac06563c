package model_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGraph(t *testing.T) {
	g := graphOf(t, open(t), hotline)
	want := `staging.stg_agents <- raw.agents
staging.stg_calls <- raw.calls
intermediate.int_agents <- staging.stg_agents, reference.members
intermediate.int_calls <- staging.stg_calls, reference.members
intermediate.int_repeats <- intermediate.int_calls
marts.dim_agent <- intermediate.int_agents, seeds.towns
marts.fct_calls <- intermediate.int_calls, intermediate.int_repeats, marts.dim_agent
marts.kpi_total <- marts.fct_calls
reports.rpt_total <- marts.kpi_total
`
	if diff := cmp.Diff(want, g.String()); diff != "" {
		t.Errorf("graph (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"raw.agents", "raw.calls", "reference.members", "seeds.towns"}, g.Externals()); diff != "" {
		t.Errorf("externals (-want +got):\n%s", diff)
	}
	upstream := []string{
		"raw.agents", "reference.members", "seeds.towns", "staging.stg_agents", "intermediate.int_agents",
	}
	if diff := cmp.Diff(upstream, g.Upstream("marts.dim_agent")); diff != "" {
		t.Errorf("upstream (-want +got):\n%s", diff)
	}
	downstream := []string{"intermediate.int_agents", "marts.dim_agent", "marts.fct_calls", "marts.kpi_total", "reports.rpt_total"}
	if diff := cmp.Diff(downstream, g.Downstream("staging.stg_agents")); diff != "" {
		t.Errorf("downstream (-want +got):\n%s", diff)
	}
	bare, ok := g.Lookup("fct_calls")
	if full, _ := g.Lookup("marts.fct_calls"); !ok || bare != full {
		t.Error("a model is not the same by its bare and its full name")
	}
}

// DuckDB's own list of table names comes back empty for these queries, without an
// error (see parse.go).
func TestGraphSeesWhatNeedsABinder(t *testing.T) {
	header := "-- One row.\n-- @grain one row\n-- @build table\n-- @column n count rows\n"
	tests := []struct {
		name, query string
		want        []string
	}{
		{"using", "with t as (select town from seeds.towns join reference.members using (town)) select count(*) as n from t", []string{"seeds.towns", "reference.members"}},
		{"unnest in from", "select count(*) as n from seeds.towns, unnest([1, 2]) as u(i)", []string{"seeds.towns"}},
		{"subqueries", "select (select count(*) from seeds.towns as t where exists (select 1 from reference.members as m where m.town = t.town)) as n", []string{"seeds.towns", "reference.members"}},
		{"a step named like a table", "with towns as (select * from seeds.towns) select count(*) as n from towns", []string{"seeds.towns"}},
		{"recursion and union", "with recursive r as (select 1 as i union all select i + 1 from r, seeds.towns where i < 3) select count(*) as n from r union all select 1 from reference.members", []string{"seeds.towns", "reference.members"}},
		{"the same table twice", "select count(*) as n from Seeds.Towns as a cross join seeds.towns as b", []string{"seeds.towns"}},
		{"no table", "select 1 as n", nil},
	}
	conn := open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := graphOf(t, conn, folder("marts/dim_x.sql", header+tt.query))
			got := g.Reads("marts.dim_x")
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}
