package landing

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
)

// errEnded is what a writer answers after Commit or Abort.
var errEnded = errors.New("the batch has ended already")

// writer is one open batch. It is not safe for concurrent use.
type writer struct {
	batch    etl.Batch
	landedAt time.Time
	schema   *arrow.Schema
	main     *parquetFile
	rejects  *rejectsFile // nil until the first reject
	counts   etl.Counts
	landed   func(path string) // told when the batch is in place
	ended    bool
}

func newWriter(folder string, b etl.Batch, landedAt time.Time) (*writer, error) {
	if err := makeFolder(folder); err != nil {
		return nil, fmt.Errorf("landing: make folder %s: %w", folder, err)
	}
	schema := b.Table.Schema()
	main, err := createParquet(filepath.Join(folder, b.ID+suffix), schema)
	if err != nil {
		return nil, err
	}
	return &writer{batch: b, landedAt: landedAt, schema: schema, main: main}, nil
}

// Write adds a record batch, which must have the table's Schema.
func (w *writer) Write(rec arrow.RecordBatch) error {
	if w.ended {
		return fmt.Errorf("landing: write to %s: %w", w.batch.ID, errEnded)
	}
	if !rec.Schema().Equal(w.schema) {
		return fmt.Errorf("landing: write to %s: rows of %s do not have the contract's columns", w.batch.ID, w.batch.Table.Name)
	}
	if rec.NumRows() == 0 {
		return nil
	}
	if err := w.main.write(rec); err != nil {
		return err
	}
	w.counts.Landed += rec.NumRows()
	return nil
}

// Reject adds a row that could not be read.
func (w *writer) Reject(r etl.Reject) error {
	if w.ended {
		return fmt.Errorf("landing: reject in %s: %w", w.batch.ID, errEnded)
	}
	if w.rejects == nil {
		f, err := createRejects(rejectsPath(w.main.path))
		if err != nil {
			return err
		}
		w.rejects = f
	}
	w.counts.Rejected++
	return w.rejects.add(r)
}

// Commit makes the batch durable and visible, and says what it is called. When it
// fails nothing has landed.
func (w *writer) Commit(d etl.Drift) (etl.Landed, error) {
	if w.ended {
		return etl.Landed{}, fmt.Errorf("landing: commit %s: %w", w.batch.ID, errEnded)
	}
	w.ended = true
	w.counts.Read = w.counts.Landed + w.counts.Rejected
	if err := w.finish(d); err != nil {
		return etl.Landed{}, errors.Join(err, w.discard())
	}
	if w.landed != nil {
		w.landed(w.main.path)
	}
	return etl.Landed{Batch: w.batch, Counts: w.counts, Drift: d}, nil
}

func (w *writer) finish(d etl.Drift) error {
	meta, err := encodeFooter(etl.File{Batch: w.batch, Counts: w.counts, Drift: d}, w.landedAt)
	if err != nil {
		return err
	}
	if w.rejects != nil {
		if err := w.rejects.commit(); err != nil {
			return err
		}
	}
	return w.main.commit(meta)
}

// Abort drops the batch. After Commit it does nothing, so it can be deferred.
func (w *writer) Abort() error {
	if w.ended {
		return nil
	}
	w.ended = true
	return w.discard()
}

func (w *writer) discard() error {
	err := w.main.discard()
	if w.rejects != nil {
		err = errors.Join(err, w.rejects.file.discard())
	}
	return err
}

// makeFolder makes a folder whose entries survive a power cut: each parent it had
// to be made in is synced.
func makeFolder(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	parent := filepath.Dir(folder)
	if parent != folder {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(folder, 0o750); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncFolder(parent)
}

// syncFolder makes the names in a folder durable. A folder cannot be flushed on Windows, whose journal keeps names.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
