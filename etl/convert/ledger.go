package convert

import (
	"fmt"
	"sync"

	"github.com/den-digitale-hotline/ddh/etl"
)

// leastClocks is how many times of a column must be whole minutes, and none else, before
// that is no chance.
const leastClocks = 30

// noted is what a Converter has seen of each binding since its last Flush.
type noted struct {
	left   map[int]leftOut
	now    []int   // bindings of which the row in hand had a cell left out
	coarse []int64 // times on the whole minute, counted until the first that is not
	fine   []bool  // there is a time with seconds
}

func newNoted(bindings int) noted {
	return noted{coarse: make([]int64, bindings), fine: make([]bool, bindings)}
}

// clock notes whether a time has seconds.
func (n *noted) clock(i int, micros int64) {
	if n.fine[i] {
		return
	}
	if micros%(60*microsPerSecond) != 0 {
		n.fine[i] = true
		return
	}
	n.coarse[i]++
}

// leftOut are the cells of a column that did not read and were left out.
type leftOut struct {
	count, row, line int64 // row and line of the first
	sample           string
	problem          *problem
}

// merge adds what another look at the same column found.
func (l leftOut) merge(other leftOut) leftOut {
	count := l.count + other.count
	if l.count == 0 || other.count > 0 && other.row < l.row {
		l = other
	}
	l.count = count
	return l
}

// leaveOut notes a cell that does not read of a column that no figure needs.
func (c *Converter) leaveOut(i int, row, line int64, p *problem) {
	if c.noted.left == nil {
		c.noted.left = map[int]leftOut{}
	}
	found := leftOut{count: 1, row: row, line: line, problem: p}
	if c.noted.left[i].count == 0 {
		at := c.plan.bindings[i].from[0]
		found.sample = shortened(c.shown(c.plan.guards[at], c.fields[at]))
	}
	c.noted.left[i] = c.noted.left[i].merge(found)
	c.noted.now = append(c.noted.now, i)
}

// forget takes back what was left out of the row in hand, which will come again.
func (n *noted) forget() {
	for _, i := range n.now {
		found := n.left[i]
		if found.count--; found.count == 0 {
			delete(n.left, i)
			continue
		}
		n.left[i] = found
	}
	n.now = n.now[:0]
}

// shortened cuts a sample to what one line shows.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// ledger gathers what the Converters of a Plan noted.
type ledger struct {
	mu     sync.Mutex
	left   map[int]leftOut
	coarse map[int]int64
	fine   map[int]bool
	more   []etl.Notice
}

func newLedger() *ledger {
	return &ledger{left: map[int]leftOut{}, coarse: map[int]int64{}, fine: map[int]bool{}}
}

// add takes what a Converter noted, which begins anew.
func (l *ledger) add(c *Converter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, found := range c.noted.left {
		l.left[i] = l.left[i].merge(found)
	}
	for i, n := range c.noted.coarse {
		if n > 0 {
			l.coarse[i] += n
			c.noted.coarse[i] = 0
		}
		if c.noted.fine[i] {
			l.fine[i] = true
		}
	}
	c.noted.left = nil
}

// Note adds a notice of the reader's own to those of the rows.
func (p *Plan) Note(n etl.Notice) {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	p.ledger.more = append(p.ledger.more, n)
}

// notices are the ledger's in the order of the contract's columns, after the reader's own.
func (l *ledger) notices(p *Plan) []etl.Notice {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := append([]etl.Notice(nil), l.more...)
	for i, b := range p.bindings {
		if found := l.left[i]; found.count > 0 {
			all = append(all, etl.Notice{
				Column: b.Name, Rule: "cell-left-out", Count: found.count, Line: found.line, Sample: found.sample,
				Message: fmt.Sprintf("%s left out, because %s; no figure needs them", counted(found.count, "value is", "values are"), found.problem.message),
				Try:     "export the column as it is in the source, or let it be: the rows are loaded without these values",
			})
		}
		if n := l.coarse[i]; n >= leastClocks && !l.fine[i] && b.Name != p.table.Replace.Updated {
			all = append(all, etl.Notice{
				Column: b.Name, Rule: "times-without-seconds", Count: n,
				Message: fmt.Sprintf("all %d times are whole minutes: their seconds were cut off, as Excel does when it saves CSV, "+
					"so waits and the order of events are coarse", n),
				Try: "export the table again without opening it in Excel",
			})
		}
	}
	return all
}

// counted is a number with the right form of what it counts.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "one " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
