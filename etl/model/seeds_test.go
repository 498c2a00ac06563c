package model_test

import (
	"context"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/google/go-cmp/cmp"
)

func TestSeedTypes(t *testing.T) {
	conn := open(t)
	_, err := model.Seeds(context.Background(), conn, folder("kinds.csv", "\ufeffmunicipality_code,key,n,share,day,is_big,text,padded,mixed,empty,given:smallint\n"+
		"0101,1,1,0.5,2026-01-01,true,å,007,1,,3\n"+
		"751,2,-20,1,,false,\"a, b\",8,x,,4\n"), now)
	if err != nil {
		t.Fatal(err)
	}
	got := scalar(t, conn, "select string_agg(column_name || ' ' || data_type, ', ' order by column_index) from duckdb_columns() where table_name = 'kinds'")
	want := "municipality_code VARCHAR, key VARCHAR, n BIGINT, share DOUBLE, day DATE, is_big BOOLEAN, text VARCHAR, padded VARCHAR, mixed VARCHAR, empty VARCHAR, given SMALLINT"
	if got != want {
		t.Errorf("types are\n%s, want\n%s", got, want)
	}
	if got, want := scalar(t, conn, "select string_agg(to_json(kinds)::varchar, ' ') from seeds.kinds"),
		`{"municipality_code":"0101","key":"1","n":1,"share":0.5,"day":"2026-01-01","is_big":true,"text":"å","padded":"007","mixed":"1","empty":null,"given":3} `+
			`{"municipality_code":"751","key":"2","n":-20,"share":1.0,"day":null,"is_big":false,"text":"a, b","padded":"8","mixed":"x","empty":null,"given":4}`; got != want {
		t.Errorf("rows are\n%s, want\n%s", got, want)
	}
}

func TestSeedsLoadOnlyWhatChanged(t *testing.T) {
	conn := open(t)
	ctx := context.Background()
	files := folder("towns.csv", "town,region\nViborg,Midt\n", "numbers.csv", "n\n1\n")
	steps := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"first", nil, []string{"seeds.numbers", "seeds.towns"}},
		{"again", nil, nil},
		{"one changed", map[string]string{"numbers.csv": "n\n1\n2\n"}, []string{"seeds.numbers"}},
		{"one gone", map[string]string{"numbers.csv": ""}, []string{"seeds.numbers"}},
	}
	for _, step := range steps {
		for file, text := range step.files {
			files = with(files, file, text)
		}
		got, err := model.Seeds(ctx, conn, files, now)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", step.name, diff)
		}
	}
	if n := scalar(t, conn, "select count(*) from duckdb_tables() where table_name = 'numbers'"); n != "0" {
		t.Error("the table of the file that is gone is still there")
	}
}

func TestSeedFaults(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "bad.csv: the file is empty, a header is needed"},
		{"name", "Town\nGreve\n", `bad.csv:1: "Town" is no column name: use lower-case letters, digits and _`},
		{"fields", "a,b\n1\n", "bad.csv: record on line 2: wrong number of fields"},
		{"type", "a:number\n1\n", "bad.csv:1: a: Catalog Error: Type with name number does not exist!"},
		{"value", "a:bigint\n1\nx\n", `bad.csv:3: a: "x" does not read as bigint`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn := open(t)
			_, err := model.Seeds(context.Background(), conn, folder("bad.csv", tt.text, "good.csv", "a\n1\n"), now)
			if err == nil || firstLine(err) != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if n := scalar(t, conn, "select count(*) from meta.seeds"); n != "0" {
				t.Errorf("%s seeds were loaded although one is faulty", n)
			}
		})
	}
}
