package truth

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
)

// State is what an agent is when no call keeps him busy.
type State uint8

// The states: gone, free for a call, or in pause.
const (
	Away State = iota
	Ready
	Paused
	busy // talking or in after-work
)

// Shift is an agent's local day with a log-on. Seconds; a conversation begins with
// the first ring, and neither it nor the after-work counts as ready or pause.
type Shift struct {
	Agent                  int
	Day                    clock.Day
	LoggedOn, Ready, Pause int
}

// attendance is what is known of an agent on one day, in order of time.
type attendance struct {
	moves []move
	talks []talk
}

type agentDay struct {
	agent int
	day   clock.Day
}

type move struct {
	at clock.Local
	to State
}

type talk struct {
	at              clock.Local
	seconds, wrapUp int
}

// Moved notes that an agent changed state.
func (b *Book) Moved(agent int, at clock.Local, to State) {
	a := b.attendance(agent, at)
	a.moves = append(a.moves, move{at, to})
}

// Talked notes a conversation of any kind that an agent took, from the first ring,
// and the after-work.
func (b *Book) Talked(agent int, at clock.Local, seconds, wrapUp int) {
	a := b.attendance(agent, at)
	a.talks = append(a.talks, talk{at, seconds, wrapUp})
}

func (b *Book) attendance(agent int, at clock.Local) *attendance {
	if b.attendances == nil {
		b.attendances = make(map[agentDay]*attendance)
	}
	key := agentDay{agent, at.Day()}
	if b.attendances[key] == nil {
		b.attendances[key] = new(attendance)
	}
	return b.attendances[key]
}

// Shifts are all days on which agents logged on, by day and agent. Who forgot to
// log off stays on until midnight.
func (b *Book) Shifts() []Shift {
	var list []Shift
	for key, a := range b.attendances {
		if len(a.moves) > 0 {
			list = append(list, a.shift(key))
		}
	}
	slices.SortFunc(list, func(x, y Shift) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Agent, y.Agent))
	})
	return list
}

// shift lives through the day second by second.
func (a *attendance) shift(of agentDay) Shift {
	var line [clock.SecondsPerDay]byte // a State each
	midnight := of.day.At(0)
	second := func(at clock.Local) int { return int(min(at-midnight, clock.SecondsPerDay)) }
	for i, m := range a.moves {
		until := clock.SecondsPerDay
		if i+1 < len(a.moves) {
			until = second(a.moves[i+1].at)
		}
		if from := second(m.at); from < until {
			fill(line[from:until], m.to)
		}
	}
	for _, t := range a.talks {
		for s := second(t.at); s < second(t.at+clock.Local(t.seconds+t.wrapUp)); s++ {
			if State(line[s]) != Away {
				line[s] = byte(busy)
			}
		}
	}
	seconds := func(s State) int { return bytes.Count(line[:], []byte{byte(s)}) }
	return Shift{
		Agent: of.agent, Day: of.day, LoggedOn: clock.SecondsPerDay - seconds(Away),
		Ready: seconds(Ready), Pause: seconds(Paused),
	}
}

// fill writes one state over a stretch, doubling what is written.
func fill(stretch []byte, s State) {
	stretch[0] = byte(s)
	for done := 1; done < len(stretch); done *= 2 {
		copy(stretch[done:], stretch[:done])
	}
}
