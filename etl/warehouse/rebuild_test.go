package warehouse_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// worn is a warehouse with a history: versions, a quarantined row, a confirmed batch.
func worn(t *testing.T) *bench {
	b := newBench(t)
	ctx := context.Background()
	if err := b.w.BeginRun(ctx, "run-1", "ddh run", warehouse.Manual); err != nil {
		t.Fatal(err)
	}
	var many []call
	for sequence := range int64(1200) {
		many = append(many, row(9, sequence, day, 10, "many"))
	}
	b.load(b.landCalls(append(many, row(1, 1, 0, 10, "old"), call{sequence: n(1)})...))
	b.load(b.landCalls(row(1, 1, 0, 20, "new")))
	if _, err := b.w.Load(ctx, b.landCalls(row(9, 1, day, 20, "few")), warehouse.LoadOptions{Confirm: true}); err != nil {
		t.Fatal(err)
	}
	b.load(b.land(agents, agentRecord(map[int64]string{1: "Åse"})))
	if err := b.w.EndRun(ctx, "run-1", warehouse.OK, "", nil); err != nil {
		t.Fatal(err)
	}
	return b
}

// state is all that must be equal after a rebuild.
func (b *bench) state() map[string][]string {
	b.Helper()
	return map[string][]string{
		"calls":      b.query("select * from raw.phone__calls order by all"),
		"agents":     b.query("select * from raw.phone__agents order by all"),
		"batches":    b.query("select * exclude (loaded_at) from meta.batches order by all"),
		"quarantine": b.query("select * from meta.quarantine order by all"),
		"runs":       b.query("select * from meta.runs order by all"),
	}
}

func TestRebuildGivesTheSameWarehouse(t *testing.T) {
	b := worn(t)
	want := b.state()
	b.close()
	done, err := warehouse.Rebuild(context.Background(), b.options, b.files(), nil)
	if err != nil || done.History != nil || len(done.Held) != 0 || len(done.Loaded) != 4 {
		t.Fatalf("rebuilt = %+v, %v", done, err)
	}
	b.open()
	if diff := cmp.Diff(want, b.state()); diff != "" {
		t.Errorf("after rebuild (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"agents all", "calls 2026-03-02", "calls 2026-03-03"}, b.touched()); diff != "" {
		t.Errorf("touched (-want +got):\n%s", diff)
	}
}

func TestRebuildOfALostWarehouse(t *testing.T) {
	b := worn(t)
	want := b.state()
	b.close()
	for name, lose := range map[string]func() error{
		"the file is gone":    func() error { return os.Remove(b.options.Path) },
		"the file is damaged": func() error { return os.WriteFile(b.options.Path, []byte("not a database at all"), 0o600) },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		done, err := warehouse.Rebuild(context.Background(), b.options, b.files(), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(done.Held) != 1 {
			t.Errorf("%s: what was confirmed is not known any more and must be held: %+v", name, done.Held)
		}
		b.open()
		if _, err := b.w.Load(context.Background(), b.files()[2], warehouse.LoadOptions{Confirm: true}); err != nil {
			t.Fatal(err)
		}
		got := b.state()
		if diff := cmp.Diff(want["calls"], got["calls"]); diff != "" {
			t.Errorf("%s: calls (-before +after):\n%s", name, diff)
		}
		b.close()
	}
}

func TestRebuildThatFailsLeavesTheWarehouse(t *testing.T) {
	b := worn(t)
	want := b.state()
	b.close()
	files := b.files()
	files[3].Path += ".gone"
	if _, err := warehouse.Rebuild(context.Background(), b.options, files, nil); err == nil {
		t.Error("a rebuild without a file succeeds")
	}
	ctx, cancel := context.WithCancel(context.Background())
	stop := func(string, int64, int64) { cancel() }
	if _, err := warehouse.Rebuild(ctx, b.options, b.files(), stop); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled rebuild: %v", err)
	}
	b.open()
	if diff := cmp.Diff(want, b.state()); diff != "" {
		t.Errorf("after a failed rebuild (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ddh.duckdb", "ddh.duckdb.lock", "landing"}, ls(t, b.dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	var locked *warehouse.LockedError
	if _, err := warehouse.Rebuild(context.Background(), b.options, b.files(), nil); !errors.As(err, &locked) {
		t.Errorf("a rebuild beside a writer: %v", err)
	}
}

// A crash after the rebuilt file was complete: the next Open puts it in place.
func TestOpenFinishesARebuild(t *testing.T) {
	b := worn(t)
	want := b.state()
	b.close()
	if err := os.Rename(b.options.Path, b.options.Path+".rebuilt"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{b.options.Path, b.options.Path + ".wal"} {
		if err := os.WriteFile(name, []byte("what was there before"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.open()
	if diff := cmp.Diff(want, b.state()); diff != "" {
		t.Errorf("after the swap (-want +got):\n%s", diff)
	}
}
