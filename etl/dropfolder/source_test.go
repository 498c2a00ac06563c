package dropfolder_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
)

var _ etl.Source = (*dropfolder.Source)(nil)

const oneVisit = "id,at\n1,2026-01-05 12:00:00\n"

func TestPullTakesFilesByNameAndOrder(t *testing.T) {
	files := map[string]string{
		"visits.csv": oneVisit, "VISITS_2026.CSV": oneVisit + "\n", "visits-a.csv": oneVisit + "\n\n",
		"visits2.csv": oneVisit + "\n\n\n", "visit_log (1).csv": oneVisit + "\n\n\n\n",
		".visits.csv": "x", "~$visits.xlsx": "x", "visits.csv.part": "x", "visits.tmp": "x", "visits.crdownload": "x",
	}
	source := folder(t, files, func(o *dropfolder.Options) {
		if err := os.Mkdir(filepath.Join(o.Dir, "visits_old.csv"), 0o700); err != nil {
			t.Fatal(err)
		}
	})
	sink, pulled := pull(t, source)
	if len(pulled.Faults) > 0 {
		t.Fatal(pulled.Faults)
	}
	var origins []string
	for _, landed := range pulled.Batches {
		origins = append(origins, landed.Batch.Origin)
	}
	want := []string{"VISITS_2026.CSV", "visit_log (1).csv", "visits-a.csv", "visits.csv", "visits2.csv"}
	if diff := cmp.Diff(want, origins); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
	b := sink.batches[3].batch
	sum := sha256.Sum256([]byte(oneVisit))
	if b.Content != hex.EncodeToString(sum[:]) || b.Source != "test" || b.Table.Name != "visits" {
		t.Errorf("batch %+v", b)
	}
	if got := pulled.Batches[3].Counts; got != (etl.Counts{Read: 1, Landed: 1}) {
		t.Errorf("counts %+v", got)
	}
}

