package model

import (
	"context"
	"fmt"

	"github.com/rogpeppe/go-internal/txtar"
)

// Models are the models of the bench, in building order.
func (b *Bench) Models() []*Model { return b.graph.Models() }

// Rests reports whether a case of one model computes another, not given, one.
func (b *Bench) Rests(model string, archive *txtar.Archive, on string) (bool, error) {
	t, m, err := b.prepare(model, archive)
	if err != nil {
		return false, err
	}
	return b.computed(m, t)[on], nil
}

// computed names what a case needs and does not give.
func (b *Bench) computed(m *Model, t trial) map[string]bool {
	needed, givens := map[string]bool{m.FullName(): true}, t.names()
	b.graph.climb(m.FullName(), givens, needed)
	for name := range givens {
		delete(needed, name)
	}
	return needed
}

// RunEach tries a model's case with one query after the other in the place of that of
// the model on, which the case must compute. What does not rest on it is made once.
// The outcomes are those of Run, one for each query.
func (b *Bench) RunEach(ctx context.Context, model string, archive *txtar.Archive, on *Model, queries []string) ([]error, error) {
	t, m, err := b.prepare(model, archive)
	if err != nil {
		return nil, err
	}
	e := each{bench: b, m: m, on: on, t: t}
	e.share()
	outcomes := make([]error, 0, len(queries))
	for len(outcomes) < len(queries) {
		err := b.in(ctx, t.keep, func(db querier) error {
			var err error
			outcomes, err = e.run(ctx, db, queries, outcomes)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// each is a case tried with several queries for one of the models it computes.
type each struct {
	bench *Bench
	m, on *Model
	t     trial

	above, below []*Model // what is made once, and what is made anew for each query
}

// share parts the models of the case.
func (e *each) share() {
	computed := e.bench.computed(e.m, e.t)
	rests := map[string]bool{e.on.FullName(): true}
	for _, name := range e.bench.graph.Downstream(e.on.FullName()) {
		rests[name] = true
	}
	for _, o := range e.bench.graph.order {
		switch {
		case !computed[o.FullName()] || o == e.on:
		case o.Build.Kind == View:
		case rests[o.FullName()]:
			e.below = append(e.below, o)
		default:
			e.above = append(e.above, o)
		}
	}
}

// run tries the queries that have no outcome yet, up to one that fails: the database
// gives up a transaction in which a query failed.
func (e *each) run(ctx context.Context, db querier, queries []string, outcomes []error) ([]error, error) {
	for _, g := range e.t.givens {
		if err := e.bench.put(ctx, db, g); err != nil {
			return nil, err
		}
	}
	for _, o := range e.above {
		if err := e.make(ctx, db, o, o.SQL); err != nil {
			return nil, err
		}
	}
	want, err := e.bench.canonical(ctx, db, e.m, e.t.want)
	if err != nil {
		return nil, err
	}
	for _, query := range queries[len(outcomes):] {
		got, err := e.once(ctx, db, query)
		if err != nil {
			return append(outcomes, err), nil
		}
		outcomes = append(outcomes, compare(e.m, e.t.want.header, want, got))
	}
	return outcomes, nil
}

// once makes the changed model and what rests on it, and reads the case's model.
func (e *each) once(ctx context.Context, db querier, query string) ([][]string, error) {
	if err := e.make(ctx, db, e.on, query); err != nil {
		return nil, err
	}
	for _, o := range e.below {
		if err := e.make(ctx, db, o, o.SQL); err != nil {
			return nil, err
		}
	}
	got, err := textRows(ctx, db, e.m.FullName(), e.t.want.header)
	if err != nil {
		return nil, e.m.failed(err)
	}
	return got, nil
}

// make builds one model with a query.
func (e *each) make(ctx context.Context, db querier, o *Model, query string) error {
	kind, span := "table", Range{firstDay, lastDay}
	switch {
	case o.Build.Kind == View:
		kind = "view"
	case o == e.m:
		span = e.t.window
	}
	statement := fmt.Sprintf("create or replace %s %s as\n%s", kind, quoteFull(o.FullName()), bind(query, span.From, span.To))
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return o.failed(err)
	}
	return nil
}
