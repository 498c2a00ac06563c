package warehouse_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func TestLockNamesItsHolder(t *testing.T) {
	b := newBench(t)
	_, err := warehouse.Open(context.Background(), b.options)
	var locked *warehouse.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("error = %v", err)
	}
	if locked.Holder.Command != "ddh run" || locked.Holder.PID == 0 || !locked.Holder.Since.Equal(clock) {
		t.Errorf("holder = %+v", locked.Holder)
	}
	if !strings.Contains(err.Error(), `is locked by "ddh run" (process `) {
		t.Errorf("error = %v", err)
	}
	b.close()
	b.open() // the lock went with its holder
}

func TestTimeZoneIsTheHotlines(t *testing.T) {
	b := newBench(t)
	got := b.query("select (timestamptz '2026-07-01 22:30:00+00')::date as d")
	if !slices.Equal(got, []string{"2026-07-02"}) {
		t.Errorf("local date = %v", got)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	b := newBench(t)
	for _, damage := range []func(*warehouse.Options){
		func(o *warehouse.Options) { o.Path = "" },
		func(o *warehouse.Options) { o.Schema = nil },
		func(o *warehouse.Options) { o.Now = nil },
		func(o *warehouse.Options) { o.Path += "?" },
	} {
		o := b.options
		damage(&o)
		if w, err := warehouse.Open(context.Background(), o); err == nil {
			t.Errorf("%+v is accepted", o)
			_ = w.Close()
		}
	}
}

func TestMigrations(t *testing.T) {
	one := "create table meta.one (a integer);"
	cases := []struct {
		name string
		then map[string]string // files that stand beside 0001 when it is opened again
		want string            // part of the error; empty: it opens
	}{
		{"nothing new", map[string]string{"9002_one.sql": one}, ""},
		{"one more", map[string]string{"9002_one.sql": one, "9003_two.sql": "create table meta.two (a integer)"}, ""},
		{"a changed one", map[string]string{"9002_one.sql": one + " -- changed"}, "migration 9002_one.sql was changed after"},
		{"one that fails", map[string]string{"9002_one.sql": one, "9003_bad.sql": "create table meta.three (a integer); select nonsense;"}, "migration 9003_bad.sql: "},
		{"one that is unknown", nil, "has had migration 9002_one.sql, which this program does not know"},
		{"two with one number", map[string]string{"9002_one.sql": one, "9002_two.sql": one}, "9002_one.sql and 9002_two.sql have one number"},
		{"a wrong name", map[string]string{"9002_one.sql": one, "3.sql": one}, "3.sql is not named like"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.close()
			base := b.options.Schema.(fstest.MapFS)
			b.options.Schema = with(base, map[string]string{"9002_one.sql": one})
			b.open()
			b.close()
			b.options.Schema = with(base, c.then)
			w, err := warehouse.Open(context.Background(), b.options)
			if err == nil {
				b.w = w
			}
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error = %v, want it to say %q", err, c.want)
			}
			if err != nil {
				b.options.Schema = with(base, map[string]string{"9002_one.sql": one})
				b.open() // an error leaves the lock free and nothing half applied
				if left := b.query("select table_name from duckdb_tables() where table_name = 'three'"); len(left) != 0 {
					t.Errorf("a failed migration left %v", left)
				}
			}
		})
	}
}

func with(base fstest.MapFS, files map[string]string) fs.FS {
	all := fstest.MapFS{}
	for name, f := range base {
		all[name] = f
	}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestRawTablesFollowTheirContracts(t *testing.T) {
	b := newBench(t)
	b.load(b.landCalls(row(1, 1, 0, 10, "kept")))
	columns := "select column_name, lower(data_type) as kind, comment from duckdb_columns() where schema_name = 'raw' and table_name = 'phone__calls' order by column_index"
	want := []string{
		"call_id ubigint", "sequence bigint", "started timestamp local wall clock", "updated timestamp", "note varchar",
		"_batch varchar", "_row bigint", "_day date",
	}
	if diff := cmp.Diff(want, b.query(columns)); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	b.close()

	wider := calls
	wider.Columns = append(slices.Clone(calls.Columns), etl.Column{Name: "ringing", Type: etl.Instant, Doc: "when it rang"})
	b.options.Tables = []etl.Table{wider}
	b.open()
	if diff := cmp.Diff(append(want, "ringing timestamp with time zone when it rang"), b.query(columns)); diff != "" {
		t.Errorf("columns of the wider contract (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"kept"}, b.notes()); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
	b.close()
	b.open() // nothing to add the second time
	b.close()

	for message, change := range map[string]func(*etl.Table){
		"raw.phone__calls.note: the warehouse has varchar, the contract says bigint": func(t *etl.Table) { t.Columns[4].Type = etl.Integer },
		"raw.phone__calls._batch: names that begin with _":                           func(t *etl.Table) { t.Columns[4].Name = "_batch" },
	} {
		wrong := wider
		wrong.Columns = slices.Clone(wider.Columns)
		change(&wrong)
		o := b.options
		o.Tables = []etl.Table{wrong}
		_, err := warehouse.Open(context.Background(), o)
		var contract *warehouse.ContractError
		if !errors.As(err, &contract) || !strings.Contains(err.Error(), message) {
			t.Errorf("error = %v, want it to say %q", err, message)
		}
	}
}

func TestRunsAndSteps(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.w.BeginRun(ctx, "run-1", "ddh run", warehouse.Manual))
	must(b.w.AddStep(ctx, warehouse.Step{
		Run: "run-1", Name: "load", Started: clock, Ended: clock, Status: warehouse.OK, Counts: map[string]int64{"loaded": 3},
	}))
	must(b.w.BeginRun(ctx, "run-2", "ddh run", warehouse.CatchUp)) // the first was killed
	must(b.w.EndRun(ctx, "run-2", warehouse.Warnings, "2 rows were quarantined", map[string]int64{"quarantined": 2},
		warehouse.Step{Name: "pull:puzzel", Job: "puzzel", Started: clock, Ended: clock, Status: warehouse.OK}))

	runs, err := b.w.Runs(ctx, 0)
	must(err)
	for i := range runs {
		runs[i].Started, runs[i].Ended = runs[i].Started.UTC(), runs[i].Ended.UTC()
	}
	want := []warehouse.Run{
		{ID: "run-2", Command: "ddh run", Trigger: warehouse.CatchUp, Started: clock, Ended: clock, Status: warehouse.Warnings,
			Message: "2 rows were quarantined", Counts: map[string]int64{"quarantined": 2}},
		{ID: "run-1", Command: "ddh run", Trigger: warehouse.Manual, Started: clock, Ended: clock, Status: warehouse.Interrupted, Counts: map[string]int64{}},
	}
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	steps, err := b.w.Steps(ctx, "run-1")
	must(err)
	if len(steps) != 1 || steps[0].Name != "load" || steps[0].Counts["loaded"] != 3 || !steps[0].Started.Equal(clock) {
		t.Errorf("steps = %+v", steps)
	}
	steps, err = b.w.Steps(ctx, "run-2")
	must(err)
	if len(steps) != 1 || steps[0].Run != "run-2" || steps[0].Job != "puzzel" {
		t.Errorf("steps = %+v", steps)
	}
}
