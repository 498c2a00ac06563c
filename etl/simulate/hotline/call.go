package hotline

import (
	"slices"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// Kind tells the calls that are measured from those that only pass the same system.
type Kind uint8

// The kinds of call.
const (
	Inbound Kind = iota
	Callout      // an agent rang a citizen
	Chat         // not a phone call
)

// Outcome is what became of an inbound call (DOMAIN §4).
type Outcome uint8

// The outcomes of DOMAIN §4.
const (
	Answered Outcome = iota
	Abandoned
	ShortAbandoned
	CallbackOrdered
	Overflow
	Rejected
	Failed
	MenuOnly
	OutsideHours
)

var outcomeNames = [...]string{
	"answered", "abandoned", "short_abandoned", "callback_ordered", "overflow", "rejected", "error", "menu_only", "outside_hours",
}

// String gives the outcome's name in DOMAIN §4.
func (o Outcome) String() string { return outcomeNames[o] }

// shortAbandonSeconds: who hangs up sooner never really waited (DOMAIN §4).
const shortAbandonSeconds = 5

// LegType is what the phone system calls the kind of a conversation leg.
type LegType uint8

// The leg types.
const (
	NoLeg LegType = iota
	AgentLeg
	TransferAgentLeg
	ExternalLeg
)

// Event is one event of a call; its fields are those of call_events (SOURCES §1).
type Event struct {
	Type, Result, CIQ byte // CIQ 0 where it is none
	Leg               LegType
	Choice            byte // digit chosen in a menu, 0 = none
	Session           uint8
	Transfer          bool // the agent of this leg transferred the call
	Consult           bool // the agent of this leg consulted somebody
	Counts            bool // an answered agent leg in the sense of DOMAIN §4
	SentBack          bool // the agent of this leg sent the call to the municipality
	Start             clock.Local
	Duration          int // seconds, whole event
	Talk              int // seconds spoken
	Ring              int // seconds from Start to speak start, or to the end of the attempt
	WrapUp            int // seconds
	Hold              int // seconds the caller was on hold
	Queue             int // index of the world's queue, or world.None
	Agent             int // index of the world's agent, or world.None
	ODR               int64
	Number            string // external number rung
	Target            string // where SentBack went: a number, or a queue key
}

// End is the second at which the event was over.
func (e *Event) End() clock.Local { return e.Start + clock.Local(e.Duration) }

// SpeakStart is when the two began to talk.
func (e *Event) SpeakStart() clock.Local { return e.Start + clock.Local(e.Ring) }

// Session is one session of a call: the first one, or the one of a callback.
type Session struct {
	High, Low  uint64 // 128 bits of identity
	Start, End clock.Local
}

// Call is one call from beginning to end, with what is true about it. It is
// reused once the sink has returned.
type Call struct {
	Kind         Kind
	Serial       int // number among inbound calls, from 0; -1 for others
	ID           uint64
	Caller       int // index of the caller; world.None when the number is withheld
	Access       int // index of the number dialled
	Municipality int // the citizen's, world.None when unknown
	Topic        int // what the citizen called about
	Start, End   clock.Local
	Sessions     []Session
	Events       []Event     // in order of start once the call is finished
	Scheduled    clock.Local // time the citizen asked to be called back; 0 = none

	Outcome    Outcome
	FirstQueue int // first DDH queue, or world.None
	Wait       int // seconds, calls answered on the line
	ByCallback bool
	CalledBack int // seconds from the order of the callback, or its time, until the citizen spoke
	Back       bool
	Target     string // where the last agent who sent the call back sent it

	previous int // serial of the caller's call before, or -1
	state    state
	token    int // tells a waiting that is over from the one at hand
	ring     ringing
	served   bool // an agent has talked to the citizen
	outside  bool
	callback bool
	queue    int         // index in Events of the queue event that is open
	queued   clock.Local // start of the first queue event
	ordered  clock.Local // when the callback was ordered
}

type state uint8

const (
	inMenu state = iota
	inQueue
	atPhone // ringing at an agent
	talking
	awaitingCallback
	over
)

type ringing struct {
	start clock.Local
	agent int
	code  byte
}

func (c *Call) add(e Event) int {
	e.Session = uint8(len(c.Sessions) - 1)
	c.Events = append(c.Events, e)
	return len(c.Events) - 1
}

// open begins a queue event; close ends it.
func (c *Call) open(queue int, at clock.Local) {
	if c.queued == 0 {
		c.queued = at
	}
	if c.FirstQueue == world.None {
		c.FirstQueue = queue
	}
	c.queue = c.add(Event{Type: 'q', Start: at, Queue: queue, Agent: world.None})
}

func (c *Call) close(at clock.Local, code byte) {
	q := &c.Events[c.queue]
	q.Duration, q.Result = int(at-q.Start), code
}

// settle orders the events, ends the sessions and dates the call.
func (c *Call) settle() {
	slices.SortStableFunc(c.Events, func(a, b Event) int { return int(a.Start - b.Start) })
	for i := range c.Events {
		e := &c.Events[i]
		c.Sessions[e.Session].End = max(c.Sessions[e.Session].End, e.End())
	}
	for i := range c.Events {
		e := &c.Events[i]
		if e.Type == 'i' || e.CIQ == 'c' && e.Result == 'k' {
			e.Duration = int(c.Sessions[e.Session].End - e.Start)
			if e.CIQ == 'c' {
				e.Talk = e.Duration - e.Ring
			}
		}
		c.End = max(c.End, e.End())
	}
	c.sumUp()
}

// sumUp draws from the legs what is true about the call as a whole.
func (c *Call) sumUp() {
	for i := range c.Events {
		if e := &c.Events[i]; e.Counts && e.SentBack {
			c.Back, c.Target = true, e.Target
		}
	}
	if c.Outcome == Abandoned {
		last := c.queued
		for i := range c.Events {
			if c.Events[i].Type == 'q' {
				last = c.Events[i].End()
			}
		}
		if last-c.queued < shortAbandonSeconds {
			c.Outcome = ShortAbandoned
		}
	}
	if c.outside {
		c.Outcome = OutsideHours
	}
}
