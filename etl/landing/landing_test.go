package landing_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
)

var calls = etl.Table{
	Owner: "phone", Name: "calls", Version: 3,
	Columns: []etl.Column{
		{Name: "call_id", Type: etl.Identifier},
		{Name: "started", Type: etl.LocalTime},
		{Name: "note", Type: etl.Text},
	},
}

var guides = etl.Table{Owner: "library", Name: "guides", Version: 1, Columns: []etl.Column{{Name: "title", Type: etl.Text}}}

var start = time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC)

// Contents of deliveries: two of them share the twelve digits that names carry.
var (
	contentA     = strings.Repeat("a1", 32)
	contentB     = strings.Repeat("b2", 32)
	contentAlike = contentA[:12] + strings.Repeat("c3", 26)
)

func open(t testing.TB, dir string, at time.Time) *landing.Landing {
	t.Helper()
	l, err := landing.Open(dir, landing.Options{Run: "run-1", Start: at, Tables: []etl.Table{calls, guides}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func callRows(n int) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, calls.Schema())
	for i := range n {
		b.Field(0).(*array.Uint64Builder).Append(1<<63 + uint64(i))
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(i))
		b.Field(2).(*array.StringBuilder).Append("smørrebrød")
		b.Field(3).(*array.Int64Builder).Append(int64(i + 1))
	}
	return b.NewRecordBatch()
}

func begin(t testing.TB, l *landing.Landing, table etl.Table, content string) etl.Writer {
	t.Helper()
	w, err := l.Begin(etl.Batch{Source: "puzzel", Table: table, Origin: "calls_2026.csv", Content: content})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func land(t testing.TB, l *landing.Landing, content string, rows int, rejects ...etl.Reject) etl.Counts {
	t.Helper()
	w := begin(t, l, calls, content)
	if rows > 0 {
		rec := callRows(rows)
		defer rec.Release()
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range rejects {
		if err := w.Reject(r); err != nil {
			t.Fatal(err)
		}
	}
	landed, err := w.Commit(etl.Drift{Unknown: []string{"colour"}})
	if err != nil {
		t.Fatal(err)
	}
	return landed.Counts
}

func list(t testing.TB, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			found = append(found, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestBatchLandsWithAllThatIsKnownOfIt(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, start)
	w, err := l.Begin(etl.Batch{
		Source: "puzzel", Table: calls, Origin: "calls_2026.csv", Content: contentA,
		From: start.Add(-time.Hour), To: start,
	})
	if err != nil {
		t.Fatal(err)
	}
	rec := callRows(2)
	defer rec.Release()
	if err := errors.Join(w.Write(rec), w.Reject(etl.Reject{Row: 3, Line: 4, Column: "call_id", Rule: "not-an-identifier", Raw: "{}"})); err != nil {
		t.Fatal(err)
	}
	drift := etl.Drift{Unknown: []string{"colour"}, Missing: []string{"note"}}
	if _, err := w.Commit(drift); err != nil {
		t.Fatal(err)
	}

	id := "20261001T020000Z-0001-" + contentA[:12]
	base := "puzzel/calls/2026/10/" + id
	if diff := cmp.Diff([]string{base + ".parquet", base + ".rejects.parquet"}, list(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	files, err := l.Files(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []etl.File{{
		Batch: etl.Batch{
			ID: id, Run: "run-1", Source: "puzzel", Table: calls, Origin: "calls_2026.csv", Content: contentA,
			From: start.Add(-time.Hour), To: start,
		},
		Path:    filepath.Join(dir, base+".parquet"),
		Rejects: filepath.Join(dir, base+".rejects.parquet"),
		Counts:  etl.Counts{Read: 3, Landed: 2, Rejected: 1},
		Drift:   drift,
	}}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestEmptyBatchLandsToo(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, start)
	if got, want := land(t, l, contentA, 0), (etl.Counts{}); got != want {
		t.Errorf("counts = %+v, want %+v", got, want)
	}
	files, err := l.Files(context.Background())
	if err != nil || len(files) != 1 || files[0].Rejects != "" {
		t.Errorf("files = %+v, %v", files, err)
	}
}

func TestKnownContent(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, start)
	land(t, l, contentA, 1)
	cases := []struct {
		name    string
		table   etl.Table
		content string
		want    bool
	}{
		{"landed in this run", calls, contentA, true},
		{"never landed", calls, contentB, false},
		{"equal in the digits of the name only", calls, contentAlike, false},
		{"landed for another table", guides, contentA, false},
		{"too short to be a checksum", calls, "a1", false},
	}
	later := open(t, dir, start.Add(24*time.Hour))
	for _, c := range cases {
		if got := l.Known(c.table, c.content); got != c.want {
			t.Errorf("%s: known = %v, want %v", c.name, got, c.want)
		}
		if got := later.Known(c.table, c.content); got != c.want {
			t.Errorf("%s, next day: known = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestIDsSortByArrivalAndAreNeverReused(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, start)
	land(t, first, contentA, 1)
	land(t, first, contentB, 1)
	land(t, open(t, dir, start), contentA, 1) // a second writer of the same second
	land(t, open(t, dir, start.Add(-time.Hour)), contentB, 1)

	files, err := landing.Files(context.Background(), dir, []etl.Table{calls})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, f := range files {
		ids = append(ids, f.Batch.ID)
	}
	want := []string{
		"20261001T010000Z-0001-" + contentB[:12],
		"20261001T020000Z-0001-" + contentA[:12],
		"20261001T020000Z-0002-" + contentB[:12],
		"20261001T020000Z-0003-" + contentA[:12],
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}

	known := map[string]bool{ids[0]: true, ids[1]: true, ids[3]: true}
	files, err = first.Unloaded(context.Background(), known)
	if err != nil || len(files) != 1 || files[0].Batch.ID != ids[2] {
		t.Errorf("unloaded = %+v, %v", files, err)
	}
}

func TestNothingIsVisibleBeforeCommit(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, start)
	w := begin(t, l, calls, contentA)
	rec := callRows(1)
	defer rec.Release()
	if err := errors.Join(w.Write(rec), w.Reject(etl.Reject{Row: 2})); err != nil {
		t.Fatal(err)
	}
	if files, err := l.Files(context.Background()); err != nil || len(files) != 0 {
		t.Errorf("files before commit = %v, %v", files, err)
	}
	if l.Known(calls, contentA) {
		t.Error("known before commit")
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if left := list(t, dir); len(left) != 0 {
		t.Errorf("left after abort: %v", left)
	}
	if err := w.Write(rec); err == nil {
		t.Error("write after abort is accepted")
	}
	if _, err := w.Commit(etl.Drift{}); err == nil {
		t.Error("commit after abort is accepted")
	}
	if err := w.Abort(); err != nil {
		t.Errorf("second abort: %v", err)
	}
}

func TestOpenSweepsWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	land(t, open(t, dir, start), contentA, 1, etl.Reject{Row: 2})
	whole := list(t, dir)
	folder := filepath.Join(dir, "puzzel/calls/2026/10")
	for _, name := range []string{
		"20261001T020000Z-0007-" + contentB[:12] + ".parquet.tmp",
		"20261001T020000Z-0007-" + contentB[:12] + ".rejects.parquet.tmp",
		"20261001T020000Z-0008-" + contentB[:12] + ".rejects.parquet", // its batch never came
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir, start.Add(time.Hour))
	if diff := cmp.Diff(whole, list(t, dir)); diff != "" {
		t.Errorf("after sweep (-want +got):\n%s", diff)
	}
}

func TestFilesNamesWhatItCannotRead(t *testing.T) {
	good := "puzzel/calls/2026/10/20261001T020000Z-0001-" + contentA[:12] + ".parquet"
	cases := []struct {
		name   string
		damage func(t *testing.T, dir string)
		want   string
	}{
		{"no Parquet at all", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "puzzel/calls/2026/10/20261001T020000Z-0002-"+contentB[:12]+".parquet"), []byte("PAR1 no"))
		}, "-0002-" + contentB[:12] + ".parquet cannot be read"},
		{"somebody's own Parquet file", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "puzzel/notes.parquet"), nil)
		}, "notes.parquet is not named as a batch is"},
		{"a batch under another's name", func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, good), filepath.Join(dir, strings.Replace(good, "-0001-", "-0005-", 1)))
		}, "is batch 20261001T020000Z-0001-"},
		{"rejected rows as a batch", func(t *testing.T, dir string) {
			copyFile(t, filepath.Join(dir, strings.Replace(good, ".parquet", ".rejects.parquet", 1)),
				filepath.Join(dir, strings.Replace(good, "-0001-", "-0005-", 1)))
		}, "it was not written by ddh"},
		{"rejected rows gone", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, strings.Replace(good, ".parquet", ".rejects.parquet", 1))); err != nil {
				t.Fatal(err)
			}
		}, ".rejects.parquet cannot be read"},
		{"cut off", func(t *testing.T, dir string) {
			whole, err := os.ReadFile(filepath.Join(dir, good))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, good), whole[:len(whole)/2])
		}, "-0001-" + contentA[:12] + ".parquet cannot be read"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, dir, start)
			land(t, l, contentA, 1, etl.Reject{Row: 2})
			later := open(t, dir, start.Add(time.Hour))
			land(t, later, contentB, 1)
			c.damage(t, dir)
			files, err := l.Files(context.Background())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want it to say %q", err, c.want)
			}
			if n := len(files); n == 0 || files[n-1].Batch.Content != contentB {
				t.Errorf("the fault hid the good file: %+v", files)
			}
		})
	}
}

