package explain

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// sortColumn is a numeric column of the counted rows by which they may be listed.
type sortColumn struct {
	name   string // as it is asked for
	column string // as the rows have it; asking by this name does as well
}

var (
	callSorts = []sortColumn{
		{"wait", "wait_seconds"}, {"callback_wait", "callback_wait_seconds"}, {"talk", "talk_seconds"}, {"hold", "hold_seconds"},
		{"wrap_up", "wrap_up_seconds"}, {"handling", "handling_seconds"}, {"legs", "leg_count"}, {"guides", "guide_use_count"},
		{"sends", "guide_send_count"},
	}
	daySorts = []sortColumn{{"logged_on", "logged_on_seconds"}, {"ready", "ready_seconds"}, {"pause", "pause_seconds"}}
)

// sortColumns are those of the figure's rows. What may not be seen may not be sorted
// by either: the order would tell it.
func (r reader) sortColumns() []sortColumn {
	var all []sortColumn
	switch r.rule.fact {
	case factCalls, factMembers:
		all = append(all, callSorts...)
	case factDays:
		all = append(all, daySorts...)
	}
	if r.showsScores() {
		all = append(all, sortColumn{"score", "score"})
	}
	if r.rule.numerator != "" && !r.hidden() {
		all = append(all, sortColumn{"numerator", "numerator"})
	}
	if r.rule.denominator != "" {
		all = append(all, sortColumn{"denominator", "denominator"})
	}
	return all
}

// order is the SQL order of the listed rows: by time, or by the asked column and then
// by time; rows that have nothing in it come last. A leading - asks for the largest
// first. sorted is the column's own name with that sign, "" for the order of time. The
// error is a *figures.Refusal.
func (r reader) order(tie string) (sql, sorted string, err error) {
	byTime := "j.started_at, j.call_id, " + tie
	if r.query.Sort == "" {
		return byTime, "", nil
	}
	asked, descending := strings.CutPrefix(r.query.Sort, "-")
	columns := r.sortColumns()
	var names []string
	for _, c := range columns {
		if asked != c.name && asked != c.column {
			names = append(names, c.name)
			continue
		}
		if descending {
			return "j." + c.column + " desc nulls last, " + byTime, "-" + c.column, nil
		}
		return "j." + c.column + " asc nulls last, " + byTime, c.column, nil
	}
	return "", "", &figures.Refusal{
		Message: fmt.Sprintf("the calls behind %s have no column %q to sort by; there are %s", r.query.KPI, asked, strings.Join(names, ", ")),
		Try:     "--sort -" + names[0] + " for the largest first",
	}
}
