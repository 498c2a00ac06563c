package rest_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
)

// TestEachFault orders one fault and sees what becomes of a pull.
func TestEachFault(t *testing.T) {
	const recovered = etl.Kind(99)
	for _, c := range []struct {
		fault    service.Fault
		want     etl.Kind
		requests int           // for items
		tokens   int           // asked for
		slept    time.Duration // at least, at most twice that; 0: less than 1 s
	}{
		{service.None, recovered, 1, 1, 0},
		{service.Slow, recovered, 2, 1, 0},
		{service.Stalled, recovered, 2, 1, 0},
		{service.Expired, recovered, 2, 2, 0},
		{service.Forbidden, etl.Permission, 1, 1, 0},
		{service.NotFound, etl.Contract, 1, 1, 0},
		{service.BadRequest, etl.Contract, 1, 1, 0},
		{service.Busy, recovered, 2, 1, service.Wait},
		{service.BusyUntil, recovered, 2, 1, service.Wait},
		{service.Failing, recovered, 2, 1, 0},
		{service.BadGateway, recovered, 2, 1, 0},
		{service.Unavailable, recovered, 2, 1, service.Wait},
		{service.Reset, recovered, 2, 1, 0},
		{service.CutLength, recovered, 2, 1, 0},
		{service.CutChunks, recovered, 2, 1, 0},
		{service.Page, etl.Contract, 1, 1, 0},
		{service.Garbage, etl.Contract, 1, 1, 0},
		{service.Renamed, etl.Contract, 1, 1, 0},
		{service.Lacking, etl.Contract, 1, 1, 0},
		{service.Empty, recovered, 2, 1, 0},
		{service.Repeated, recovered, 1, 1, 0},
		{service.Shuffled, recovered, 1, 1, 0},
		{service.Elsewhere, etl.Contract, 1, 1, 0},
	} {
		t.Run(c.fault.String(), func(t *testing.T) {
			b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
			b.api.Add(b.item(1, -time.Hour, -time.Hour, "9"), b.item(2, -time.Hour, -time.Minute, "8"))
			if c.fault == service.Slow || c.fault == service.Stalled {
				b.limit = web.Limits{Header: 1500 * time.Millisecond, Idle: 1500 * time.Millisecond}
				b.feed = b.connect(b.api.Roots(), password)
			}
			b.api.Faults.Next(c.fault)
			pulled, err := b.pull()
			if c.want == recovered {
				if err != nil || len(pulled.Faults) > 0 || b.ids() != "1 2" || b.sink.Counts.Landed != 2 {
					t.Errorf("%v %v %q %+v", err, pulled.Faults, b.ids(), b.sink.Counts)
				}
			} else if kind := kindOf(err, pulled); kind != c.want || b.ids() != "" || !b.sink.Cursor("", survey.Responses).IsZero() {
				t.Errorf("got %v (%v %v), want %v; rows %q", kind, err, pulled.Faults, c.want, b.ids())
			}
			if leaks := webtest.Leaks(fmt.Sprint(err, pulled.Faults, b.clock.Failed), secrets...); len(leaks) > 0 {
				t.Errorf("%q in: %v %v %v", leaks, err, pulled.Faults, b.clock.Failed)
			}
			if got := b.api.Faults.Asked(); got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
			if got := b.api.TokenFaults.Asked(); got != c.tokens {
				t.Errorf("%d sign-ins, want %d", got, c.tokens)
			}
			var slept time.Duration
			for _, d := range b.clock.Slept {
				slept += d
			}
			if slept < c.slept || slept > max(2*c.slept, time.Second) {
				t.Errorf("slept %v, want %v", slept, c.slept)
			}
		})
	}
}

// kindOf is the kind of what ended a pull; a fault of one table is the contract's or a
// permission's, which the text tells.
func kindOf(err error, pulled etl.Pulled) etl.Kind {
	var trouble *etl.Trouble
	if errors.As(err, &trouble) {
		return trouble.Kind
	}
	switch {
	case len(pulled.Faults) == 0:
		return etl.Kind(98)
	case strings.Contains(pulled.Faults[0].Message, "403 Forbidden"):
		return etl.Permission
	}
	return etl.Contract
}

func TestSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		order func(b *bench)
		want  string // of the error; "" for none
		kind  etl.Kind
	}{
		"a wrong password is told, not shown": {
			func(b *bench) { b.feed = b.connect(b.api.Roots(), "forkert") },
			"it was not accepted (invalid_user_password)", etl.Login,
		},
		"a token that is refused twice is no sign-in": {
			func(b *bench) { b.api.Faults.Next(service.Expired, service.Expired) },
			"does not accept our sign-in", etl.Login,
		},
		"a token service that is down is asked again": {func(b *bench) { b.api.TokenFaults.Next(service.Unavailable, service.Reset) }, "", 0},
		"so is one that breaks off":                   {func(b *bench) { b.api.TokenFaults.Next(service.CutLength, service.CutChunks) }, "", 0},
		"so is one that sends nothing":                {func(b *bench) { b.api.TokenFaults.Next(service.Empty) }, "", 0},
		"a page instead of a token":                   {func(b *bench) { b.api.TokenFaults.Next(service.Page) }, "web page", etl.Contract},
		"something else than a token":                 {func(b *bench) { b.api.TokenFaults.Next(service.Garbage) }, "no JSON object", etl.Contract},
		"no token service there":                      {func(b *bench) { b.api.TokenFaults.Next(service.NotFound) }, "404 Not Found", etl.Contract},
		"a token service elsewhere gets no password":  {func(b *bench) { b.api.TokenFaults.Next(service.Elsewhere) }, "302 Found", etl.Contract},
		"an authority that nobody knows":              {func(b *bench) { b.feed = b.connect(x509.NewCertPool(), password) }, "authority that is not known", etl.Setup},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
			b.api.Add(b.item(1, -time.Hour, -time.Hour, "9"))
			c.order(b)
			pulled, err := b.pull()
			got := fmt.Sprint(err, pulled.Faults)
			if c.want == "" && (err != nil || len(pulled.Faults) > 0 || b.ids() != "1") {
				t.Errorf("%s %q", got, b.ids())
			}
			if c.want != "" && (!strings.Contains(got, c.want) || kindOf(err, pulled) != c.kind) {
				t.Errorf("got %s (%v), want %v %q", got, kindOf(err, pulled), c.kind, c.want)
			}
			if leaks := webtest.Leaks(got+fmt.Sprint(b.clock.Failed), append(secrets, "forkert")...); len(leaks) > 0 {
				t.Errorf("%q in %s", leaks, got)
			}
		})
	}
}

func TestATokenIsKeptUntilShortlyBeforeItEnds(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{Lifetime: time.Hour})
	for _, step := range []struct {
		wait   time.Duration
		tokens int
	}{{0, 1}, {30 * time.Minute, 1}, {28 * time.Minute, 1}, {90 * time.Second, 2}, {2 * time.Hour, 3}} {
		b.clock.Move(step.wait)
		if _, err := b.pull(); err != nil {
			t.Fatal(err)
		}
		if got := b.api.TokenFaults.Asked(); got != step.tokens {
			t.Errorf("after %v: %d sign-ins, want %d", step.wait, got, step.tokens)
		}
	}
	if injected := b.api.Faults.Injected(); len(injected) > 0 {
		t.Errorf("%v", injected)
	}
}
