package pull

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

func window(t *testing.T, from, to string) etl.Window {
	t.Helper()
	var w etl.Window
	var err error
	if w.From, err = time.Parse(time.RFC3339Nano, from); err != nil {
		t.Fatal(err)
	}
	if w.To, err = time.Parse(time.RFC3339Nano, to); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTemplates(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	const clock, dates = "https://h/{table}?k=a%26b&from={from}&to={to}", "https://h/x?range={from_date}..{to_date}"
	ordinary := window(t, "2026-03-04T08:00:00Z", "2026-03-04T09:00:00Z")
	for _, c := range []struct {
		name, template string
		window         etl.Window
		want           string
	}{
		{"clock", clock, ordinary, "https://h/uses?k=a%26b&from=2026-03-04T09%3A00%3A00&to=2026-03-04T10%3A00%3A00"},
		{"dates", dates, ordinary, "https://h/x?range=2026-03-04..2026-03-04"},
		{"in the path", "https://h/{table}/{from_date}/{to_date}#top", ordinary, "https://h/uses/2026-03-04/2026-03-04"},
		{"whole", clock, etl.Window{}, "https://h/uses?k=a%26b"},
		{"whole, nothing left", dates, etl.Window{}, "https://h/x"},
		{"a day", dates, window(t, "2026-03-03T23:00:00Z", "2026-03-04T23:00:00Z"), "https://h/x?range=2026-03-04..2026-03-04"},
		{"a day and a moment", dates, window(t, "2026-03-03T23:00:00Z", "2026-03-04T23:00:00.001Z"), "https://h/x?range=2026-03-04..2026-03-05"},
		{"fractions", clock, window(t, "2026-03-04T08:00:00.9Z", "2026-03-04T09:00:00.1Z"), "https://h/uses?k=a%26b&from=2026-03-04T09%3A00%3A00&to=2026-03-04T10%3A00%3A01"},
		{"23 hours", clock, window(t, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), "https://h/uses?k=a%26b&from=2026-03-29T00%3A00%3A00&to=2026-03-30T00%3A00%3A00"},
		{"25 hours", clock, window(t, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"), "https://h/uses?k=a%26b&from=2026-10-25T00%3A00%3A00&to=2026-10-26T00%3A00%3A00"},
		{"over the hour that comes twice", clock, window(t, "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z"), "https://h/uses?k=a%26b&from=2026-10-25T02%3A00%3A00&to=2026-10-25T03%3A00%3A00"},
	} {
		parsed, err := parse(c.template)
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.fill("uses", c.window, zone); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTemplatesThatCannotBe(t *testing.T) {
	views, guides := windowed.Table{Table: sbnu.GuideViews}, windowed.Table{Table: sbnu.Guides, Whole: true}
	for _, c := range []struct {
		text   string
		table  windowed.Table
		own    bool
		format string
		want   string
	}{
		{"", views, false, JSON, "there is none"},
		{"h.example/rows", views, false, JSON, "it is none"},
		{"ftp://h.example/rows", views, false, JSON, "it is none"},
		{"https://bruger:hemmelig@h/{table}", views, false, JSON, "must not hold a user name"},
		{"https://h/{tabel}?key=hemmelig", views, false, JSON, "{tabel} is no placeholder"},
		{"https://h/all", views, false, CSV, "CSV holds one table"},
		{"https://h/{table}/{from}", guides, false, JSON, "its path holds a window"},
		{"https://h/{table}/{from}", views, false, JSON, ""},
		{"https://h/views", views, true, CSV, ""},
	} {
		parsed, err := parse(c.text)
		if err == nil {
			err = parsed.fits(c.table, c.own, c.format)
		}
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hemmelig")) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestRecipients(t *testing.T) {
	for name, want := range map[string]bool{
		"recipient": true, "Recipient_Name": true, "to": true, "Til": true, "e-mail": true, "E_Mail ": true, "email_address": true,
		"phone": true, "Telefonnummer": true, "mobil": true, "msisdn": true, "CPR-nr.": true, "modtagers navn": true, "sent to": true,
		"sent_at": false, "agent": false, "agent_email": false, "channel": false, "guide_id": false, "citizen_municipality": false,
		"viewed_at": false, "session_id": false, "call_id": false, "title": false,
	} {
		if got := recipient(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"https://h/{table}?from={from}&to={to}", "https://h/x?{from_date}&&=?#", "http://h:1/{", "https://h/%zz", "https://h?{to}", "http://{to}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := parse(text)
		if err != nil {
			return
		}
		for _, w := range []etl.Window{{}, window(t, "2026-03-04T08:00:00Z", "2026-03-04T09:00:00Z")} {
			address := parsed.fill("uses", w, time.UTC)
			if u, err := url.Parse(address); err != nil || u.Host == "" || u.User != nil {
				t.Errorf("%q became %q: %v", text, address, err)
			}
		}
	})
}
