package hotline

import (
	"slices"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

const (
	queueLimit     = 40   // waiting calls; who comes then is turned away
	timeoutSeconds = 1500 // longest time in the queue
	moveSeconds    = 90   // after this a topic's queue hands its calls to the main queue
	giveUpSeconds  = 3600 // a callback nobody could make in this time is dropped
)

// arrive lets a citizen into the menu.
func (s *Sim) arrive(c *Call) {
	c.Serial = s.serials
	s.serials++
	s.begin(c)
	if c.previous >= 0 {
		s.sink.CalledAgain(c.previous, c.Start)
	}
	c.outside = !s.world.Open(s.now)
	r := s.dice.Float()
	switch {
	case c.outside && !s.staffed():
		s.turnAway(c)
	case r < 0.047:
		s.onlyMenu(c)
	case r < 0.05 && s.world.Switchboard(c.Municipality) != world.None:
		s.straightToMunicipality(c)
	default:
		at := s.menu(c, s.dice.Between(8, 45), 'k', byte('1'+c.Topic%5))
		s.agenda.add(entry{at: at, what: callQueues, call: c})
	}
}

// menu adds a menu event and returns its end.
func (s *Sim) menu(c *Call, seconds int, result, choice byte) clock.Local {
	c.add(Event{Type: 'm', Result: result, Choice: choice, Start: s.now, Duration: seconds, Queue: world.None, Agent: world.None})
	return s.now + clock.Local(seconds)
}

// turnAway plays the closing message; some callers reach a closed queue first.
func (s *Sim) turnAway(c *Call) {
	at := s.menu(c, s.dice.Between(5, 30), 'k', 0)
	if s.dice.Chance(0.25) {
		c.open(s.world.Topics[c.Topic].Queue, at)
		c.close(at, 's')
	}
	s.finish(c)
}

// onlyMenu is a caller who hangs up in the menu or chooses the chatbot.
func (s *Sim) onlyMenu(c *Call) {
	c.Outcome = MenuOnly
	if s.dice.Chance(0.35) {
		s.menu(c, s.dice.Between(10, 40), 'k', '9')
	} else {
		s.menu(c, s.dice.Between(3, 60), 'h', 0)
	}
	s.finish(c)
}

// straightToMunicipality is a caller whose choice in the menu leads to the
// municipality's own switchboard: never in a queue of the hotline.
func (s *Sim) straightToMunicipality(c *Call) {
	c.Outcome = MenuOnly
	at := s.menu(c, s.dice.Between(8, 40), 'k', '8')
	s.switchboard(c, s.world.Switchboard(c.Municipality), at)
	s.finish(c)
}

// enter puts a call into its topic's queue.
func (s *Sim) enter(c *Call) {
	c.open(s.world.Topics[c.Topic].Queue, s.now)
	r := s.dice.Float()
	switch {
	case len(s.waiting) >= queueLimit:
		s.refuse(c, Rejected, 'f', 0)
	case r < 0.0015:
		s.refuse(c, Rejected, 's', 0)
	case r < 0.0035:
		s.refuse(c, Failed, "cde?"[s.dice.Below(4)], s.dice.Between(0, 30))
	default:
		s.wait(c)
		s.waiting = append(s.waiting, c)
		s.dispatch()
	}
}

func (s *Sim) refuse(c *Call, o Outcome, code byte, after int) {
	c.Outcome = o
	c.close(s.now+clock.Local(after), code)
	s.finish(c)
}

// wait decides how the wait will end unless an agent is free before.
func (s *Sim) wait(c *Call) {
	c.state = inQueue
	at, code := s.patience(), byte('h')
	sooner := func(seconds int, with byte, p float64) {
		if s.dice.Chance(p) && seconds < at {
			at, code = seconds, with
		}
	}
	sooner(timeoutSeconds, 't', 1)
	if !c.served {
		sooner(s.dice.Between(60, 240), 't', 0.004)
		sooner(s.dice.Between(20, 150), 'a', 0.012)
		sooner(s.dice.Between(50, 240), 'b', 0.006)
		if c.Caller != world.None && len(s.waiting) >= 3 {
			sooner(s.dice.Between(40, 120), 'q', 0.15)
		}
		if c.Topic%2 == 0 && s.world.Topics[c.Topic].Queue != world.QueueMain {
			s.agenda.add(entry{at: s.now + moveSeconds, what: callMoves, call: c, token: c.token})
		}
	}
	s.agenda.add(entry{at: s.now + clock.Local(at), what: callLeaves, code: code, call: c, token: c.token})
}

func (s *Sim) patience() int {
	if s.dice.Chance(0.013) {
		return s.dice.Between(1, 4)
	}
	return 5 + int(s.dice.LogNormal(480, 1))
}

// leave ends the wait of a citizen who has not been answered.
func (s *Sim) leave(c *Call, token int, code byte) {
	switch {
	case c.token != token:
	case c.state == atPhone && code == 'h':
		s.hangUpRinging(c)
	case c.state == inQueue && c.callback:
		s.unqueue(c)
		s.finish(c)
	case c.state == inQueue:
		s.unqueue(c)
		c.close(s.now, code)
		s.left(c, code)
	}
}

func (s *Sim) left(c *Call, code byte) {
	switch {
	case c.served: // transferred to a queue: what was answered stays answered
	case code == 'h':
		c.Outcome = Abandoned
	case code == 'q':
		s.orderCallback(c)
		return
	default:
		c.Outcome = Overflow
		if s.dice.Chance(0.5) {
			s.external(c, s.world.Local(s.dice, c.Municipality).Number, s.now, s.answerCode(), s.dice.Between(60, 300))
		}
	}
	s.finish(c)
}

// hangUpRinging is a citizen who gives up while the phone rings at an agent.
func (s *Sim) hangUpRinging(c *Call) {
	code := byte('h')
	if s.dice.Chance(0.15) {
		code = 'q'
	}
	a := c.ring.agent
	s.attempt(c, code)
	if s.dice.Chance(0.3) {
		c.close(s.now, 'h')
	} else {
		c.close(c.ring.start, 'k')
	}
	s.free(a)
	s.left(c, 'h')
}

// move hands a waiting call over to the main queue; once in a while to the
// municipality's, where it is lost or answered, but not by the hotline.
func (s *Sim) move(c *Call, token int) {
	if c.token != token || c.state != inQueue {
		return
	}
	c.close(s.now, 'm')
	board := s.world.Switchboard(c.Municipality)
	if board == world.None || !s.dice.Chance(0.02) {
		c.open(world.QueueMain, s.now)
		return
	}
	s.unqueue(c)
	if c.Outcome = Abandoned; s.switchboard(c, board, s.now) {
		c.Outcome = Overflow
	}
	s.finish(c)
}

// unqueue takes a call out of the line.
func (s *Sim) unqueue(c *Call) {
	if i := slices.Index(s.waiting, c); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
}

// dispatch rings free agents for waiting calls.
func (s *Sim) dispatch() {
	for len(s.waiting) > 0 && len(s.idle) > 0 {
		c := s.waiting[0]
		s.waiting = slices.Delete(s.waiting, 0, 1)
		s.ringAt(c, s.takeIdle(0))
	}
}

// ringAt rings an agent: usually he answers within seconds.
func (s *Sim) ringAt(c *Call, agent int) {
	c.state = atPhone
	c.ring = ringing{start: s.now, agent: agent, code: 'k'}
	seconds := s.dice.Between(2, 8)
	switch r := s.dice.Float(); {
	case r < 0.02:
		c.ring.code, seconds = 't', s.dice.Between(18, 25)
	case r < 0.03:
		c.ring.code = 'b'
	case r < 0.031:
		c.ring.code, seconds = 'c', 2
	case r < 0.032:
		c.ring.code, seconds = 'e', 1
	}
	if c.callback && len(c.Sessions) == 1 {
		s.begin(c)
	}
	s.agenda.add(entry{at: s.now + clock.Local(seconds), what: ringEnds, call: c, token: c.token})
}

// ringEnds connects the two, or puts the call back to the head of the line.
func (s *Sim) ringEnds(c *Call, token int) {
	if c.token != token || c.state != atPhone {
		return
	}
	agent := c.ring.agent
	if c.ring.code == 'k' {
		s.answered(c, agent)
		return
	}
	s.attempt(c, c.ring.code)
	if c.ring.code == 't' {
		s.block(agent)
	} else {
		s.free(agent)
	}
	c.state = inQueue
	s.waiting = slices.Insert(s.waiting, 0, c)
	s.dispatch()
}

// attempt records the ringing that just ended without an answer.
func (s *Sim) attempt(c *Call, code byte) {
	s.agentLeg(c, Event{Result: code, Start: c.ring.start, Duration: int(s.now - c.ring.start), Ring: int(s.now - c.ring.start)})
}

// agentLeg adds a leg of the agent that rings, set up from the queue.
func (s *Sim) agentLeg(c *Call, e Event) int {
	e.Type, e.Leg, e.Agent, e.Queue, e.ODR = 'c', AgentLeg, c.ring.agent, c.Events[c.queue].Queue, s.nextODR()
	if c.callback {
		e.CIQ = 'a'
	}
	return c.add(e)
}

func (s *Sim) nextODR() int64 { s.odr++; return s.odr }
