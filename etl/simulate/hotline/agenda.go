package hotline

import "github.com/den-digitale-hotline/ddh/etl/simulate/clock"

// entry is something that will happen. Entries of one second happen in the order
// in which they were planned.
type entry struct {
	at    clock.Local
	order uint64
	what  what
	code  byte
	agent int
	token int
	call  *Call
}

type what uint8

const (
	callArrives what = iota
	callQueues
	callLeaves // the citizen or the queue has had enough
	callMoves
	ringEnds
	callbackDue
	agentForwards // an agent wants to pass the call to another agent or a queue
	agentFree
	pauseEnds
	shiftChange
	hotlineCloses
	calloutDue
)

// agenda is a binary heap of entries, the soonest first.
type agenda struct {
	heap  []entry
	order uint64
}

func (a *agenda) add(e entry) {
	a.order++
	e.order = a.order
	a.heap = append(a.heap, e)
	h, i := a.heap, len(a.heap)-1
	for i > 0 {
		parent := (i - 1) / 2
		if !e.before(&h[parent]) {
			break
		}
		h[i], i = h[parent], parent
	}
	h[i] = e
}

func (e *entry) before(o *entry) bool { return e.at < o.at || e.at == o.at && e.order < o.order }

// next takes the soonest entry that is due before the limit.
func (a *agenda) next(limit clock.Local) (entry, bool) {
	if len(a.heap) == 0 || a.heap[0].at >= limit {
		return entry{}, false
	}
	first, n := a.heap[0], len(a.heap)-1
	last := a.heap[n]
	a.heap[n] = entry{}
	a.heap = a.heap[:n]
	if n > 0 {
		a.sink(last)
	}
	return first, true
}

func (a *agenda) sink(e entry) {
	h, i := a.heap, 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(&h[child]) {
			child++
		}
		if !h[child].before(&e) {
			break
		}
		h[i], i = h[child], child
	}
	h[i] = e
}
