package model

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// Bench is where models are tried on a few rows: a database in which every model
// has been built over empty tables once, so that each has its real columns and
// types. A case runs in a transaction that is rolled back.
type Bench struct {
	graph *Graph
	conn  *sql.Conn
	shape map[string]object // every table and view, as built over nothing
}

// NewBench takes over conn's database, which must be a throw-away one with the
// tables of the raw, reference and seeds schemas: it builds all of the graph over
// what they hold now. Cases see those tables empty all the same.
func NewBench(ctx context.Context, conn *sql.Conn, g *Graph) (*Bench, error) {
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	bare := unchecked(g)
	if _, err := bare.Build(ctx, conn, Options{Run: "bench", Full: true, Now: func() time.Time { return at }}); err != nil {
		return nil, fmt.Errorf("preparing the bench: %w", err)
	}
	objects, err := readObjects(ctx, conn)
	if err != nil {
		return nil, err
	}
	return &Bench{graph: g, conn: conn, shape: objects}, nil
}

// unchecked is the graph without checks on rows, which models over empty tables
// cannot promise to pass.
func unchecked(g *Graph) *Graph {
	bare := &Graph{byName: make(map[string]*Model), reads: g.reads, externals: g.externals}
	for _, m := range g.order {
		plain := *m
		plain.Checks, plain.OneRow = nil, false
		bare.order = append(bare.order, &plain)
		bare.byName[m.FullName()] = &plain
	}
	return bare
}

// in begins a transaction in which all external tables but those in keep are
// empty, runs do, and undoes everything.
func (b *Bench) in(ctx context.Context, keep map[string]bool, do func(db querier) error) error {
	tx, err := b.conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("starting a case: %w", err)
	}
	defer tx.Rollback()
	for _, name := range b.graph.externals {
		if keep[name] {
			continue
		}
		if _, err := tx.ExecContext(ctx, "delete from "+quoteFull(name)); err != nil {
			return fmt.Errorf("emptying %s: %w", name, err)
		}
	}
	return do(tx)
}

// put makes a given table or model a table of the given rows.
func (b *Bench) put(ctx context.Context, db querier, t given) error {
	o, ok := b.shape[t.table]
	if !ok {
		return fmt.Errorf("%s: there is no table %s", t.file, t.table)
	}
	columns := make([]typedColumn, len(t.header))
	for i, name := range t.header {
		j := indexColumn(o.columns, name)
		if j < 0 {
			return fmt.Errorf("%s: %s has no column %s", t.file, t.table, name)
		}
		columns[i] = o.columns[j]
	}
	if err := t.fits(ctx, db, t.file, columns); err != nil {
		return err
	}
	if err := b.empty(ctx, db, t.table, o); err != nil {
		return err
	}
	return t.insert(ctx, db, t.file, t.table, columns)
}

// empty leaves an empty table of an object's shape under its name.
func (b *Bench) empty(ctx context.Context, db querier, full string, o object) error {
	if o.isView {
		if _, err := db.ExecContext(ctx, "drop view "+quoteFull(full)); err != nil {
			return fmt.Errorf("replacing %s: %w", full, err)
		}
	}
	definitions := make([]string, len(o.columns))
	for i, c := range o.columns {
		definitions[i] = quote(c.name) + " " + c.dataType
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("create or replace table %s (%s)", quoteFull(full), strings.Join(definitions, ", "))); err != nil {
		return fmt.Errorf("replacing %s: %w", full, err)
	}
	return nil
}

func indexColumn(columns []typedColumn, name string) int {
	for i, c := range columns {
		if c.name == name {
			return i
		}
	}
	return -1
}

// build makes the model and everything under it, down to the given tables.
func (b *Bench) build(ctx context.Context, db querier, m *Model, givens map[string]bool, window Range) error {
	needed := map[string]bool{m.FullName(): true}
	b.graph.climb(m.FullName(), givens, needed)
	for _, up := range b.graph.order {
		full := up.FullName()
		if !needed[full] || givens[full] || up.Build.Kind == View {
			continue
		}
		span := Range{firstDay, lastDay}
		if up == m {
			span = window
		}
		if _, err := db.ExecContext(ctx, fmt.Sprintf("create or replace table %s as\n%s", quoteFull(full), bind(up.SQL, span.From, span.To))); err != nil {
			return up.failed(err)
		}
	}
	return nil
}
