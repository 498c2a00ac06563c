// Package hotline simulates the hotline second by second: citizens call by weekday
// and hour, wait in one pool of queues, lose patience, are answered by the agents
// on shift, helped or transferred, and call again. It knows for every call what
// truly happened, because it made it happen. It writes nothing: calls and agents'
// movements go to a Sink.
package hotline

import (
	"context"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// Sink receives what happened, in the order in which it became certain.
type Sink interface {
	// Call receives a finished call; it may not keep it.
	Call(c *Call)
	// CalledAgain tells when the caller of an earlier inbound call called next.
	CalledAgain(serial int, at clock.Local)
	// Move receives an agent's log-on, log-off or pause.
	Move(m Move)
	// Idle tells of a stretch in which an agent had been without a call, and
	// without the after-work of one, for more than a minute.
	Idle(agent int, from, to clock.Local)
}

// Move is one row of agent_events other than a conversation.
type Move struct {
	Agent int
	At    clock.Local
	Late  int  // milliseconds after At
	Type  byte // i, o, p or r
	Pause int  // number of the pause type, 0 = none
	Auto  bool // done by the system
}

// Sim is one simulation. It is not safe for concurrent use.
type Sim struct {
	world   *world.World
	dice    *dice.Dice
	sink    Sink
	demand  demand
	topics  dice.Weighted
	agenda  agenda
	now     clock.Local
	waiting []*Call // the longest waiting first
	idle    []int   // free agents, the longest idle first
	desks   []desk
	roster  roster
	pool    []*Call
	ids     uint32
	odr     int64
	serials int
	callers int
}

// New prepares a simulation of that many inbound calls a year.
func New(w *world.World, d *dice.Dice, callsPerYear int, sink Sink) *Sim {
	weights := make([]float64, len(w.Topics))
	for i, t := range w.Topics {
		weights[i] = t.Weight
	}
	return &Sim{
		world: w, dice: d, sink: sink, demand: newDemand(w, callsPerYear),
		topics: dice.NewWeighted(weights), desks: make([]desk, len(w.Agents)), odr: 700_000_000,
	}
}

// Run lives through the days, telling after each how many are done. Calls still
// to come after the last day are never made.
func (s *Sim) Run(ctx context.Context, done func(days int)) error {
	for day := s.world.From; day <= s.world.To; day++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.arrivals(day)
		s.planShifts(day)
		limit := (day + 1).At(0)
		if day == s.world.To {
			limit = (day + 2).At(0) // let the calls of the last evening end
		}
		for e, ok := s.agenda.next(limit); ok; e, ok = s.agenda.next(limit) {
			s.now = e.at
			s.happen(e)
		}
		done(int(day-s.world.From) + 1)
	}
	return nil
}

func (s *Sim) happen(e entry) {
	switch e.what {
	case callArrives:
		s.arrive(e.call)
	case callQueues:
		s.enter(e.call)
	case callLeaves:
		s.leave(e.call, e.token, e.code)
	case callMoves:
		s.move(e.call, e.token)
	case ringEnds:
		s.ringEnds(e.call, e.token)
	case callbackDue:
		s.callBack(e.call)
	case agentForwards:
		s.forward(e.call, e.agent, e.token, e.code)
	case agentFree:
		s.free(e.agent)
	case pauseEnds:
		s.pauseEnds(e.agent)
	case shiftChange:
		s.changeShift(e.token)
	case hotlineCloses:
		s.closeHotline()
	case calloutDue:
		s.callOut()
	}
}

// blank returns an empty call.
func (s *Sim) blank(k Kind) *Call {
	var c *Call
	if n := len(s.pool); n > 0 {
		c, s.pool = s.pool[n-1], s.pool[:n-1]
	} else {
		c = new(Call)
	}
	// The token outlives the call, so that entries of a call before are stale.
	*c = Call{
		Kind: k, Serial: -1, Caller: world.None, Municipality: world.None, FirstQueue: world.None, previous: -1,
		token: c.token + 1, Events: c.Events[:0], Sessions: c.Sessions[:0],
	}
	return c
}

// begin opens a session of a call with its initiation event.
func (s *Sim) begin(c *Call) {
	if len(c.Sessions) == 0 {
		c.Start, c.ID = s.now, s.callID()
	}
	c.Sessions = append(c.Sessions, Session{High: s.dice.Bits(), Low: s.dice.Bits(), Start: s.now, End: s.now})
	c.add(Event{Type: 'i', Result: 'k', Start: s.now, Queue: world.None, Agent: world.None})
}

// callID returns a number never used before. Numbers jump up and down, and one in
// a hundred exceeds int64 (SOURCES §1).
func (s *Sim) callID() uint64 {
	s.ids++
	id := 4_000_000_000 + uint64(s.ids*2_654_435_761)
	if s.ids%100 == 37 {
		id += 9_300_000_000_000_000_000
	}
	return id
}

// finish hands a call over and forgets it.
func (s *Sim) finish(c *Call) {
	c.settle()
	c.state = over
	s.sink.Call(c)
	if c.Kind == Inbound {
		s.callAgain(c)
	}
	c.token++
	s.pool = append(s.pool, c)
}
