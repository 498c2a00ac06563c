package warehouse_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

const day = 24 * 60 // minutes

func TestVersionRule(t *testing.T) {
	cases := []struct {
		name    string
		batches [][]call
		want    []string // notes left in raw
	}{
		{
			"calls are replaced whole: a row the new version lacks is gone",
			[][]call{
				{row(1, 1, 0, 10, "a1"), row(1, 2, 1, 10, "a2"), row(2, 1, 0, 10, "other")},
				{row(1, 1, 0, 20, "b1")},
			},
			[]string{"b1", "other"},
		},
		{
			"an older version that comes late changes nothing",
			[][]call{{row(1, 1, 0, 20, "new")}, {row(1, 1, 0, 10, "old"), row(1, 2, 0, 10, "old too")}},
			[]string{"new"},
		},
		{
			"with equal times the batch that arrived later wins",
			[][]call{{row(1, 1, 0, 10, "first")}, {row(1, 1, 0, 10, "second")}},
			[]string{"second"},
		},
		{
			"a time beats none",
			[][]call{{row(1, 1, 0, 10, "timed")}, {{n(1), n(1), n(0), nil, "untimed"}}},
			[]string{"timed"},
		},
		{
			"exact repeats within a batch are one row, the last",
			[][]call{{row(1, 1, 0, 10, "a"), row(1, 1, 0, 10, "again")}},
			[]string{"again"},
		},
		{
			"two versions within a batch: the newer rows stay",
			[][]call{{row(1, 1, 0, 100, "new"), row(1, 1, 0, 10, "old")}},
			[]string{"new"},
		},
		{
			"a row that only the dead version had is dead, though it has no twin",
			[][]call{{
				row(1, 1, 0, 10, "old 1"), row(1, 2, 0, 11, "old 2"), row(1, 3, 0, 12, "old 3"),
				row(1, 1, 0, 100, "new 1"), row(1, 2, 0, 101, "new 2"),
			}},
			[]string{"new 1", "new 2"},
		},
		{
			"a row that only the living version has lives",
			[][]call{{row(1, 1, 0, 10, "old 1"), row(1, 1, 0, 100, "new 1"), row(1, 4, 0, 98, "new 4")}},
			[]string{"new 1", "new 4"},
		},
		{
			"three versions within a batch, with a row that the last one lacks",
			[][]call{{
				row(1, 1, 0, 10, "a1"), row(1, 2, 0, 10, "a2"),
				row(1, 1, 0, 50, "b1"), row(1, 2, 0, 51, "b2"),
				row(1, 1, 0, 90, "c1"),
			}},
			[]string{"c1"},
		},
		{
			"rows without twins may differ in time: one version is written over minutes",
			[][]call{{row(1, 1, 0, 10, "1"), row(1, 2, 0, 500, "2")}},
			[]string{"1", "2"},
		},
		{
			"rows with no sequence are twins of each other",
			[][]call{{{n(1), nil, n(0), n(10), "old"}, {n(1), nil, n(0), n(20), "new"}}},
			[]string{"new"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			for _, rows := range c.batches {
				b.load(b.landCalls(rows...))
			}
			if diff := cmp.Diff(c.want, b.notes()); diff != "" {
				t.Errorf("raw (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLaterBatchWinsWhereThereIsNoTime(t *testing.T) {
	b := newBench(t)
	first := b.land(agents, agentRecord(map[int64]string{1: "Åse", 2: "Bo"}))
	second := b.land(agents, agentRecord(map[int64]string{1: "Åse Holm", 3: "Øjvind"}))
	// Loaded against the order of arrival, which must not matter.
	b.load(second)
	if got := b.load(first); got.Loaded != 1 || got.Superseded != 1 {
		t.Errorf("first batch: %v", got)
	}
	want := []string{"1 Åse Holm", "2 Bo", "3 Øjvind"}
	if diff := cmp.Diff(want, b.query("select agent_id, name from raw.phone__agents order by 1")); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
}

func TestTouchedDays(t *testing.T) {
	b := newBench(t)
	check := func(step string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, want...), b.touched()); diff != "" {
			t.Errorf("%s: touched (-want +got):\n%s", step, diff)
		}
		b.built()
	}
	// A call belongs to the day on which it began, also its rows after midnight.
	first := []call{row(1, 1, day-1, 10, "evening"), row(1, 2, day+5, 10, "past midnight"), row(2, 1, 3*day, 10, "later")}
	b.load(b.landCalls(first...))
	check("new calls", "calls 2026-03-02", "calls 2026-03-05")

	b.load(b.landCalls(row(1, 1, day+1, 20, "moved")))
	check("a call that moved: the old day and the new", "calls 2026-03-02", "calls 2026-03-03")

	b.load(b.landCalls(row(1, 1, 0, 15, "old")))
	check("an older version")

	b.load(b.landCalls(row(1, 1, day+1, 20, "moved")))
	check("the same again")

	b.load(b.landCalls(row(1, 1, day+1, 20, "moved, mended")))
	check("other content at the same time", "calls 2026-03-03")

	b.load(b.land(agents, agentRecord(map[int64]string{1: "Åse", 2: "Bo"})))
	check("a table without days", "agents all")

	b.load(b.land(agents, agentRecord(map[int64]string{1: "Åse"})))
	check("an agent who has not changed")

	b.load(b.land(agents, agentRecord(map[int64]string{1: "Åse", 2: "Bo Dam"})))
	check("an agent who has", "agents all")

	b.load(b.landCalls())
	check("an empty batch")
}

func TestBadRowsAreQuarantined(t *testing.T) {
	b := newBench(t)
	f := b.land(calls, callRecord([]call{
		row(1, 1, 0, 10, "good"),
		{nil, n(2), n(0), n(10), "no call"},
		{n(3), n(1), nil, n(10), "no start"},
	}), etl.Reject{Row: 4, Line: 6, Column: "call_id", Rule: "not-an-identifier", Message: "“x” is no number", Raw: `{"call_id":"x"}`})
	got := b.load(f)
	if got.Read != 4 || got.Loaded != 1 || got.Quarantined != 3 {
		t.Errorf("counts: %v", got)
	}
	list, err := b.w.Quarantine(context.Background(), warehouse.QuarantineFilter{Batch: f.Batch.ID})
	if err != nil {
		t.Fatal(err)
	}
	want := []warehouse.Quarantined{
		{Reject: etl.Reject{
			Row: 2, Column: "call_id", Rule: "empty", Message: "call_id has no value",
			Raw: `{"call_id":null,"sequence":2,"started":"2026-03-02 00:00:00","updated":"2026-03-02 00:10:00","note":"no call"}`,
		}},
		{Reject: etl.Reject{
			Row: 3, Column: "started", Rule: "empty", Message: "started has no value",
			Raw: `{"call_id":9223372036854775811,"sequence":1,"started":null,"updated":"2026-03-02 00:10:00","note":"no start"}`,
			Key: "9223372036854775811",
		}},
		{Reject: etl.Reject{
			Row: 4, Line: 6, Column: "call_id", Rule: "not-an-identifier", Message: "“x” is no number", Raw: `{"call_id":"x"}`,
		}},
	}
	for i := range want {
		want[i].Batch, want[i].Source, want[i].Owner, want[i].Table = f.Batch.ID, "puzzel", "phone", "calls"
		want[i].FirstSeen, want[i].At = "run-1", clock
	}
	for i := range list {
		list[i].At = list[i].At.UTC()
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	picked, err := b.w.Quarantine(context.Background(), warehouse.QuarantineFilter{Table: "calls", Rule: "empty", Limit: 1})
	if err != nil || len(picked) != 1 || picked[0].Row != 2 {
		t.Errorf("picked: %+v, %v", picked, err)
	}
}

func TestRowWithoutAKeyIsQuarantined(t *testing.T) {
	b := newBench(t)
	rec := agentRecord(map[int64]string{1: "Åse"})
	b.load(b.land(agents, rec))
	withNull := nullAgent()
	got := b.load(b.land(agents, withNull))
	if got.Quarantined != 1 || got.Loaded != 0 {
		t.Errorf("counts: %v", got)
	}
	if rules := b.query("select rule, row from meta.quarantine"); !slices.Equal(rules, []string{"no-key 1"}) {
		t.Errorf("quarantine: %v", rules)
	}
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	b := newBench(t)
	f := b.landCalls(row(1, 1, 0, 10, "a"), row(1, 1, 0, 10, "a"))
	first := b.load(f)
	b.built()
	second := b.load(f)
	if !second.Known || second.Loaded != first.Loaded || second.Superseded != first.Superseded {
		t.Errorf("second load: %+v, first: %+v", second, first)
	}
	if touched := b.touched(); len(touched) != 0 {
		t.Errorf("second load touched %v", touched)
	}
	known, err := b.w.KnownBatches(context.Background())
	if err != nil || len(known) != 1 || !known[f.Batch.ID] {
		t.Errorf("known = %v, %v", known, err)
	}
}

func TestShrinkingReplaceIsHeld(t *testing.T) {
	b := newBench(t)
	var many, few []call
	for sequence := range int64(1000) {
		many = append(many, row(1, sequence, 0, 10, "full"))
	}
	for sequence := range int64(499) {
		few = append(few, row(1, sequence, 0, 20, "cut"))
	}
	b.load(b.landCalls(many...))
	b.built()
	f := b.landCalls(few...)
	_, err := b.w.Load(context.Background(), f, warehouse.LoadOptions{})
	var held *warehouse.HeldError
	if !errors.As(err, &held) || held.Replaced != 1000 || held.Brought != 499 {
		t.Fatalf("error = %v", err)
	}
	if got := b.query("select count(*) as rows, min(note) as note from raw.phone__calls"); got[0] != "1000 full" {
		t.Errorf("raw after a held batch: %v", got)
	}
	if left := b.touched(); len(left) != 0 {
		t.Errorf("a held batch touched %v", left)
	}
	l, err := b.w.Load(context.Background(), f, warehouse.LoadOptions{Confirm: true})
	if err != nil || l.Loaded != 499 || l.Replaced != 1000 {
		t.Errorf("confirmed: %v, %v", l, err)
	}
	list, err := b.w.Batches(context.Background(), warehouse.BatchFilter{Table: "calls", Limit: 1})
	if err != nil || len(list) != 1 || !list[0].Confirmed || list[0].Batch.ID != f.Batch.ID {
		t.Errorf("account: %+v, %v", list, err)
	}
}

func TestDamagedFileChangesNothing(t *testing.T) {
	b := newBench(t)
	b.load(b.landCalls(row(1, 1, 0, 10, "a")))
	b.built()
	whole := b.land(calls, callRecord([]call{row(1, 1, 0, 20, "b")}), etl.Reject{Row: 2})
	cases := map[string]func(f *etl.File){
		"fewer rows than the footer says": func(f *etl.File) { f.Counts.Landed++; f.Counts.Read++ },
		"fewer rejects than were counted": func(f *etl.File) { f.Counts.Rejected++; f.Counts.Read++ },
		"rejected rows that are gone":     func(f *etl.File) { f.Rejects += ".gone" },
		"a file that is gone":             func(f *etl.File) { f.Path += ".gone" },
		"a table nobody knows":            func(f *etl.File) { f.Batch.Table.Name = "callz" },
	}
	for name, damage := range cases {
		f := whole
		damage(&f)
		if _, err := b.w.Load(context.Background(), f, warehouse.LoadOptions{}); err == nil || !strings.Contains(err.Error(), f.Path) {
			t.Errorf("%s: error = %v", name, err)
		}
	}
	if diff := cmp.Diff([]string{"a"}, b.notes()); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
	if left := b.query("select (select count(*) from meta.batches) as b, (select count(*) from meta.quarantine) as q, (select count(*) from meta.touched) as t"); left[0] != "1 0 0" {
		t.Errorf("batches, quarantined, touched = %v", left)
	}
	b.load(whole)
}

func TestCancelledLoadChangesNothing(t *testing.T) {
	b := newBench(t)
	f := b.landCalls(row(1, 1, 0, 10, "a"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.w.Load(ctx, f, warehouse.LoadOptions{}); err == nil {
		t.Error("a cancelled load succeeds")
	}
	if notes := b.notes(); len(notes) != 0 {
		t.Errorf("raw: %v", notes)
	}
	b.load(f)
}

// A file landed under an older contract lacks a column and has another as text.
func TestFileOfAnOlderContract(t *testing.T) {
	b := newBench(t)
	f := b.landCalls(row(1, 1, 0, 10, "7"), row(2, 1, 0, 10, "otte"))
	b.close()
	newer := calls
	newer.Version = 2
	newer.Columns = slices.Clone(calls.Columns)
	newer.Columns[4].Type = etl.Integer
	newer.Columns = append(newer.Columns, etl.Column{Name: "colour", Type: etl.Text})
	b.options.Tables = []etl.Table{newer}
	if err := os.Remove(b.options.Path); err != nil {
		t.Fatal(err)
	}
	b.open()
	got := b.load(f)
	if got.Loaded != 1 || got.Quarantined != 1 {
		t.Errorf("counts: %v", got)
	}
	if rows := b.query("select call_id - 9223372036854775808 as id, note, colour is null as c from raw.phone__calls"); !slices.Equal(rows, []string{"1 7 true"}) {
		t.Errorf("raw: %v", rows)
	}
	if rows := b.query("select rule, message from meta.quarantine"); !slices.Equal(rows, []string{"not-integer note has a value that is not integer"}) {
		t.Errorf("quarantine: %v", rows)
	}
}
