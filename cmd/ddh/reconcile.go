package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// reconcile compares the warehouse day by day with every source that can count, and
// brings days of which a source has more again. Days of which it has less are left
// as they are: sources delete what is old, and we keep it.
func (p *pipeline) reconcile(ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, key *privacy.Key) (err error) {
	job, _ := p.project.config.Job(config.Reconcile)
	made, err := p.project.sources(sourceSetup{key: key}, "", nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.close()) }()
	p.progress.begin("reconcile")
	ended := p.account.step(config.Reconcile, config.Reconcile)
	counts, told := map[string]int64{}, []error{}
	for _, f := range made.faulty {
		told = append(told, fmt.Errorf("reconcile: %w", f.err))
	}
	for _, s := range made.all {
		source, ok := s.(etl.Historian)
		if !ok {
			continue
		}
		if err := p.reconcileSource(ctx, w, sink, source, job.Days, counts); err != nil {
			if ctx.Err() != nil {
				return err
			}
			told = append(told, fmt.Errorf("reconcile: %w", err))
		}
	}
	err = errors.Join(told...)
	ended(counts, err)
	if err != nil {
		p.outcome.unreachable = append(p.outcome.unreachable, &unreachableError{err})
	}
	p.progress.done("%d days compared, %d brought again, %d of which a source has less", counts["days"], counts["again"], counts["fewer"])
	return nil
}

// reconcileSource does it for one source. Sources that cannot count are passed over.
func (p *pipeline) reconcileSource(
	ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, source etl.Historian, days int, counts map[string]int64,
) error {
	zone := p.project.config.Timezone
	now := p.project.app.now().In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone) // today is still under way
	window := etl.Window{From: midnight.AddDate(0, 0, -days), To: midnight, Of: etl.Happened}
	theirs, err := source.Days(ctx, window)
	var trouble *etl.Trouble
	if errors.As(err, &trouble) && trouble.Kind == etl.Contract {
		return nil
	}
	if err != nil {
		return err
	}
	ours, err := w.DayCounts(ctx, source.Main(), window.From.Format(time.DateOnly), window.To.Format(time.DateOnly))
	if err != nil {
		return err
	}
	counts["days"] += int64(days)
	for day, n := range ours {
		if theirs[day] < n {
			counts["fewer"]++
		}
	}
	for _, day := range slices.Sorted(maps.Keys(theirs)) {
		if theirs[day] <= ours[day] {
			continue
		}
		from, err := time.ParseInLocation(time.DateOnly, day, zone)
		if err != nil {
			return fmt.Errorf("%s counts %q, which is no day", source.Name(), day)
		}
		p.project.app.logger().Warn("a day differs and is brought again",
			"source", source.Name(), "day", day, "source_has", theirs[day], "warehouse_has", ours[day])
		brought, err := source.Backfill(ctx, etl.Window{From: from, To: from.AddDate(0, 0, 1), Of: etl.Happened}, sink, p.progress.watch)
		p.outcome.take(brought)
		if err != nil {
			return err
		}
		counts["again"]++
	}
	return nil
}

// take adds what a source brought.
func (o *outcome) take(brought etl.Pulled) {
	o.pulled.Batches = append(o.pulled.Batches, brought.Batches...)
	o.pulled.Known = append(o.pulled.Known, brought.Known...)
	o.pulled.Faults = append(o.pulled.Faults, brought.Faults...)
}
