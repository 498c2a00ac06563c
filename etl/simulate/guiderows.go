package simulate

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/truth"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

var (
	viewForm = form{"guide_views", "guides", ';', []string{
		"viewed_at", "agent", "citizen_municipality", "guide_id", "session_id", "call_id",
	}}
	sendForm = form{"guide_sends", "guides", ';', []string{
		"sent_at", "agent", "channel", "guide_id", "citizen_municipality",
	}}
	guideForm = form{"guides", "guides", ';', []string{
		"guide_id", "title", "scope", "owner_municipality", "category", "valid_from", "valid_to",
	}}
)

const (
	// apart is the shortest time in seconds between two uses by one agent; reloads
	// come within reloadWithin, clear of the 30 s that tell the two apart (SOURCES §3).
	apart         = 75
	reloadWithin  = 25
	reloadSeconds = 30
	// guestUser is a user of the library whom no agent is mapped to.
	guestUser = "gaest07"
)

// guides lets the agents of an answered call open guides while they talk or do
// their after-work.
func (r *recorder) guides(c *hotline.Call) {
	for i := range c.Events {
		e := &c.Events[i]
		// A callback on another day is left out, so that a use has the date of its call.
		if !e.Counts || e.Start.Day() != c.Start.Day() || !r.dice.Chance(0.44) {
			continue
		}
		until := e.End() + clock.Local(e.WrapUp)
		at := e.SpeakStart() + clock.Local(r.dice.Between(3, 40))
		for left := r.dice.Between(1, 3); left > 0 && at <= until; left-- {
			r.use(c, e.Agent, at, until)
			at += clock.Local(r.dice.Exponential(apart, 60))
		}
	}
	r.bookViews()
}

// bookViews books what the agents of one call opened, but for reloads: the same guide
// within half a minute of the view before, whichever agent opened it.
func (r *recorder) bookViews() {
	slices.SortFunc(r.views, func(a, b view) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.user, b.user))
	})
	last := make(map[int]clock.Local)
	for _, v := range r.views {
		before, seen := last[v.Guide]
		if v.Call < 0 {
			r.book.Glance(v.Glance)
			continue
		}
		if last[v.Guide] = v.At; !seen || v.At-before > reloadSeconds {
			r.book.Glance(v.Glance)
		}
	}
	r.views = r.views[:0]
}

// view is a guide opened in a call, by a user of the library.
type view struct {
	truth.Glance
	user string
}

// use is one use of a guide: a view, perhaps a reload, perhaps a message sent.
func (r *recorder) use(c *hotline.Call, agent int, at, until clock.Local) {
	g := truth.Glance{At: at, Call: c.Serial, Agent: agent, Guide: r.world.Guide(r.dice, c.Topic, c.Municipality), Municipality: c.Municipality}
	user, id := r.world.Agents[agent].SbnuUser, uint64(0)
	if r.dice.Chance(0.1) {
		id = c.ID
	}
	if r.dice.Chance(0.01) { // somebody at the same desk without a user of his own
		user, g.Agent = guestUser, world.None
		if id == 0 {
			g.Call = -1
		}
	}
	label := r.label(c.Municipality, g.Call >= 0)
	if g.Call < 0 && label == "" {
		g.Municipality = world.None
	}
	r.views = append(r.views, view{g, user})
	r.ids++
	r.viewRow(g, user, label, id)
	if g.Agent == world.None {
		return
	}
	if again := at + clock.Local(r.dice.Between(2, reloadWithin)); again <= until && r.dice.Chance(0.12) {
		g.At = again
		r.views = append(r.views, view{g, user})
		r.viewRow(g, user, label, id)
	}
	if sent := at + clock.Local(r.dice.Between(4, 30)); sent <= until && r.dice.Chance(0.2) {
		g.At, g.Sent = sent, true
		r.book.Glance(g)
		r.sendRow(g, user, label)
	}
}

// Idle implements hotline.Sink: between calls agents read too, for no call.
func (r *recorder) Idle(agent int, from, to clock.Local) {
	if !r.dice.Chance(0.04) {
		return
	}
	at := from + clock.Local(r.dice.Below(int(to-from)+1))
	g := truth.Glance{At: at, Call: -1, Agent: agent, Guide: r.dice.Below(len(r.world.Guides)), Municipality: world.None}
	label := ""
	if r.dice.Chance(0.5) {
		g.Municipality = r.world.Agents[agent].Municipality(at.Day())
		label = r.label(g.Municipality, false)
	}
	views := 1
	if r.dice.Chance(0.1) {
		views = 2 // without a call there is no telling a reload from another use
	}
	for ; views > 0 && g.At <= to; views-- {
		r.book.Glance(g)
		r.ids++
		r.viewRow(g, r.world.Agents[agent].SbnuUser, label, 0)
		g.At += 9
	}
}

// label is a municipality as the library writes it: mostly its code, sometimes
// without the leading zero, sometimes its name. With a call it may be missing.
func (r *recorder) label(municipality int, mayMiss bool) string {
	if municipality == world.None {
		return ""
	}
	m := r.world.Municipalities[municipality]
	switch p := r.dice.Float(); {
	case p < 0.07 && mayMiss:
		return ""
	case p < 0.17:
		return m.Name
	case p < 0.2:
		return strings.TrimPrefix(m.Code, "0")
	}
	return m.Code
}

func (r *recorder) viewRow(g truth.Glance, user, label string, call uint64) {
	s := r.shelf.sheet(&viewForm, g.At.Day())
	s.Time(g.At)
	s.Text(user)
	s.Text(label)
	s.Text(r.world.Guides[g.Guide].ID)
	s.Text("s" + strconv.FormatInt(r.ids, 36))
	if call != 0 {
		s.Uint(call)
	} else {
		s.Empty(1)
	}
	s.End()
}

func (r *recorder) sendRow(g truth.Glance, user, label string) {
	s := r.shelf.sheet(&sendForm, g.At.Day())
	s.Time(g.At)
	s.Text(user)
	s.Text(dice.Pick(r.dice, []string{"sms", "sms", "mail"}))
	s.Text(r.world.Guides[g.Guide].ID)
	s.Text(label)
	s.End()
}
