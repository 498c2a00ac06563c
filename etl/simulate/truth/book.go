// Package truth keeps what a simulation knows to have happened and computes from
// it the figures that a warehouse must find in the rows (DOMAIN §4). It never sees
// a row: agreement between the two is evidence, not a tautology.
package truth

import (
	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

const (
	secondsPerWeek = 7 * clock.SecondsPerDay
	unknown        = "unknown"
)

// Call is what is true about one inbound call. Indexes point into the world, with
// world.None for nothing.
type Call struct {
	ID           uint64
	Start        clock.Local
	Outcome      hotline.Outcome
	Municipality int
	Queue        int // first DDH queue
	Wait         int // seconds, calls answered on the line
	ByCallback   bool
	CalledBack   int // seconds from the order of the callback, or its time, until the citizen spoke
	Back         bool
	Target       string
	Repeat       bool // the caller called again within seven days
	Caller       int
	Topics       []int // indexes of distinct topics registered
	Legs         []Leg // answered agent legs in order of time
	Survey       Survey
	Uses         []Use // guide uses, reloads left out
	Sends        []Use
}

// Leg is one answered agent leg; times in seconds.
type Leg struct {
	Agent              int
	Talk, WrapUp, Hold int
	SentBack           bool
}

// Survey is what became of the question sent after a call.
type Survey struct {
	Sent    bool
	Replied bool // a first answer of any text within 72 hours
	Score   int  // first valid score within 72 hours; 0 = none
	Agent   int  // whom the reply is attributed to
}

// Use is a guide opened, or sent from, in a call.
type Use struct{ Agent, Guide int }

// Glance is a guide view that counts, or a send, with or without a call.
type Glance struct {
	At           clock.Local
	Call         int // serial of the call, or -1
	Agent        int // world.None when the library's user is nobody we know
	Guide        int
	Municipality int
	Sent         bool // a send, else a view
}

// Book holds the facts of one simulation.
type Book struct {
	World   *world.World
	Calls   []Call // by serial
	Glances []Glance

	attendances map[agentDay]*attendance
}

// Call returns the place of the call with that serial, making room for it.
func (b *Book) Call(serial int) *Call {
	for len(b.Calls) <= serial {
		b.Calls = append(b.Calls, Call{})
	}
	return &b.Calls[serial]
}

// CalledAgain notes when the caller of a call called next.
func (b *Book) CalledAgain(serial int, at clock.Local) {
	c := &b.Calls[serial]
	c.Repeat = at > c.Start && at-c.Start <= secondsPerWeek
}

// Glance notes a guide view or send.
func (b *Book) Glance(g Glance) {
	b.Glances = append(b.Glances, g)
	if g.Call < 0 {
		return
	}
	c := &b.Calls[g.Call]
	if g.Sent {
		c.Sends = append(c.Sends, Use{g.Agent, g.Guide})
	} else {
		c.Uses = append(c.Uses, Use{g.Agent, g.Guide})
	}
}

func (b *Book) code(municipality int) string {
	if municipality == world.None {
		return unknown
	}
	return b.World.Municipalities[municipality].Code
}

func (b *Book) network(municipality int, d clock.Day) string {
	if municipality == world.None || !b.World.Member(municipality, d) {
		return unknown
	}
	return b.World.Municipalities[municipality].Network
}

func (b *Book) region(municipality int) string {
	if municipality == world.None {
		return unknown
	}
	return b.World.Municipalities[municipality].Region
}
