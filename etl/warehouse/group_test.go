package warehouse_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// many is one call of so many rows.
func many(rows, updated int64, note string) []call {
	var all []call
	for sequence := range rows {
		all = append(all, row(1, sequence, 0, updated, note))
	}
	return all
}

func TestLoadAll(t *testing.T) {
	b := newBench(t)
	first := b.landCalls(many(1000, 10, "full")...)
	cut := b.landCalls(append(many(10, 20, "cut"), call{sequence: n(1)})...)
	other := b.landCalls(row(2, 1, 0, 10, "other"))
	done, err := b.w.LoadAll(context.Background(), []etl.File{first, cut, other}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Loaded) != 2 || len(done.Held) != 1 || done.Held[0].Batch.ID != cut.Batch.ID {
		t.Errorf("done = %+v", done)
	}
	counts := "select count(*) as n, count(distinct note) as notes, (select count(*) from meta.quarantine) as q from raw.phone__calls"
	if diff := cmp.Diff([]string{"1001 2 0"}, b.query(counts)); diff != "" {
		t.Errorf("with a held batch (-want +got):\n%s", diff)
	}
	done, err = b.w.LoadAll(context.Background(), []etl.File{first, cut, other}, map[string]bool{cut.Batch.ID: true}, nil)
	if err != nil || len(done.Loaded) != 3 || !done.Loaded[0].Known || done.Loaded[1].Loaded != 10 {
		t.Errorf("confirmed: %+v, %v", done, err)
	}
	if diff := cmp.Diff([]string{"11 2 1"}, b.query(counts)); diff != "" {
		t.Errorf("confirmed (-want +got):\n%s", diff)
	}
}

func TestLoadAllKeepsWhatCameBeforeAnError(t *testing.T) {
	b := newBench(t)
	files := []etl.File{
		b.landCalls(row(1, 1, 0, 10, "a")), b.landCalls(row(2, 1, 0, 10, "b")),
		b.landCalls(row(3, 1, 0, 10, "damaged")), b.landCalls(row(4, 1, 0, 10, "d")),
	}
	files[2].Counts.Landed++
	done, err := b.w.LoadAll(context.Background(), files, nil, nil)
	if err == nil || !strings.Contains(err.Error(), files[2].Path) || len(done.Loaded) != 2 {
		t.Errorf("done = %+v, %v", done, err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, b.notes()); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
}
