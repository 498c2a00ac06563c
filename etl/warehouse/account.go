package warehouse

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Status is how a run or step ended.
type Status string

// The statuses a run can have.
const (
	Running     Status = "running"
	OK          Status = "ok"
	Warnings    Status = "warnings"
	Failed      Status = "failed"
	Interrupted Status = "interrupted"
)

// Trigger is what started a run.
type Trigger string

// The triggers of a run.
const (
	Manual    Trigger = "manual"
	Scheduled Trigger = "schedule"
	CatchUp   Trigger = "catch-up" // scheduled times had been missed
)

// Run is one run of a command that writes.
type Run struct {
	ID      string
	Command string
	Trigger Trigger
	Started time.Time
	Ended   time.Time // zero while it runs
	Status  Status
	Message string // one sentence, empty when all went well
	Counts  map[string]int64
}

// Step is one step of a run.
type Step struct {
	Run     string
	Name    string
	Job     string // the job of the configuration that the step did; "" for other steps
	Started time.Time
	Ended   time.Time
	Status  Status
	Message string
	Counts  map[string]int64
}

// BeginRun notes that a run has begun. Runs still noted as running are of processes
// that died, since they would hold the lock otherwise: they become interrupted. An
// empty trigger is Manual.
func (w *Warehouse) BeginRun(ctx context.Context, id, command string, trigger Trigger) error {
	if trigger == "" {
		trigger = Manual
	}
	now := w.options.Now().UTC()
	return w.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "update meta.runs set status = ?, ended_at = ? where status = ?",
			string(Interrupted), now, string(Running))
		if err == nil {
			_, err = tx.ExecContext(ctx, `insert into meta.runs
				(run_id, command, trigger, started_at, status, message, counts) values (?, ?, ?, ?, ?, '', '{}')`,
				id, command, string(trigger), now, string(Running))
		}
		if err != nil {
			return fmt.Errorf("begin run %s: %w", id, err)
		}
		return nil
	})
}

// EndRun notes how a run ended, and its steps.
func (w *Warehouse) EndRun(
	ctx context.Context, id string, status Status, message string, counts map[string]int64, steps ...Step,
) error {
	text, err := encodeCounts(counts)
	if err != nil {
		return fmt.Errorf("end run %s: %w", id, err)
	}
	return w.transact(ctx, func(tx *sql.Tx) error {
		for _, s := range steps {
			s.Run = id
			if err := addStep(ctx, tx, s); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "update meta.runs set ended_at = ?, status = ?, message = ?, counts = ? where run_id = ?",
			w.options.Now().UTC(), string(status), message, text, id)
		if err != nil {
			return fmt.Errorf("end run %s: %w", id, err)
		}
		return nil
	})
}

// AddStep notes a step that has ended, of a run that goes on.
func (w *Warehouse) AddStep(ctx context.Context, s Step) error {
	return w.transact(ctx, func(tx *sql.Tx) error { return addStep(ctx, tx, s) })
}

func addStep(ctx context.Context, tx *sql.Tx, s Step) error {
	text, err := encodeCounts(s.Counts)
	if err == nil {
		_, err = tx.ExecContext(ctx, `insert into meta.steps
			(run_id, step, job, started_at, ended_at, status, message, counts, position)
			select $1, $2, $3, $4, $5, $6, $7, $8, count(*) from meta.steps where run_id = $1`,
			s.Run, s.Name, s.Job, s.Started.UTC(), s.Ended.UTC(), string(s.Status), s.Message, text)
	}
	if err != nil {
		return fmt.Errorf("step %s of run %s: %w", s.Name, s.Run, err)
	}
	return nil
}

// Runs lists the latest runs, newest first; n = 0 lists all. Their ids say what is
// newest: a clock can go back, ids do not.
func (w *Warehouse) Runs(ctx context.Context, n int) ([]Run, error) {
	rows, err := w.db.QueryContext(ctx, `
		select run_id, command, trigger, started_at, ended_at, status, message, counts from meta.runs
		order by run_id desc limit ?`, limit(n))
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []Run
	for rows.Next() {
		var r Run
		var ended sql.NullTime
		var counts string
		if err := rows.Scan(&r.ID, &r.Command, &r.Trigger, &r.Started, &ended, &r.Status, &r.Message, &counts); err != nil {
			return nil, fmt.Errorf("list runs: %w", err)
		}
		r.Ended = ended.Time
		if err := json.Unmarshal([]byte(counts), &r.Counts); err != nil {
			return nil, fmt.Errorf("list runs: counts of %s: %w", r.ID, err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Steps lists the steps of a run in the order in which they were noted.
func (w *Warehouse) Steps(ctx context.Context, run string) ([]Step, error) {
	rows, err := w.db.QueryContext(ctx, `
		select run_id, step, job, started_at, ended_at, status, message, counts from meta.steps
		where run_id = ? order by position, started_at, ended_at, step`, run)
	if err != nil {
		return nil, fmt.Errorf("list steps: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var list []Step
	for rows.Next() {
		var s Step
		var counts string
		if err := rows.Scan(&s.Run, &s.Name, &s.Job, &s.Started, &s.Ended, &s.Status, &s.Message, &counts); err != nil {
			return nil, fmt.Errorf("list steps: %w", err)
		}
		if err := json.Unmarshal([]byte(counts), &s.Counts); err != nil {
			return nil, fmt.Errorf("list steps: counts of %s: %w", s.Name, err)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// encodeCounts is a JSON object, {} for none.
func encodeCounts(counts map[string]int64) (string, error) {
	if counts == nil {
		return "{}", nil
	}
	text, err := json.Marshal(counts)
	return string(text), err
}
