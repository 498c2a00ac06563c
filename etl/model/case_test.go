package model_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/model/modeltest"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

func benchOf(tb testing.TB) *model.Bench {
	tb.Helper()
	conn := open(tb)
	fill(tb, conn)
	bench, err := model.NewBench(context.Background(), conn, graphOf(tb, conn, hotline))
	if err != nil {
		tb.Fatal(err)
	}
	return bench
}

// TestCases runs the cases of testdata/cases, which show what a case can say.
func TestCases(t *testing.T) {
	modeltest.Cases(t, benchOf(t), "testdata/cases", *update)
}

func TestCaseFaults(t *testing.T) {
	const want = "-- want.csv --\nagent_id\n"
	tests := []struct{ name, model, archive, want string }{
		{"unknown model", "dim_cat", want, "there is no model dim_cat"},
		{"no wanted rows", "dim_agent", "-- given/raw.agents.csv --\nagent_id\n", "want.csv is missing"},
		{"unknown file", "dim_agent", want + "-- got.csv --\n", "got.csv: a case has given/<schema>.<table>.csv, want.csv, from, to and keep only"},
		{"bad date", "dim_agent", want + "-- from --\n1 March\n", `from: "1 March" is no date of the form 2026-01-31`},
		{"not upstream", "dim_agent", want + "-- given/raw.calls.csv --\nagent_id\n", "given/raw.calls.csv: marts.dim_agent does not rest on raw.calls"},
		{"unknown column given", "dim_agent", want + "-- given/raw.agents.csv --\nagent\n", "given/raw.agents.csv: raw.agents has no column agent"},
		{"unknown column wanted", "dim_agent", "-- want.csv --\nagent\n", "want.csv: marts.dim_agent has no column agent"},
		{"no header", "dim_agent", "-- want.csv --\n", "want.csv: a header is needed"},
		{"value given", "dim_agent", want + "-- given/raw.agents.csv --\nagent_id\n7\nseven\n", `given/raw.agents.csv:3: agent_id: "seven" does not read as bigint`},
		{"value wanted", "dim_agent", "-- want.csv --\nagent_id\nx\n", `want.csv:2: agent_id: "x" does not read as bigint`},
		{"keep", "dim_agent", want + "-- keep --\nmarts.dim_agent\n", "keep: marts.dim_agent is no external table that models read"},
	}
	bench := benchOf(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := bench.Run(context.Background(), tt.model, txtar.Parse([]byte(tt.archive)))
			if err == nil || firstLine(err) != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func TestCaseShowsTheDifference(t *testing.T) {
	archive := txtar.Parse([]byte(`Two agents, one of them wanted under another name and one twice.
-- given/raw.agents.csv --
agent_id, name
7,        ane
8,        bo
-- want.csv --
agent_id, agent_name
7,        ANNE
8,        BO
8,        BO
`))
	bench := benchOf(t)
	err := bench.Run(context.Background(), "dim_agent", archive)
	failed := new(model.CaseError)
	if !errors.As(err, &failed) {
		t.Fatalf("got %v", err)
	}
	want := `marts.dim_agent brings other rows than wanted (- wanted, + got):
  agent_id,agent_name
- 7,ANNE
- 8,BO
+ 7,ANE`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	updated, err := bench.Update(context.Background(), "dim_agent", archive)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(updated.Files[1].Data), "agent_id,agent_name\n7,ANE\n8,BO\n"; got != want {
		t.Errorf("updated to\n%swant\n%s", got, want)
	}
	if err := bench.Run(context.Background(), "dim_agent", updated); err != nil {
		t.Errorf("the updated case fails: %v", err)
	}
}
