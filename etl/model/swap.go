package model

import (
	"context"
	"fmt"

	"github.com/rogpeppe/go-internal/txtar"
)

// With returns a bench on which one model has another query. It shares the database
// of b, and like b serves one case at a time.
func (b *Bench) With(model, query string) (*Bench, error) {
	m, ok := b.graph.Lookup(model)
	if !ok {
		return nil, fmt.Errorf("there is no model %s", model)
	}
	changed := *m
	changed.SQL = query
	g := &Graph{byName: make(map[string]*Model), reads: b.graph.reads, externals: b.graph.externals}
	for _, o := range b.graph.order {
		if o == m {
			o = &changed
		}
		g.order = append(g.order, o)
		g.byName[o.FullName()], g.byName[o.Name] = o, o
	}
	return &Bench{graph: g, conn: b.conn, shape: b.shape, changed: &changed}, nil
}

// Models are the models of the bench, in building order.
func (b *Bench) Models() []*Model { return b.graph.Models() }

// Rests reports whether a case of one model computes another, not given, one.
func (b *Bench) Rests(model string, archive *txtar.Archive, on string) (bool, error) {
	t, m, err := b.prepare(model, archive)
	if err != nil {
		return false, err
	}
	givens := make(map[string]bool)
	for _, g := range t.givens {
		givens[g.table] = true
	}
	needed := map[string]bool{m.FullName(): true}
	b.graph.climb(m.FullName(), givens, needed)
	return needed[on] && !givens[on], nil
}

// swap puts the changed model's view in the place of the one that the bench made; what
// is no view is made anew by every case.
func (b *Bench) swap(ctx context.Context, db querier) error {
	if b.changed == nil || b.changed.Build.Kind != View {
		return nil
	}
	query := bind(b.changed.SQL, firstDay, lastDay)
	if _, err := db.ExecContext(ctx, fmt.Sprintf("create or replace view %s as\n%s", quoteFull(b.changed.FullName()), query)); err != nil {
		return b.changed.failed(err)
	}
	return nil
}
