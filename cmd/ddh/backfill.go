package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// backfill is one stretch of a source's history that is fetched day by day.
type backfill struct {
	source   string
	from, to time.Time // local midnights
	offPeak  bool
}

func (a *app) backfillCommand() *cobra.Command {
	var from, to string
	b := backfill{}
	cmd := &cobra.Command{
		Use:   "backfill SOURCE --from DATE --to DATE",
		Short: "Fetch a stretch of a source's history again",
		Long: `Fetch what happened on some days from a source again, day by day, and load, build and
publish it. What is there already is not doubled. A backfill that was interrupted goes
on where it stopped when it is given again with the same days.`,
		Example: "  ddh backfill puzzel --from 2025-01-01 --to 2025-12-31 --off-peak",
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.readProject()
			if err != nil {
				return err
			}
			b.source = args[0]
			if err := p.knows(b.source); err != nil {
				return err
			}
			if err := b.read(from, to, p.config.Timezone); err != nil {
				return err
			}
			line := &pipeline{project: p, command: "backfill " + b.source, progress: a.progress()}
			line.instead = func(ctx context.Context, _ *warehouse.Warehouse, sink etl.Sink, key *privacy.Key) error {
				return line.backfill(ctx, sink, key, b)
			}
			return a.execute(cmd.Context(), line)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "first day")
	cmd.Flags().StringVar(&to, "to", "", "last day")
	cmd.Flags().BoolVar(&b.offPeak, "off-peak", false, "wait while it is a weekday between 7 and 20")
	return cmd
}

// read reads the days; to is the last one, and becomes the midnight after it.
func (b *backfill) read(from, to string, zone *time.Location) (err error) {
	if from == "" || to == "" {
		return usagef("a backfill needs --from and --to")
	}
	if b.from, err = time.ParseInLocation(time.DateOnly, from, zone); err != nil {
		return usagef("--from %q is not a date like 2025-07-01", from)
	}
	if b.to, err = time.ParseInLocation(time.DateOnly, to, zone); err != nil {
		return usagef("--to %q is not a date like 2026-09-30", to)
	}
	b.to = b.to.AddDate(0, 0, 1)
	if !b.from.Before(b.to) {
		return usagef("--to %s is before --from %s", to, from)
	}
	return nil
}

// backfillMark says how far a backfill got; it lies in the data folder until the whole
// is done.
type backfillMark struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Done time.Time `json:"done"` // midnight up to which every day has landed
}

func (p *pipeline) backfill(ctx context.Context, sink etl.Sink, key *privacy.Key, b backfill) (err error) {
	made, err := p.project.sources(sourceSetup{key: key}, b.source, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.close()) }()
	source, ok := made.all[0].(etl.Historian)
	if !ok {
		return &usageError{
			err: fmt.Errorf("the source %s is a folder: it has no history to ask for", b.source),
			try: "put the files into the folder, and ddh run",
		}
	}
	path := filepath.Join(p.project.config.DataDir, "backfill-"+b.source+".json")
	mark := readBackfillMark(path, b)
	watch := p.progress.begin("backfill")
	days := int64(b.to.Sub(b.from).Round(24*time.Hour) / (24 * time.Hour))
	var rows int64
	rate := func() float64 {
		return float64(rows) / max(p.project.app.now().Sub(p.progress.begun).Seconds(), 0.001)
	}
	for day := mark.Done; day.Before(b.to); {
		if err := p.waitOffPeak(ctx, b); err != nil {
			return err
		}
		next := day.In(b.from.Location()).AddDate(0, 0, 1)
		brought, err := source.Backfill(ctx, etl.Window{From: day, To: next, Of: etl.Happened}, sink, nil)
		p.outcome.take(brought)
		if err != nil {
			return &unreachableError{err}
		}
		if len(brought.Faults) > 0 {
			return fmt.Errorf("backfill of %s stopped: %w", day.Format(time.DateOnly), brought.Faults[0])
		}
		for _, batch := range brought.Batches {
			rows += batch.Counts.Read
		}
		day, mark.Done = next, next
		if err := mark.write(path); err != nil {
			return err
		}
		watch(fmt.Sprintf("%s, %.0f rows/s", b.source, rate()), int64(next.Sub(b.from).Round(24*time.Hour)/(24*time.Hour)), days)
	}
	p.progress.done("%s: %d days, %d rows, %.0f rows a second", b.source, days, rows, rate())
	return os.Remove(path)
}

// readBackfillMark is where to go on: at the beginning, unless the same backfill was
// interrupted.
func readBackfillMark(path string, b backfill) backfillMark {
	fresh := backfillMark{From: b.from, To: b.to, Done: b.from}
	var mark backfillMark
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &mark) != nil || !mark.From.Equal(b.from) || !mark.To.Equal(b.to) {
		return fresh
	}
	return mark
}

func (m backfillMark) write(path string) error {
	return replaceFile(path, private, func(out io.Writer) error { return json.NewEncoder(out).Encode(m) })
}

// The hours in which the hotline and its phone system are busy, Monday to Friday.
const busyFrom, busyTo = 7, 20

// waitOffPeak waits until the busy hours are over.
func (p *pipeline) waitOffPeak(ctx context.Context, b backfill) error {
	for b.offPeak {
		now := p.project.app.now().In(b.from.Location())
		weekend := now.Weekday() == time.Saturday || now.Weekday() == time.Sunday
		if weekend || now.Hour() < busyFrom || now.Hour() >= busyTo {
			return nil
		}
		end := time.Date(now.Year(), now.Month(), now.Day(), busyTo, 0, 0, 0, now.Location())
		p.project.app.logger().Info("waiting for the evening", "until", end)
		if err := p.project.app.pause(ctx, end.Sub(now)); err != nil {
			return err
		}
	}
	return nil
}
