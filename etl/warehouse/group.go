package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// A transaction costs a sync to the disk, and a large one is written to its place at
// once rather than to the log first: many batches are loaded in groups of so many
// files and rows, which their transaction holds in memory or beside the file.
const (
	groupFiles = 200
	groupRows  = 1_000_000
)

// Loads is what became of many batches.
type Loads struct {
	Loaded []Loaded
	Held   []*HeldError // batches that wait for confirmation; nothing of them was loaded
}

func (l *Loads) add(more Loads) {
	l.Loaded, l.Held = append(l.Loaded, more.Loaded...), append(l.Held, more.Held...)
}

// LoadAll loads batches in their order, several to a transaction; confirmed are the
// ids of those that may replace many rows by far fewer. A batch that is held does not
// stop the others. An error does: what was loaded before it stays and is returned.
func (w *Warehouse) LoadAll(ctx context.Context, files []etl.File, confirmed map[string]bool, watch etl.Watch) (Loads, error) {
	if watch == nil {
		watch = func(string, int64, int64) {}
	}
	var all Loads
	for at := 0; at < len(files); {
		watch(files[at].Batch.Origin, int64(at), int64(len(files)))
		next := at + groupSize(files[at:])
		done, err := w.loadGroup(ctx, files[at:next], confirmed)
		if err != nil && next-at > 1 && ctx.Err() == nil {
			done, err = w.loadSingly(ctx, files[at:next], confirmed)
		}
		all.add(done)
		if err != nil {
			return all, err
		}
		at = next
	}
	return all, nil
}

// groupSize is how many of the first files are loaded in one transaction.
func groupSize(files []etl.File) int {
	var rows int64
	seen := map[string]bool{}
	for i, f := range files {
		rows += f.Counts.Read
		if i == groupFiles || i > 0 && rows > groupRows || seen[f.Batch.ID] {
			return i
		}
		seen[f.Batch.ID] = true
	}
	return len(files)
}

// loadSingly loads files in a transaction each. Where one of a group fails, those
// before it must not wait until somebody has mended it.
func (w *Warehouse) loadSingly(ctx context.Context, files []etl.File, confirmed map[string]bool) (Loads, error) {
	var all Loads
	for i := range files {
		done, err := w.loadGroup(ctx, files[i:i+1], confirmed)
		if err != nil {
			return all, err
		}
		all.add(done)
	}
	return all, nil
}

// loadGroup loads files in one transaction: all of them, but for those that are held,
// or none.
func (w *Warehouse) loadGroup(ctx context.Context, files []etl.File, confirmed map[string]bool) (Loads, error) {
	var done Loads
	err := w.onOneThread(ctx, func(conn *sql.Conn) error {
		return inTransaction(ctx, conn, func(tx *sql.Tx) (err error) {
			done, err = w.loadIn(ctx, tx, files, confirmed)
			return err
		})
	})
	switch {
	case err == nil:
		return done, nil
	case len(files) == 1:
		err = fmt.Errorf("load %s: %w", files[0].Path, err)
	}
	return Loads{}, err
}

// onOneThread runs a job that writes while DuckDB works on one thread. With two, a small
// statement costs twice the processor's time and takes longer; and of a large insert
// each leaves row groups that are not full, which the next checkpoint writes anew,
// together with full ones.
func (w *Warehouse) onOneThread(ctx context.Context, job func(*sql.Conn) error) error {
	return w.alone(ctx, func(conn *sql.Conn) error {
		var threads int64
		if err := conn.QueryRowContext(ctx, "select current_setting('threads')").Scan(&threads); err != nil {
			return fmt.Errorf("read the number of threads: %w", err)
		}
		if _, err := conn.ExecContext(ctx, "set threads = 1"); err != nil {
			return fmt.Errorf("set the number of threads: %w", err)
		}
		err := job(conn)
		// Also when ctx is done: the setting is the whole database's.
		_, restored := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("set threads = %d", threads))
		return errors.Join(err, restored)
	})
}

// staged is a batch on its way into raw, and what has become of it.
type staged struct {
	file      etl.File
	at        time.Time // when it is loaded
	confirmed bool
	done      Loaded
	held      *HeldError
}

// loadIn is loadGroup within its transaction.
func (w *Warehouse) loadIn(ctx context.Context, tx *sql.Tx, files []etl.File, confirmed map[string]bool) (Loads, error) {
	known, err := loadedBefore(ctx, tx, files)
	if err != nil {
		return Loads{}, err
	}
	all := make([]staged, len(files))
	var fresh []*staged
	for i, f := range files {
		all[i] = staged{file: f, at: w.options.Now(), confirmed: confirmed[f.Batch.ID], done: known[f.Batch.ID]}
		all[i].done.Batch = f.Batch
		if !all[i].done.Known {
			fresh = append(fresh, &all[i])
		}
	}
	if err := w.take(ctx, tx, fresh); err != nil {
		return Loads{}, err
	}
	var done Loads
	for _, s := range all {
		if s.held != nil {
			done.Held = append(done.Held, s.held)
		} else {
			done.Loaded = append(done.Loaded, s.done)
		}
	}
	return done, nil
}

// take brings batches that are not yet known into raw, those of one table together,
// and enters them into the account.
func (w *Warehouse) take(ctx context.Context, tx *sql.Tx, fresh []*staged) error {
	sets, err := w.sets(ctx, tx, fresh)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if err := s.run(); err != nil {
			return err
		}
	}
	var loaded []staged
	for _, f := range fresh {
		if f.held != nil {
			continue
		}
		f.done.Read = f.done.Loaded + f.done.Superseded + f.done.Quarantined
		if err := reconcile(f.file, f.done); err != nil {
			return err
		}
		if err := recordReplays(ctx, tx, f.file); err != nil {
			return err
		}
		loaded = append(loaded, *f)
	}
	return recordBatches(ctx, tx, loaded)
}
