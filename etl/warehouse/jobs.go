package warehouse

import (
	"context"
	"fmt"
	"time"
)

// Attempt is a job's part in a run that came to an end by itself.
type Attempt struct {
	Job     string
	Run     string
	Started time.Time
	Ended   time.Time
	Status  Status // of the job's step
	Message string // one sentence where it failed
	// Out tells that the whole run succeeded: what the job brought is published.
	Out bool
}

// Attempts lists for every job its last attempt, and its last one that is Out where
// that is another; by job, the older first. Runs that were interrupted made no
// attempt. What is last their ids say: a clock can be set back, ids do not.
func (w *Warehouse) Attempts(ctx context.Context) ([]Attempt, error) {
	rows, err := w.db.QueryContext(ctx, `
		with attempts as (
			select s.job, s.run_id, s.started_at, s.ended_at, s.status, s.message,
				s.status in ('ok', 'warnings') and r.status in ('ok', 'warnings') as is_out
			from meta.steps as s
			inner join meta.runs as r on s.run_id = r.run_id
			where s.job <> '' and s.status <> 'interrupted' and r.status not in ('running', 'interrupted')
		),

		newest as (
			select job, max(run_id) as last_run, max(case when is_out then run_id end) as out_run
			from attempts
			group by job
		)

		select a.job, a.run_id, a.started_at, a.ended_at, a.status, a.message, a.is_out
		from attempts as a
		inner join newest as n on a.job = n.job and (a.run_id = n.last_run or a.run_id = n.out_run)
		order by a.job, a.run_id, a.started_at`)
	if err != nil {
		return nil, fmt.Errorf("list attempts: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []Attempt
	for rows.Next() {
		var a Attempt
		if err := rows.Scan(&a.Job, &a.Run, &a.Started, &a.Ended, &a.Status, &a.Message, &a.Out); err != nil {
			return nil, fmt.Errorf("list attempts: %w", err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// Brought is what a run loaded of one batch, as meta.batches keeps it.
type Brought struct {
	Batch, Source, Table, Origin                    string
	Read, Loaded, Superseded, Quarantined, Replaced int64
}

// RunBatches lists the loaded batches that a run landed, in the order of their ids.
func (w *Warehouse) RunBatches(ctx context.Context, run string) ([]Brought, error) {
	rows, err := w.db.QueryContext(ctx, `
		select batch, source, table_name, origin, read, loaded, superseded, quarantined, replaced
		from meta.batches where run = ? order by batch`, run)
	if err != nil {
		return nil, fmt.Errorf("list batches of run %s: %w", run, err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []Brought
	for rows.Next() {
		var b Brought
		err := rows.Scan(&b.Batch, &b.Source, &b.Table, &b.Origin, &b.Read, &b.Loaded, &b.Superseded, &b.Quarantined, &b.Replaced)
		if err != nil {
			return nil, fmt.Errorf("list batches of run %s: %w", run, err)
		}
		list = append(list, b)
	}
	return list, rows.Err()
}
