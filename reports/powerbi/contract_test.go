package powerbi

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// schemaOf makes a schema of one table from "name TYPE" columns; a "*" marks keys.
func schemaOf(columns ...string) Schema {
	table := Table{Name: "opkald"}
	for _, text := range columns {
		name, dataType, _ := strings.Cut(text, " ")
		key := strings.HasPrefix(name, "*")
		table.Columns = append(table.Columns, Column{Name: strings.TrimPrefix(name, "*"), Type: dataType, Key: key})
	}
	return Schema{Version: 1, Tables: []Table{table}}
}

func TestCompare(t *testing.T) {
	old := schemaOf("*id BIGINT", "dato DATE", "antal BIGINT")
	cases := []struct {
		name   string
		next   Schema
		added  []string
		breaks []string
	}{
		{"the same", old, nil, nil},
		{"added at the end", schemaOf("*id BIGINT", "dato DATE", "antal BIGINT", "ny VARCHAR"), []string{"opkald.ny"}, nil},
		{"added in the middle", schemaOf("*id BIGINT", "ny VARCHAR", "dato DATE", "antal BIGINT"), nil, []string{"opkald: column 2 was dato and is now ny"}},
		{"removed", schemaOf("*id BIGINT", "antal BIGINT"), nil, []string{"opkald: column dato is gone"}},
		{"reordered", schemaOf("*id BIGINT", "antal BIGINT", "dato DATE"), nil, []string{"opkald: column 2 was dato and is now antal"}},
		{"retyped", schemaOf("*id BIGINT", "dato VARCHAR", "antal BIGINT"), nil, []string{"opkald: column dato was DATE and is now VARCHAR"}},
		{"another key", schemaOf("id BIGINT", "*dato DATE", "antal BIGINT"), nil, []string{"opkald: the key was (id) and is now (dato)"}},
		{"table gone", Schema{}, nil, []string{"table opkald is gone"}},
		{"table added", Schema{Tables: append([]Table{{Name: "emne"}}, old.Tables...)}, []string{"emne"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			added, err := compare(old, c.next)
			if diff := cmp.Diff(c.added, added); diff != "" {
				t.Errorf("added (-want +got):\n%s", diff)
			}
			var breaks []string
			var contract *ContractError
			if errors.As(err, &contract) {
				breaks = contract.Breaks
			}
			if diff := cmp.Diff(c.breaks, breaks); diff != "" {
				t.Errorf("breaks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypesOfTheFeed(t *testing.T) {
	for dataType, want := range map[string]bool{
		"DATE": true, "BIGINT": true, "INTEGER": true, "DOUBLE": true, "DECIMAL(18,3)": true, "VARCHAR": true, "BOOLEAN": true,
		"HUGEINT": false, "TIMESTAMP": false, "TIMESTAMP WITH TIME ZONE": false, "BIGINT[]": false, "DECIMAL(9,2)[]": false,
		"STRUCT(a INTEGER)": false, "MAP(VARCHAR, BIGINT)": false, "UBIGINT": false, "FLOAT": false, "TIME": false, "ENUM('a')": false,
	} {
		if isAllowed(dataType) != want {
			t.Errorf("%s: allowed is %v", dataType, !want)
		}
	}
}
