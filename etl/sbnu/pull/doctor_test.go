package pull_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/sbnu/pull"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
)

func TestDoctor(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100")
	b.fill()
	b.library.Faults.Next(service.None, service.Lacking, service.Forbidden)
	feed, err := pull.New(b.options)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range feed.Examine(context.Background()) {
		line := e.What + ": " + e.Found
		if !e.OK {
			line = "!" + line + " Try: " + e.Try
		}
		got = append(got, line)
	}
	want := []string{
		"address: ", "TLS: ", "login: ", "answer: 1 rows for guide_views of the last 24 hours",
		"columns of guide_views: all that are needed; not sent: session_id, call_id", "clock: ",
		"answer: 1 rows for guide_sends of the last 24 hours",
		"!columns of guide_sends: missing: sent_at Try: map the columns' names",
		"!permission: 127.0.0.1",
	}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if leaks := webtest.Leaks(strings.Join(got, "\n"), secrets...); len(leaks) > 0 {
		t.Errorf("%q in %q", leaks, got)
	}
}
