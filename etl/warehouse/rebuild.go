package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Rebuilt is what a Rebuild did.
type Rebuilt struct {
	Loads // held are batches that nobody had confirmed before
	// History is why the runs of the old warehouse could not be taken along; nil
	// where they were, or where there was none.
	History error
}

// Rebuild makes the warehouse anew from all landed files and then puts it in the
// place of the old one. Until that moment, and whatever happens before it, the old
// one is untouched. It takes the lock itself. Runs are taken along from the old
// file where it can be read, and batches that were confirmed there stay confirmed.
// Models are to be built afterwards: everything is touched.
func Rebuild(ctx context.Context, o Options, files []etl.File, watch etl.Watch) (done Rebuilt, err error) {
	if err := o.validate(); err != nil {
		return Rebuilt{}, err
	}
	l, err := acquire(o.Path, o.Command, o.Now())
	if err != nil {
		return Rebuilt{}, err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	if err := finishSwap(o.Path); err != nil {
		return Rebuilt{}, err
	}
	if err := discard(o.Path + beside); err != nil {
		return Rebuilt{}, fmt.Errorf("rebuild %s: %w", o.Path, err)
	}
	done, err = makeBeside(ctx, o, files, watch)
	if err != nil {
		return Rebuilt{}, errors.Join(fmt.Errorf("rebuild %s: %w", o.Path, err), discard(o.Path+beside))
	}
	if err := publishAnew(o.PublishedDir); err != nil {
		return Rebuilt{}, fmt.Errorf("rebuild %s: %w", o.Path, err)
	}
	if err := errors.Join(syncPath(o.Path+beside), rename(o.Path+beside, o.Path+complete)); err != nil {
		return Rebuilt{}, fmt.Errorf("rebuild %s: %w", o.Path, err)
	}
	return done, finishSwap(o.Path)
}

const (
	beside   = ".rebuild" // being made; worthless when found
	complete = ".rebuilt" // whole and synced; belongs in the warehouse's place
)

func makeBeside(ctx context.Context, o Options, files []etl.File, watch etl.Watch) (done Rebuilt, err error) {
	w, err := openFile(ctx, o.Path+beside, o)
	if err != nil {
		return Rebuilt{}, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	var confirmed map[string]bool
	if confirmed, done.History = w.takeHistory(ctx, o.Path); done.History != nil && ctx.Err() != nil {
		return Rebuilt{}, ctx.Err()
	}
	if done.Loads, err = w.LoadAll(ctx, files, confirmed, watch); err != nil {
		return Rebuilt{}, err
	}
	_, err = w.db.ExecContext(ctx, "checkpoint")
	return done, err
}

// takeHistory copies runs and steps from the old file, and returns which batches
// were confirmed there.
func (w *Warehouse) takeHistory(ctx context.Context, old string) (confirmed map[string]bool, err error) {
	if _, err := os.Stat(old); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	conn, err := w.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }() // goes back to the pool
	if _, err := conn.ExecContext(ctx, "attach "+literal(old)+" as old"); err != nil {
		return nil, fmt.Errorf("read the old warehouse: %w", err)
	}
	defer func() {
		_, undone := conn.ExecContext(context.WithoutCancel(ctx), "detach old")
		err = errors.Join(err, undone)
	}()
	err = inTransaction(ctx, conn, func(tx *sql.Tx) error {
		for _, table := range []string{"runs", "steps"} {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("insert into meta.%[1]s by name from old.meta.%[1]s", table)); err != nil {
				return fmt.Errorf("copy %s of the old warehouse: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return w.batchIDs(ctx, "select batch from old.meta.batches where confirmed")
}

// finishSwap puts a complete rebuild in the warehouse's place. The old write-ahead
// log goes first: DuckDB would replay it into the new file. Each step can be
// repeated, so after a crash the next Open finishes what was begun.
func finishSwap(path string) error {
	if _, err := os.Stat(path + complete); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := errors.Join(removeFile(path+".wal"), rename(path+complete, path)); err != nil {
		return fmt.Errorf("warehouse %s: put the rebuilt file in place: %w", path, err)
	}
	return nil
}

// discard removes a database that was never put to use.
func discard(path string) error {
	return errors.Join(removeFile(path), removeFile(path+".wal"))
}
