package convert

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// configured is the format of a column as far as the delivery and the configuration
// settle it. The order of dates is said apart: it holds only once a Census has seen that
// no value contradicts it.
func (p *Plan) configured(column string) (f Format, order Order) {
	f, said := p.format, p.options.Formats
	own := said.Columns[p.table.Name][column]
	order = cmp.Or(OrderOf(own), OrderOf(said.DayMonth), f.DayMonth)
	f.DayMonth = order
	if OrderOf(own) != Unsettled {
		own = ""
	}
	switch cmp.Or(own, said.Decimal) {
	case ".":
		f.Decimal, f.Thousands = '.', ','
	case ",":
		f.Decimal, f.Thousands = ',', '.'
	}
	return f, order
}

// Open reports whether the Converter has met a value that only a look at all rows of the
// delivery can settle: a date such as 08/03/2026, a number such as 12.345. The row was not
// taken, and those before it do not change by what is settled.
func (c *Converter) Open() bool { return c.open }

// Census is a look at all rows of a delivery before they are converted: it settles, per
// column, what no cell can settle alone. It belongs to one goroutine.
type Census struct {
	plan    *Plan
	columns []tally // of the bound columns with times or numbers
}

// tally is what the values of one column prove.
type tally struct {
	binding int
	proofs  map[Order]place // the first value that reads in no other order
	open    place           // the first value that reads in two
	opened  int64           // how many
	can     map[Order]bool  // the orders in which all values so far read; nil before the first
	later   map[Order]int64 // of those, how many an order would put into the future
	marks   map[byte]bool   // marks that begin decimals
	parts   map[byte]bool   // marks that part thousands
}

// place is a value and the line it stands on.
type place struct {
	line int64
	text string
}

// Census begins a look.
func (p *Plan) Census() *Census {
	c := &Census{plan: p}
	for _, i := range p.bound {
		switch p.bindings[i].Type {
		case etl.Text, etl.Boolean:
		default:
			c.columns = append(c.columns, tally{
				binding: i, proofs: map[Order]place{}, later: map[Order]int64{}, marks: map[byte]bool{}, parts: map[byte]bool{},
			})
		}
	}
	return c
}

// Look takes one row in. Rows of the wrong width are passed over.
func (c *Census) Look(line int64, fields []string) {
	if len(fields) != len(c.plan.header) {
		return
	}
	for i := range c.columns {
		t := &c.columns[i]
		b := &c.plan.bindings[t.binding]
		for _, at := range b.from {
			text := b.wording.clean(fields[at])
			if text == "" {
				continue
			}
			if b.Derive != nil {
				text = b.wording.clean(b.Derive(text))
			}
			switch b.Type {
			case etl.LocalTime, etl.Instant, etl.Date:
				t.date(line, text, c.plan.options.Today, b.format)
			default:
				t.number(text)
			}
			break
		}
	}
}

// number notes what the marks of a number prove.
func (t *tally) number(text string) {
	if text == "" || digitsOnly(text) || !strings.ContainsAny(text, ".,") {
		return
	}
	m, ok := formOf(text)
	if !ok {
		return
	}
	if m.decimal != 0 {
		t.marks[m.decimal] = true
	}
	if m.thousands != 0 {
		t.parts[m.thousands] = true
	}
}

// date notes in which orders a date reads.
func (t *tally) date(line int64, text string, today time.Time, f Format) {
	if len(text) > 4 && text[4] == '-' && allDigits(text[:4]) {
		return
	}
	if _, serial := f.serial(text); serial {
		return
	}
	_, w, ok := parseMoment(text)
	if !ok || w.order != Unsettled {
		return
	}
	var can []Order
	for _, o := range []Order{DayFirst, MonthFirst, YearFirst} {
		if o == YearFirst && !w.short {
			continue
		}
		days, ok := w.under(o)
		if ok && (!w.short || timeSpan.holds(days)) {
			can = append(can, o)
		}
	}
	t.narrow(can)
	here := place{line, text}
	switch {
	case len(can) == 0:
	case len(can) == 1:
		if _, known := t.proofs[can[0]]; !known {
			t.proofs[can[0]] = here
		}
	case w.parts[0] == w.parts[1] && len(can) == 2: // the same day in both
	default:
		if t.opened++; t.opened == 1 {
			t.open = here
		}
		for _, o := range can {
			if days, _ := w.under(o); !today.IsZero() && days > floorDiv(today.Unix(), secondsPerDay) {
				t.later[o]++
			}
		}
	}
}

// narrow leaves of the orders in which all values read those in which one more does.
func (t *tally) narrow(can []Order) {
	if len(can) == 0 {
		return
	}
	left := map[Order]bool{}
	for _, o := range can {
		left[o] = t.can == nil || t.can[o]
	}
	maps.DeleteFunc(left, func(_ Order, in bool) bool { return !in })
	t.can = left
}

// only is the one order in which all values read; Unsettled where there are more or none.
func (t *tally) only() Order {
	if len(t.can) == 1 {
		for o := range t.can {
			return o
		}
	}
	return Unsettled
}

