package hotline

import (
	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// forward carries out what an agent wanted with the call at the end of his talk:
// w passes it on to a colleague after a word with him, b blindly, q back to the
// queue; a only asks a colleague. Without a free colleague he settles it himself.
func (s *Sim) forward(c *Call, agent, leg int, how byte) {
	if how == 'q' {
		s.requeue(c, leg)
		return
	}
	if len(s.idle) == 0 {
		s.hangUp(c, leg, s.now)
		s.finish(c)
		return
	}
	colleague := s.takeIdle(0)
	e := Event{
		Type: 'c', Result: 'k', Leg: TransferAgentLeg, Start: s.now, Ring: s.dice.Between(2, 8), Queue: world.None,
		Agent: colleague, ODR: s.nextODR(), Counts: true,
	}
	if s.dice.Chance(0.1) {
		e.Result, e.Ring, e.Counts = 't', 20, false
	}
	e.Duration = e.Ring
	second := c.add(e)
	switch {
	case !e.Counts:
		s.colleagueSilent(c, leg, second, how)
	case how == 'a':
		s.colleagueAsked(c, leg, second)
	default:
		s.colleagueTakesOver(c, leg, second, how == 'w')
	}
}

// colleagueSilent: a blind transfer is lost, otherwise the agent goes on.
func (s *Sim) colleagueSilent(c *Call, leg, second int, how byte) {
	rang := &c.Events[second]
	end := s.now
	if how == 'b' {
		c.Events[leg].Transfer = true
	} else {
		end = rang.End() + 15
		c.Events[leg].Consult = true
		c.Events[leg].Hold += rang.Duration
	}
	s.hangUp(c, leg, end)
	s.block(rang.Agent)
	s.finish(c)
}

// colleagueAsked: the citizen is on hold meanwhile, and the colleague lets go. Some
// calls are sent back after all.
func (s *Sim) colleagueAsked(c *Call, leg, second int) {
	seconds := s.dice.Between(10, 60)
	end := c.Events[second].SpeakStart() + clock.Local(seconds)
	s.hangUp(c, second, end)
	c.Events[leg].Consult = true
	c.Events[leg].Hold += c.Events[second].Duration
	if s.dice.Chance(0.3) {
		e, to := &c.Events[leg], s.world.Local(s.dice, c.Municipality)
		e.Transfer, e.SentBack, e.Target = true, true, to.Number
		s.external(c, to.Number, end+20, s.answerCode(), s.dice.Between(30, 420))
	}
	s.hangUp(c, leg, end+20)
	s.finish(c)
}

func (s *Sim) colleagueTakesOver(c *Call, leg, second int, warm bool) {
	end := s.now
	if warm {
		end = c.Events[second].SpeakStart() + clock.Local(s.dice.Between(5, 25))
		c.Events[leg].Consult = true
		c.Events[leg].Hold += int(end - s.now)
	}
	c.Events[leg].Transfer = true
	s.hangUp(c, leg, end)
	s.converse(c, second, true)
}

// requeue transfers the citizen to a DDH queue, ahead of the others.
func (s *Sim) requeue(c *Call, leg int) {
	c.Events[leg].Transfer = true
	s.hangUp(c, leg, s.now)
	c.open(world.QueuePension, s.now)
	s.wait(c)
	s.waiting = append([]*Call{c}, s.waiting...)
	s.dispatch()
}

// orderCallback lets the citizen hang up and keep the place in the line.
func (s *Sim) orderCallback(c *Call) {
	c.Outcome = CallbackOrdered
	c.token++
	c.state, c.callback, c.ordered = awaitingCallback, true, s.now
	at := s.now + clock.Local(s.dice.Exponential(60, 240))
	switch p := s.dice.Float(); {
	case p < 0.06:
		at = s.now + clock.Local(s.dice.Between(3600, 3*3600))
		c.Scheduled = at
	case p < 0.12: // on another day, after the weekend or a holiday where one comes between
		at = s.world.NextOpen(s.now.Day()+1, s.dice)
		c.Scheduled = at
	case p < 0.18 || !s.world.Open(at) && p < 0.8: // nobody comes round to it on the day
		at = s.world.NextOpen(s.now.Day()+1, s.dice)
	}
	if !s.world.Open(at) || at.Day() > s.world.To {
		s.finish(c)
		return
	}
	s.agenda.add(entry{at: at, what: callbackDue, call: c})
}

// callBack puts a due callback at the head of the line.
func (s *Sim) callBack(c *Call) {
	c.state = inQueue
	s.agenda.add(entry{at: s.now + giveUpSeconds, what: callLeaves, code: 'x', call: c, token: c.token})
	s.waiting = append([]*Call{c}, s.waiting...)
	s.dispatch()
}

// callbackAnswered: the agent is on the line, now the citizen's phone rings. Only
// if that is answered too was the citizen reached (SOURCES §1).
func (s *Sim) callbackAnswered(c *Call, agent, ring int) {
	leg := s.agentLeg(c, Event{Result: 'k', Start: c.ring.start, Ring: ring})
	citizen := Event{
		Type: 'c', CIQ: 'c', Result: 'k', Start: s.now, Ring: s.dice.Between(4, 20), Queue: c.Events[leg].Queue,
		Agent: world.None, ODR: s.nextODR(),
	}
	citizen.Duration = citizen.Ring
	if s.dice.Chance(0.2) {
		citizen.Result = "tb"[s.dice.Below(2)]
		c.add(citizen)
		s.hangUp(c, leg, s.now+clock.Local(citizen.Ring+2))
		s.finish(c)
		return
	}
	c.add(citizen)
	c.Events[leg].Counts = true
	c.Outcome, c.ByCallback = Answered, true
	c.CalledBack = max(0, max(c.ordered, c.Scheduled).Until(citizen.SpeakStart()))
	s.converse(c, leg, true)
}

// callOut lets an idle agent ring a citizen, if more than one is idle.
func (s *Sim) callOut() {
	if len(s.idle) < 2 {
		return
	}
	agent := s.takeIdle(len(s.idle) - 1)
	c := s.blank(Callout)
	c.Caller, s.callers = s.callers, s.callers+1
	s.begin(c)
	ring := s.dice.Between(2, 5)
	leg := c.add(Event{
		Type: 'c', CIQ: 'a', Result: 'k', Leg: AgentLeg, Start: s.now, Ring: ring, Queue: world.QueueCallout, Agent: agent, ODR: s.nextODR(),
	})
	end := s.now + clock.Local(s.dice.Between(20, 300))
	c.add(Event{
		Type: 'c', CIQ: 'c', Result: 'k', Start: s.now + clock.Local(ring), Ring: 8, Queue: world.QueueCallout, Agent: world.None, ODR: s.nextODR(),
	})
	s.hangUp(c, leg, end)
	s.finish(c)
}

// chat is a conversation of another medium, which no figure of the hotline counts.
func (s *Sim) chat(at clock.Local) {
	s.now = at
	c := s.blank(Chat)
	c.Caller, s.callers = s.callers, s.callers+1
	s.begin(c)
	c.open(world.QueueChat, at)
	c.close(at+20, 'k')
	c.add(Event{Type: 'c', Result: 'k', Leg: AgentLeg, Start: at + 20, Duration: 200, Talk: 200, Queue: world.QueueChat, Agent: world.None, ODR: s.nextODR()})
	s.finish(c)
}
