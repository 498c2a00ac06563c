package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// BatchAccount is one loaded batch as meta.batches keeps it. Of its Batch.Table only
// Owner, Name and the Version it was landed under are set.
type BatchAccount struct {
	Loaded
	Drift     etl.Drift
	Confirmed bool
	At        time.Time
}

// BatchFilter picks batches; an empty field picks all.
type BatchFilter struct {
	Run, Source, Table string
	Limit              int // 0: no limit
}

// Batches lists loaded batches, the latest arrived first.
func (w *Warehouse) Batches(ctx context.Context, f BatchFilter) ([]BatchAccount, error) {
	query := `
		select batch, run, source, owner, table_name, version, origin, content, window_from, window_to,
			read, loaded, superseded, quarantined, replaced, drift, confirmed, loaded_at
		from meta.batches
		where (?1 = '' or run = ?1) and (?2 = '' or source = ?2) and (?3 = '' or table_name = ?3)
		order by ` + arrival("batch") + ` desc limit ?4`
	rows, err := w.db.QueryContext(ctx, query, f.Run, f.Source, f.Table, limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("list batches: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []BatchAccount
	for rows.Next() {
		a, err := scanBatch(rows)
		if err != nil {
			return nil, fmt.Errorf("list batches: %w", err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

func scanBatch(rows *sql.Rows) (BatchAccount, error) {
	var a BatchAccount
	var from, to sql.NullTime
	var drift string
	b := &a.Batch
	err := rows.Scan(&b.ID, &b.Run, &b.Source, &b.Table.Owner, &b.Table.Name, &b.Table.Version, &b.Origin, &b.Content,
		&from, &to, &a.Read, &a.Loaded.Loaded, &a.Superseded, &a.Quarantined, &a.Replaced, &drift, &a.Confirmed, &a.At)
	if err != nil {
		return BatchAccount{}, err
	}
	b.From, b.To = from.Time, to.Time
	return a, json.Unmarshal([]byte(drift), &a.Drift)
}

// KnownBatches returns the ids of all loaded batches, for landing.Unloaded.
func (w *Warehouse) KnownBatches(ctx context.Context) (map[string]bool, error) {
	return w.batchIDs(ctx, "select batch from meta.batches")
}

func (w *Warehouse) batchIDs(ctx context.Context, query string) (map[string]bool, error) {
	rows, err := w.db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list batches: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	known := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list batches: %w", err)
		}
		known[id] = true
	}
	return known, rows.Err()
}
