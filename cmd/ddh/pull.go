package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
)

// pull lands everything new. A source that cannot be read stops neither the others
// nor the steps that follow: it is told at the end. The error is for a landing that
// cannot be written to, and for the end of the context.
func (p *pipeline) pull(ctx context.Context, sink etl.Sink, sources []etl.Source) error {
	watch := p.progress.begin("pull")
	pulled := &p.outcome.pulled
	for _, s := range sources {
		heeded := &heededSink{Sink: sink}
		ended := p.account.pull(s.Name())
		brought, err := s.Pull(ctx, heeded, watch)
		ended(brought, err)
		pulled.Batches = append(pulled.Batches, brought.Batches...)
		pulled.Known = append(pulled.Known, brought.Known...)
		pulled.Faults = append(pulled.Faults, brought.Faults...)
		switch {
		case err == nil:
		case heeded.failed != nil || ctx.Err() != nil:
			return fmt.Errorf("source %s: %w", s.Name(), err)
		default:
			p.outcome.unreachable = append(p.outcome.unreachable, &unreachableError{err})
		}
	}
	var rows int64
	for _, b := range pulled.Batches {
		rows += b.Counts.Read
		p.reportDrift(b)
	}
	p.progress.done("%d new batches with %d rows, %d seen before, %d refused",
		len(pulled.Batches), rows, len(pulled.Known), len(pulled.Faults))
	return nil
}

func (p *pipeline) reportDrift(b etl.Landed) {
	if len(b.Drift.Unknown) > 0 {
		p.project.app.warnf("%s: unknown columns are left out: %s", b.Batch.Origin, strings.Join(b.Drift.Unknown, ", "))
	}
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
