package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Step is what a build did with one model.
type Step struct {
	Decision
	Rows    int64 // rows written, or looked at where none were written
	Changed bool  // those who read the model have to look
	Took    time.Duration
}

// String is the line a build prints.
func (s Step) String() string {
	if s.Action == Drop {
		return s.Decision.String()
	}
	return fmt.Sprintf("%s: %s, %.2f s", s.Decision, plural(int(s.Rows), "row"), s.Took.Seconds())
}

// Result is what a build did, in building order.
type Result struct {
	Run      string
	Steps    []Step // every model, those with nothing to do too
	Warnings []Warning
	Took     time.Duration
}

// Done lists the steps that did something.
func (r Result) Done() []Step {
	return slices.DeleteFunc(slices.Clone(r.Steps), func(s Step) bool { return s.Action == Nothing })
}

// String lists steps and warnings, one a line, and sums up.
func (r Result) String() string {
	var lines []string
	done := r.Done()
	for _, s := range done {
		lines = append(lines, s.String())
	}
	for _, w := range r.Warnings {
		lines = append(lines, w.String())
	}
	lines = append(lines, fmt.Sprintf("%d of %s done in %.2f s", len(done), plural(len(r.Steps), "model"), r.Took.Seconds()))
	return strings.Join(lines, "\n")
}

// printValue writes a database value for people.
func printValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.DateTime)
	default:
		return fmt.Sprint(v)
	}
}

func isLayer(schema string) bool { return slices.Contains(Layers, schema) }
