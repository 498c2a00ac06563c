package pull_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/retry"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/sbnu/pull"
	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

const token = "hemmelig-nøgle-77"

// secrets are what neither an error nor a refused row may show.
var secrets = []string{"hemmelig", "nøgle", "20123456", "010190", "birthe", "from=", "to=", "from_date"}

// bench is an export service and a source that pulls from it.
type bench struct {
	t       *testing.T
	zone    *time.Location
	clock   *webtest.Clock
	library *service.Library
	sink    *webtest.Sink
	options pull.Options
	columns map[string]map[string]string
	since   time.Time
	// attempts that a pull has for each question.
	attempts int
}

func start(t *testing.T, now string) *bench {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, zone: zone, sink: &webtest.Sink{}, clock: webtest.NewClock(at(t, now)), attempts: 6}
	b.since = b.clock.Now().Add(-30 * 24 * time.Hour)
	b.library, err = service.StartLibrary(service.LibraryOptions{Now: b.clock.Now, Zone: zone, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.library.Close() })
	b.options = pull.Options{
		URL: b.library.Base() + "/export/{table}.json?from={from}&to={to}", Format: pull.JSON,
		Client: b.client(web.Limits{}), Zone: zone, Now: b.clock.Now,
	}
	return b
}

// client is one that trusts the service and has its token.
func (b *bench) client(limits web.Limits) *web.Client {
	b.t.Helper()
	client, err := web.New(web.Options{Version: "test", Roots: b.library.Roots(), Now: b.clock.Now, Limits: limits})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(client.Close)
	return client.As(web.Bearer(token))
}

// impatient is for services that are slow on purpose.
var impatient = web.Limits{Header: 1500 * time.Millisecond, Idle: 1500 * time.Millisecond}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (b *bench) source(seed uint64) *windowed.Source {
	b.t.Helper()
	feed, err := pull.New(b.options)
	if err != nil {
		b.t.Fatal(err)
	}
	key, err := privacy.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		b.t.Fatal(err)
	}
	source, err := windowed.New(windowed.Options{
		Name: "guides", Feed: feed, Tables: pull.Tables(), Protect: key, Zone: b.zone, Now: b.clock.Now, ColumnMap: b.columns,
		Overlap: 3 * time.Hour, Chunk: 31 * 24 * time.Hour, Since: b.since,
		Policy: retry.Policy{Attempts: b.attempts, First: time.Second, Most: time.Minute}, World: b.clock.World(seed),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return source
}

func (b *bench) pull() (etl.Pulled, error) { return b.source(1).Pull(b.t.Context(), b.sink, nil) }

// fill gives the service a guide, a view and a send, the latter with its recipient.
func (b *bench) fill() {
	b.library.Add("guides", service.Sheet{
		Columns: []string{"guide_id", "title", "scope", "valid_from"}, Rows: [][]string{{"g1", "Flytning", "national", "2020-01-01"}},
	})
	b.library.Add("guide_views", service.Sheet{
		Columns: []string{"viewed_at", "agent", "guide_id", "citizen_municipality", "ip"},
		Rows:    [][]string{{"2026-03-04 10:00:00", "anna", "g1", "0461", "10.0.0.1"}},
	})
	b.library.Add("guide_sends", service.Sheet{
		Columns: []string{"sent_at", "agent", "channel", "guide_id", "recipient", "e-mail", "Telefonnr."},
		Rows:    [][]string{{"2026-03-04 10:01:00", "anna", "sms", "g1", "20123456", "birthe@borger.example", "20123456"}},
	})
}

var filled = []string{
	"guide_id=g1 title=Flytning scope=national valid_from=2020-01-01",
	"viewed_at=2026-03-04T10:00:00Z agent=anna citizen_municipality=0461 guide_id=g1",
	"sent_at=2026-03-04T10:01:00Z agent=anna channel=sms guide_id=g1",
}

// all are the rows of all tables, in the order of the contracts.
func (b *bench) all() []string {
	var all []string
	for _, table := range sbnu.Tables() {
		all = append(all, b.sink.Rows(table.Name)...)
	}
	return all
}

func TestWaysToAsk(t *testing.T) {
	for name, set := range map[string]func(b *bench){
		"JSON, an address with the table": func(*bench) {},
		"CSV": func(b *bench) {
			b.options.Format, b.options.URL = pull.CSV, b.library.Base()+"/export/{table}.csv?from={from}&to={to}"
		},
		"one answer with all tables": func(b *bench) { b.options.URL = b.library.Base() + "/export/all.json?from={from}&to={to}" },
		"dates": func(b *bench) {
			b.options.URL = b.library.Base() + "/export/{table}.json?from_date={from_date}&to_date={to_date}"
		},
		"an address for one table": func(b *bench) {
			b.options.URLs = map[string]string{"guides": b.library.Base() + "/export/guides.json"}
		},
		"no window": func(b *bench) { b.options.URL = b.library.Base() + "/export/{table}.json" },
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, "2026-03-04 12:00 +0100")
			b.fill()
			set(b)
			pulled, err := b.pull()
			if err != nil || len(pulled.Faults) > 0 {
				t.Fatal(err, pulled.Faults)
			}
			if diff := cmp.Diff(filled, b.all()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got := b.library.Faults.Asked(); got != 3 {
				t.Errorf("%d requests, want 3", got)
			}
		})
	}
}

