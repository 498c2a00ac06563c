package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/replay"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// replayRequest says which rows are to be brought again.
type replayRequest struct {
	batch string            // "" for all
	rows  []int64           // none for all of the batch
	set   map[string]string // column to corrected value
}

func (a *app) quarantineReplayCommand() *cobra.Command {
	var set []string
	cmd := &cobra.Command{
		Use:   "replay [BATCH [ROW...]]",
		Short: "Bring quarantined rows again: all of them, a batch's or some",
		Long: `Read quarantined rows again, and load, build and publish those that read now: after
an update of the program, a new column map, or with a corrected value. A call comes back
whole: with a row come those that waited for it. The others stay in quarantine with
today's reason. What came under a call_id that had been another call's comes back only
where its row is named; it takes that call's place if it is newer.`,
		Example: `  ddh quarantine replay
  ddh quarantine replay 20261005T060000Z-0001-5f0c2a9be813 2 --set dte_start=2026-09-30T10:00:00`,
		RunE: func(cmd *cobra.Command, args []string) error {
			request, err := parseReplay(args, set)
			if err != nil {
				return err
			}
			p, err := a.readProject()
			if err != nil {
				return err
			}
			line := &pipeline{project: p, command: "quarantine replay", progress: a.progress()}
			line.instead = func(ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, key *privacy.Key) error {
				return line.replay(ctx, w, sink, key, request)
			}
			return a.execute(cmd.Context(), line)
		},
	}
	cmd.Flags().StringArrayVar(&set, "set", nil, "a corrected value, as column=value; not for columns with personal data")
	return cmd
}

func parseReplay(args, set []string) (replayRequest, error) {
	r := replayRequest{set: map[string]string{}}
	for i, arg := range args {
		if i == 0 {
			r.batch = arg
			continue
		}
		row, err := strconv.ParseInt(arg, 10, 64)
		if err != nil {
			return r, usagef("row %q is not a number", arg)
		}
		r.rows = append(r.rows, row)
	}
	for _, pair := range set {
		column, value, ok := strings.Cut(pair, "=")
		if !ok || column == "" {
			return r, usagef("--set %q is not column=value", pair)
		}
		r.set[column] = value
	}
	if len(set) > 0 && len(r.rows) == 0 {
		return r, usagef("--set needs a batch and the rows whose value it corrects")
	}
	return r, nil
}

// replay lands the rows asked for as new batches, one per batch they came in.
func (p *pipeline) replay(
	ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, key *privacy.Key, request replayRequest,
) error {
	p.progress.begin("replay")
	aside, err := w.Quarantine(ctx, warehouse.QuarantineFilter{Batch: request.batch})
	if err != nil {
		return err
	}
	if len(request.rows) > 0 {
		aside = slices.DeleteFunc(aside, func(q warehouse.Quarantined) bool { return !slices.Contains(request.rows, q.Row) })
	}
	if request.batch != "" && len(aside) == 0 {
		return usagef("batch %s has no such rows in quarantine", request.batch)
	}
	if len(request.rows) == 0 {
		aside = p.withoutReused(aside)
	}
	again, still := 0, 0
	for len(aside) > 0 { // they come in the order of their batches
		n := slices.IndexFunc(aside, func(q warehouse.Quarantined) bool { return q.Batch != aside[0].Batch })
		if n < 0 {
			n = len(aside)
		}
		done, err := p.replayBatch(ctx, w, sink, key, aside[:n], request.set)
		if err != nil {
			return err
		}
		again, still = again+done.Again, still+len(done.Still)
		for _, r := range done.Still {
			fault := etl.Fault{Origin: fmt.Sprintf("%s, row %d", aside[0].Batch, r.Row), Column: r.Column, Message: r.Message}
			p.outcome.still = append(p.outcome.still, fault.Error())
		}
		aside = aside[n:]
	}
	p.progress.done("%d rows read now, %d stay in quarantine", again, still)
	return nil
}

// withoutReused leaves out what came under a key that had been used for something else:
// to bring that is a decision, so its rows must be named.
func (p *pipeline) withoutReused(aside []warehouse.Quarantined) []warehouse.Quarantined {
	return slices.DeleteFunc(aside, func(q warehouse.Quarantined) bool {
		if !warehouse.NeedsDecision(q.Rule) {
			return false
		}
		fault := etl.Fault{Origin: fmt.Sprintf("%s, row %d", q.Batch, q.Row), Message: q.Message + "; name its batch and row to load it in place of what is there"}
		p.outcome.still = append(p.outcome.still, fault.Error())
		return true
	})
}

func (p *pipeline) replayBatch(
	ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, key *privacy.Key, aside []warehouse.Quarantined, set map[string]string,
) (replay.Result, error) {
	first := aside[0]
	at := slices.IndexFunc(tables(), func(t etl.Table) bool { return t.Owner == first.Owner && t.Name == first.Table })
	if at < 0 {
		return replay.Result{}, fmt.Errorf("batch %s is of table %s, which this program does not know", first.Batch, first.Table)
	}
	table := tables()[at]
	rejects := make([]etl.Reject, len(aside))
	for i, q := range aside {
		rejects[i] = q.Reject
	}
	o := replay.Options{Source: first.Source, Table: table, Batch: first.Batch, Set: set, Protect: key}
	o.Latest, _ = etl.Batch{ID: p.run}.Latest()
	for _, s := range p.project.config.Sources {
		if s.Name == first.Source {
			o.Names, o.Formats = s.Columns[table.Name], s.Formats
		}
	}
	if err := o.Check(); err != nil {
		return replay.Result{}, &usageError{err: err}
	}
	batch, err := w.Quarantine(ctx, warehouse.QuarantineFilter{Batch: first.Batch})
	if err != nil {
		return replay.Result{}, err
	}
	all := make([]etl.Reject, len(batch))
	for i, q := range batch {
		all[i] = q.Reject
	}
	rest := replay.Rest{
		Keys:  func(rows [][]string) ([]string, error) { return w.Keys(ctx, table, rows) },
		Mates: func(rows [][]string) ([][]string, error) { return w.Mates(ctx, table, first.Batch, rows) },
	}
	done, err := replay.Run(o, rejects, all, rest, sink)
	if err == nil && done.Again > 0 {
		p.outcome.pulled.Batches = append(p.outcome.pulled.Batches, done.Landed)
	}
	return done, err
}
