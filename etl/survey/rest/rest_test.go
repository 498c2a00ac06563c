package rest_test

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/retry"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/survey/rest"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

const (
	username = "statistik@hotline.example"
	password = "Sommer+Regn=27"
)

// secrets are what neither an error nor a refused row may show.
var secrets = []string{password, username, "hemmelig", "20123456", "010190", "Birthe", "Byvej", "Byen", "Mobilvej", "from=", "to="}

// bench is a Survey API and a source that pulls from it.
type bench struct {
	t     *testing.T
	zone  *time.Location
	clock *webtest.Clock
	limit web.Limits
	api   *service.Survey
	sink  *webtest.Sink
	feed  *rest.Feed
	since time.Time
	// attempts that a pull has for each question.
	attempts int
}

func start(t *testing.T, now string, o service.SurveyOptions) *bench {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, zone: zone, sink: &webtest.Sink{}, attempts: 6}
	b.clock = webtest.NewClock(b.at(now))
	b.since = b.clock.Now().Add(-10 * 24 * time.Hour)
	o.Now, o.Zone, o.Username, o.Password = b.clock.Now, zone, username, password
	if b.api, err = service.StartSurvey(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.api.Close() })
	b.feed = b.connect(b.api.Roots(), password)
	return b
}

// at reads a time with offset, "2026-10-25 02:30 +0200".
func (b *bench) at(text string) time.Time {
	b.t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", text)
	if err != nil {
		b.t.Fatal(err)
	}
	return at
}

func (b *bench) connect(roots *x509.CertPool, password string) *rest.Feed {
	b.t.Helper()
	client, err := web.New(web.Options{
		Version: "test", Roots: roots, Now: b.clock.Now, Limits: b.limit,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(client.Close)
	client = client.As(client.Token(rest.Grant(b.api.TokenURL(), username, password, map[string]string{"client_id": "abc"})))
	feed, err := rest.New(rest.Options{URL: b.api.URL(), Client: client, Zone: b.zone, Now: b.clock.Now})
	if err != nil {
		b.t.Fatal(err)
	}
	return feed
}

func (b *bench) source(seed uint64) *windowed.Source {
	b.t.Helper()
	key, err := privacy.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		b.t.Fatal(err)
	}
	source, err := windowed.New(windowed.Options{
		Name: "survey", Feed: b.feed, Tables: rest.Tables(), Protect: key,
		Zone: b.zone, Now: b.clock.Now, Overlap: 3 * time.Hour, Chunk: 31 * 24 * time.Hour, Since: b.since,
		Policy: retry.Policy{Attempts: b.attempts, First: time.Second, Most: time.Minute}, World: b.clock.World(seed),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return source
}

func (b *bench) pull() (etl.Pulled, error) {
	return b.source(1).Pull(b.t.Context(), b.sink, nil)
}

// item is a state of an item, sent and changed at times relative to the clock.
func (b *bench) item(id int64, sent, updated time.Duration, reply string) service.Response {
	now := b.clock.Now()
	return service.Response{
		ID: id, Msisdn: "+4520123456", Agent: "17", Queue: "ddh", Rating: reply, Reply: reply,
		Sent: now.Add(sent), Updated: now.Add(updated),
	}
}

// ids are the items in the sink.
func (b *bench) ids() string {
	var all []string
	for _, row := range b.sink.Rows("survey_responses") {
		id, _, _ := strings.Cut(strings.TrimPrefix(row, "id="), " ")
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

func TestAnItemIsReadWithoutWhoTheCitizenIs(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
	b.api.Add(service.Response{
		ID: 4483, Msisdn: "+4520123456", Agent: "17", Queue: "ddh", Team: "hold 1", Rating: "8", Reply: "8",
		FollowUp: "nej", Comment: "god hjælp, ring 20123456", Sent: b.at("2026-03-04 11:00 +0100"), Updated: b.at("2026-03-04 11:04 +0100"),
	})
	pulled, err := b.pull()
	if err != nil || len(pulled.Faults) > 0 {
		t.Fatal(err, pulled.Faults)
	}
	want := "id=4483 surveyid=0 msisdn=PSEUDONYM agentid=17 queue=ddh given_score=8 given_rule=bare score=8 score_rule=RULE comment_rule=phone response=8 " +
		"follow_up_response=nej comment=god hjælp, ring [telefon] sms_sent_at=2026-03-04T10:00:00Z updated_at=2026-03-04T10:04:00Z"
	got := b.sink.Rows("survey_responses")
	if len(got) != 1 {
		t.Fatal(got, b.sink.Rejects)
	}
	plain := strings.Fields(got[0])
	for i, field := range plain {
		for _, hidden := range []string{"msisdn=", "score_rule="} {
			if rest, ok := strings.CutPrefix(field, hidden); ok && rest != "" {
				plain[i] = hidden + map[string]string{"msisdn=": "PSEUDONYM", "score_rule=": "RULE"}[hidden]
			}
		}
	}
	if diff := cmp.Diff(want, strings.Join(plain, " ")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if drift := pulled.Batches[0].Drift; len(drift.Missing)+len(drift.Unknown) > 0 {
		t.Errorf("%+v", drift)
	}
}

func TestRefusedRowsShowNoCitizen(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
	broken := b.item(1, -time.Hour, -time.Hour, "9")
	broken.Sent = time.Date(20, 1, 1, 0, 0, 0, 0, time.UTC) // a year that cannot be
	b.api.Add(broken, b.item(2, -time.Hour, -time.Hour, "9"))
	if _, err := b.pull(); err != nil {
		t.Fatal(err)
	}
	if len(b.sink.Rejects) != 1 || b.ids() != "2" {
		t.Fatal(b.sink.Rejects, b.ids())
	}
	if leaks := webtest.Leaks(fmt.Sprint(b.sink.Rejects), secrets...); len(leaks) > 0 {
		t.Errorf("%q in %v", leaks, b.sink.Rejects)
	}
}

func TestAnEmptyWindowLandsNothingAndMovesOn(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
	pulled, err := b.pull()
	if err != nil || len(pulled.Faults)+len(pulled.Batches) > 0 {
		t.Fatal(err, pulled)
	}
	if got := b.sink.Cursor("", survey.Responses); !got.Equal(b.clock.Now()) {
		t.Errorf("the cursor is at %v", got)
	}
}

func TestTheSameRowsAreKnownAgain(t *testing.T) {
	b := start(t, "2026-03-04 12:00 +0100", service.SurveyOptions{})
	b.api.Add(b.item(1, -time.Hour, -time.Hour, "9"), b.item(2, -time.Hour, -time.Minute, "8"))
	for _, fault := range []service.Fault{service.None, service.Shuffled, service.Repeated, service.None} {
		b.api.Faults.Next(fault)
		b.clock.Move(time.Minute)
		if _, err := b.pull(); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.sink.Batches) != 1 {
		t.Errorf("%d batches landed, want 1", len(b.sink.Batches))
	}
}
