package truth

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// group names one row group of the figures: a period, a grouping, a perspective
// and a key (DESIGN §5).
type group struct{ period, by, perspective, key string }

const (
	citizen = "citizen"
	agent   = "agent"
)

// tallies are the groups of one kind of period.
type tallies map[group]*tally

func (t tallies) at(g group) *tally {
	found, ok := t[g]
	if !ok {
		found = new(tally)
		t[g] = found
	}
	return found
}

// month gives the period "2026-03" of a day; quarter and year follow from it.
func month(d clock.Day) string { return d.String()[:7] }

func quarter(month string) string {
	m, _ := strconv.Atoi(month[5:])
	return fmt.Sprintf("%sK%d", month[:4], (m+2)/3)
}

// place are the groupings both perspectives share, for one municipality on one day.
func (b *Book) place(municipality int, d clock.Day) [4][2]string {
	return [4][2]string{
		{"total", "total"}, {"municipality", b.code(municipality)},
		{"network", b.network(municipality, d)}, {"region", b.region(municipality)},
	}
}

// monthly counts everything by month.
func (b *Book) monthly() tallies {
	all := make(tallies)
	for i := range b.Calls {
		c := &b.Calls[i]
		b.countCitizen(all, c)
		if c.Outcome == hotline.Answered {
			b.countAgents(all, c)
		}
	}
	for _, g := range b.Glances {
		b.countGlance(all, g)
	}
	for _, s := range b.Shifts() {
		for _, t := range b.agentTallies(all, month(s.Day), s.Agent, s.Day) {
			t.shift(s)
		}
	}
	return all
}

// countCitizen counts a call in the groups of its citizen.
func (b *Book) countCitizen(all tallies, c *Call) {
	day := c.Start.Day()
	period := month(day)
	in := func(by, key string) { b.addCall(all.at(group{period, by, citizen, key}), c) }
	for _, p := range b.place(c.Municipality, day) {
		in(p[0], p[1])
	}
	if c.Outcome < hotline.MenuOnly {
		in("queue", b.World.Queues[c.Queue].Key)
	}
	if len(c.Topics) == 0 {
		in("topic", unknown)
	}
	for _, t := range c.Topics {
		in("topic", strconv.Itoa(b.World.Topics[t].ID))
	}
	for k, u := range c.Uses {
		if firstUse(c.Uses[:k], u.Guide) {
			in("guide", b.World.Guides[u.Guide].ID)
		}
	}
	if c.Outcome == hotline.Answered && c.Back {
		all.at(group{period, "transfer_number", citizen, c.Target}).back++
	}
	b.narrowSends(all, c, period)
}

func firstUse(before []Use, guide int) bool {
	for _, u := range before {
		if u.Guide == guide {
			return false
		}
	}
	return true
}

// addCall counts a call in one group of the citizen perspective.
func (b *Book) addCall(t *tally, c *Call) {
	t.outcome[c.Outcome]++
	if c.Outcome != hotline.Answered {
		return
	}
	t.answer(c, c.Back)
	for _, l := range c.Legs {
		t.leg(l)
	}
	if c.Municipality != world.None && slices.ContainsFunc(c.Legs, func(l Leg) bool {
		return b.World.Agents[l.Agent].Municipality(c.Start.Day()) != c.Municipality
	}) {
		t.across++
	}
	if !c.Back {
		t.survey(c.Survey)
	}
	if len(c.Uses) > 0 {
		t.guided++
	}
	t.guideSends += int64(len(c.Sends))
}

// narrowSends corrects the guide groups, in which only the guide's own sends count.
func (b *Book) narrowSends(all tallies, c *Call, period string) {
	for k, u := range c.Uses {
		if !firstUse(c.Uses[:k], u.Guide) {
			continue
		}
		own := int64(0)
		for _, s := range c.Sends {
			if s.Guide == u.Guide {
				own++
			}
		}
		all.at(group{period, "guide", citizen, b.World.Guides[u.Guide].ID}).guideSends += own - int64(len(c.Sends))
	}
}

// countAgents counts an answered call once for every agent who answered it.
func (b *Book) countAgents(all tallies, c *Call) {
	day := c.Start.Day()
	for k, l := range c.Legs {
		if seen(c.Legs[:k], l.Agent) {
			continue
		}
		for _, t := range b.agentTallies(all, month(day), l.Agent, day) {
			b.addPair(t, c, l.Agent)
		}
	}
	if c.Survey.Sent && !c.Back {
		for _, t := range b.agentTallies(all, month(day), c.Survey.Agent, day) {
			t.survey(c.Survey)
		}
	}
}

func seen(before []Leg, agent int) bool {
	for _, l := range before {
		if l.Agent == agent {
			return true
		}
	}
	return false
}

// agentTallies are the groups of the agent perspective to which an agent belongs.
func (b *Book) agentTallies(all tallies, period string, who int, day clock.Day) [5]*tally {
	municipality, key := world.None, unknown
	if who != world.None {
		a := &b.World.Agents[who]
		municipality, key = a.Municipality(day), strconv.Itoa(a.ID)
	}
	var list [5]*tally
	for i, p := range b.place(municipality, day) {
		list[i] = all.at(group{period, p[0], agent, p[1]})
	}
	list[4] = all.at(group{period, "agent", agent, key})
	return list
}

// addPair counts an agent's share in an answered call.
func (b *Book) addPair(t *tally, c *Call, who int) {
	back := false
	for _, l := range c.Legs {
		if l.Agent == who {
			t.leg(l)
			back = back || l.SentBack
		}
	}
	t.answer(c, back)
	if b.World.Agents[who].Municipality(c.Start.Day()) != c.Municipality {
		t.across++
	}
	used := false
	for _, u := range c.Uses {
		used = used || u.Agent == who
	}
	if used {
		t.guided++
	}
	for _, s := range c.Sends {
		if s.Agent == who {
			t.guideSends++
		}
	}
}

// countGlance counts a guide view or send, with or without a call.
func (b *Book) countGlance(all tallies, g Glance) {
	day := g.At.Day()
	period := month(day)
	count := func(t *tally) {
		if g.Sent {
			t.sends++
		} else {
			t.views++
		}
	}
	for _, p := range b.place(g.Municipality, day) {
		count(all.at(group{period, p[0], citizen, p[1]}))
	}
	count(all.at(group{period, "guide", citizen, b.World.Guides[g.Guide].ID}))
	for _, t := range b.agentTallies(all, period, g.Agent, day) {
		count(t)
	}
}

// rollUp adds the months to quarters and years.
func rollUp(months tallies) tallies {
	all := make(tallies, len(months)*3/2)
	for g, t := range months {
		all[g] = t
		for _, period := range [2]string{quarter(g.period), g.period[:4]} {
			wider := g
			wider.period = period
			all.at(wider).merge(t)
		}
	}
	return all
}
