package warehouse

import (
	"context"
	"fmt"

	"github.com/den-digitale-hotline/ddh/etl"
)

// OpenQuarantine is a delivery that still has rows set aside.
type OpenQuarantine struct {
	Batch etl.Batch // only ID, Run, Source, Origin and the Table's Owner and Name are set
	Rows  int64
}

// OpenQuarantine lists the deliveries with quarantined rows that wait for somebody: that
// have not been replayed, and whose delivery has not been replaced row by row by a later
// one. All of it is read from what was landed: a rebuild gives the same list.
func (w *Warehouse) OpenQuarantine(ctx context.Context) ([]OpenQuarantine, error) {
	rows, err := w.db.QueryContext(ctx, `
		select b.batch, b.run, b.source, b.origin, b.owner, b.table_name, b.loaded, q.open_rows
		from meta.batches as b
		join (
			select batch, count(*) as open_rows from meta.quarantine anti join meta.replays using (batch, row) group by batch
		) as q using (batch)
		order by `+arrival("b.batch")+` desc`)
	if err != nil {
		return nil, fmt.Errorf("list open quarantine: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var all []OpenQuarantine
	had := map[string]bool{} // deliveries of which rows were loaded
	for rows.Next() {
		var q OpenQuarantine
		var loaded int64
		err := rows.Scan(&q.Batch.ID, &q.Batch.Run, &q.Batch.Source, &q.Batch.Origin, &q.Batch.Table.Owner, &q.Batch.Table.Name, &loaded, &q.Rows)
		if err != nil {
			return nil, fmt.Errorf("list open quarantine: %w", err)
		}
		all, had[q.Batch.ID] = append(all, q), loaded > 0
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list open quarantine: %w", err)
	}
	var open []OpenQuarantine
	for _, q := range all {
		replaced := false
		if had[q.Batch.ID] {
			query := "select not exists (select 1 from " + q.Batch.Table.RawName() + " where _batch = ?)"
			if err := w.db.QueryRowContext(ctx, query, q.Batch.ID).Scan(&replaced); err != nil {
				return nil, fmt.Errorf("list open quarantine: batch %s: %w", q.Batch.ID, err)
			}
		}
		if !replaced {
			open = append(open, q)
		}
	}
	return open, nil
}