func TestColumnsAreMapped(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100")
	b.columns = map[string]map[string]string{
		"guide_sends": {"sent_at": "tidspunkt", "agent": "bruger", "guide_id": "vejledning", "channel": "telefon"},
	}
	b.library.Add("guide_sends", service.Sheet{
		Columns: []string{"tidspunkt", "bruger", "vejledning", "telefon"},
		Rows:    [][]string{{"04.03.2026 10.01", "anna", "g1", "20123456"}},
	})
	// The service knows the time column by its contract's name only, so it sends all.
	pulled, err := b.pull()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"sent_at=2026-03-04T10:01:00Z agent=anna guide_id=g1"} // a recipient cannot be mapped to anything
	if diff := cmp.Diff(want, b.sink.Rows("guide_sends")); diff != "" {
		t.Errorf("%v (-want +got)\n%s", pulled.Faults, diff)
	}
}

func TestRefusedRowsShowNoRecipient(t *testing.T) {
	for format, url := range map[string]string{pull.JSON: "/export/{table}.json", pull.CSV: "/export/{table}.csv"} {
		b := start(t, "2026-03-05 12:00 +0100")
		b.options.Format, b.options.URL = format, b.library.Base()+url
		b.library.Add("guide_sends", service.Sheet{
			Columns: []string{"sent_at", "agent", "guide_id", "recipient", "besked"},
			Rows:    [][]string{{"2026-03-04 25:01:00", "anna", "g1", "20123456", "Til Birthe"}, {"2026-03-04 10:01:00", "anna", "", "20123456", "Til Birthe, 010190-1234"}},
		})
		if _, err := b.pull(); err != nil {
			t.Fatal(err)
		}
		if len(b.sink.Rejects) != 2 {
			t.Errorf("%s: %d rejects, want 2", format, len(b.sink.Rejects))
		}
		if leaks := webtest.Leaks(fmt.Sprint(b.sink.Rejects), secrets...); len(leaks) > 0 {
			t.Errorf("%s: %q in %v", format, leaks, b.sink.Rejects)
		}
	}
}

