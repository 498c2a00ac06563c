package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Cursors returns where the sources left off: what was kept, or the ends of the
// windows loaded where that is later, as after a rebuild.
func (w *Warehouse) Cursors(ctx context.Context) (etl.Cursors, error) {
	rows, err := w.db.QueryContext(ctx, `
		select source, table_name, max(until) from (
			select source, table_name, until from meta.cursors
			union all
			select source, 'raw.' || owner || '__' || table_name, window_to from meta.batches
		) group by all having max(until) is not null`)
	if err != nil {
		return nil, fmt.Errorf("read cursors: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	cursors := etl.Cursors{}
	for rows.Next() {
		var key etl.CursorKey
		var until time.Time
		if err := rows.Scan(&key.Source, &key.Table, &until); err != nil {
			return nil, fmt.Errorf("read cursors: %w", err)
		}
		cursors[key] = until.UTC()
	}
	return cursors, rows.Err()
}

// KeepCursors keeps where the sources left off, for the next run.
func (w *Warehouse) KeepCursors(ctx context.Context, cursors etl.Cursors) error {
	if len(cursors) == 0 {
		return nil
	}
	return w.transact(ctx, func(tx *sql.Tx) error {
		for key, until := range cursors {
			_, err := tx.ExecContext(ctx, "delete from meta.cursors where source = ? and table_name = ?", key.Source, key.Table)
			if err == nil {
				_, err = tx.ExecContext(ctx, "insert into meta.cursors values (?, ?, ?)", key.Source, key.Table, until.UTC())
			}
			if err != nil {
				return fmt.Errorf("keep cursors: %w", err)
			}
		}
		return nil
	})
}
