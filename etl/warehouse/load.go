package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
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
	done, err := w.loadGroup(ctx, []etl.File{f}, map[string]bool{f.Batch.ID: o.Confirm})
	switch {
	case err != nil:
		return Loaded{}, err
	case len(done.Held) > 0:
		return Loaded{}, done.Held[0]
	}
	return done.Loaded[0], nil
}

// loadedBefore looks batches up in the account.
func loadedBefore(ctx context.Context, tx *sql.Tx, files []etl.File) (map[string]Loaded, error) {
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = literal(f.Batch.ID)
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`
		select batch, read, loaded, superseded, quarantined, replaced
		from meta.batches where batch in (%s)`, strings.Join(ids, ", ")))
	if err != nil {
		return nil, fmt.Errorf("look up batches: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	known := map[string]Loaded{}
	for rows.Next() {
		var id string
		l := Loaded{Known: true}
		if err := rows.Scan(&id, &l.Read, &l.Loaded, &l.Superseded, &l.Quarantined, &l.Replaced); err != nil {
			return nil, fmt.Errorf("look up batches: %w", err)
		}
		known[id] = l
	}
	return known, rows.Err()
}

// reconcile sees that every row delivered is accounted for.
func reconcile(f etl.File, l Loaded) error {
	if l.Read == f.Counts.Read {
		return nil
	}
	return fmt.Errorf("%d rows were delivered, but %d loaded, %d superseded and %d quarantined make %d",
		f.Counts.Read, l.Loaded, l.Superseded, l.Quarantined, l.Read)
}

// recordBatches enters batches into the account.
func recordBatches(ctx context.Context, tx *sql.Tx, loaded []staged) error {
	if len(loaded) == 0 {
		return nil
	}
	tuples := make([]string, len(loaded))
	for i, s := range loaded {
		drift, err := json.Marshal(s.file.Drift)
		if err != nil {
			return fmt.Errorf("record batch: %w", err)
		}
		b, l := s.file.Batch, s.done
		tuples[i] = fmt.Sprintf("(%s, %s, %s, %s, %s, %d, %s, %s, %s, %s, %d, %d, %d, %d, %d, %s, %t, %s)",
			literal(b.ID), literal(b.Run), literal(b.Source), literal(b.Table.Owner), literal(b.Table.Name), b.Table.Version,
			literal(b.Origin), literal(b.Content), instant(b.From), instant(b.To),
			l.Read, l.Loaded, l.Superseded, l.Quarantined, l.Replaced, literal(string(drift)), s.confirmed, instant(s.at))
	}
	_, err := tx.ExecContext(ctx, `insert into meta.batches
		(batch, run, source, owner, table_name, version, origin, content, window_from, window_to,
		 read, loaded, superseded, quarantined, replaced, drift, confirmed, loaded_at)
		values `+strings.Join(tuples, ", "))
	if err != nil {
		return fmt.Errorf("record batches: %w", err)
	}
	return nil
}

// instant is a time as a SQL literal, NULL for the zero time.
func instant(t time.Time) string {
	if t.IsZero() {
		return "null::timestamptz"
	}
	return "timestamptz " + literal(t.UTC().Format("2006-01-02 15:04:05.999999+00"))
}
