package warehouse

import (
	"context"
	"database/sql"
	"errors"

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
		if err := w.loadGroup(ctx, files[at:next], confirmed, &all); err != nil {
			return all, err
		}
		at = next
	}
	return all, nil
}

// groupSize is how many of the first files are loaded in one transaction.
func groupSize(files []etl.File) int {
	var rows int64
	for i, f := range files {
		rows += f.Counts.Read
		if i == groupFiles || i > 0 && rows > groupRows {
			return i
		}
	}
	return len(files)
}

// loadGroup loads files in one transaction. Where one of them fails, those before it
// are loaded by themselves: they must not wait until somebody has mended it.
func (w *Warehouse) loadGroup(ctx context.Context, files []etl.File, confirmed map[string]bool, all *Loads) error {
	var group Loads
	good := 0
	err := w.transact(ctx, func(tx *sql.Tx) error {
		for _, f := range files {
			loaded, err := w.load(ctx, tx, f, LoadOptions{Confirm: confirmed[f.Batch.ID]})
			var held *HeldError
			switch {
			case errors.As(err, &held):
				group.Held = append(group.Held, held)
			case err != nil:
				return err
			default:
				group.Loaded = append(group.Loaded, loaded)
			}
			good++
		}
		return nil
	})
	switch {
	case err == nil:
		all.Loaded, all.Held = append(all.Loaded, group.Loaded...), append(all.Held, group.Held...)
	case ctx.Err() == nil && good > 0 && good < len(files):
		err = errors.Join(err, w.loadGroup(ctx, files[:good], confirmed, all))
	}
	return err
}
