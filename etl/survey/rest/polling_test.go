package rest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
)

// TestPollingWithFaultsIsOnePull polls for days, over the night in which the clock is
// set back, with faults by chance, and compares with one pull at the end.
func TestPollingWithFaultsIsOnePull(t *testing.T) {
	const polls, seed = 200, 20261025
	t.Logf("seed %d", seed)
	b := start(t, "2026-10-24 06:00 +0200", service.SurveyOptions{Lifetime: 5 * time.Hour})
	b.api.Add(history(b, seed, polls)...)
	b.api.Faults.Randomly(0.3, seed, service.Passing()...)
	b.api.TokenFaults.Randomly(0.1, seed, service.Busy, service.Failing, service.Reset, service.CutChunks)
	failed := 0
	b.attempts = 2 // so that some polls fail for good, and later ones make up for them
	for poll := range polls {
		b.clock.Move(15 * time.Minute)
		pulled, err := b.source(uint64(poll)).Pull(t.Context(), b.sink, nil)
		if len(pulled.Faults) > 0 {
			t.Fatal(pulled.Faults)
		}
		if err != nil {
			failed++
		}
	}
	injected := b.api.Faults.Injected()
	b.api.Faults.Randomly(0, seed)
	b.api.TokenFaults.Randomly(0, seed)
	if _, err := b.pull(); err != nil {
		t.Fatal(err)
	}
	clean := *b
	clean.sink = &webtest.Sink{}
	if _, err := clean.pull(); err != nil {
		t.Fatal(err)
	}
	want := clean.sink.Rows("survey_responses")
	if diff := cmp.Diff(want, b.sink.Rows("survey_responses")); diff != "" || len(want) < 150 {
		t.Errorf("of %d rows (-one pull +polls):\n%s", len(want), diff)
	}
	total := 0
	for _, n := range injected {
		total += n
	}
	if failed == 0 || total < polls/5 || len(injected) != len(service.Passing()) {
		t.Errorf("too few faults to tell anything: %v", injected)
	}
	if leaks := webtest.Leaks(fmt.Sprint(b.clock.Failed), secrets...); len(leaks) > 0 {
		t.Errorf("errors tell %q", leaks)
	}
	t.Logf("%d requests, %d faults, %d polls failed for good, %d rows", b.api.Faults.Asked(), total, failed, len(want))
}

// history is a random history of questions and answers over so many polls.
func history(b *bench, seed uint64, polls int) []service.Response {
	dice := rand.New(rand.NewPCG(seed, 1))
	var all []service.Response
	for id := range int64(polls) {
		sent := b.clock.Now().Add(time.Duration(dice.Int64N(int64(polls) * int64(15*time.Minute)))).Truncate(time.Millisecond)
		r := service.Response{ID: id + 1, Msisdn: "20123456", Agent: fmt.Sprint(dice.IntN(9)), Queue: "ddh", Sent: sent, Updated: sent}
		all = append(all, r)
		for range dice.IntN(3) {
			r.Updated = r.Updated.Add(time.Duration(dice.Int64N(int64(4 * time.Hour)))).Truncate(time.Millisecond)
			r.Reply = fmt.Sprint(1 + dice.IntN(9))
			all = append(all, r)
		}
	}
	return all
}
