package rest_test

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/survey/rest"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
)

func TestDoctor(t *testing.T) {
	later := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		order func(b *bench)
		want  []string
		until time.Time // end of the certificate
	}{
		"all is well": {func(b *bench) {}, []string{
			"login: a token was given", "address: ", "TLS: TLS 1.3, the certificate is valid until 2027-01-01",
			"answer: 1 rows for the last three days", "columns of survey_responses: all are there", "clock: ours and the service's agree",
		}, later},
		"a clock that is wrong": {func(b *bench) { b.skew(t, time.Hour) }, []string{
			"login: ", "address: ", "TLS: ", "answer: ", "columns of survey_responses: ", "!clock: ours and the service's are 1h0m0s apart",
		}, later},
		"a column that is missing": {func(b *bench) { b.api.Faults.Next(service.Lacking) }, []string{
			"login: ", "address: ", "TLS: ", "answer: ", "!columns of survey_responses: missing: updated_at", "clock: ",
		}, later},
		"a page": {func(b *bench) { b.api.Faults.Next(service.Page) }, []string{
			"login: ", "address: ", "TLS: ", "!answer: ",
		}, later},
		"no permission": {func(b *bench) { b.api.Faults.Next(service.Forbidden) }, []string{
			"login: ", "address: ", "TLS: ", "!permission: ",
		}, later},
		"a wrong password": {func(b *bench) { b.feed = b.connect(b.api.Roots(), "forkert") }, []string{"!login: "}, later},
		"no trust":         {func(b *bench) { b.feed = b.connect(x509.NewCertPool(), password) }, []string{"!TLS: "}, later},
		"a certificate that ends soon": {func(*bench) {}, []string{
			"login: ", "address: ", "!TLS: TLS 1.3, the certificate is valid until 2026-03-15", "answer: ", "columns of ", "clock: ",
		}, time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)},
		"a certificate that has ended": {func(*bench) {}, []string{"!TLS: the sign-in at 127.0.0.1"}, time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)},
		"out of order":                 {func(b *bench) { b.api.Faults.Next(service.Failing) }, []string{"login: ", "address: ", "TLS: ", "!answer: "}, later},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{Until: c.until})
			b.api.Add(b.item(1, -time.Hour, -time.Hour, "9"))
			c.order(b)
			var got []string
			for _, e := range b.feed.Examine(context.Background()) {
				line := e.What + ": " + e.Found
				if !e.OK {
					line = "!" + line
					if e.Try == "" {
						t.Errorf("%s: no advice", line)
					}
				}
				got = append(got, line)
			}
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if leaks := webtest.Leaks(strings.Join(got, "\n"), secrets...); len(leaks) > 0 {
				t.Errorf("%q in %q", leaks, got)
			}
		})
	}
}

// skew makes a feed whose clock is ahead of the service's.
func (b *bench) skew(t *testing.T, by time.Duration) {
	now := func() time.Time { return b.clock.Now().Add(by) }
	client, err := web.New(web.Options{Roots: b.api.Roots(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	client = client.As(client.Token(rest.Grant(b.api.TokenURL(), username, password, nil)))
	if b.feed, err = rest.New(rest.Options{URL: b.api.URL(), Client: client, Zone: b.zone, Now: now}); err != nil {
		t.Fatal(err)
	}
}
