package hotline

import (
	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

const (
	talkMedian = 158 // seconds
	talkSpread = 0.62
	// backShare of the conversations end with the municipality: straksafklaring was
	// 60.87 % in 2024 (DOMAIN §2).
	backShare = 0.385
)

// answered begins the conversation of a call with the agent it rang at.
func (s *Sim) answered(c *Call, agent int) {
	c.token++
	c.state = talking
	ring := int(s.now - c.ring.start)
	if c.callback {
		s.callbackAnswered(c, agent, ring)
		return
	}
	c.close(c.ring.start, 'k')
	leg := s.agentLeg(c, Event{Result: 'k', Start: c.ring.start, Ring: ring, Counts: true})
	s.begun(c, leg)
	s.converse(c, leg, c.served)
}

// begun notes the wait on the line when the first agent speaks.
func (s *Sim) begun(c *Call, leg int) {
	if !c.served {
		c.Outcome = Answered
		c.Wait = int(c.Events[leg].SpeakStart() - c.queued)
	}
}

// converse lets the citizen and the agent of a leg talk, and decides where that
// leads. An agent to whom the call was passed does not pass it to a third.
func (s *Sim) converse(c *Call, leg int, second bool) {
	c.served = true
	talk := s.talkTime(c)
	end := c.Events[leg].SpeakStart() + clock.Local(talk)
	r := s.dice.Float() - backShare
	switch {
	case r < 0:
		s.sendBack(c, leg, end)
	case r < 0.015:
		s.passOn(c, leg, end, s.world.Authority(s.dice))
	case r < 0.018:
		s.passOn(c, leg, end, s.world.Team())
	case r < 0.032 && !second:
		s.agenda.add(entry{at: end, what: agentForwards, code: "wbqa"[s.dice.Below(4)], call: c, agent: c.Events[leg].Agent, token: leg})
		return
	case r < 0.042 && talk >= 60:
		s.consultOutside(c, leg, end)
	case r < 0.046 && talk >= 60:
		s.consultQueue(c, leg, end)
	case r < 0.047:
		c.Events[leg].Transfer = true // pressed the button, but nobody was rung
		s.hangUp(c, leg, end)
	default:
		s.hangUp(c, leg, end)
	}
	s.finish(c)
}

func (s *Sim) talkTime(c *Call) int {
	if s.dice.Chance(0.001) {
		return 0
	}
	return min(2400, 5+int(s.dice.LogNormal(talkMedian*s.world.Topics[c.Topic].Talk, talkSpread)))
}

// hangUp ends a leg, and after the after-work the agent is free.
func (s *Sim) hangUp(c *Call, leg int, end clock.Local) {
	e := &c.Events[leg]
	e.Duration = int(end - e.Start)
	e.Talk = e.Duration - e.Ring
	if s.dice.Chance(0.85) {
		e.WrapUp = min(600, s.dice.Exponential(3, 28))
	}
	s.desks[e.Agent].workedUntil = end + clock.Local(e.WrapUp)
	s.agenda.add(entry{at: s.desks[e.Agent].workedUntil, what: agentFree, agent: e.Agent})
}

// sendBack transfers the call to the citizen's municipality, in one of the ways
// agents have.
func (s *Sim) sendBack(c *Call, leg int, end clock.Local) {
	e := &c.Events[leg]
	board := s.world.Switchboard(c.Municipality)
	if board != world.None && s.dice.Chance(0.15) {
		e.Transfer, e.SentBack, e.Target = true, true, s.world.Queues[board].Key
		s.hangUp(c, leg, end)
		s.switchboard(c, board, end)
		return
	}
	talk := int(end - e.SpeakStart())
	switch r := s.dice.Float(); {
	case r < 0.05 && talk >= 90: // one department had no time, another had
		s.consultation(c, leg, end-60, 20, s.world.Local(s.dice, c.Municipality).Number, 'k')
	case r < 0.09 && talk >= 90:
		s.consultation(c, leg, end-60, 25, s.world.Local(s.dice, c.Municipality).Number, "tb"[s.dice.Below(2)])
	}
	s.passOn(c, leg, end, s.world.Local(s.dice, c.Municipality))
}

// passOn transfers the call to an external number: blind, or after talking to the
// one who answers there, in which case the legs overlap (SOURCES §1).
func (s *Sim) passOn(c *Call, leg int, end clock.Local, to world.Department) {
	e := &c.Events[leg]
	e.Transfer = true
	if to.Kind == world.KindMunicipality {
		e.SentBack, e.Target = true, to.Number
	}
	talk := int(end - e.SpeakStart())
	warm := s.dice.Chance(0.6) && talk >= 30
	after := s.dice.Between(30, 420)
	start, code := end, s.answerCode()
	if warm {
		overlap := min(talk/2-5, s.dice.Between(12, 80))
		if e.Consult { // after a consultation, which ended half a minute before
			overlap = min(overlap, 30)
		}
		e.Hold += overlap
		e.Consult = true
		start, code, after = end-clock.Local(overlap), 'k', after+overlap
	}
	s.hangUp(c, leg, end)
	s.external(c, to.Number, start, code, after)
	if end-start >= 40 && s.dice.Chance(0.1) {
		s.askedInVain(c, to, start+12, int(end-start)-20)
	}
}

// askedInVain rings somebody else while the one who takes the call is on the line
// already, and lets go within the time: the last to be rung, but not where the call went.
func (s *Sim) askedInVain(c *Call, taker world.Department, start clock.Local, within int) {
	other := s.world.Local(s.dice, c.Municipality)
	if taker.Kind == world.KindMunicipality {
		other = s.world.Authority(s.dice)
	}
	s.external(c, other.Number, start, s.answerCode(), s.dice.Between(5, within))
}

// answerCode is how ringing at a department ends.
func (s *Sim) answerCode() byte {
	if s.dice.Chance(0.88) {
		return 'k'
	}
	return "tbh"[s.dice.Below(3)]
}

// external rings a number outside the phone system. seconds is the length of the
// leg if somebody answers.
func (s *Sim) external(c *Call, number string, start clock.Local, code byte, seconds int) {
	e := Event{
		Type: 'c', Result: code, Leg: ExternalLeg, Start: start, Ring: s.dice.Between(4, 12),
		Queue: world.None, Agent: world.None, Number: number, ODR: s.nextODR(),
	}
	e.Duration = e.Ring
	if code == 'k' {
		e.Duration = max(seconds, e.Ring)
		e.Talk = e.Duration - e.Ring
	}
	c.add(e)
}

// consultation is a leg to an external number during a conversation, with the
// citizen on hold.
func (s *Sim) consultation(c *Call, leg int, start clock.Local, seconds int, number string, code byte) {
	c.Events[leg].Hold += seconds
	c.Events[leg].Consult = true
	s.external(c, number, start, code, seconds)
}

// consultOutside asks a department and goes on with the citizen.
func (s *Sim) consultOutside(c *Call, leg int, end clock.Local) {
	s.hangUp(c, leg, end)
	s.consultation(c, leg, end-50, s.dice.Between(15, 40), s.world.Local(s.dice, c.Municipality).Number, s.answerCode())
}

// consultQueue begins to ask a colleague through the queue and gives it up.
func (s *Sim) consultQueue(c *Call, leg int, end clock.Local) {
	seconds := s.dice.Between(5, 30)
	c.Events[leg].Hold += seconds
	c.Events[leg].Consult = true
	s.hangUp(c, leg, end)
	c.add(Event{Type: 'q', Result: 'c', Start: end - 45, Duration: seconds, Queue: world.QueueServices, Agent: world.None})
}

// switchboard puts the call into a municipality's own queue and reports whether
// one of its clerks answered.
func (s *Sim) switchboard(c *Call, queue int, at clock.Local) bool {
	seconds := s.dice.Between(3, 90)
	clerk := s.world.Clerk(s.dice, s.world.Queues[queue].Municipality)
	q := Event{Type: 'q', Result: 'h', Start: at, Duration: seconds, Queue: queue, Agent: world.None}
	start := at + clock.Local(seconds)
	if s.desks[clerk].workedUntil >= start || s.dice.Chance(0.1) {
		c.add(q)
		return false
	}
	q.Result = 'k'
	c.add(q)
	e := Event{
		Type: 'c', Result: 'k', Leg: AgentLeg, Start: start, Ring: s.dice.Between(2, 9), Talk: s.dice.Between(20, 300),
		Queue: queue, Agent: clerk, ODR: s.nextODR(),
	}
	e.Duration = e.Ring + e.Talk
	s.desks[clerk].workedUntil = e.End()
	c.add(e)
	return true
}
