package warehouse_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// A notice lives as long as a row of its delivery does, and comes back with a rebuild.
func TestNoticesAreOpenWhileTheirRowsAreInUse(t *testing.T) {
	b := newBench(t)
	notice := etl.Notice{Column: "note", Rule: "cell-left-out", Message: "one value does not read", Count: 1, Line: 3, Sample: "x"}
	f := b.landWith(etl.Drift{Notices: []etl.Notice{notice}}, calls, callRecord([]call{row(1, 1, 0, 10, "a"), row(2, 1, 0, 10, "b")}))
	b.load(f)
	open := func() []etl.Notice {
		t.Helper()
		all, err := b.w.Notices(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var notices []etl.Notice
		for _, n := range all {
			if n.Batch.ID != f.Batch.ID || n.Batch.Origin != f.Batch.Origin {
				t.Errorf("the notice is of batch %s from %s", n.Batch.ID, n.Batch.Origin)
			}
			notices = append(notices, n.Notice)
		}
		return notices
	}
	if diff := cmp.Diff([]etl.Notice{notice}, open()); diff != "" {
		t.Fatal(diff)
	}
	b.load(b.landCalls(row(1, 1, 0, 20, "a, corrected")))
	if got := open(); len(got) != 1 {
		t.Fatalf("call 2 is still the delivery's, notices are %v", got)
	}
	b.load(b.landCalls(row(2, 1, 0, 20, "b, corrected")))
	if got := open(); len(got) != 0 {
		t.Fatalf("no row of the delivery is left, notices are %v", got)
	}
}