func TestPullPassesOverWhatIsKnown(t *testing.T) {
	source := folder(t, map[string]string{"visits_1.csv": oneVisit, "visits_2.csv": oneVisit})
	sink, first := pull(t, source)
	if len(first.Batches) != 1 || len(first.Known) != 1 {
		t.Errorf("the same content twice gives %d batches and %d known", len(first.Batches), len(first.Known))
	}
	again, err := source.Pull(t.Context(), sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(etl.Pulled{Known: []string{"visits_1.csv", "visits_2.csv"}}, again); diff != "" {
		t.Errorf("second pull (-want +got):\n%s", diff)
	}
}

func TestPullNamesWhatItDoesNotKnow(t *testing.T) {
	_, pulled := pull(t, folder(t, map[string]string{"orders.csv": oneVisit, "visits.doc": "x", "visitsx.csv": oneVisit}))
	want := []etl.Fault{
		{
			Origin:  "orders.csv",
			Message: "the file's name begins with the name of no known table: visitList, visit_log, visits",
			Try:     `rename it to begin with the table it holds`,
		},
		{
			Origin:  "visits.doc",
			Message: "the file's format is not one of .csv, .csv.gz, .json, .json.gz, .xlsx, .parquet",
			Try:     "export it as CSV, or move it out of the folder",
		},
		{
			Origin:  "visitsx.csv",
			Message: "the file's name begins with the name of no known table: visitList, visit_log, visits",
			Try:     `rename it to begin with the table it holds, such as "visits_visitsx.csv"`,
		},
	}
	if diff := cmp.Diff(want, pulled.Faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestPullTakesTheLongestTableName(t *testing.T) {
	longer := visits()
	longer.Name, longer.Aliases = "visits_short", nil
	source := folder(t, map[string]string{"visits_short_1.csv": oneVisit}, func(o *dropfolder.Options) {
		o.Tables = append(o.Tables, longer)
	})
	_, pulled := pull(t, source)
	if len(pulled.Batches) != 1 || pulled.Batches[0].Batch.Table.Name != "visits_short" {
		t.Errorf("pulled %+v", pulled)
	}
}

func TestPullStopsForAFolderASinkAndAContext(t *testing.T) {
	files := map[string]string{"visits_1.csv": oneVisit, "visits_2.csv": oneVisit + "\n"}
	full := errors.New("the disk is full")
	for name, c := range map[string]struct {
		sink    *keeper
		aborted int
		want    error
	}{
		"begin": {sink: &keeper{begin: full}, aborted: 1, want: full},
		"write": {sink: &keeper{write: full}, aborted: 1, want: full},
	} {
		pulled, err := folder(t, files).Pull(t.Context(), c.sink, nil)
		if !errors.Is(err, c.want) || len(pulled.Faults)+len(pulled.Batches) > 0 || c.sink.aborted != c.aborted {
			t.Errorf("%s: %v, %+v, %d aborted", name, err, pulled, c.sink.aborted)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := folder(t, files).Pull(ended, &keeper{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	gone := folder(t, nil, func(o *dropfolder.Options) { o.Dir = filepath.Join(o.Dir, "gone") })
	if _, err := gone.Pull(t.Context(), &keeper{}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder: %v", err)
	}
}

// A pull that is cancelled in the middle of a file leaves nothing of the file.
func TestPullCancelledInMidFile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	source := folder(t, map[string]string{"visits.csv": "id,at\n" + strings.Repeat("1,2026-01-05 12:00:00\n", 20_000)})
	source.SetChunkSize(4 << 10)
	sink := &keeper{}
	_, err := source.Pull(ctx, sink, func(_ string, done, total int64) {
		if done > total/2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || len(sink.batches) > 0 || sink.aborted != 1 {
		t.Errorf("%v, %d batches, %d aborted", err, len(sink.batches), sink.aborted)
	}
}

func TestPullTellsHowFarItIs(t *testing.T) {
	var guard sync.Mutex
	var step string
	var done, total int64
	source := folder(t, map[string]string{"visits.csv": oneVisit})
	_, err := source.Pull(t.Context(), &keeper{}, func(s string, d, n int64) {
		guard.Lock()
		defer guard.Unlock()
		step, done, total = s, d, n
	})
	if size := int64(len(oneVisit)); err != nil || step != "visits.csv" || done != size || total != size {
		t.Errorf("%v, %s: %d of %d", err, step, done, total)
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	good := dropfolder.Options{Name: "test", Dir: "inbox", Tables: []etl.Table{visits()}, Protect: key(t)}
	for want, change := range map[string]func(*dropfolder.Options){
		"source test: no folder is given":        func(o *dropfolder.Options) { o.Dir = "" },
		"source test: no pseudonym key is given": func(o *dropfolder.Options) { o.Protect = nil },
		"source test: no tables are given":       func(o *dropfolder.Options) { o.Tables = nil },
		`source test: the tables visits and visits share the file name "visits"`: func(o *dropfolder.Options) {
			o.Tables = append(o.Tables, visits())
		},
	} {
		o := good
		change(&o)
		if _, err := dropfolder.New(o); err == nil || err.Error() != want {
			t.Errorf("New gives %v, want %s", err, want)
		}
	}
}

// Many small chunks and several workers must give the rows of one pass, in order.
func TestChunksKeepTheOrder(t *testing.T) {
	var text strings.Builder
	var want []string
	text.WriteString("id,at,note\n")
	line := 2
	for n := range 5000 {
		note, lines := fmt.Sprintf("note %d", n), 1
		if n%7 == 0 {
			note, lines = fmt.Sprintf("\"two\nlines, \"\"%d\"\"\"", n), 2
		}
		id := fmt.Sprint(n)
		if n%501 == 0 {
			id = "bad"
			want = append(want, fmt.Sprintf("row %d line %d", n+1, line))
		}
		fmt.Fprintf(&text, "%s,2026-01-05 12:00:00,%s\r\n", id, note)
		line += lines
	}
	files := map[string]string{"visits.csv": text.String()}
	whole, _ := pull(t, folder(t, files))
	source := folder(t, files, func(o *dropfolder.Options) { o.Workers = 4 })
	source.SetChunkSize(1 << 10)
	parts, _ := pull(t, source)
	if parts.batches[0].records < 50 {
		t.Fatalf("only %d chunks", parts.batches[0].records)
	}
	if diff := cmp.Diff(whole.batches[0].rows, parts.batches[0].rows); diff != "" {
		t.Errorf("rows (-whole +parts):\n%s", diff)
	}
	var got []string
	for _, r := range parts.batches[0].rejects {
		got = append(got, fmt.Sprintf("row %d line %d", r.Row, r.Line))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}
