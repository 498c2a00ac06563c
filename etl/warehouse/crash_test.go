package warehouse_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// victimFolder tells this test binary, run again, to be the process that is killed.
const victimFolder = "DDH_TEST_VICTIM_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func victimOptions(dir string, schema string) warehouse.Options {
	return warehouse.Options{
		Path: filepath.Join(dir, "ddh.duckdb"), PublishedDir: filepath.Join(dir, "published"),
		Schema: os.DirFS(schema), Tables: []etl.Table{calls, agents}, Command: "victim",
		Now: func() time.Time { return clock }, Threads: 1,
	}
}

// victim loads and publishes what the landing has, and says so after each batch.
func victim(dir string) error {
	ctx := context.Background()
	w, err := warehouse.Open(ctx, victimOptions(dir, filepath.Join(dir, "schema")))
	if err != nil {
		return err
	}
	files, err := landing.Files(ctx, filepath.Join(dir, "landing"), []etl.Table{calls, agents})
	if err != nil {
		return err
	}
	fmt.Println("opened")
	for i, f := range files {
		if _, err := w.Load(ctx, f, warehouse.LoadOptions{}); err != nil {
			return err
		}
		fmt.Println("loaded", f.Batch.ID)
		if i%5 == 4 {
			if _, err := w.Publish(ctx, fmt.Sprintf("run-%d", i), []string{"raw"}, nil); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

// TestKilledAtAnyPoint kills a loading process again and again. After each kill the
// warehouse opens, holds every batch that was acknowledged, and holds no part of a
// batch; the last copy published is readable. In the end it is as if nothing had
// happened.
func TestKilledAtAnyPoint(t *testing.T) {
	b := newBench(t)
	r := rand.New(rand.NewPCG(1, 0))
	for range 5 {
		for _, rows := range history(r) {
			b.landCalls(rows...)
		}
	}
	for _, f := range b.files() {
		b.load(f)
	}
	want := b.state()
	b.close()
	for _, name := range []string{"ddh.duckdb", "ddh.duckdb.wal"} {
		_ = os.Remove(filepath.Join(b.dir, name)) // the victims begin from nothing
	}
	if err := os.CopyFS(filepath.Join(b.dir, "schema"), b.options.Schema); err != nil {
		t.Fatal(err)
	}

	acknowledged := map[string]bool{}
	for round := range 12 {
		for _, id := range killedAfter(t, b.dir, time.Duration(r.IntN(250))*time.Millisecond) {
			acknowledged[id] = true
		}
		b.open()
		b.afterAKill(round, acknowledged)
		b.close()
	}
	b.open()
	for _, f := range b.files() {
		b.load(f)
	}
	if diff := cmp.Diff(want, b.state()); diff != "" {
		t.Errorf("after all kills (-undisturbed +got):\n%s", diff)
	}
}

// killedAfter starts a victim, kills it so long after it has opened the warehouse,
// and returns the batches it acknowledged.
func killedAfter(t *testing.T, dir string, after time.Duration) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		word, id, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "opened":
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		case "loaded":
			acknowledged = append(acknowledged, id)
		default:
			t.Errorf("victim: %s", lines.Text())
		}
	}
	_ = cmd.Wait() // killed, mostly
	return acknowledged
}

func (b *bench) afterAKill(round int, acknowledged map[string]bool) {
	b.Helper()
	known, err := b.w.KnownBatches(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	for id := range acknowledged {
		if !known[id] {
			b.Errorf("round %d: batch %s was acknowledged and is lost", round, id)
		}
	}
	stray := b.query(`select distinct _batch from raw.phone__calls where _batch not in (select batch from meta.batches)
		union all select batch from meta.quarantine where batch not in (select batch from meta.batches)
		union all select batch from meta.batches where read <> loaded + superseded + quarantined`)
	if len(stray) > 0 {
		b.Errorf("round %d: parts of batches: %v", round, stray)
	}
	db, _, err := warehouse.OpenPublished(context.Background(), b.options.PublishedDir)
	switch {
	case errors.Is(err, warehouse.ErrNothingPublished):
	case err != nil:
		b.Errorf("round %d: %v", round, err)
	default:
		answer(b, db, "select count(*)::varchar from raw.phone__calls")
		_ = db.Close()
	}
}
