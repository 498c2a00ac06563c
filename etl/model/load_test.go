package model_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestLoadReadsAHeader(t *testing.T) {
	models, err := model.Load(folder(
		"README.md", "Not a model.\n",
		"marts/fct_calls.sql", "\ufeff"+strings.ReplaceAll(`-- One row per call.
-- Two sentences make one comment.
--
-- @grain call_id, leg
-- @build incremental by call_date, 7 days back, 1 day ahead
-- @check wait_seconds >= 0
-- @check warn: wait_seconds::bigint < 7200
--     or is_long
-- @column call_id id Puzzel's call
-- @column leg count place in the call
-- @column call_date date local date
-- @column wait_seconds s from the first queue
--   to the answer
-- @column is_long flag nobody's fault

select call_id, leg, call_date, wait_seconds, is_long -- 'not a $parameter'
from intermediate.int_calls
where call_date >= $from and call_date < $to;
`, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Model{{
		Schema: "marts", Name: "fct_calls", File: "marts/fct_calls.sql",
		Doc:   "One row per call. Two sentences make one comment.",
		Grain: []string{"call_id", "leg"},
		Build: model.Build{Kind: model.Incremental, By: "call_date", Back: 7, Ahead: 1},
		Checks: []model.Check{
			{Severity: model.SeverityError, Expr: "wait_seconds >= 0", Line: 6},
			{Severity: model.SeverityWarn, Expr: "wait_seconds::bigint < 7200 or is_long", Line: 7},
		},
		Columns: []model.Column{
			{Name: "call_id", Unit: "id", Text: "Puzzel's call"},
			{Name: "leg", Unit: "count", Text: "place in the call"},
			{Name: "call_date", Unit: "date", Text: "local date"},
			{Name: "wait_seconds", Unit: "s", Text: "from the first queue to the answer"},
			{Name: "is_long", Unit: "flag", Text: "nobody's fault"},
		},
		SQL: `select call_id, leg, call_date, wait_seconds, is_long -- 'not a $parameter'
from intermediate.int_calls
where call_date >= $from and call_date < $to`,
	}}
	if diff := cmp.Diff(want, models, cmpopts.IgnoreUnexported(model.Model{})); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
	if got, want := models[0].Build.String(), "incremental by call_date, 7 days back, 1 days ahead"; got != want {
		t.Errorf("build is %q, want %q", got, want)
	}
	if got, want := models[0].Columns[3].Comment(), "[s] from the first queue to the answer"; got != want {
		t.Errorf("comment is %q, want %q", got, want)
	}
}

func TestLoadReadsTheOneRowGrain(t *testing.T) {
	models, err := model.Load(hotline)
	if err != nil {
		t.Fatal(err)
	}
	oneRow := make(map[string]bool)
	for _, m := range models {
		oneRow[m.Name] = m.OneRow
	}
	if !oneRow["kpi_total"] || oneRow["fct_calls"] {
		t.Errorf("one row: %v", oneRow)
	}
}

// FuzzLoad throws any text at the header parser: it either names faults inside of
// the file or gives a model that says what it is.
func FuzzLoad(f *testing.F) {
	for _, file := range hotline {
		f.Add(string(file.Data))
	}
	f.Add("-- @grain one row\n-- @build incremental by d, 3 days back\n-- @check warn:\n")
	f.Add("--\n--@column a s\n--   b\nselect '$from' /* $to */ \"$x\"")
	f.Fuzz(func(t *testing.T, text string) {
		models, err := model.Load(folder("marts/x.sql", text))
		var faults model.Faults
		if errors.As(err, &faults) {
			lines := strings.Count(text, "\n") + 1
			for _, fault := range faults {
				if fault.Line < 0 || fault.Line > lines || fault.Message == "" {
					t.Errorf("fault %+v in a file of %d lines", fault, lines)
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		m := models[0]
		if m.Doc == "" || m.SQL == "" || len(m.Columns) == 0 || (len(m.Grain) == 0) != m.OneRow {
			t.Errorf("an incomplete model has no fault: %+v", m)
		}
	})
}

func TestLoadRowChecks(t *testing.T) {
	checks, err := model.LoadRowChecks(folder(
		"calls_add_up.sql", "-- The calls add up.\n-- @severity error\n-- @threshold 2\nselect 1 where false;\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []model.RowCheck{{
		Name: "calls_add_up", File: "calls_add_up.sql", Doc: "The calls add up.",
		Severity: model.SeverityError, Threshold: 2, SQL: "select 1 where false",
	}}
	if diff := cmp.Diff(want, checks); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

func TestLoadRowChecksFaults(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"prose", "-- @severity warn\nselect 1", "c.sql:1: the header does not say what must hold: begin with a sentence"},
		{"severity missing", "-- A.\nselect 1", "c.sql:1: @severity is missing: write error or warn"},
		{"severity", "-- A.\n-- @severity fatal\nselect 1", "c.sql:2: @severity fatal: write error or warn"},
		{"threshold", "-- A.\n-- @severity warn\n-- @threshold few\nselect 1", "c.sql:3: @threshold few is no number of rows"},
		{"twice", "-- A.\n-- @severity warn\n-- @severity error\nselect 1", "c.sql:3: @severity is given twice"},
		{"tag", "-- A.\n-- @severity warn\n-- @grain a\nselect 1", "c.sql:3: @grain is no tag: there are @severity and @threshold"},
		{"query", "-- A.\n-- @severity warn\n", "c.sql:3: there is no query under the header"},
		{"parameter", "-- A.\n-- @severity warn\nselect $from", "c.sql:3: $from: a check looks at all rows and has no parameters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := model.LoadRowChecks(fstest.MapFS{"c.sql": {Data: []byte(tt.text)}})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
