package hotline

import (
	"cmp"
	"math"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
)

const (
	// busySeconds is what one call takes of an agent: ringing, talk, after-work and
	// the pauses between.
	busySeconds = 236
	// aimSeconds is the mean wait the planners staff for. Impatient callers and
	// overlapping shifts shorten it, bad days lengthen it: found by running, so
	// that a year comes out at about a minute.
	aimSeconds   = 120.0
	readySeconds = 120 // agents log on this long before opening
	stayMinimum  = 90 * 60
)

// desk is where an agent works: his state on the day.
type desk struct {
	on, leaving  bool
	since, until clock.Local // of the shift
	workedUntil  clock.Local // end of the latest after-work
}

// roster is the plan of a day.
type roster struct {
	need   [48]int
	order  []int // agents in the order in which they are asked
	asked  int
	closes clock.Local
}

// planShifts decides how many agents are needed when, and who is asked first.
func (s *Sim) planShifts(day clock.Day) {
	hours := s.world.Hours(day)
	if len(hours) == 0 {
		return
	}
	s.roster = roster{order: s.roster.order[:0]}
	for half := range s.roster.need {
		s.roster.need[half] = agentsNeeded(s.demand.expected(day, half)*2, s.dice.Float())
	}
	s.askOrder(day)
	for _, h := range hours {
		s.agenda.add(entry{at: day.At(h.Opens - readySeconds), what: shiftChange, token: h.Opens / halfHour})
		for second := h.Opens + halfHour; second < h.Closes; second += halfHour {
			s.agenda.add(entry{at: day.At(second), what: shiftChange, token: second / halfHour})
		}
		s.agenda.add(entry{at: day.At(h.Closes + 60), what: hotlineCloses})
	}
}

