package hotline

import (
	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

const (
	halfHour = 1800
	// freshShare of the calls are not repeats of an earlier call; found by running.
	freshShare = 0.845
	// outsideShare of the calls come while the hotline is closed.
	outsideShare = 0.025
	// holidays take about this share of the yearly opening hours.
	holidayShare = 0.035
)

var weekdayWeight = [8]float64{1: 1.25, 2: 1.08, 3: 1.0, 4: 1.0, 5: 0.95, 7: 0.9}

var monthWeight = [13]float64{1: 1.12, 2: 1.02, 3: 1.0, 4: 0.98, 5: 0.97, 6: 0.98, 7: 0.86, 8: 1.02, 9: 1.02, 10: 1.0, 11: 1.0, 12: 0.97}

// hourWeight is the demand by half hour of the day: a morning peak, a quiet evening.
var hourWeight = [48]float64{
	16: 0.95, 17: 1.25, 18: 1.4, 19: 1.45, 20: 1.45, 21: 1.4, 22: 1.25, 23: 1.1, 24: 1.0, 25: 1.0, 26: 1.05, 27: 1.0,
	28: 0.95, 29: 0.9, 30: 0.8, 31: 0.7, 32: 0.6, 33: 0.5, 34: 0.42, 35: 0.36, 36: 0.3, 37: 0.28, 38: 0.25, 39: 0.22,
}

// demand knows how many calls are to be expected when.
type demand struct {
	world   *world.World
	perYear float64
	unit    float64 // calls per half hour and unit of weight
}

func newDemand(w *world.World, perYear int) demand {
	week := 0.0
	for weekday := 1; weekday <= 7; weekday++ {
		for h, weight := range hourWeight {
			if open := weekday <= 4 || weekday == 5 && h < 32 || weekday == 7 && h >= 32; open {
				week += weight * weekdayWeight[weekday]
			}
		}
	}
	year := week * 365.25 / 7 * (1 - holidayShare)
	return demand{w, float64(perYear), float64(perYear) * (1 - outsideShare) / year}
}

// expected returns the calls that planners expect in a half hour of a day.
func (q demand) expected(day clock.Day, half int) float64 {
	if !q.world.Open(day.At(half * halfHour)) {
		return 0
	}
	_, month, _ := day.Civil()
	rate := q.unit * hourWeight[half] * weekdayWeight[day.Weekday()] * monthWeight[month]
	if before := day - 1; before.Weekday() <= 5 && len(q.world.Hours(before)) == 0 {
		rate *= 1.2 // what could not be settled on the holiday
	}
	return rate
}

// arrivals plans the day's new callers. The day turns out busier or quieter than
// anybody expected.
func (s *Sim) arrivals(day clock.Day) {
	mood := s.dice.LogNormal(1, 0.09)
	for half := range hourWeight {
		for range s.dice.Poisson(s.demand.expected(day, half) * mood * freshShare) {
			s.newCaller(day.At(half*halfHour + s.dice.Below(halfHour)))
		}
	}
	mean := s.demand.perYear * outsideShare / 365 * freshShare
	mean *= 2 // most of an open day's draws fall into the opening hours and are dropped
	for range s.dice.Poisson(mean) {
		at := day.At(s.dice.Between(6*3600+1800, 22*3600))
		if s.dice.Chance(0.03) {
			at = day.At(s.dice.Between(3*3600, 6*3600))
		}
		if !s.world.Open(at) {
			s.newCaller(at)
		}
	}
	s.lastMinute(day)
	for range s.dice.Poisson(s.demand.perYear / 365 * 0.015) {
		s.agenda.add(entry{at: day.At(s.dice.Between(8*3600, 20*3600)), what: calloutDue})
	}
	for range s.dice.Poisson(s.demand.perYear / 365 * 0.003) {
		s.chat(day.At(s.dice.Between(9*3600, 15*3600)))
	}
}

// lastMinute lets a citizen call seconds after closing, who is still let into the
// queue: answered, yet outside the opening hours.
func (s *Sim) lastMinute(day clock.Day) {
	for _, h := range s.world.Hours(day) {
		if s.dice.Chance(0.3 * min(1, s.demand.perYear/100_000)) {
			s.newCaller(day.At(h.Closes + s.dice.Below(5)))
		}
	}
}

// newCaller plans the first call of a citizen who has not called before.
func (s *Sim) newCaller(at clock.Local) {
	caller := s.callers
	s.callers++
	if s.dice.Chance(0.04) {
		caller = world.None
	}
	s.plan(at, caller, s.world.Caller(s.dice, at.Day()), s.topics.Pick(s.dice), -1)
}

// plan puts an inbound call on the agenda.
func (s *Sim) plan(at clock.Local, caller, access, topic, previous int) {
	c := s.blank(Inbound)
	c.Caller, c.Access, c.Topic, c.previous = caller, access, topic, previous
	c.Municipality = s.world.Access[access].Municipality
	s.agenda.add(entry{at: at, what: callArrives, call: c})
}

// again is how likely a citizen is to call again after an outcome.
var again = [...]float64{
	Answered: 0.15, Abandoned: 0.55, ShortAbandoned: 0.4, CallbackOrdered: 0.3, Overflow: 0.35,
	Rejected: 0.6, Failed: 0.6, MenuOnly: 0.08, OutsideHours: 0.4,
}

const week = 7 * clock.SecondsPerDay

// callAgain may plan the next call of the same citizen. A citizen has one next
// call at most, never within two hours of seven days, so that no change of the
// clock decides whether it is a repeat.
func (s *Sim) callAgain(c *Call) {
	if c.Caller == world.None || !s.dice.Chance(again[c.Outcome]) {
		return
	}
	at := c.End + 180
	switch {
	case c.Outcome == Answered && s.dice.Chance(0.7):
		at = s.world.NextOpen(c.End.Day()+clock.Day(s.dice.Between(1, 12)), s.dice)
	case c.Outcome == Answered:
		at += clock.Local(s.dice.Exponential(600, 7200))
	case c.Outcome == OutsideHours || s.dice.Chance(0.3):
		at = s.world.NextOpen(c.End.Day()+1, s.dice)
	default:
		at += clock.Local(s.dice.Exponential(0, 1500))
	}
	if !s.world.Open(at) && s.dice.Chance(0.9) {
		at = s.world.NextOpen(at.Day()+1, s.dice)
	}
	if gap := at - c.Start; gap > week-7200 && gap < week+7200 {
		at = s.world.NextOpen(at.Day()+1, s.dice)
	}
	if at = at.Sure(); at.Day() <= s.world.To {
		s.plan(at, c.Caller, c.Access, c.Topic, c.Serial)
	}
}
