package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// LoadOptions change how a batch is loaded.
type LoadOptions struct {
	// Confirm loads a batch that replaces many rows by far fewer (see HeldError).
	Confirm bool
}

// Loaded is what became of a batch: Read = Loaded + Superseded + Quarantined.
type Loaded struct {
	Batch       etl.Batch
	Read        int64 // rows delivered, rejected ones included
	Loaded      int64 // rows now in raw
	Superseded  int64 // rows that are older versions, or repeats, of what raw holds
	Quarantined int64 // rows in meta.quarantine
	Replaced    int64 // rows of earlier batches that were removed from raw
	Known       bool  // the batch had been loaded before; nothing was done
}

// String is the line the command prints.
func (l Loaded) String() string {
	if l.Known {
		return fmt.Sprintf("%s %s: loaded before", l.Batch.Table.Name, l.Batch.ID)
	}
	return fmt.Sprintf("%s %s: %d read, %d loaded, %d superseded, %d quarantined, %d replaced",
		l.Batch.Table.Name, l.Batch.ID, l.Read, l.Loaded, l.Superseded, l.Quarantined, l.Replaced)
}

// HeldError says that a batch would replace many rows by far fewer, which a cut-off
// or emptied source looks like. Nothing was changed.
type HeldError struct {
	Batch    etl.Batch
	Replaced int64 // rows that would go
	Brought  int64 // rows that would take their place
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("batch %s of %s (%s) would replace %d rows by %d and is held until it is confirmed",
		e.Batch.ID, e.Batch.Table.Name, e.Batch.Origin, e.Replaced, e.Brought)
}

// heldFrom is the number of replaced rows from which a batch must bring at least
// half as many.
const heldFrom = 1000

// Load takes a landed batch into its raw table in one transaction: afterwards either
// all of it is done or nothing. Rows that break the contract go to meta.quarantine,
// older versions are superseded (see version.go), the touched days go to
// meta.touched and the counts to meta.batches. Which batches have been loaded
// decides what raw holds; the order in which they were does not.
func (w *Warehouse) Load(ctx context.Context, f etl.File, o LoadOptions) (Loaded, error) {
	var done Loaded
	err := w.transact(ctx, func(tx *sql.Tx) error {
		var err error
		done, err = w.load(ctx, tx, f, o)
		return err
	})
	if err != nil {
		return Loaded{}, err
	}
	return done, nil
}

// load is Load within a transaction. An error leaves the batch half loaded, to be
// rolled back, but a *HeldError has changed nothing.
func (w *Warehouse) load(ctx context.Context, tx *sql.Tx, f etl.File, o LoadOptions) (Loaded, error) {
	done, err := w.take(ctx, tx, f, o)
	var held *HeldError
	if err != nil && !errors.As(err, &held) {
		err = fmt.Errorf("load %s: %w", f.Path, err)
	}
	return done, err
}

func (w *Warehouse) take(ctx context.Context, tx *sql.Tx, f etl.File, o LoadOptions) (Loaded, error) {
	before, err := loadedBefore(ctx, tx, f.Batch)
	if err != nil || before.Known {
		return before, err
	}
	table, ok := w.tables[f.Batch.Table.RawName()]
	if !ok {
		return Loaded{}, fmt.Errorf("the warehouse has no contract for %s", f.Batch.Table.RawName())
	}
	s := &stage{ctx: ctx, tx: tx, table: table, file: f, now: w.options.Now()}
	done, err := s.run(o)
	if err != nil {
		return Loaded{}, err
	}
	if err := reconcile(f, done); err != nil {
		return Loaded{}, err
	}
	if err := recordReplays(ctx, tx, f); err != nil {
		return Loaded{}, err
	}
	return done, recordBatch(ctx, tx, f, done, o.Confirm, w.options.Now())
}

// loadedBefore looks the batch up in the account.
func loadedBefore(ctx context.Context, tx *sql.Tx, b etl.Batch) (Loaded, error) {
	l := Loaded{Batch: b, Known: true}
	err := tx.QueryRowContext(ctx, `
		select read, loaded, superseded, quarantined, replaced from meta.batches where batch = ?`, b.ID).
		Scan(&l.Read, &l.Loaded, &l.Superseded, &l.Quarantined, &l.Replaced)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Loaded{}, nil
	case err != nil:
		return Loaded{}, fmt.Errorf("look up batch: %w", err)
	}
	return l, nil
}

// run takes the stage through its steps; they must come in this order. A batch
// without rows, as a quiet window brings, has nothing to stage.
func (s *stage) run(o LoadOptions) (Loaded, error) {
	done := Loaded{Batch: s.file.Batch}
	var err error
	if s.file.Counts.Landed > 0 {
		err = s.take(o, &done)
	}
	if err == nil {
		err = s.quarantineRejects(&done)
	}
	done.Read = done.Loaded + done.Superseded + done.Quarantined
	return done, err
}

// take brings the landed rows into raw.
func (s *stage) take(o LoadOptions, done *Loaded) error {
	steps := []func() error{
		s.prepare, s.fill, s.supersedeWithin, s.collectKeys, s.supersedeAgainstRaw,
		func() error { return s.guard(o) }, // up to here only the stage's own tables have changed
		s.touch,
		func() error { return s.remove(done) },
		func() error { return s.insert(done) },
		func() error { return s.quarantineFaults(done) },
		s.drop,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	done.Superseded = s.dead
	return nil
}

// reconcile sees that every row delivered is accounted for.
func reconcile(f etl.File, l Loaded) error {
	if l.Read == f.Counts.Read {
		return nil
	}
	return fmt.Errorf("%d rows were delivered, but %d loaded, %d superseded and %d quarantined make %d",
		f.Counts.Read, l.Loaded, l.Superseded, l.Quarantined, l.Read)
}

func recordBatch(ctx context.Context, tx *sql.Tx, f etl.File, l Loaded, confirmed bool, now time.Time) error {
	drift, err := json.Marshal(f.Drift)
	if err != nil {
		return fmt.Errorf("record batch: %w", err)
	}
	b := f.Batch
	_, err = tx.ExecContext(ctx, `insert into meta.batches
		(batch, run, source, owner, table_name, version, origin, content, window_from, window_to,
		 read, loaded, superseded, quarantined, replaced, drift, confirmed, loaded_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.ID, b.Run, b.Source, b.Table.Owner, b.Table.Name, b.Table.Version, b.Origin, b.Content,
		nullTime(b.From), nullTime(b.To), l.Read, l.Loaded, l.Superseded, l.Quarantined, l.Replaced,
		string(drift), confirmed, now.UTC())
	if err != nil {
		return fmt.Errorf("record batch: %w", err)
	}
	return nil
}

// nullTime is NULL for the zero time.
func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}
