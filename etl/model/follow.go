package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A model that is about other days than one it reads cannot take over the days that
// were built there: a callback is made days after its call, and a guide is opened on the
// callback's day. How far apart they lie is not known beforehand, so no number of days
// back or ahead would do. It follows the rows instead: those that a build of some days
// took away or brought are kept until the build ends, and the days they lead to, by a
// date they carry or by a key, are what is built here.

// follows checks a model's @follow lines against what it and the others are.
func (l *linker) follows(m *Model) {
	fault := func(f Follow, format string, args ...any) {
		l.faults.add(m.File, f.line, "@follow "+f.Model+": "+format, args...)
	}
	for _, f := range m.Follows {
		followed := l.graph.byName[f.Model]
		switch {
		case followed == nil || !slices.Contains(l.graph.reads[m.FullName()], f.Model):
			fault(f, "%s does not read it", m.FullName())
		case followed.Build.Kind != Incremental:
			fault(f, "only an incremental model can be followed, this is a %s", followed.Build)
		case !followed.has(f.By):
			fault(f, "it has no column %s", f.By)
		case f.To == "":
		case l.graph.byName[f.To] == nil || !slices.Contains(l.graph.reads[m.FullName()], f.To):
			fault(f, "%s does not read %s", m.FullName(), f.To)
		case !l.graph.byName[f.To].has(f.By):
			fault(f, "%s has no column %s", f.To, f.By)
		case !l.graph.byName[f.To].has(f.Day):
			fault(f, "%s has no column %s", f.To, f.Day)
		}
	}
}

func (m *Model) has(column string) bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Name == column })
}

// followed lists the columns by which others follow a model, in order.
func (g *Graph) followed(full string) []string {
	columns := make(map[string]bool)
	for _, m := range g.order {
		for _, f := range m.Follows {
			if f.Model == full {
				columns[f.By] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(columns))
}

// changedRows is the temporary table of what followers need of the rows that a build
// took from a model or brought to it.
func (m *Model) changedRows() string { return "model_changed_" + m.Name }

// keepChanged adds to it what tells a candidate from the rows it is about to replace.
func (b *builder) keepChanged(m *Model, r Range) error {
	columns := b.graph.followed(m.FullName())
	if len(columns) == 0 {
		return nil
	}
	held := fmt.Sprintf("select * from %s where %s", quoteFull(m.FullName()), Days{r}.where(m.Build.By))
	rows := fmt.Sprintf(`
		select distinct %[1]s from (
			(%[2]s except all select * from %[3]s) union all (select * from %[3]s except all %[2]s)
		) as changed`, quoteAll(columns), held, candidate)
	statement := "create or replace temp table " + m.changedRows() + " as " + rows
	if b.kept[m.FullName()] {
		statement = "insert into " + m.changedRows() + rows
	}
	if _, err := b.db.ExecContext(b.ctx, statement); err != nil {
		return m.failed(err)
	}
	b.kept[m.FullName()] = true
	return nil
}

// forgetChanged drops the kept rows.
func (b *builder) forgetChanged() error {
	for full := range b.kept {
		if _, err := b.db.ExecContext(b.ctx, "drop table "+b.graph.byName[full].changedRows()); err != nil {
			return fmt.Errorf("dropping the changed rows of %s: %w", full, err)
		}
	}
	return nil
}

// reaching is what changed for a model: as for all, but for the models it follows the
// days that their changed rows lead to.
func (b *builder) reaching(m *Model) (map[string]change, error) {
	return follow(m, b.changes, func(name string) (cause, error) {
		days, err := b.followedDays(m, name)
		return cause{name: printed(name), days: days}, err
	})
}

// foreseenFor is the same for a plan, which cannot know the rows before they are built.
func foreseenFor(m *Model, changes map[string]change) map[string]change {
	foreseen, _ := follow(m, changes, func(name string) (cause, error) {
		return cause{name: printed(name), maybe: true, partly: true}, nil
	})
	return foreseen
}

// follow replaces the changes of the models that m follows, where days of them changed,
// by what reach makes of them. Those that changed as a whole stay as they are.
func follow(m *Model, changes map[string]change, reach func(name string) (cause, error)) (map[string]change, error) {
	if len(m.Follows) == 0 {
		return changes, nil
	}
	out := maps.Clone(changes)
	done := make(map[string]bool)
	for _, f := range m.Follows {
		ch := changes[f.Model]
		if done[f.Model] || len(ch.causes) == 0 || ch.causes.whole() {
			continue
		}
		done[f.Model] = true
		c, err := reach(f.Model)
		if err != nil {
			return nil, err
		}
		ch.causes = nil
		if c.maybe || len(c.days) > 0 {
			ch.causes = causes{c}
		}
		out[f.Model] = ch
	}
	return out, nil
}

// followedDays are the days of a model that another's changed rows lead to.
func (b *builder) followedDays(m *Model, followed string) (Days, error) {
	var queries []string
	for _, f := range m.Follows {
		if f.Model != followed {
			continue
		}
		changed := b.graph.byName[followed].changedRows()
		query := fmt.Sprintf("select %s as day from %s", quote(f.By), changed)
		if f.To != "" {
			query = fmt.Sprintf("select %s as day from %s where %[3]s in (select %[3]s from %[4]s)",
				quote(f.Day), quoteFull(f.To), quote(f.By), changed)
		}
		queries = append(queries, query)
	}
	rows, err := b.db.QueryContext(b.ctx, fmt.Sprintf(
		"select distinct date_diff('day', date '1970-01-01', day) from (%s) as days where day is not null",
		strings.Join(queries, " union all ")))
	if err != nil {
		return nil, m.failed(err)
	}
	defer rows.Close()
	var days []Range
	for rows.Next() {
		var day int32
		if err := rows.Scan(&day); err != nil {
			return nil, m.failed(err)
		}
		days = append(days, Range{Day(day), Day(day) + 1})
	}
	return NewDays(days...), rows.Err()
}
