package hotline

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// The waits of DOMAIN §2: about 74 calls per open hour, 4 minutes each.
func TestErlangCGivesTheKnifeEdge(t *testing.T) {
	for agents, want := range map[int]float64{6: 123, 7: 35, 8: 12} {
		if got := meanWait(74.0*240/3600, agents, 240); math.Abs(got-want) > 0.05*want {
			t.Errorf("%d agents: mean wait %.1f s, want %.0f", agents, got, want)
		}
	}
	if got := meanWait(5, 5, 240); !math.IsInf(got, 1) {
		t.Errorf("a load of 5 on 5 agents waits %g s, want for ever", got)
	}
}

func TestAgentsNeededGrowsWithTheCalls(t *testing.T) {
	before := 0
	for calls := 0.0; calls < 400; calls++ {
		lucky, unlucky := agentsNeeded(calls, 0.999), agentsNeeded(calls, 0)
		if lucky < before || unlucky > lucky || lucky > unlucky+1 {
			t.Fatalf("%g calls an hour: %d or %d agents after %d", calls, unlucky, lucky, before)
		}
		if unlucky > 0 && float64(unlucky) <= calls*busySeconds/3600 {
			t.Fatalf("%d agents cannot carry %g calls an hour", unlucky, calls)
		}
		before = lucky
	}
}

func TestAgendaGivesEntriesInOrder(t *testing.T) {
	d := dice.New(1, 0)
	var a agenda
	for n := range 2000 {
		a.add(entry{at: clock.Local(d.Below(300)), token: n})
	}
	last := entry{at: -1}
	for range 2000 {
		e, ok := a.next(300)
		if !ok || e.at < last.at || e.at == last.at && e.token < last.token {
			t.Fatalf("%d/%d after %d/%d", e.at, e.token, last.at, last.token)
		}
		last = e
	}
	a.add(entry{at: 300})
	if _, ok := a.next(300); ok {
		t.Error("an entry at the limit is due before it")
	}
}

// counter is a sink that keeps what it hears in numbers.
type counter struct {
	outcomes map[Outcome]int
	on       map[int]bool
	faults   []string
}

func (k *counter) Call(c *Call) {
	if c.Kind == Inbound {
		k.outcomes[c.Outcome]++
	}
}
func (k *counter) CalledAgain(int, clock.Local)       {}
func (k *counter) Idle(int, clock.Local, clock.Local) {}
func (k *counter) Move(m Move) {
	switch m.Type {
	case 'i':
		if k.on[m.Agent] {
			k.faults = append(k.faults, "logged on twice")
		}
		k.on[m.Agent] = true
	case 'o':
		if !k.on[m.Agent] {
			k.faults = append(k.faults, "logged off without having been on")
		}
		delete(k.on, m.Agent)
	}
}

func simulated(t *testing.T, perYear int) *counter {
	t.Helper()
	from := clock.Date(2026, time.March, 2)
	w := world.New(from, from+27, dice.New(3, 0))
	k := &counter{outcomes: make(map[Outcome]int), on: make(map[int]bool)}
	if err := New(w, dice.New(3, 1), perYear, k).Run(t.Context(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAgentsLogOnAndOffInTurn(t *testing.T) {
	k := simulated(t, 230_000)
	if len(k.faults) > 0 || len(k.on) > 0 {
		t.Errorf("faults %v; %d agents never logged off", k.faults, len(k.on))
	}
}

func TestSmallAndLargeHotlinesAnswerMostCalls(t *testing.T) {
	for _, perYear := range []int{2_000, 30_000, 600_000} {
		k := simulated(t, perYear)
		offered := 0
		for o, n := range k.outcomes {
			if o < MenuOnly {
				offered += n
			}
		}
		if share := float64(k.outcomes[Answered]) / float64(offered); share < 0.75 || share > 1 {
			t.Errorf("%d calls a year: %.2f answered of %d offered, want at least 0.75", perYear, share, offered)
		}
	}
}

func TestRunStopsWhenToldTo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	from := clock.Date(2026, time.March, 2)
	s := New(world.New(from, from+27, dice.New(1, 0)), dice.New(1, 1), 20_000, &counter{outcomes: make(map[Outcome]int), on: make(map[int]bool)})
	days := 0
	err := s.Run(ctx, func(done int) {
		if days = done; done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || days != 3 {
		t.Errorf("Run = %v after %d days, want context.Canceled after 3", err, days)
	}
}
