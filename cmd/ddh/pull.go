package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// bring pulls from the sources that the run was asked for, and reconciles if it was
// asked for that.
func (p *pipeline) bring(ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, key *privacy.Key) (err error) {
	setup := sourceSetup{key: key, normal: p.normalRows, confirmed: p.confirm}
	made, err := p.project.sources(setup, p.source, p.account.jobs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.close()) }()
	for _, f := range made.faulty {
		p.account.pull(f.name)(etl.Pulled{}, f.err)
		p.outcome.unreachable = append(p.outcome.unreachable, &unreachableError{f.err})
	}
	if err := p.pull(ctx, sink, made.all); err != nil {
		return err
	}
	if p.account.wants(config.Reconcile) {
		return p.reconcile(ctx, w, sink, key)
	}
	return nil
}

// pull lands everything new. A source that cannot be read stops neither the others
// nor the steps that follow: it is told at the end. The error is for a landing that
// cannot be written to, and for the end of the context.
func (p *pipeline) pull(ctx context.Context, sink etl.Sink, sources []etl.Source) error {
	watch := p.progress.begin("pull")
	if err := p.pullEach(ctx, sink, sources, watch); err != nil {
		return err
	}
	p.pullDone()
	return nil
}

// pullEach pulls from one source after the other.
func (p *pipeline) pullEach(ctx context.Context, sink etl.Sink, sources []etl.Source, watch etl.Watch) error {
	for _, s := range sources {
		heeded := &heededSink{Sink: sink}
		ended := p.account.pull(s.Name())
		brought, err := s.Pull(ctx, heeded, watch)
		ended(brought, err)
		p.outcome.take(brought)
		if err == nil || len(brought.Faults) > 0 {
			p.outcome.refuse(s.Name(), brought.Faults)
		}
		switch {
		case err == nil:
		case heeded.failed != nil || ctx.Err() != nil:
			return fmt.Errorf("source %s: %w", s.Name(), err)
		default:
			p.outcome.unreachable = append(p.outcome.unreachable, &unreachableError{err})
		}
	}
	return nil
}

// pullDone ends the step with what it brought.
func (p *pipeline) pullDone() {
	pulled := p.outcome.pulled
	var rows int64
	for _, b := range pulled.Batches {
		rows += b.Counts.Read
	}
	p.progress.done("%d new batches with %d rows, %d seen before, %d refused",
		len(pulled.Batches), rows, len(pulled.Known), len(pulled.Faults))
}

// heededSink remembers whether it failed itself: what a source answers does not tell
// its own trouble from the landing's.
type heededSink struct {
	etl.Sink
	failed error
}

func (s *heededSink) Begin(b etl.Batch) (etl.Writer, error) {
	w, err := s.Sink.Begin(b)
	if s.heed(err) != nil {
		return nil, err
	}
	return &heededWriter{Writer: w, sink: s}, nil
}

func (s *heededSink) heed(err error) error {
	if err != nil {
		s.failed = err
	}
	return err
}

type heededWriter struct {
	etl.Writer
	sink *heededSink
}

func (w *heededWriter) Write(rec arrow.RecordBatch) error { return w.sink.heed(w.Writer.Write(rec)) }
func (w *heededWriter) Reject(r etl.Reject) error         { return w.sink.heed(w.Writer.Reject(r)) }
func (w *heededWriter) Abort() error                      { return w.sink.heed(w.Writer.Abort()) }

func (w *heededWriter) Commit(d etl.Drift) (etl.Landed, error) {
	landed, err := w.Writer.Commit(d)
	return landed, w.sink.heed(err)
}
