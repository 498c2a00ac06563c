package simulate_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/survey"
)

// end returns when an event was over.
func (r record) end() time.Time {
	return r.time("dte_start").Add(time.Duration(r.int("duration_tot_sec")) * time.Second)
}

func TestSurveyRowsLinkToTheTrueCalls(t *testing.T) {
	e := exampleQuarter(t)
	o, dir := newOracle(t, e), e.dir
	type ended struct {
		id string
		at time.Time
	}
	talks := make(map[string][]ended) // by agent and caller
	for id, events := range o.calls {
		over := events[0].end()
		for _, e := range events {
			if later := e.end(); later.After(over) {
				over = later
			}
		}
		for _, e := range events {
			if inbound(events) && o.leg(events, e) {
				who := e["agent_id"] + "/" + subscriber(events[0]["source"])
				talks[who] = append(talks[who], ended{id, over})
			}
		}
	}
	link := func(r record) string {
		if r["related_call_id"] != "" {
			return r["related_call_id"]
		}
		var found ended
		for _, c := range talks[r["agent_id"]+"/"+subscriber(r["destination"])] {
			if since := r.time("dte_sent").Sub(c.at); since >= 0 && since <= 30*time.Minute && c.at.After(found.at) {
				found = c
			}
		}
		return found.id
	}
	type reply struct {
		sent, replied bool
		score         int
	}
	got, unmatched, byTime := make(map[string]reply), 0, 0
	for _, r := range read(t, dir, "inbox", "survey", "surveys*.csv") {
		id := link(r)
		g := got[id]
		switch {
		case id == "":
			unmatched++
			continue
		case r["sequence"] == "1":
			g.sent = true
			if r["related_call_id"] == "" {
				byTime++
			}
		case r["sequence"] == "2" && r.time("dte_answered").Sub(r.time("dte_sent")) <= 72*time.Hour:
			g.replied = true
			g.score, _ = survey.ParseScore(r["answer"])
		}
		got[id] = g
	}
	want := read(t, dir, "truth", "replies.csv")
	for _, r := range want {
		if truth := (reply{true, r["is_replied"] == "1", r.int("score")}); got[r["call_id"]] != truth {
			t.Fatalf("call %s: %+v by its rows, %+v in truth", r["call_id"], got[r["call_id"]], truth)
		}
	}
	if len(got) != len(want) || unmatched == 0 || byTime == 0 {
		t.Errorf("%d calls linked, %d in truth; %d rows unmatched, %d calls linked by time", len(got), len(want), unmatched, byTime)
	}
}

func TestGuideRowsLinkToTheTrueCalls(t *testing.T) {
	e := exampleQuarter(t)
	o, dir := newOracle(t, e), e.dir
	users := make(map[string]string)
	for _, r := range read(t, dir, "inbox", "puzzel", "agents_*.csv") {
		if r["email"] != "" {
			users[r["email"]] = r["agent_id"]
		}
	}
	for _, r := range read(t, dir, "reference", "agents.csv") {
		if r["sbnu_user"] != "" {
			users[r["sbnu_user"]] = r["agent_id"]
		}
	}
	type stretch struct {
		id         string
		from, till time.Time
	}
	busy := make(map[string][]stretch)
	for id, events := range o.calls {
		for _, e := range events {
			if inbound(events) && o.leg(events, e) {
				from := e.end().Add(-time.Duration(e.int("duration_speak_sec")) * time.Second)
				busy[e["agent_id"]] = append(busy[e["agent_id"]], stretch{id, from, e.end().Add(time.Duration(e.int("wrap_up_sec")+60) * time.Second)})
			}
		}
	}
	match := func(r record, at time.Time) string {
		if r["call_id"] != "" {
			return r["call_id"]
		}
		var found stretch
		for _, s := range busy[users[r["agent"]]] {
			if !at.Before(s.from) && !at.After(s.till) && s.from.After(found.from) {
				found = s
			}
		}
		return found.id
	}
	got := make(map[guideUse]int)
	last := make(map[string]time.Time)
	views := read(t, dir, "inbox", "guides", "guide_views_*.csv")
	slices.SortFunc(views, func(a, b record) int {
		return cmp.Or(cmp.Compare(a["viewed_at"], b["viewed_at"]), cmp.Compare(a["agent"], b["agent"]))
	})
	for _, r := range views {
		at := r.time("viewed_at")
		id := match(r, at)
		reload := id + "/" + r["guide_id"]
		if before, ok := last[reload]; !ok || id == "" || at.Sub(before) > 30*time.Second {
			got[guideUse{"view", id, r["guide_id"], users[r["agent"]]}]++
		}
		last[reload] = at
	}
	for _, r := range read(t, dir, "inbox", "guides", "guide_sends_*.csv") {
		got[guideUse{"send", match(r, r.time("sent_at")), r["guide_id"], users[r["agent"]]}]++
	}
	want := make(map[guideUse]int)
	for _, r := range read(t, dir, "truth", "guide_uses.csv") {
		want[guideUse{r["use"], r["call_id"], r["guide_id"], r["agent_id"]}]++
	}
	for use, n := range want {
		if got[use] != n {
			t.Errorf("%+v: %d times by the rows, %d in truth", use, got[use], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d different uses in the rows, %d in truth", len(got), len(want))
	}
}

// guideUse is a guide use without its time.
type guideUse struct{ use, call, guide, agent string }
