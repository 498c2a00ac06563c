package warehouse_test

import (
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

// benchFor is a bench with other tables than the usual ones.
func benchFor(t testing.TB, tables ...etl.Table) *bench {
	b := newBench(t)
	b.close()
	b.options.Tables = tables
	b.reopenLanding()
	b.open()
	return b
}

// record holds rows given as column name to text; what is not given is NULL.
func record(t testing.TB, table etl.Table, rows ...map[string]string) arrow.RecordBatch {
	t.Helper()
	b := array.NewRecordBuilder(memory.DefaultAllocator, table.Schema())
	defer b.Release()
	for i, row := range rows {
		for k, c := range table.Columns {
			text, given := row[c.Name]
			if !given {
				b.Field(k).AppendNull()
			} else if err := b.Field(k).AppendValueFromString(text); err != nil {
				t.Fatalf("%s = %q: %v", c.Name, text, err)
			}
		}
		b.Field(len(table.Columns)).(*array.Int64Builder).Append(int64(i + 1))
	}
	return b.NewRecordBatch()
}

// sample is one of two values of a type.
func sample(t etl.Type, second bool) string {
	switch t {
	case etl.Text:
		return map[bool]string{false: "x", true: "y"}[second]
	case etl.Boolean:
		return "true"
	case etl.LocalTime, etl.Instant:
		return "2026-03-02T12:00:00Z"
	case etl.Date:
		return "2026-03-02"
	}
	return map[bool]string{false: "7", true: "8"}[second]
}

// TestContractsOfTheSources loads a full row and the barest one of every contract,
// and then both again: keys, rows, days and updates of all contracts are SQL that
// works, and find what they brought before.
func TestContractsOfTheSources(t *testing.T) {
	tables := slices.Concat(puzzel.Tables(), survey.Tables(), sbnu.Tables())
	b := benchFor(t, tables...)
	for _, table := range tables {
		full, bare := map[string]string{}, map[string]string{}
		for _, c := range table.Columns {
			full[c.Name] = sample(c.Type, false)
			if c.NotNull {
				bare[c.Name] = sample(c.Type, true)
			}
		}
		for round, want := range []int64{0, 2} {
			got := b.load(b.land(table, record(t, table, full, bare)))
			if got.Loaded != 2 || got.Replaced != want {
				t.Errorf("%s, round %d: %v, want 2 loaded and %d replaced", table.Name, round, got, want)
			}
		}
	}
}

// plus adds pairs of column and text to a row.
func plus(base map[string]string, pairs ...string) map[string]string {
	m := map[string]string{}
	for k, v := range base {
		m[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func TestKeysOfViewsAndReplies(t *testing.T) {
	view := map[string]string{"viewed_at": "2026-03-02T12:00:00Z", "agent": "aase", "guide_id": "g1"}
	reply := map[string]string{"sequence": "2", "dte_updated": "2026-03-02T12:00:00Z"}
	cases := []struct {
		name  string
		table etl.Table
		rows  []map[string]string
		want  int64 // loaded
	}{
		{"a session is no call of the same number", sbnu.GuideViews,
			[]map[string]string{plus(view, "session_id", "5"), plus(view, "call_id", "5")}, 2},
		{"nothing and nothing are the same", sbnu.GuideViews, []map[string]string{view, view}, 1},
		{"texts do not run into each other", sbnu.GuideViews,
			[]map[string]string{plus(view, "citizen_municipality", "a/b"), plus(view, "citizen_municipality", "a", "session_id", "b")}, 2},
		{"a call has one row of a sequence", survey.Surveys,
			[]map[string]string{plus(reply, "related_call_id", "1"), plus(reply, "related_call_id", "1", "related_iq_session_id", "s")}, 1},
		{"a session is no call", survey.Surveys,
			[]map[string]string{plus(reply, "related_call_id", "1"), plus(reply, "related_iq_session_id", "1")}, 2},
		{"without either the citizen tells", survey.Surveys,
			[]map[string]string{plus(reply, "destination", "p1"), plus(reply, "destination", "p2"), plus(reply, "destination", "p2")}, 2},
		{"a citizen is no agent", survey.Surveys,
			[]map[string]string{plus(reply, "destination", "7"), plus(reply, "agent_id", "7")}, 2},
		{"replies of which nothing is known are not one reply", survey.Surveys,
			[]map[string]string{plus(reply, "answer", "9"), plus(reply, "answer", "8"), plus(reply, "answer", "8")}, 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := benchFor(t, c.table)
			got := b.load(b.land(c.table, record(t, c.table, c.rows...)))
			if got.Loaded != c.want {
				t.Errorf("%v, want %d loaded", got, c.want)
			}
			again := b.load(b.land(c.table, record(t, c.table, c.rows...)))
			if again.Loaded != c.want || again.Replaced != c.want {
				t.Errorf("again: %v", again)
			}
		})
	}
}

// parted is calls under a key of two parts, of which the second may be NULL.
func parted() etl.Table {
	t := calls
	t.Replace.Key = []string{"call_id", "case when call_id % 2 = 0 then call_id end"}
	return t
}

func TestRowWithoutAnyPartOfItsKeyIsQuarantined(t *testing.T) {
	two := agents
	two.Replace.Key = []string{"agent_id", "name"}
	b := benchFor(t, two)
	got := b.load(b.land(two, record(t, two, map[string]string{"name": "Bo"}, map[string]string{"agent_id": "1"}, map[string]string{})))
	if got.Loaded != 2 || got.Quarantined != 1 {
		t.Errorf("counts: %v", got)
	}
	if diff := cmp.Diff([]string{"no-key 3"}, b.query("select rule, row from meta.quarantine")); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
}
