package model

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Action is what a build does with one model.
type Action string

const (
	Nothing Action = "nothing"
	Whole   Action = "rebuild" // all rows; a view is created anew
	Partial Action = "days"    // the rows of some days
	Verify  Action = "check"   // no row is written, the checks run
	Maybe   Action = "maybe"   // a plan only: depends on what building something else brings
	Drop    Action = "drop"    // the model is gone, its table goes too
)

// Bridging of day ranges: gaps of two days are built along, and no model is built
// in more than twelve pieces.
const (
	bridgeGap   = 2
	bridgeLimit = 12
)

// Decision is what is to be done with one model, and why.
type Decision struct {
	Model  string // schema.name
	Action Action
	Days   Days   // for Partial, and for Verify of some days
	Reason string // "" for Nothing

	wholeCheck bool // checks look at all rows even where days are built
	causes     causes
}

// String is the line a plan prints.
func (d Decision) String() string {
	line := fmt.Sprintf("%-8s %s", d.Action, d.Model)
	if len(d.Days) > 0 {
		line += " " + d.Days.String()
	}
	if d.Reason != "" {
		line += " (" + d.Reason + ")"
	}
	return line
}

// Plan is one decision per model in building order; dropped models come first.
type Plan []Decision

// Pending lists the decisions that are not Nothing.
func (p Plan) Pending() []Decision {
	return slices.DeleteFunc(slices.Clone(p), func(d Decision) bool { return d.Action == Nothing })
}

// String lists what is pending, one line each.
func (p Plan) String() string {
	pending := p.Pending()
	if len(pending) == 0 {
		return "nothing to build"
	}
	lines := make([]string, len(pending))
	for i, d := range pending {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Plan says what Build would do now, and changes nothing.
//
// A model is built whole when it is new, its SQL changed, its table is missing, or
// something it reads changed without saying for which days. A table is built whole
// when anything it reads changed, and then a fingerprint of its rows decides
// whether those who read it see a change; a plan cannot know that and answers
// Maybe. An incremental model is built for the days touched upstream, widened by
// its days back and ahead; of models it follows, for the days that their changed rows
// lead to, which a plan cannot know either. A view passes on what is under it and is created anew
// when its SQL or columns under it changed. A change of prose, units or checks
// only runs the checks.
func (g *Graph) Plan(ctx context.Context, conn *sql.Conn) (Plan, error) {
	s, err := readState(ctx, conn, g.externals)
	if err != nil {
		return nil, err
	}
	plan := Plan(g.dropped(s))
	changes := g.externalChanges(s)
	for _, m := range g.order {
		d := decide(m, s, g.reads[m.FullName()], foreseenFor(m, changes), false)
		plan = append(plan, d)
		changes[m.FullName()] = foreseen(m, d, s)
	}
	return plan, nil
}

func (g *Graph) externalChanges(s state) map[string]change {
	changes := make(map[string]change)
	for _, name := range g.externals {
		changes[name] = s.externalChange(name)
	}
	return changes
}

// dropped are the models on record that have no file any more.
func (g *Graph) dropped(s state) []Decision {
	var out []Decision
	for name := range s.records {
		schema, _, _ := strings.Cut(name, ".")
		if g.byName[name] == nil && slices.Contains(Layers, schema) {
			out = append(out, Decision{Model: name, Action: Drop, Reason: "its file is gone"})
		}
	}
	slices.SortFunc(out, func(a, b Decision) int { return strings.Compare(a.Model, b.Model) })
	return out
}

// decide weighs one model against what is on record and what changed under it.
func decide(m *Model, s state, reads []string, changes map[string]change, full bool) Decision {
	d := Decision{Model: m.FullName(), Action: Nothing}
	all, reshaped := gather(reads, changes)
	d.causes = all
	old, known := s.records[m.FullName()]
	if reason := remake(m, s, old, known, reshaped, full); reason != "" {
		d.Action, d.Reason = Whole, reason
		return d
	}
	switch m.Build.Kind {
	case Incremental:
		d.incremental(m)
	case Table:
		d.table()
	default:
		d.view(m)
	}
	if old.headerHash != m.headerHash() {
		d.header()
	}
	return d
}

// remake says why a model must be made from nothing, or "".
func remake(m *Model, s state, old record, known bool, reshaped string, full bool) string {
	o, exists := s.objects[m.FullName()]
	switch {
	case !known:
		return "new"
	case old.sqlHash != m.sqlHash():
		return "SQL changed"
	case !exists || o.isView != (m.Build.Kind == View):
		return "missing in the warehouse"
	case old.columns != shape(o.columns):
		return "its columns were changed by somebody else"
	case reshaped != "":
		return reshaped + " has other columns"
	case full:
		return "full build"
	}
	return ""
}

func (d *Decision) incremental(m *Model) {
	switch days := d.causes.days(); {
	case d.causes.whole():
		d.Action, d.Reason = Whole, d.causes.certain().String()
	case len(days) > 0:
		d.Action, d.Reason = Partial, d.causes.certain().String()
		if open := d.causes.parts(false); len(open) > 0 {
			d.Reason = join(d.Reason, "whole "+open.String())
		}
		if open := d.causes.parts(true); len(open) > 0 {
			d.Reason = join(d.Reason, "more days "+open.String())
		}
		d.Days = days.Widen(m.Build.Back, m.Build.Ahead).Bridge(bridgeGap, bridgeLimit)
	case d.causes.maybe():
		d.Action, d.Reason = Maybe, d.causes.String()
	}
}

func (d *Decision) table() {
	if certain := d.causes.certain(); len(certain) > 0 {
		d.Action, d.Reason = Whole, certain.String()
	} else if len(d.causes) > 0 {
		d.Action, d.Reason = Maybe, d.causes.String()
	}
}

// header asks for checks of all rows where prose, units or checks changed.
func (d *Decision) header() {
	const reason = "header changed"
	d.wholeCheck = true
	switch d.Action {
	case Nothing:
		d.Action, d.Reason = Verify, reason
	case Verify:
		d.Days, d.Reason = nil, join(reason, d.Reason)
	default:
		d.Reason = join(d.Reason, reason)
	}
}

// view has nothing to build; what changed under it is checked through it.
func (d *Decision) view(m *Model) {
	certain := d.causes.certain()
	switch {
	case len(certain) > 0:
		d.Action, d.Reason = Verify, certain.String()
		if m.Build.By != "" && !certain.whole() {
			d.Days = certain.days().Bridge(bridgeGap, bridgeLimit)
		}
	case len(d.causes) > 0:
		d.Action, d.Reason = Maybe, d.causes.String()
	}
}

// foreseen is the change a plan expects of a model.
func foreseen(m *Model, d Decision, s state) change {
	self := cause{name: m.Name, why: "changed"}
	switch {
	case d.Action == Nothing:
		return change{}
	case m.Build.Kind == View && d.Action != Whole:
		return change{causes: d.causes}
	case d.Action == Verify:
		return change{}
	case m.Build.Kind == Table:
		_, known := s.records[m.FullName()]
		self.whole, self.maybe = !known, known
	case d.Action == Whole:
		self.whole = true
	case d.Action == Partial:
		self.days, self.maybe = d.Days, d.causes.maybe()
	case d.Action == Maybe:
		self.maybe = true
		self.partly = m.Build.Kind == Incremental && len(d.causes.parts(false)) == 0
	}
	return change{causes: causes{self}}
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