// askOrder draws the day's order, in which agents with more hours come first more
// often (an exponential race).
func (s *Sim) askOrder(day clock.Day) {
	keys := make([]float64, len(s.world.Agents))
	for i := range s.world.Agents {
		a := &s.world.Agents[i]
		if a.Works(day) {
			keys[i] = -math.Log(1-s.dice.Float()) / a.Hours
			s.roster.order = append(s.roster.order, i)
		}
	}
	slices.SortFunc(s.roster.order, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
}

// agentsNeeded staffs for the aimed mean wait at that many calls an hour. The aim
// lies between two whole numbers; luck in [0, 1) decides which one it is.
func agentsNeeded(callsPerHour, luck float64) int {
	if callsPerHour == 0 {
		return 0
	}
	load := callsPerHour * busySeconds / 3600
	n := int(load) + 1
	above := meanWait(load, n, busySeconds)
	for above > aimSeconds*10 {
		n++
		above = meanWait(load, n, busySeconds)
	}
	for {
		below := meanWait(load, n+1, busySeconds)
		if below <= aimSeconds {
			if above > aimSeconds && luck > (aimSeconds-below)/(above-below) {
				n++
			}
			return n
		}
		n, above = n+1, below
	}
}

// meanWait is the mean wait in seconds by Erlang C: load in erlang, n agents, the
// seconds one call takes of an agent. It is infinite where n agents cannot carry
// the load.
func meanWait(load float64, n int, handling float64) float64 {
	if load >= float64(n) {
		return math.Inf(1)
	}
	blocked := 1.0 // Erlang B, by recursion over the agents
	for k := 1; k <= n; k++ {
		blocked = load * blocked / (float64(k) + load*blocked)
	}
	delayed := blocked / (1 - load/float64(n)*(1-blocked))
	return delayed * handling / (float64(n) - load)
}

// changeShift brings the number of agents to what the half hour needs.
func (s *Sim) changeShift(half int) {
	present := 0
	for i := range s.desks {
		d := &s.desks[i]
		if !d.on || d.leaving {
			continue
		}
		if d.until <= s.now {
			s.send(i)
			continue
		}
		present++
	}
	for ; present > s.roster.need[half]; present-- {
		longest := s.longestPresent()
		if longest < 0 {
			break
		}
		s.send(longest)
	}
	for ; present < s.roster.need[half] && s.roster.asked < len(s.roster.order); present++ {
		agent := s.roster.order[s.roster.asked]
		s.roster.asked++
		s.logOn(agent)
	}
}

// longestPresent returns the agent whose shift began first and is long enough to
// end, or -1.
func (s *Sim) longestPresent() int {
	longest := -1
	for i := range s.desks {
		d := &s.desks[i]
		if d.on && !d.leaving && s.now-d.since >= stayMinimum && (longest < 0 || d.since < s.desks[longest].since) {
			longest = i
		}
	}
	return longest
}

func (s *Sim) logOn(agent int) {
	d := &s.desks[agent]
	*d = desk{on: true, since: s.now, until: s.now + clock.Local(s.dice.Between(5, 9)*halfHour), workedUntil: s.now}
	s.sink.Move(Move{Agent: agent, At: s.now, Type: 'i'})
	if s.dice.Chance(0.03) { // straight into a pause, milliseconds later
		s.pause(agent, 7, s.dice.Between(60, 400))
		return
	}
	s.seat(agent)
}

// send lets an agent go home as soon as he is free.
func (s *Sim) send(agent int) {
	s.desks[agent].leaving = true
	if i := slices.Index(s.idle, agent); i >= 0 {
		s.idle = slices.Delete(s.idle, i, i+1)
		s.logOff(agent)
	}
}

// logOff ends a shift. One in a hundred forgets it, and the system does it
// before midnight.
func (s *Sim) logOff(agent int) {
	s.desks[agent].on = false
	if s.dice.Chance(0.01) {
		s.sink.Move(Move{Agent: agent, At: s.now, Type: 'p', Pause: 1})
		s.sink.Move(Move{Agent: agent, At: s.now.Day().At(clock.SecondsPerDay - 1), Type: 'o', Auto: true})
		return
	}
	s.sink.Move(Move{Agent: agent, At: s.now, Type: 'o'})
}

// closeHotline sends everybody home; who is busy stays until the line is empty.
func (s *Sim) closeHotline() {
	s.roster.closes = s.now
	for i := range s.desks {
		if s.desks[i].on && !s.desks[i].leaving {
			s.send(i)
		}
	}
}

// staffed reports whether anybody is still there to answer.
func (s *Sim) staffed() bool {
	for i := range s.desks {
		if s.desks[i].on {
			return true
		}
	}
	return false
}

// free is an agent whose after-work is done.
func (s *Sim) free(agent int) {
	d := &s.desks[agent]
	closed := s.roster.closes != 0 && s.now >= s.roster.closes
	switch {
	case !d.on:
	case d.leaving && (!closed || len(s.waiting) == 0):
		s.logOff(agent)
	case !closed && s.dice.Chance(0.03):
		s.pause(agent, 0, s.dice.Between(180, 900))
	default:
		s.seat(agent)
	}
}

func (s *Sim) seat(agent int) {
	s.idle = append(s.idle, agent)
	s.dispatch()
}

// pause sends an agent on a break; some change its type on the way, which is
// another pause without a return (SOURCES §1).
func (s *Sim) pause(agent, late, seconds int) {
	s.sink.Move(Move{Agent: agent, At: s.now, Late: late, Type: 'p', Pause: 1 + s.dice.Below(3)})
	if s.dice.Chance(0.2) {
		s.sink.Move(Move{Agent: agent, At: s.now + clock.Local(seconds/2), Type: 'p', Pause: 4})
	}
	s.agenda.add(entry{at: s.now + clock.Local(seconds), what: pauseEnds, agent: agent})
}

func (s *Sim) pauseEnds(agent int) {
	s.sink.Move(Move{Agent: agent, At: s.now, Type: 'r'})
	s.free(agent)
}

// block keeps an agent who did not answer from being rung for a while.
func (s *Sim) block(agent int) {
	s.agenda.add(entry{at: s.now + clock.Local(s.dice.Between(30, 120)), what: agentFree, agent: agent})
}

// takeIdle takes the agent at that place of the line of free agents.
func (s *Sim) takeIdle(place int) int {
	agent := s.idle[place]
	s.idle = slices.Delete(s.idle, place, place+1)
	if quiet := s.desks[agent].workedUntil + graceSeconds; s.now-quiet > 30 {
		s.sink.Idle(agent, quiet, s.now-1)
	}
	return agent
}

// graceSeconds is how long after an agent's work on a call a guide may still
// belong to it (SOURCES §3), and a little more.
const graceSeconds = 65
