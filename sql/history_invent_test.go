package sql_test

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// history is a handful of calls and all that belongs to them, in the order in which it
// is delivered.
type history struct {
	*rand.Rand
	rounds [][]item
	next   int
}

// inventHistory draws a history of August 2026: weekdays and weekends, and one night.
func inventHistory(r *rand.Rand) *history {
	h := &history{Rand: r, rounds: make([][]item, 3+r.IntN(3))}
	for range 3 + r.IntN(6) {
		h.call()
	}
	return h
}

// deliver puts an item into a random round.
func (h *history) deliver(i item) { h.deliverFrom(0, i) }

func (h *history) deliverFrom(round int, i item) int {
	round += h.IntN(len(h.rounds) - round)
	h.rounds[round] = append(h.rounds[round], i)
	return round
}

// order is a round's items, shuffled; what was delivered twice keeps its order.
func (h *history) order(round int) []item { return h.rounds[round] }

// call invents one call of one of three citizens and agents, and deals it out. Most are
// called back, some the same day and some a week later.
func (h *history) call() {
	h.next++
	ordered := time.Date(2026, 8, 10+h.IntN(12), 8+h.IntN(8), h.IntN(60), h.IntN(60), 1e6*h.IntN(1000), time.UTC)
	answered := ordered.Add(time.Duration(20+h.IntN(200)) * time.Second)
	callback := h.IntN(3) > 0
	if callback {
		answered = ordered.AddDate(0, 0, h.IntN(8)).Add(time.Duration(1+h.IntN(90)) * time.Minute)
	}
	if h.IntN(4) == 0 { // late, so that what belongs to it lies on the next day
		answered = time.Date(answered.Year(), answered.Month(), answered.Day(), 23, 58, h.IntN(60), 0, time.UTC)
	}
	c := invention{
		id: h.next, citizen: fmt.Sprintf("c%d", h.IntN(3)), agent: 101 + h.IntN(3), ordered: ordered, answered: answered,
		callback: callback, sessions: [2]string{fmt.Sprintf("s%d", h.next), fmt.Sprintf("s%d", h.next)},
		talk: 30 + h.IntN(200), reached: h.IntN(8) > 0,
	}
	if callback && h.IntN(2) == 0 {
		c.sessions[1] += "b"
	}
	if h.IntN(12) == 0 {
		c.talk = 86400 * (1 + h.IntN(3)) // a leg that was never hung up
	}
	round := h.deliverFrom(0, c.item())
	h.belongings(c)
	for h.IntN(3) == 0 { // it comes again: on another day, with another agent or not reached
		switch h.IntN(3) {
		case 0:
			days := h.IntN(9) - 4
			c.ordered = c.ordered.AddDate(0, 0, days)
			if h.IntN(2) == 0 {
				c.answered = c.answered.AddDate(0, 0, days)
			}
		case 1:
			c.agent = 101 + h.IntN(3)
		case 2:
			c.reached = !c.reached
		}
		if c.answered.Before(c.ordered) {
			c.answered = c.ordered.Add(time.Minute)
		}
		round = h.deliverFrom(round, c.item())
		if h.IntN(2) == 0 {
			h.belongings(c)
		}
	}
}

// invention is one version of a call.
type invention struct {
	id                int
	citizen           string
	agent             int
	ordered, answered time.Time
	callback, reached bool
	sessions          [2]string
	talk              int // seconds
}

func (c invention) ended() time.Time { return c.answered.Add(time.Duration(c.talk) * time.Second) }

// item is the call as Puzzel delivers it.
func (c invention) item() item {
	event := func(sequence int, session, kind, result string, start time.Time, seconds int, agent, ciq string) string {
		queue := "null"
		if kind != "i" && ciq != "c" {
			queue = "'kq'"
		}
		return fmt.Sprintf("%d, %d, '%s', 1, '%s', %s, %s, %d, %d, %s, 'd1', %s, %s, %s, 10",
			c.id, sequence, session, kind, text(result), at(start), seconds, seconds, text(c.citizen), queue, agent, text(ciq))
	}
	result, leg := "k", "k"
	if !c.reached {
		leg = "t"
	}
	wait := min(int(c.answered.Sub(c.ordered).Seconds()), 600)
	agent := fmt.Sprint(c.agent)
	rows := []string{}
	if c.callback {
		result = "q"
		rows = append(rows,
			event(4, c.sessions[1], "c", "k", c.answered, c.talk, agent, "a"),
			event(5, c.sessions[1], "c", leg, c.answered, c.talk, "null", "c"))
	} else {
		rows = append(rows, event(4, c.sessions[1], "c", leg, c.answered, c.talk, agent, ""))
	}
	rows = append(rows,
		event(1, c.sessions[0], "i", "", c.ordered, wait, "null", ""),
		event(2, c.sessions[0], "q", result, c.ordered, wait, "null", ""))
	return item{
		table: "raw.puzzel__call_events", key: fmt.Sprintf("call_id = %d", c.id), day: c.ordered.Format(time.DateOnly),
		columns: "call_id, call_sequence, internal_iq_session_id, media_type_id, event_type, result_code, dte_start, " +
			"duration_tot_sec, duration_speak_sec, source, destination, queue_key, agent_id, ciq, wrap_up_sec",
		rows: rows,
	}
}