func TestContractThatIsGone(t *testing.T) {
	dir := t.TempDir()
	land(t, open(t, dir, start), contentA, 1)
	_, err := landing.Files(context.Background(), dir, []etl.Table{guides})
	if err == nil || !strings.Contains(err.Error(), "table calls of phone has no contract in this program") {
		t.Errorf("error = %v", err)
	}
}

func TestBeginRefuses(t *testing.T) {
	l := open(t, t.TempDir(), start)
	cases := map[string]etl.Batch{
		"source that leaves the landing": {Source: "../elsewhere", Table: calls, Content: contentA},
		"table that leaves the landing":  {Source: "puzzel", Table: etl.Table{Name: "a/b"}, Content: contentA},
		"content that is no checksum":    {Source: "puzzel", Table: calls, Content: "calls_2026.csv"},
		"content that is too short":      {Source: "puzzel", Table: calls, Content: "a1b2"},
	}
	for name, b := range cases {
		if _, err := l.Begin(b); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestWriteRefusesOtherColumns(t *testing.T) {
	w := begin(t, open(t, t.TempDir(), start), guides, contentA)
	defer func() { _ = w.Abort() }()
	rec := callRows(1)
	defer rec.Release()
	if err := w.Write(rec); err == nil {
		t.Error("rows of calls are accepted as guides")
	}
}

func TestNoLandingYet(t *testing.T) {
	files, err := landing.Files(context.Background(), filepath.Join(t.TempDir(), "none"), nil)
	if err != nil || files != nil {
		t.Errorf("files = %v, %v", files, err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, content)
}
