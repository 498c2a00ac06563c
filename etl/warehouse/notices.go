package warehouse

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/den-digitale-hotline/ddh/etl"
)

// OpenNotice is a notice of a delivery of which rows are still in use.
type OpenNotice struct {
	etl.Notice
	Batch etl.Batch // only ID, Run, Source, Origin and the Table's Owner and Name are set
}

// Notices lists the open notices, those of the latest delivery first. A notice closes
// when every row of its delivery has been replaced by another's, so a corrected file
// that brings the same rows again closes it. All of it is read from what was landed: a
// rebuild gives the same list.
func (w *Warehouse) Notices(ctx context.Context) ([]OpenNotice, error) {
	rows, err := w.db.QueryContext(ctx, `
		select batch, run, source, origin, owner, table_name, drift from meta.batches
		where contains(drift, '"Notices"') order by `+arrival("batch")+` desc`)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var all []OpenNotice
	for rows.Next() {
		var b etl.Batch
		var text string
		var drift etl.Drift
		if err := rows.Scan(&b.ID, &b.Run, &b.Source, &b.Origin, &b.Table.Owner, &b.Table.Name, &text); err != nil {
			return nil, fmt.Errorf("list notices: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &drift); err != nil {
			return nil, fmt.Errorf("list notices: batch %s: %w", b.ID, err)
		}
		for _, n := range drift.Notices {
			all = append(all, OpenNotice{Notice: n, Batch: b})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	return w.inUse(ctx, all)
}

// inUse leaves out the notices of deliveries of which no row is in raw any more.
func (w *Warehouse) inUse(ctx context.Context, all []OpenNotice) ([]OpenNotice, error) {
	used := map[string]bool{}
	var open []OpenNotice
	for _, n := range all {
		in, asked := used[n.Batch.ID]
		if !asked {
			query := "select exists (select 1 from " + n.Batch.Table.RawName() + " where _batch = ?)"
			if err := w.db.QueryRowContext(ctx, query, n.Batch.ID).Scan(&in); err != nil {
				return nil, fmt.Errorf("list notices: batch %s: %w", n.Batch.ID, err)
			}
			used[n.Batch.ID] = in
		}
		if in {
			open = append(open, n)
		}
	}
	return open, nil
}
