package model

import (
	"fmt"
	"slices"
	"strings"
)

// cause is one thing a model reads that changed.
type cause struct {
	name  string // as reasons print it
	why   string // for whole: what happened to it, "changed" where nothing better is known
	whole bool   // any row may differ
	maybe bool   // a plan only: known when it has been built
	// partly, with maybe: some days will differ, not any row
	partly bool
	days   Days // these days differ
}

// open says that nothing is known to have changed yet.
func (c cause) open() bool { return c.maybe && !c.whole && len(c.days) == 0 }

func (c cause) String() string {
	switch {
	case c.whole:
		return c.name + " " + c.why
	case c.open():
		return "if " + c.name + " changes"
	default:
		return c.name + ": " + plural(c.days.Count(), "day")
	}
}

// change is what happened to a table or model, for those who read it. Empty means
// nothing happened.
type change struct {
	reshaped bool // its columns or their types differ
	causes   causes
}

// causes are what changed under a model, each name once.
type causes []cause

func (cs causes) any(which func(cause) bool) bool { return slices.ContainsFunc(cs, which) }

func (cs causes) whole() bool { return cs.any(func(c cause) bool { return c.whole }) }
func (cs causes) maybe() bool { return cs.any(func(c cause) bool { return c.maybe }) }

func (cs causes) days() Days {
	var all []Range
	for _, c := range cs {
		all = append(all, c.days...)
	}
	return NewDays(all...)
}

// certain are the causes that need no waiting for; open are the others.
func (cs causes) certain() causes {
	return slices.DeleteFunc(slices.Clone(cs), cause.open)
}

func (cs causes) open() causes {
	return slices.DeleteFunc(slices.Clone(cs), func(c cause) bool { return !c.open() })
}

// parts are the open causes of which only some days can come, or those of which all can.
func (cs causes) parts(partly bool) causes {
	return slices.DeleteFunc(cs.open(), func(c cause) bool { return c.partly != partly })
}

// String names up to three causes, those that weigh most first.
func (cs causes) String() string {
	var ordered causes
	for _, weight := range []func(cause) bool{
		func(c cause) bool { return c.whole },
		func(c cause) bool { return len(c.days) > 0 && !c.whole },
		cause.open,
	} {
		for _, c := range cs {
			if weight(c) {
				ordered = append(ordered, c)
			}
		}
	}
	const most = 3
	var parts []string
	for _, c := range ordered[:min(most, len(ordered))] {
		parts = append(parts, c.String())
	}
	if more := len(ordered) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

// gather merges what changed under a model; a cause that reaches it along two
// ways, through two views of one raw table, counts once.
func gather(reads []string, changes map[string]change) (all causes, reshaped string) {
	for _, name := range reads {
		ch := changes[name]
		if ch.reshaped && reshaped == "" {
			reshaped = printed(name)
		}
		for _, c := range ch.causes {
			if i := slices.IndexFunc(all, func(o cause) bool { return o.name == c.name }); i >= 0 {
				all[i] = cause{
					name: c.name, why: c.why, whole: c.whole || all[i].whole, maybe: c.maybe || all[i].maybe,
					partly: c.partly && all[i].partly, days: c.days.Union(all[i].days),
				}
				continue
			}
			all = append(all, c)
		}
	}
	return all, reshaped
}

// printed is a name as reasons have it: models by their bare name, the tables of
// external schemas in full.
func printed(full string) string {
	schema, name, _ := strings.Cut(full, ".")
	if slices.Contains(external, schema) {
		return full
	}
	return name
}

// externalChange is what happened to a raw, reference or seed table since the last
// build. A table that is not on record is read for the first time, by a model
// that is itself new or has new SQL.
func (s state) externalChange(full string) change {
	var ch change
	old, known := s.records[full]
	if known && old.columns != shape(s.objects[full].columns) {
		ch.reshaped = true
		ch.causes = append(ch.causes, cause{name: full, why: "has other columns", whole: true})
		return ch
	}
	touched, print := s.touched[full], s.prints[full]
	switch {
	case print != "" && known && print != old.fingerprint, print == "" && touched.whole:
		ch.causes = append(ch.causes, cause{name: full, why: "changed", whole: true})
	case print == "" && len(touched.days) > 0:
		ch.causes = append(ch.causes, cause{name: full, days: touched.days})
	}
	return ch
}
