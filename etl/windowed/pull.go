package windowed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/retry"
)

// pull is one Pull or Backfill under way.
type pull struct {
	*Source
	sink   etl.Sink
	watch  etl.Watch
	pulled etl.Pulled
	asked  bool // a piece has been asked for: pause before the next
}

func (s *Source) begin(sink etl.Sink, watch etl.Watch) *pull {
	if watch == nil {
		watch = func(string, int64, int64) {}
	}
	return &pull{Source: s, sink: sink, watch: watch}
}

// catchUp pulls a table from its cursor to now.
func (p *pull) catchUp(ctx context.Context, t Table, now time.Time) error {
	from := p.sink.Cursor(p.options.Name, t.Table)
	if from.IsZero() {
		from = p.options.Since
	}
	overlap := p.options.Overlap
	for _, piece := range pieces(etl.Window{From: from, To: now}, p.options.Chunk) {
		until := piece.To
		piece.From = piece.From.Add(-overlap)
		if err := p.land(ctx, t.Table, piece, overlap > 0); err != nil {
			return err
		}
		p.sink.Advance(p.options.Name, t.Table, until)
		overlap = 0 // the next piece begins where this one ends: nothing can come late in between
	}
	return nil
}

// lookup pulls a table whole, the first time on each local day.
func (p *pull) lookup(ctx context.Context, t Table, now time.Time) error {
	last := p.sink.Cursor(p.options.Name, t.Table)
	if !last.IsZero() && day(last, p.options.Zone) >= day(now, p.options.Zone) {
		return nil
	}
	if err := p.land(ctx, t.Table, etl.Window{}, false); err != nil {
		return err
	}
	p.sink.Advance(p.options.Name, t.Table, now)
	return nil
}

func day(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.DateOnly) }

// blame decides what a table's failure means. A contract that is broken or a table
// that may not be read concerns this table only and becomes a Fault; everything else
// is the source's and ends the pull.
func (p *pull) blame(t etl.Table, err error) error {
	var fault etl.Fault
	var trouble *etl.Trouble
	switch {
	case errors.As(err, &fault):
	case errors.As(err, &trouble) && (trouble.Kind == etl.Contract || trouble.Kind == etl.Permission):
		fault = etl.Fault{Message: trouble.Error(), Try: trouble.Try}
	case err != nil:
		return fmt.Errorf("source %s: %w", p.options.Name, err)
	default:
		return nil
	}
	if fault.Origin == "" {
		fault.Origin = fmt.Sprintf("%s of %s", t.Name, p.options.Name)
	}
	p.pulled.Faults = append(p.pulled.Faults, fault)
	return nil
}

// land asks for one window of a table and lands what comes, whole or not at all. Of a
// window that reaches back over an earlier one only what is new lands.
func (p *pull) land(ctx context.Context, t etl.Table, w etl.Window, again bool) error {
	if p.asked && p.options.Pause > 0 {
		if err := p.options.World.Sleep(ctx, p.options.Pause); err != nil {
			return err
		}
	}
	p.asked = true
	origin := p.origin(t, w)
	var got *answer
	err := retry.Do(ctx, p.options.Policy, p.options.World, func(ctx context.Context) error {
		got.release()
		got = p.expect(t, func(rows int64) { p.watch(origin, rows, 0) })
		if w.Empty() {
			// A lookup that changes and changes back must land again: its day makes
			// it a delivery of its own.
			got.digest([]string{origin})
		}
		q := Query{Table: t, Window: w, Names: p.options.ColumnMap[t.Name]}
		if err := p.options.Feed.Fetch(ctx, q, got); err != nil {
			return err
		}
		return got.finish()
	})
	defer func() { got.release() }()
	if err != nil {
		return err
	}
	if err := p.weigh(ctx, t, w, got.rows); err != nil {
		return err
	}
	content := got.content()
	if got.rows == 0 {
		return nil
	}
	if p.sink.Known(t, content) || again && !got.keepNews(p.recent(ctx, t, w.From)) {
		p.pulled.Known = append(p.pulled.Known, origin)
		return nil
	}
	batch := etl.Batch{Source: p.options.Name, Table: t, Origin: origin, Content: content}
	if w.Of == etl.Updated { // days brought again say nothing of how far the updates are in
		batch.From, batch.To = w.From, w.To
	}
	landed, err := got.commit(p.sink, batch)
	if err != nil {
		return err
	}
	p.pulled.Batches = append(p.pulled.Batches, landed)
	return nil
}

// recent gathers what has landed of a table since a time. Where that cannot be read
// nothing counts as landed: then all lands again, which does no harm.
func (p *pull) recent(ctx context.Context, t etl.Table, since time.Time) *landed {
	have := newLanded(t)
	if err := p.sink.Recent(ctx, t, since, have.add); err != nil {
		return newLanded(t)
	}
	return have
}

// leastNormal is the usual number of rows from which a window is judged by it.
const leastNormal = 400

// weigh holds a window that brings far less than it usually does: a source that has
// lost its rows looks like a quiet one. The error is an etl.Fault.
func (p *pull) weigh(ctx context.Context, t etl.Table, w etl.Window, rows int64) error {
	if p.options.Normal == nil || p.options.Confirmed || w.Empty() || w.Of != etl.Updated {
		return nil
	}
	usual, ok, err := p.options.Normal(ctx, t, w)
	if err != nil || !ok || usual < leastNormal || 4*rows >= usual {
		return err
	}
	return etl.Fault{
		Origin:  p.origin(t, w),
		Message: fmt.Sprintf("the window brought %d rows where about %d are usual; it is held, and asked for again next time", rows, usual),
		Try:     fmt.Sprintf("see that the source is whole, or accept it: ddh run --confirm %s", p.options.Name),
	}
}

// origin says for people where a batch came from.
func (p *pull) origin(t etl.Table, w etl.Window) string {
	if w.Empty() {
		return fmt.Sprintf("%s, whole, %s", t.Name, day(p.options.Now(), p.options.Zone))
	}
	const layout = "2006-01-02 15:04"
	return fmt.Sprintf("%s, %s %s to %s", t.Name, w.Of, w.From.In(p.options.Zone).Format(layout), w.To.In(p.options.Zone).Format(layout))
}
