package model

import (
	"fmt"
	"strings"
)

// candidate is the temporary table in which rows of some days are built, so that
// they can be looked at before they replace others.
const candidate = "model_candidate"

// make writes the rows a decision asks for. Nothing is checked yet but what would
// leave rows that no later build can find again.
func (b *builder) make(m *Model, step *Step) error {
	switch step.Action {
	case Whole:
		return b.whole(m)
	case Partial:
		return b.partial(m, step)
	default:
		return nil
	}
}

func (b *builder) whole(m *Model) error {
	if o, exists := b.state.objects[m.FullName()]; exists && o.isView != (m.Build.Kind == View) {
		if err := b.remove(m.FullName()); err != nil {
			return err
		}
	}
	kind := "table"
	if m.Build.Kind == View {
		kind = "view"
	}
	if _, err := b.db.ExecContext(b.ctx, fmt.Sprintf(
		"create or replace %s %s as\n%s", kind, quoteFull(m.FullName()), bind(m.SQL, firstDay, lastDay))); err != nil {
		return m.failed(err)
	}
	return nil
}

// partial replaces the rows of each range of days. The candidate must stay inside
// the range: a row outside of it would be added again by every later build.
func (b *builder) partial(m *Model, step *Step) error {
	by := quote(m.Build.By)
	for _, r := range step.Days {
		if _, err := b.db.ExecContext(b.ctx, fmt.Sprintf(
			"create or replace temp table %s as\n%s", candidate, bind(m.SQL, r.From, r.To))); err != nil {
			return m.failed(err)
		}
		var rows, stray int64
		err := b.db.QueryRowContext(b.ctx, fmt.Sprintf(
			"select count(*), count(*) filter (where %s is null or not %s) from %s", by, Days{r}.where(m.Build.By), candidate)).Scan(&rows, &stray)
		if err != nil {
			return m.failed(err)
		}
		if stray > 0 {
			return &CheckError{Model: m.FullName(), Check: m.Build.By + " lies in [$from, $to)", Failed: stray, Total: rows}
		}
		if err := b.keepChanged(m, r); err != nil {
			return err
		}
		if _, err := b.db.ExecContext(b.ctx, fmt.Sprintf(
			"delete from %s where %s", quoteFull(m.FullName()), Days{r}.where(m.Build.By))); err != nil {
			return m.failed(err)
		}
		if _, err := b.db.ExecContext(b.ctx, fmt.Sprintf(
			"insert into %s select * from %s", quoteFull(m.FullName()), candidate)); err != nil {
			return m.failed(err)
		}
		step.Rows += rows
	}
	if _, err := b.db.ExecContext(b.ctx, "drop table if exists "+candidate); err != nil {
		return m.failed(err)
	}
	return nil
}

// failed says which model a database error belongs to.
func (m *Model) failed(err error) error { return fmt.Errorf("%s (%s): %w", m.FullName(), m.File, err) }

// comment writes the header's prose and columns into the catalogue, where
// readers of the published copy find them.
func (b *builder) comment(m *Model) error {
	kind := "table"
	if m.Build.Kind == View {
		kind = "view"
	}
	var script strings.Builder
	fmt.Fprintf(&script, "comment on %s %s is %s;\n", kind, quoteFull(m.FullName()), stringLiteral(m.Doc))
	for _, c := range m.Columns {
		fmt.Fprintf(&script, "comment on column %s.%s is %s;\n", quoteFull(m.FullName()), quote(c.Name), stringLiteral(c.Comment()))
	}
	if _, err := b.db.ExecContext(b.ctx, script.String()); err != nil {
		return m.failed(err)
	}
	return nil
}