// Settle takes what a Census of all rows found into the plan. The error is an etl.Fault
// without origin where a column that figures need can be read in two ways, or in none.
func (p *Plan) Settle(c *Census) error {
	together := map[Order]bool{}
	marks, parts := map[byte]bool{}, map[byte]bool{}
	for _, t := range c.columns {
		for o := range t.proofs {
			together[o] = true
		}
		for mark := range t.marks {
			marks[mark] = true
		}
		for mark := range t.parts {
			parts[mark] = true
		}
	}
	p.settled = true
	for i := range c.columns {
		t := &c.columns[i]
		b := &p.bindings[t.binding]
		b.format.settleMarks(t.marks, t.parts)
		b.format.settleMarks(marks, parts)
		order, fault := t.settle(b, together)
		if order != Unsettled && t.only() == Unsettled && len(t.proofs) == 0 && len(together) != 1 && b.said == Unsettled && t.opened > 0 {
			p.Note(t.ruledOut(b.Name, order))
		}
		if fault != nil && !b.Spare {
			return p.explained(*fault, b.Name)
		}
		b.format.DayMonth = order
	}
	return nil
}

// settleMarks takes what one column, or all together, prove of the marks; contradicting
// proofs settle nothing.
func (f *Format) settleMarks(marks, parts map[byte]bool) {
	if f.Decimal != 0 || f.Thousands != 0 {
		return
	}
	for _, mark := range []byte{'.', ','} {
		if marks[mark] && !parts[mark] {
			f.Decimal = mark
		}
		if parts[mark] && !marks[mark] {
			f.Thousands = mark
		}
	}
	if marks['.'] && marks[','] { // both begin decimals: neither tells of the other
		f.Decimal = 0
	}
}

// settle decides the order of a column's dates. A configured order holds, and a value
// that contradicts it is a fault: the others would be read wrongly without a word.
func (t *tally) settle(b *binding, together map[Order]bool) (Order, *etl.Fault) {
	proved := slices.Sorted(maps.Keys(t.proofs))
	said := b.said
	switch {
	case len(proved) > 1:
		first, second := t.proofs[proved[0]], t.proofs[proved[1]]
		return Unsettled, &etl.Fault{Line: max(first.line, second.line), Message: fmt.Sprintf(
			"the column mixes two orders of dates: %q can only be %s and %q only %s",
			first.text, proved[0].name(), second.text, proved[1].name())}
	case said != Unsettled && len(proved) == 1 && proved[0] != said:
		found := t.proofs[proved[0]]
		return Unsettled, &etl.Fault{Line: found.line, Message: fmt.Sprintf(
			"the configuration says %q, but %q can only be %s", said, found.text, proved[0].name())}
	case said != Unsettled:
		return said, nil
	case t.only() != Unsettled:
		return t.only(), nil
	case len(t.can) == 0 && t.opened > 0:
		return Unsettled, &etl.Fault{Line: t.open.line, Message: "the column's dates read in no one order, for example " + t.readings()}
	case len(proved) == 1:
		return proved[0], nil
	case t.opened == 0:
		return DayFirst, nil // whatever is left is the same day in both
	case len(together) == 1:
		for o := range together {
			return o, nil
		}
	}
	if o := t.past(); o != Unsettled {
		return o, nil
	}
	return Unsettled, &etl.Fault{Line: t.open.line, Message: fmt.Sprintf(
		"the dates can be read in two ways and nothing in the delivery tells which: %s", t.readings())}
}

// leastLater is how many values an order must put into the future before it is ruled
// out: one call with a wrong clock proves nothing.
const leastLater = 3

// past is the one order in which nothing lies in the future, where the others put a
// tenth of the values there.
func (t *tally) past() Order {
	day, month := t.later[DayFirst], t.later[MonthFirst]
	enough := func(n int64) bool { return n >= leastLater && n*10 >= t.opened }
	_, w, _ := parseMoment(t.open.text)
	switch {
	case w.short:
		return Unsettled
	case day == 0 && enough(month):
		return DayFirst
	case month == 0 && enough(day):
		return MonthFirst
	}
	return Unsettled
}

// ruledOut is the notice of an order that only the calendar tells.
func (t *tally) ruledOut(column string, o Order) etl.Notice {
	return etl.Notice{
		Column: column, Rule: "dates-told-by-the-calendar", Count: t.opened, Line: t.open.line,
		Message: fmt.Sprintf("the dates were read %s, because otherwise some would lie in the future: %s", o.name(), t.readings()),
		Try:     "see that this is right, and say so in the configuration: day_month under formats of the source",
	}
}

// readings prints the first open value in its readings.
func (t *tally) readings() string {
	_, w, _ := parseMoment(t.open.text)
	var all []string
	for _, o := range []Order{DayFirst, MonthFirst, YearFirst} {
		if days, ok := w.under(o); ok && (o != YearFirst || w.short) {
			all = append(all, time.Unix(days*secondsPerDay, 0).UTC().Format("2 January 2006"))
		}
	}
	return fmt.Sprintf("%q is %s", t.open.text, strings.Join(all, " or "))
}

// name is an order as sentences have it.
func (o Order) name() string {
	return [...]string{"unsettled", "day first", "month first", "year first"}[o]
}

// explained completes a fault of a column with the key that settles it.
func (p *Plan) explained(f etl.Fault, column string) etl.Fault {
	f.Column = column
	f.Try = "export the dates as 2026-08-25"
	if p.options.Source != "" {
		f.Try = fmt.Sprintf("write day_month = \"dmy\" or \"mdy\" under [sources.%[1]s.formats] of the configuration, or for this column "+
			"alone %[3]s = \"dmy\" or \"mdy\" under [sources.%[1]s.formats.%[2]s]; or export the dates as 2026-08-25",
			p.options.Source, p.table.Name, column)
	}
	return f
}