// belongings are what agent and citizen leave of a call elsewhere.
func (h *history) belongings(c invention) {
	for range h.IntN(3) {
		moment := c.answered.Add(time.Duration(h.IntN(min(c.talk, 3600)+60)) * time.Second)
		for range 1 + h.IntN(3) {
			h.guide(c, moment)
			moment = moment.Add(time.Duration(5+h.IntN(40)) * time.Second)
		}
	}
	for range h.IntN(3) {
		h.topic(c)
	}
	if h.IntN(3) > 0 {
		h.survey(c)
	}
}

// guide is a view or a send; sb.nu knows some of the calls.
func (h *history) guide(c invention, moment time.Time) {
	guide, agent := fmt.Sprintf("g%d", h.IntN(2)), fmt.Sprintf("a%d@odder.example", c.agent)
	if h.IntN(4) == 0 {
		h.deliver(item{
			table: "raw.sbnu__guide_sends", columns: "sent_at, agent, channel, guide_id", day: moment.Format(time.DateOnly),
			key:  fmt.Sprintf("sent_at = %s and agent = '%s' and guide_id = '%s'", at(moment), agent, guide),
			rows: []string{fmt.Sprintf("%s, '%s', 'sms', '%s'", at(moment), agent, guide)},
		})
		return
	}
	call := maybe(h.IntN(3) == 0, c.id)
	if call != "null" && h.IntN(2) == 0 { // opened long after, or by somebody who looked it up before
		moment = moment.AddDate(0, 0, h.IntN(40)-5)
	}
	h.deliver(item{
		table: "raw.sbnu__guide_views", columns: "viewed_at, agent, guide_id, call_id", day: moment.Format(time.DateOnly),
		key: fmt.Sprintf("viewed_at = %s and agent = '%s' and guide_id = '%s' and call_id is not distinct from %s",
			at(moment), agent, guide, call),
		rows: []string{fmt.Sprintf("%s, '%s', '%s', %s", at(moment), agent, guide, call)},
	})
}

// topic is a registration for one of the call's sessions; some are corrected to another call.
func (h *history) topic(c invention) {
	h.next++
	id, round := h.next, 0
	session := c.sessions[h.IntN(2)]
	for {
		moment := c.ended().Add(time.Duration(h.IntN(50*24)) * time.Hour)
		round = h.deliverFrom(round, item{
			table: "raw.puzzel__enqreg_header", key: fmt.Sprintf("enqreg_header_recid = %d", id), day: moment.Format(time.DateOnly),
			columns: "enqreg_header_recid, enqreg_topic_recid, related_iq_session_id, dte_time_stamp, topic_id, topic_name",
			rows:    []string{fmt.Sprintf("%[1]d, %[1]d, '%[2]s', %[3]s, %[4]d, 'Emne %[4]d'", id, session, at(moment), h.IntN(3))},
		})
		if h.IntN(3) > 0 {
			return
		}
		session = fmt.Sprintf("s%d", 1+h.IntN(h.next))
	}
}

// survey is a question, mostly right after the call, and what the citizen answers, at
// once or weeks later; the source names the call in some of them.
func (h *history) survey(c invention) {
	asked := c.ended().Add(time.Duration(h.IntN(1500)) * time.Second)
	answered := asked.Add(time.Duration(1+h.IntN(40*24)) * time.Hour)
	if h.IntN(2) == 0 {
		answered = asked.Add(time.Duration(1+h.IntN(200)) * time.Minute)
	}
	call := maybe(h.IntN(2) == 0, c.id)
	if h.IntN(5) > 0 {
		h.message(1, c, call, asked, time.Time{})
	}
	if h.IntN(5) > 0 {
		h.message(2, c, call, asked, answered)
	}
	if h.IntN(5) == 0 {
		h.message(3, c, call, asked, answered.Add(time.Minute))
	}
}

// message is one of a survey's messages, of the citizen or of somebody like him.
func (h *history) message(sequence int, c invention, call string, asked, answered time.Time) {
	sent, back, score := at(asked), "null", "null"
	if h.IntN(2) == 0 && sequence > 1 {
		sent = "null"
	}
	if sequence > 1 {
		back, score = at(answered), fmt.Sprint(1+h.IntN(9))
	}
	day := asked
	if sent == "null" {
		day = answered
	}
	round := 0
	for { // the same message again, about another agent
		round = h.deliverFrom(round, item{
			table: "raw.survey__surveys", day: day.Format(time.DateOnly),
			key: fmt.Sprintf("sequence = %d and related_call_id is not distinct from %s and (%[2]s is not null or destination = '%[3]s' and dte_sent is not distinct from %[4]s and dte_answered is not distinct from %[5]s)",
				sequence, call, c.citizen, sent, back),
			columns: "sequence, related_call_id, destination, agent_id, dte_sent, dte_answered, dte_updated, score, answer",
			rows: []string{fmt.Sprintf("%d, %s, '%s', %d, %s, %s, %s, %s, %s",
				sequence, call, c.citizen, c.agent, sent, back, at(day), score, text(map[bool]string{true: score}[sequence > 1]))},
		})
		if h.IntN(4) > 0 {
			return
		}
		c.agent = 101 + h.IntN(3)
	}
}
