package model

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Options are what a build needs from outside.
type Options struct {
	Run    string // id of the run, kept with every result
	Full   bool   // build everything whole
	Watch  etl.Watch
	Now    func() time.Time
	Checks fs.FS // queries that look for wrong rows, see LoadRowChecks; nil for none
}

// Build brings every model up to date in one transaction: what Plan says is built,
// checked against its header, and only then committed together with the new state
// and an empty meta.touched. On any error, a *CheckError among them, everything
// is as it was before.
func (g *Graph) Build(ctx context.Context, conn *sql.Conn, opt Options) (Result, error) {
	rowChecks, err := loadOptional(opt.Checks)
	if err != nil {
		return Result{}, err
	}
	started := opt.Now()
	// Statements end with ctx; the rollback is ours, so that it is over when we return.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return Result{}, fmt.Errorf("starting the build: %w", err)
	}
	defer tx.Rollback()
	b := &builder{ctx: ctx, db: tx, graph: g, opt: opt, kept: make(map[string]bool), result: Result{Run: opt.Run}}
	if err := b.run(rowChecks); err != nil {
		return Result{}, err
	}
	if err := tx.Commit(); err != nil {
		return Result{}, fmt.Errorf("committing the build: %w", err)
	}
	b.result.Took = opt.Now().Sub(started)
	return b.result, nil
}

// builder is one build under way.
type builder struct {
	ctx     context.Context
	db      querier
	graph   *Graph
	opt     Options
	state   state
	changes map[string]change
	kept    map[string]bool // models of which changedRows exists
	result  Result
}

func (b *builder) run(rowChecks []RowCheck) error {
	var err error
	if b.state, err = readState(b.ctx, b.db, b.graph.externals); err != nil {
		return err
	}
	if err := b.drop(); err != nil {
		return err
	}
	b.changes = b.graph.externalChanges(b.state)
	total := int64(len(b.graph.order))
	for i, m := range b.graph.order {
		if b.opt.Watch != nil {
			b.opt.Watch(m.FullName(), int64(i), total)
		}
		if err := b.model(m); err != nil {
			return err
		}
	}
	if b.opt.Watch != nil {
		b.opt.Watch("checks", total, total)
	}
	if err := b.rowChecks(rowChecks); err != nil {
		return err
	}
	if err := b.forgetChanged(); err != nil {
		return err
	}
	return b.remember()
}

func (b *builder) drop() error {
	for _, d := range b.graph.dropped(b.state) {
		if err := b.remove(d.Model); err != nil {
			return err
		}
		if err := forget(b.ctx, b.db, d.Model); err != nil {
			return err
		}
		b.result.Steps = append(b.result.Steps, Step{Decision: d})
	}
	return nil
}

// remove drops a model's table or view, whichever it is.
func (b *builder) remove(full string) error {
	o, exists := b.state.objects[full]
	if !exists {
		return nil
	}
	kind := "table"
	if o.isView {
		kind = "view"
	}
	if _, err := b.db.ExecContext(b.ctx, "drop "+kind+" "+quoteFull(full)); err != nil {
		return fmt.Errorf("dropping %s: %w", full, err)
	}
	return nil
}

// model decides on one model, builds and checks it, and notes what that means for
// those who read it.
func (b *builder) model(m *Model) error {
	changes, err := b.reaching(m)
	if err != nil {
		return err
	}
	d := decide(m, b.state, b.graph.reads[m.FullName()], changes, b.opt.Full)
	if d.Action == Nothing {
		b.result.Steps = append(b.result.Steps, Step{Decision: d})
		return nil
	}
	started := b.opt.Now()
	step := Step{Decision: d}
	if err := b.make(m, &step); err != nil {
		return err
	}
	columns, err := b.columns(m)
	if err != nil {
		return err
	}
	if err := m.contract(columns); err != nil {
		return err
	}
	if d.Action == Whole || d.wholeCheck {
		if err := b.comment(m); err != nil {
			return err
		}
	}
	rows, err := b.verify(m, d)
	if err != nil {
		return err
	}
	if step.Action != Partial {
		step.Rows = rows
	}
	step.Took = b.opt.Now().Sub(started)
	if err := b.settle(m, &step, columns); err != nil {
		return err
	}
	b.result.Steps = append(b.result.Steps, step)
	return nil
}

// settle works out what changed, and records the model.
func (b *builder) settle(m *Model, step *Step, columns []typedColumn) error {
	old, known := b.state.records[m.FullName()]
	r := record{
		kind: [...]string{"view", "table", "incremental"}[m.Build.Kind], sqlHash: m.sqlHash(), headerHash: m.headerHash(),
		columns: shape(columns), fingerprint: old.fingerprint, rows: step.Rows,
		run: b.opt.Run, action: string(step.Action), reason: step.Reason, seconds: step.Took.Seconds(),
	}
	if err := b.measure(m, step, &r); err != nil {
		return err
	}
	ch := change{reshaped: known && old.columns != r.columns}
	switch {
	case m.Build.Kind == View && step.Action != Whole:
		ch.causes = step.causes
	case step.Action == Partial:
		ch.causes = []cause{{name: m.Name, days: step.Days}}
	case step.Action == Whole && (m.Build.Kind != Table || !known || r.fingerprint != old.fingerprint):
		ch.causes = []cause{{name: m.Name, why: "changed", whole: true}}
	}
	step.Changed = ch.reshaped || len(ch.causes) > 0
	b.changes[m.FullName()] = ch
	return writeRecord(b.ctx, b.db, m.FullName(), r, b.opt.Now())
}

// measure counts the rows a table has now; those that were looked at may be of
// some days only. Through a view nothing is counted twice.
func (b *builder) measure(m *Model, step *Step, r *record) error {
	var err error
	switch {
	case m.Build.Kind == Table && step.Action == Whole:
		r.fingerprint, r.rows, err = fingerprint(b.ctx, b.db, m.FullName())
	case m.Build.Kind != View:
		err = b.db.QueryRowContext(b.ctx, "select count(*) from "+quoteFull(m.FullName())).Scan(&r.rows)
	case len(step.Days) > 0:
		r.rows = -1
	}
	if err != nil {
		return m.failed(err)
	}
	return nil
}

// remember records the external tables as they were read, and that nothing is
// waiting any more.
func (b *builder) remember() error {
	for name := range b.state.records {
		schema, _, _ := strings.Cut(name, ".")
		if b.graph.byName[name] == nil && !isLayer(schema) {
			if err := forget(b.ctx, b.db, name); err != nil {
				return err
			}
		}
	}
	for _, name := range b.graph.externals {
		schema, _, _ := strings.Cut(name, ".")
		r := record{kind: schema, fingerprint: b.state.prints[name], columns: shape(b.state.objects[name].columns), rows: -1, run: b.opt.Run}
		if err := writeRecord(b.ctx, b.db, name, r, b.opt.Now()); err != nil {
			return err
		}
	}
	if _, err := b.db.ExecContext(b.ctx, "delete from meta.touched"); err != nil {
		return fmt.Errorf("clearing meta.touched: %w", err)
	}
	return nil
}
