package rest

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

func TestQuestionsHaveTheirOffset(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse("https://host.example/survey/rs/service/35?customer=9")
	if err != nil {
		t.Fatal(err)
	}
	feed := &Feed{options: Options{Zone: zone}, address: address}
	utc := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
	}
	for name, c := range map[string]struct {
		asked    span
		from, to string
	}{
		"winter":                         {span{utc(3, 4, 8, 0), utc(3, 4, 9, 0)}, "2026-03-04T08:59:59.000+0100", "2026-03-04T10:00:01.000+0100"},
		"over the hour that is left out": {span{utc(3, 29, 0, 30), utc(3, 29, 1, 30)}, "2026-03-29T01:29:59.000+0100", "2026-03-29T03:30:01.000+0200"},
		"from one 02:30 to the other":    {span{utc(10, 25, 0, 30), utc(10, 25, 1, 30)}, "2026-10-25T02:29:59.000+0200", "2026-10-25T02:30:01.000+0100"},
		"until now":                      {span{from: utc(7, 1, 0, 0)}, "2026-07-01T01:59:59.000+0200", ""},
	} {
		u, err := url.Parse(feed.ask(c.asked))
		if err != nil {
			t.Fatal(err)
		}
		want := url.Values{"customer": {"9"}, "from": {c.from}}
		if c.to != "" {
			want.Set("to", c.to)
		}
		if diff := cmp.Diff(want, u.Query()); diff != "" || u.Path != "/survey/rs/service/35" {
			t.Errorf("%s: %s (-want +got)\n%s", name, u.Path, diff)
		}
	}
}

func TestStepsReachFromBeginToNow(t *testing.T) {
	begin := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	const step = 24 * time.Hour
	for after, want := range map[time.Duration]int{-time.Hour: 1, 0: 1, time.Hour: 1, step: 1, step + 1: 2, 10*step + 1: 11} {
		got := steps(begin, begin.Add(after), step)
		if len(got) != want || !got[0].from.Equal(begin) || !got[len(got)-1].to.IsZero() {
			t.Errorf("%v: %v", after, got)
		}
		for i := range len(got) - 1 {
			if !got[i].to.Equal(got[i+1].from) {
				t.Errorf("%v: a gap in %v", after, got)
			}
		}
	}
}

func TestItemsOfAWindowOfDays(t *testing.T) {
	begin := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	w := etl.Window{From: begin, To: begin.Add(time.Hour), Of: etl.Happened}
	for sent, want := range map[string]bool{
		"2026-03-04T13:00:00.000+0100": true, "2026-03-04T12:59:59.999+0100": false, "2026-03-04T13:59:59.999+0100": true,
		"2026-03-04T14:00:00.000+0100": false, "2026-03-04T12:00:00Z": true, "2026-03-04T13:30:00+01:00": true, "2026-03-04T13:30:00+0100": true,
		"": true, "i går": true, "2026-03-04 13:00": true, // to be refused where it is seen
	} {
		for _, column := range []string{"smsSentDate", "afsendt"} {
			keep := sentIn(w, map[string]string{"sms_sent_at": "afsendt"})
			got := keep(func(name string) string {
				if name == column {
					return sent
				}
				return ""
			})
			if got != want {
				t.Errorf("%s %q: %v, want %v", column, sent, got, want)
			}
		}
	}
}

func TestPersonalMembers(t *testing.T) {
	for member, want := range map[string]bool{
		"name": true, "Name ": true, "address": true, "street": true, "housenumber": true, "entry": true, "postnumber": true, "postArea": true,
		"extraParamName1": true, "extraParamValue5": true, "extraparamvalue12": true,
		"id": false, "msisdn": false, "agentid": false, "queue": false, "comment": false, "updated": false, "smsSentDate": false,
	} {
		if got := personal(member); got != want {
			t.Errorf("%q: %v, want %v", member, got, want)
		}
	}
}

func TestFeedsThatCannotBe(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("a feed without a client")
	}
}
