package landing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
)

// A declined batch is no batch any more, its files are kept, and the same delivery may
// land again.
func TestDeclinedBatchIsKeptAndNoBatch(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, start)
	land(t, l, contentA, 2, etl.Reject{Row: 3, Rule: "not-an-identifier", Raw: "{}"})
	land(t, l, contentB, 1)
	files, err := l.Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := landing.Decline(files[0])
	if err != nil {
		t.Fatal(err)
	}
	l = open(t, dir, start.AddDate(0, 0, 1)) // sweeps what is left over
	left, err := l.Files(t.Context())
	if err != nil || len(left) != 1 || left[0].Batch.Content != contentB {
		t.Errorf("left are %+v, %v", left, err)
	}
	if l.Known(calls, contentA) {
		t.Error("the declined content is known")
	}
	want := []string{
		files[0].Path + ".declined", strings.TrimSuffix(files[0].Path, ".parquet") + ".rejects.parquet.declined", files[1].Path,
	}
	for i := range want {
		want[i] = strings.TrimPrefix(want[i], dir+"/")
	}
	if diff := cmp.Diff(want, list(t, dir)); diff != "" || kept != files[0].Path+".declined" {
		t.Errorf("kept as %s; files (-want +got):\n%s", kept, diff)
	}
}
