// Package landing keeps every delivery as it came, after privacy treatment, in
// immutable Parquet files: landing/<source>/<table>/<yyyy>/<mm>/<batch>.parquet.
// It is the truth and the backup: the warehouse can be rebuilt from it at any time
// (DESIGN §1). It knows contracts and batches; it must not know a database, a
// source's format or a KPI, and it never changes what has landed: a declined batch
// only gets another name.
//
// A batch is visible exactly from the moment its main file has its final name.
// Rejected rows lie beside it in <batch>.rejects.parquet, which gets its name
// first, so a crash can leave rejects without a batch but never the reverse.
//
// One process at a time may hold a Landing open for writing; the warehouse's lock
// is what sees to that. Reading with Files or Unloaded is safe beside a writer.
package landing

import (
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Options are what a Landing needs to know of the run that writes to it.
type Options struct {
	Run    string      // id of the run; kept in every file
	Start  time.Time   // start of the run: batch ids and folders are named by it, in UTC
	Tables []etl.Table // contracts, by which files are read back
	// Cursors are where the sources left off; nil before the first run.
	Cursors etl.Cursors
}

// Landing is a folder of landed batches, open for writing. It implements etl.Sink
// and may be used from several goroutines.
type Landing struct {
	dir     string
	run     string
	start   time.Time
	catalog catalog

	mu      sync.Mutex
	number  int // of the last batch begun in this run
	index   index
	cursors etl.Cursors
}

var _ etl.Sink = (*Landing)(nil)

// Open opens the landing in dir, makes it where it is missing, and sweeps away
// what an interrupted writer left: temporary files and rejects without a batch.
// It reads the names of all files but opens none.
func Open(dir string, o Options) (*Landing, error) {
	if o.Run == "" || o.Start.IsZero() {
		return nil, fmt.Errorf("landing %s: a run id and a start time are needed", dir)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("landing %s: make folder: %w", dir, err)
	}
	names, err := sweep(dir)
	if err != nil {
		return nil, err
	}
	l := &Landing{
		dir: dir, run: o.Run, start: o.Start.UTC(),
		catalog: newCatalog(o.Tables), index: newIndex(), cursors: etl.Cursors{},
	}
	maps.Copy(l.cursors, o.Cursors)
	for _, n := range names {
		l.index.add(n)
		if n.id.stamp == l.stamp() {
			l.number = max(l.number, n.id.number)
		}
	}
	return l, nil
}

// Known reports whether a batch of this table with this content has landed before.
// Names carry the first 12 digits of the content, so a footer is read only where
// those agree; a file that cannot be read counts as not known.
func (l *Landing) Known(table etl.Table, content string) bool {
	l.mu.Lock()
	candidates := l.index.find(table.Name, content)
	l.mu.Unlock()
	for _, path := range candidates {
		f, err := l.catalog.read(path)
		if err == nil && f.Batch.Table.Owner == table.Owner && f.Batch.Content == content {
			return true
		}
	}
	return false
}

// Cursor returns where a source left off with a table.
func (l *Landing) Cursor(source string, table etl.Table) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cursors[etl.CursorKey{Source: source, Table: table.RawName()}]
}

// Advance moves a cursor forward. The landing's files do not hold it: whoever opened
// the Landing keeps Cursors once what was landed is safe.
func (l *Landing) Advance(source string, table etl.Table, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := etl.CursorKey{Source: source, Table: table.RawName()}
	if until.After(l.cursors[key]) {
		l.cursors[key] = until
	}
}

// Cursors returns all cursors, those given to Open included.
func (l *Landing) Cursors() etl.Cursors {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.cursors)
}

// plainName is what may become a folder name: nothing that could leave the landing.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// Begin opens a batch; b needs Source, Table, Origin and Content, and the window
// where there is one. ID and Run are assigned.
func (l *Landing) Begin(b etl.Batch) (etl.Writer, error) {
	switch {
	case !plainName.MatchString(b.Source):
		return nil, fmt.Errorf("landing: source name %q is not made of letters, digits, _ and -", b.Source)
	case !plainName.MatchString(b.Table.Name):
		return nil, fmt.Errorf("landing: table name %q is not made of letters, digits, _ and -", b.Table.Name)
	}
	if sum, err := hex.DecodeString(b.Content); err != nil || len(sum) < contentDigits/2 {
		return nil, fmt.Errorf("landing: content %q of %s is not a hex checksum", b.Content, b.Origin)
	}
	l.mu.Lock()
	l.number++
	b.ID = batchID{stamp: l.stamp(), number: l.number, content: b.Content[:contentDigits]}.String()
	l.mu.Unlock()
	b.Run = l.run
	w, err := newWriter(l.folder(b), b, l.start)
	if err != nil {
		return nil, err
	}
	w.landed = l.remember
	return w, nil
}

// remember makes a batch of this run known to Known.
func (l *Landing) remember(path string) {
	n, ok := parseName(path)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.index.add(n)
}

func (l *Landing) stamp() string { return l.start.Format(stampLayout) }

func (l *Landing) folder(b etl.Batch) string {
	return filepath.Join(l.dir, b.Source, b.Table.Name, l.start.Format("2006"), l.start.Format("01"))
}