// TestEachFault orders one fault for the first question, which is for the views.
func TestEachFault(t *testing.T) {
	for _, c := range []struct {
		fault service.Fault
		// want is of the error or the fault of the one table; "" where the rows come.
		want     string
		requests int
	}{
		{service.Slow, "", 4}, {service.Stalled, "", 4}, {service.Busy, "", 4}, {service.BusyUntil, "", 4}, {service.Failing, "", 4},
		{service.BadGateway, "", 4}, {service.Unavailable, "", 4}, {service.Reset, "", 4}, {service.CutLength, "", 4}, {service.CutChunks, "", 4},
		{service.Empty, "", 4}, {service.Repeated, "", 3}, {service.Shuffled, "", 3},
		{service.Expired, "does not accept our sign-in", 1},
		{service.Forbidden, "403 Forbidden", 3}, {service.NotFound, "404 Not Found", 3}, {service.BadRequest, "400 Bad Request", 3},
		{service.Page, "web page", 3}, {service.Garbage, "not valid", 3}, {service.Renamed, `the required column "viewed_at" is missing`, 3},
		{service.Lacking, `the required column "viewed_at" is missing`, 3}, {service.Elsewhere, "redirects to another place, login.example", 3},
	} {
		for format, suffix := range map[string]string{pull.JSON: ".json", pull.CSV: ".csv"} {
			t.Run(c.fault.String()+suffix, func(t *testing.T) {
				b := start(t, "2026-03-04 12:00 +0100")
				b.options.Format, b.options.URL = format, b.library.Base()+"/export/{table}"+suffix+"?from={from}&to={to}"
				if c.fault == service.Slow || c.fault == service.Stalled {
					b.options.Client = b.client(impatient)
				}
				b.fill()
				b.library.Faults.Next(c.fault)
				pulled, err := b.pull()
				got := fmt.Sprint(err, pulled.Faults)
				want := filled
				if c.want != "" {
					want = []string{filled[0], filled[2]}
				}
				if c.fault == service.Expired {
					want = nil
				}
				message := c.want
				if c.fault == service.Garbage && format == pull.CSV {
					message = "JSON, not CSV"
				}
				if !strings.Contains(got, message) || c.want == "" && (err != nil || len(pulled.Faults) > 0) {
					t.Errorf("got %s, want %q", got, message)
				}
				if diff := cmp.Diff(want, b.all()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if leaks := webtest.Leaks(got+fmt.Sprint(b.clock.Failed), secrets...); len(leaks) > 0 {
					t.Errorf("%q in %s %v", leaks, got, b.clock.Failed)
				}
				if asked := b.library.Faults.Asked(); asked != c.requests {
					t.Errorf("%d requests, want %d", asked, c.requests)
				}
			})
		}
	}
}

func TestAWindowThatHasNothingIsNoFault(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100")
	b.library.Faults.Next(service.NoContent, service.NoContent)
	pulled, err := b.pull()
	if err != nil || len(pulled.Faults)+len(pulled.Batches) > 0 || !b.sink.Cursor("", sbnu.GuideViews).Equal(b.clock.Now()) {
		t.Error(err, pulled)
	}
}

func TestNamesAndPasswords(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100")
	library, err := service.StartLibrary(service.LibraryOptions{Now: b.clock.Now, Zone: b.zone, Username: "bruger", Password: "hemmelig å"})
	if err != nil {
		t.Fatal(err)
	}
	defer library.Close()
	client, err := web.New(web.Options{Roots: library.Roots(), Now: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	b.options.URL = library.Base() + "/export/{table}.json"
	for password, want := range map[string]etl.Kind{"hemmelig å": 99, "forkert": etl.Login} {
		b.options.Client, b.sink = client.As(web.Basic("bruger", password)), &webtest.Sink{}
		_, err := b.pull()
		var trouble *etl.Trouble
		if got := errors.As(err, &trouble); got != (want == etl.Login) || got && trouble.Kind != want {
			t.Errorf("%s: %v", password, err)
		}
	}
}

// TestASimulatedInboxIsPulled: what the simulator writes to a folder comes over the
// network row for row.
func TestASimulatedInboxIsPulled(t *testing.T) {
	b := start(t, "2026-04-01 12:00 +0200")
	dir, day := t.TempDir(), time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	summary, err := simulate.Run(t.Context(), simulate.Options{Dir: dir, From: day, To: day, Seed: 5, CallsPerYear: 60_000})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.library.AddFolder(filepath.Join(dir, "inbox", "guides")); err != nil {
		t.Fatal(err)
	}
	if pulled, err := b.pull(); err != nil || len(pulled.Faults) > 0 {
		t.Fatal(err, pulled.Faults)
	}
	want := summary.Rows["guides"] + summary.Rows["guide_views"] + summary.Rows["guide_sends"]
	if got := b.sink.Counts; got.Landed != want || got.Rejected > 0 || want < 100 {
		t.Errorf("%+v of %d rows", got, want)
	}
}
