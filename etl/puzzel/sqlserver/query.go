package sqlserver

import (
	"fmt"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl"
)

// happened are the columns that say when what a row tells of took place, by contract;
// the first that has a value counts. They follow the contracts' Replace.Day.
var happened = map[string][]string{
	"call_events":   {"dte_start"},
	"agent_events":  {"dte_start"},
	"enqreg_header": {"dte_time_stamp"},
	"surveys":       {"dte_sent", "dte_answered", "dte_updated"},
}

// statement is a query with its parameters.
type statement struct {
	text string
	args []any
}

// selection is the query for a window of a table; ok is false where no column tells
// which rows lie in it. An empty window asks for the whole table.
//
// Where the contract's key is a column that several rows share, as call_id, all rows
// of a key come when one of them lies in the window: Puzzel deletes and inserts them
// together (SOURCES §1). The keys of other tables name single rows, which come by
// themselves; those of agent_events too, whose conversation rows are re-inserted
// each with a new dte_updated. Rows without a key come by themselves as well, so
// that they are seen and quarantined.
func (b *binding) selection(w etl.Window, zone *time.Location) (q statement, ok bool) {
	if w.Empty() {
		return statement{text: b.rows() + b.order()}, true
	}
	in := b.inWindow(w.Of)
	if in == "" {
		return q, false
	}
	q.args = bounds(w, zone)
	key := b.key()
	if len(key) != 1 {
		q.text = b.rows() + "\nwhere " + in + b.order()
		return q, true
	}
	name := quote(key[0].name)
	q.text = fmt.Sprintf("%s\nwhere %s in (select %s from %s where %s)", b.rows(), name, name, b.from(), in)
	if key[0].nullable {
		q.text += fmt.Sprintf("\nunion all\n%s\nwhere %s is null and %s", b.rows(), name, in)
	}
	q.text += b.order()
	return q, true
}

// bounds are a window's ends as the parameters @p1 and @p2. datetime counts in 1/300
// s, and a parameter between two ticks would be rounded past a row; so the window is
// widened to the 10 ms that every third tick falls on. datetimeoffset, which the
// driver makes of a time.Time, would be compared after a conversion of every row.
func bounds(w etl.Window, zone *time.Location) []any {
	const grid = 10 * time.Millisecond
	from, to := w.Local(zone)
	return []any{mssql.DateTime1(from.Truncate(grid)), mssql.DateTime1(to.Add(grid - 1).Truncate(grid))}
}

func (b *binding) from() string { return quote(schema) + "." + quote(b.source) }

// rows selects the chosen columns.
func (b *binding) rows() string {
	names := make([]string, len(b.columns))
	for i, c := range b.columns {
		names[i] = quote(c.name)
	}
	return "select " + strings.Join(names, ", ") + "\nfrom " + b.from()
}

// inWindow is the condition that a row lies in the window, in brackets; "" where it
// cannot be told. A row that has no dte_updated is taken by the time it tells of.
func (b *binding) inWindow(of etl.Side) string {
	took := b.time(happened[b.table.Name])
	updated, ok := b.find(b.table.Replace.Updated)
	switch {
	case of == etl.Happened, !ok:
		return between(took)
	case !updated.nullable || took == "":
		return between(quote(updated.name))
	}
	name := quote(updated.name)
	return fmt.Sprintf("(%s or (%s is null and %s))", between(name), name, between(took))
}

// time is the first of some columns that has a value, as an expression; "" where none
// of them exists.
func (b *binding) time(names []string) string {
	var existing []string
	for _, name := range names {
		if c, ok := b.find(name); ok {
			existing = append(existing, quote(c.name))
		}
	}
	if len(existing) < 2 {
		return strings.Join(existing, "")
	}
	return "coalesce(" + strings.Join(existing, ", ") + ")"
}

func between(expression string) string {
	if expression == "" {
		return ""
	}
	return fmt.Sprintf("(%s >= @p1 and %s < @p2)", expression, expression)
}

// order makes the same rows come in the same order: by key and rec_id or, where the
// contract has no such number, by all columns. The server sorts before it sends, so
// it holds no locks while we read.
func (b *binding) order() string {
	columns := b.key()
	if id, ok := b.find("rec_id"); ok {
		columns = append(columns, id)
	} else {
		columns = append(columns, b.columns...)
	}
	var names []string
	seen := map[string]bool{}
	for _, c := range columns {
		if c.sortable() && !seen[c.name] {
			seen[c.name] = true
			names = append(names, quote(c.name))
		}
	}
	return "\norder by " + strings.Join(names, ", ")
}

// quote makes an identifier of a name.
func quote(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }
