package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Rows are the rows of one or more answers to one question, in memory and without
// anything that must not be handed out.
type Rows struct {
	shape    Shape
	known    map[string]bool
	columns  []string // as written, in the order in which they were met
	position map[string]int
	wanted   []bool          // of the columns, those whose values the contract reads
	secret   map[string]bool // names met and hidden
	rows     [][]string      // as wide as there were columns when they came
	odd      []int           // rows that were too wide or too narrow, by what they had too much
}

// Collect returns Rows to which answers can be added.
func (s Shape) Collect() *Rows {
	return &Rows{shape: s, known: s.known(), position: map[string]int{}, secret: map[string]bool{}}
}

// Columns are the columns met, in no particular order.
func (r *Rows) Columns() []string { return r.columns }

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.rows) + len(r.odd) }

// column is the position of a column, or -1 of one that is hidden.
func (r *Rows) column(name string) int {
	if at, ok := r.position[name]; ok {
		return at
	}
	if r.secret[name] {
		return -1
	}
	if r.shape.hidden(name) {
		r.secret[name] = true
		return -1
	}
	r.position[name] = len(r.columns)
	r.columns = append(r.columns, name)
	r.wanted = append(r.wanted, r.known[fold(name)])
	return len(r.columns) - 1
}

// mark is a state that reset returns to.
type mark struct{ rows, columns int }

func (r *Rows) mark() mark { return mark{len(r.rows), len(r.columns)} }

func (r *Rows) reset(m mark) {
	for _, name := range r.columns[m.columns:] {
		delete(r.position, name)
	}
	r.rows, r.columns, r.wanted = r.rows[:m.rows], r.columns[:m.columns], r.wanted[:m.columns]
}

// put sets a value in a row, unless nobody may have it.
func (r *Rows) put(row []string, at int, text string) []string {
	if at < 0 || text == "" || !r.wanted[at] {
		return row
	}
	for len(row) <= at {
		row = append(row, "")
	}
	row[at] = text
	return row
}

// add takes a row if it is wanted.
func (r *Rows) add(row []string) {
	text := func(column string) string {
		for at, text := range row {
			if text != "" && fold(r.columns[at]) == fold(column) {
				return text
			}
		}
		return ""
	}
	if r.shape.Keep == nil || r.shape.Keep(text) {
		r.rows = append(r.rows, row)
	}
}

// recognise refuses columns of which the contract knows none. It names none of them:
// they may be a row of an answer without header.
func (r *Rows) recognise(a *Answer) error {
	if len(r.columns) == 0 || convert.Recognised(r.shape.Table, r.columns, r.shape.Names) > 0 {
		return nil
	}
	return a.contract(
		fmt.Sprintf("none of the %d columns it sent is one of %s", len(r.columns), r.shape.Table.Name),
		"check the address, or map the columns' names in the configuration",
	)
}

// HandOut gives the rows to a receiver, columns and rows sorted: a service may send
// the same rows in another order the next time, and rows twice; the receiver is to
// know them again. Rows that are the same to the letter become one. Of a row of the
// wrong width nothing but that is handed out: nobody knows which of its texts is what.
func (r *Rows) HandOut(out windowed.Receiver) error {
	if len(r.columns) == 0 {
		return out.Header(r.shape.expected())
	}
	header := slices.SortedFunc(slices.Values(r.columns), func(a, b string) int {
		if folded := strings.Compare(fold(a), fold(b)); folded != 0 {
			return folded
		}
		return strings.Compare(a, b)
	})
	if err := out.Header(header); err != nil {
		return err
	}
	for _, row := range r.sorted(header) {
		if err := out.Row(row); err != nil {
			return err
		}
	}
	slices.Sort(r.odd)
	for _, more := range r.odd {
		if err := out.Row(make([]string, max(0, len(header)+more))); err != nil {
			return err
		}
	}
	return nil
}

// sorted are the rows in the order of a header, in their own order, each once.
func (r *Rows) sorted(header []string) [][]string {
	from := make([]int, len(header))
	for i, name := range header {
		from[i] = r.position[name]
	}
	all := make([][]string, len(r.rows))
	for i, row := range r.rows {
		all[i] = make([]string, len(header))
		for j, at := range from {
			if at < len(row) {
				all[i][j] = row[at]
			}
		}
	}
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal)
}
