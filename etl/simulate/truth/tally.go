package truth

import "github.com/den-digitale-hotline/ddh/etl/simulate/hotline"

const outcomes = int(hotline.OutsideHours) + 1

// Waits on the line that count as answered promptly, and as answered at once, in
// seconds (DOMAIN §4).
const (
	promptWithin = 60
	atOnceWithin = 20
)

// tally counts one group of calls in one period. Sums stay sums: nothing is
// divided before the end (DOMAIN §4, rules of arithmetic).
type tally struct {
	outcome        [outcomes]int64
	answered, back int64   // calls, or pairs of call and agent
	waits          []int32 // on the line
	waitSum        int64
	prompt, atOnce int64   // answered on the line within the limits
	calledBack     []int32 // waits of those answered by callback
	calledBackSum  int64
	legs           int64
	talk, wrap     int64
	hold           int64
	settled        int64 // answered and not sent back
	repeated       int64 // of these, called again within a week
	across         int64 // the other side was another municipality
	sent, replies  int64
	scores         int64
	scoreSum       int64
	low, mid, high int64
	guided         int64 // answered with a guide
	guideSends     int64 // sends that belong to an answered call
	views, sends   int64
	shifts         int64 // days on which an agent logged on
	on             int64 // seconds of them, as are the next two
	ready, paused  int64
}

func (t *tally) offered() int64 {
	sum := int64(0)
	for o := hotline.Answered; o < hotline.MenuOnly; o++ {
		sum += t.outcome[o]
	}
	return sum
}

// onLine counts the answered calls that were not answered by callback.
func (t *tally) onLine() int64 { return t.answered - int64(len(t.calledBack)) }

// answer counts an answered call, or an agent's share in one.
func (t *tally) answer(c *Call, back bool) {
	t.answered++
	t.wait(c)
	switch {
	case back:
		t.back++
	case c.Repeat:
		t.settled++
		t.repeated++
	default:
		t.settled++
	}
}

func (t *tally) wait(c *Call) {
	if c.ByCallback {
		t.calledBack = append(t.calledBack, int32(c.CalledBack))
		t.calledBackSum += int64(c.CalledBack)
		return
	}
	t.waits = append(t.waits, int32(c.Wait))
	t.waitSum += int64(c.Wait)
	if c.Wait <= promptWithin {
		t.prompt++
	}
	if c.Wait <= atOnceWithin {
		t.atOnce++
	}
}

func (t *tally) leg(l Leg) {
	t.legs++
	t.talk += int64(l.Talk)
	t.wrap += int64(l.WrapUp)
	t.hold += int64(l.Hold)
}

func (t *tally) survey(s Survey) {
	if !s.Sent {
		return
	}
	t.sent++
	if s.Replied {
		t.replies++
	}
	if s.Score == 0 {
		return
	}
	t.scores++
	t.scoreSum += int64(s.Score)
	switch {
	case s.Score <= 4:
		t.low++
	case s.Score <= 6:
		t.mid++
	default:
		t.high++
	}
}

func (t *tally) shift(s Shift) {
	t.shifts++
	t.on += int64(s.LoggedOn)
	t.ready += int64(s.Ready)
	t.paused += int64(s.Pause)
}

// merge adds another period's tally of the same group.
func (t *tally) merge(o *tally) {
	for i := range t.outcome {
		t.outcome[i] += o.outcome[i]
	}
	t.waits = append(t.waits, o.waits...)
	t.calledBack = append(t.calledBack, o.calledBack...)
	for _, p := range [...][2]*int64{
		{&t.answered, &o.answered}, {&t.back, &o.back}, {&t.waitSum, &o.waitSum}, {&t.prompt, &o.prompt},
		{&t.atOnce, &o.atOnce}, {&t.calledBackSum, &o.calledBackSum},
		{&t.legs, &o.legs}, {&t.talk, &o.talk}, {&t.wrap, &o.wrap}, {&t.hold, &o.hold},
		{&t.settled, &o.settled}, {&t.repeated, &o.repeated}, {&t.across, &o.across},
		{&t.sent, &o.sent}, {&t.replies, &o.replies}, {&t.scores, &o.scores}, {&t.scoreSum, &o.scoreSum},
		{&t.low, &o.low}, {&t.mid, &o.mid}, {&t.high, &o.high},
		{&t.guided, &o.guided}, {&t.guideSends, &o.guideSends}, {&t.views, &o.views}, {&t.sends, &o.sends},
		{&t.shifts, &o.shifts}, {&t.on, &o.on}, {&t.ready, &o.ready}, {&t.paused, &o.paused},
	} {
		*p[0] += *p[1]
	}
}
