package service_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
)

var noon = time.Date(2026, 3, 4, 11, 0, 0, 0, time.UTC)

func copenhagen(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// caller is a plain client that trusts an authority.
func caller(roots *x509.CertPool) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}, Timeout: 5 * time.Second}
}

// ask gets an address and returns the status and the body.
func ask(t *testing.T, client *http.Client, address, authorization string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", authorization)
	response, err := client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err.Error()
	}
	return response.StatusCode, string(body)
}

func library(t *testing.T) *service.Library {
	t.Helper()
	l, err := service.StartLibrary(service.LibraryOptions{
		Now: func() time.Time { return noon }, Zone: copenhagen(t), Token: "abc",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	l.Add("guide_views", service.Sheet{Columns: []string{"viewed_at", "agent"}, Rows: [][]string{
		{"2026-03-04 11:59:00", "b"}, {"2026-03-04 11:00:00", "a"}, {"2026-03-04 12:00:01", "not yet"},
	}})
	return l
}

func TestLibrary(t *testing.T) {
	l := library(t)
	client := caller(l.Roots())
	for path, want := range map[string]string{
		"guide_views.csv": "viewed_at;agent\n2026-03-04 11:00:00;a\n2026-03-04 11:59:00;b\n",
		"guide_views.csv?from=2026-03-04T11:00:00&to=2026-03-04T11:59:00": "viewed_at;agent\n2026-03-04 11:00:00;a\n",
		"guide_views.csv?from_date=2026-03-04&to_date=2026-03-04":         "viewed_at;agent\n2026-03-04 11:00:00;a\n2026-03-04 11:59:00;b\n",
		"guide_views.csv?from_date=2026-03-05":                            "viewed_at;agent\n",
		"guide_views.json?from=2026-03-04T11:30:00":                       `[{"agent":"b","viewed_at":"2026-03-04 11:59:00"}]`,
		"guides.json": "[]",
	} {
		if status, body := ask(t, client, l.Base()+"/export/"+path, "Bearer abc"); status != 200 || body != want {
			t.Errorf("%s: %d %q, want %q", path, status, body, want)
		}
	}
	for path, authorization := range map[string]string{"guides.json": "Bearer b", "agents.json": "Bearer abc", "all.csv": "Bearer abc"} {
		if status, _ := ask(t, client, l.Base()+"/export/"+path, authorization); status != 401 && status != 404 {
			t.Errorf("%s as %s: %d", path, authorization, status)
		}
	}
}

// TestFaultsAreMadeAndCounted tells each fault by what a plain client sees of it.
func TestFaultsAreMadeAndCounted(t *testing.T) {
	const a, b = `{"agent":"a","viewed_at":"2026-03-04 11:00:00"}`, `{"agent":"b","viewed_at":"2026-03-04 11:59:00"}`
	for fault, want := range map[service.Fault]struct {
		status int
		body   string // begins so; of an error ends so
	}{
		service.None:        {200, "[" + a + "," + b + "]"},
		service.Expired:     {401, service.Leak},
		service.Forbidden:   {403, service.Leak},
		service.NotFound:    {404, service.Leak},
		service.BadRequest:  {400, service.Leak},
		service.Busy:        {429, service.Leak},
		service.BusyUntil:   {429, service.Leak},
		service.Failing:     {500, service.Leak},
		service.BadGateway:  {502, service.Leak},
		service.Unavailable: {503, service.Leak},
		service.Reset:       {0, "connection reset by peer"},
		service.CutLength:   {200, "unexpected EOF"},
		service.CutChunks:   {200, "unexpected EOF"},
		service.Page:        {200, "<html>"},
		service.Garbage:     {200, "{" + service.Leak},
		service.Renamed:     {200, `[{"agent":"a","x_viewed_at":"2026-03-04 11:00:00"}`},
		service.Lacking:     {200, `[{"agent":"a"},{"agent":"b"}]`},
		service.Empty:       {200, ""},
		service.NoContent:   {204, ""},
		service.Repeated:    {200, "[" + a + "," + b + "," + a + "," + b + "]"},
		service.Shuffled:    {200, "[" + b + "," + a + "]"},
		service.Elsewhere:   {0, ""},
	} {
		t.Run(fault.String(), func(t *testing.T) {
			l := library(t)
			l.Faults.Next(fault)
			status, body := ask(t, caller(l.Roots()), l.Base()+"/export/guide_views.json", "Bearer abc")
			if status != want.status || !strings.HasPrefix(body, want.body) && !strings.HasSuffix(body, want.body) || want.body == "" && status > 0 && body != "" {
				t.Errorf("got %d %q, want %d %q", status, body, want.status, want.body)
			}
			if counts := l.Faults.Injected(); fault != service.None && counts[fault] != 1 || l.Faults.Asked() != 1 {
				t.Errorf("counted %v of %d", counts, l.Faults.Asked())
			}
		})
	}
}

func TestSlowAnswersEndWithTheirReaderOrTheServer(t *testing.T) {
	l := library(t)
	client := caller(l.Roots())
	client.Timeout = 50 * time.Millisecond
	l.Faults.Next(service.Slow, service.Stalled)
	for range 2 {
		if _, body := ask(t, client, l.Base()+"/export/guide_views.json", "Bearer abc"); !strings.Contains(body, "Client.Timeout") {
			t.Error(body)
		}
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func TestSurveyShowsTheLatestStateThatIsNotInTheFuture(t *testing.T) {
	zone, now := copenhagen(t), noon
	s, err := service.StartSurvey(service.SurveyOptions{
		Now: func() time.Time { return now }, Zone: zone, Username: "u", Password: "p", Lifetime: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sent := noon.Add(-time.Minute)
	s.Add(
		service.Response{ID: 1, Sent: sent, Updated: noon.Add(time.Minute), Reply: "9"},
		service.Response{ID: 1, Sent: sent, Updated: sent},
	)
	client := caller(s.Roots())
	token := func(password string) string {
		body, err := json.Marshal(map[string]string{"grant_type": "password", "username": "u", "password": password})
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Post(s.TokenURL(), "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var answer struct {
			ID string `json:"id_token"`
		}
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
			t.Fatal(err)
		}
		return "Bearer " + answer.ID
	}
	if got := token("q"); got != "Bearer " {
		t.Errorf("a wrong password gives %q", got)
	}
	good := token("p")
	const from = "?from=2026-03-04T11%3A00%3A00.000%2B0100"
	for _, step := range []struct {
		after  time.Duration
		status int
		want   string
	}{{0, 200, `"response":null`}, {2 * time.Minute, 200, `"response":"9"`}, {time.Hour, 401, "Birthe"}} {
		now = noon.Add(step.after)
		status, body := ask(t, client, s.URL()+from, good)
		if status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("after %v: %d %s, want %d %s", step.after, status, body, step.status, step.want)
		}
	}
}

func TestPEMIsTheAuthority(t *testing.T) {
	l := library(t)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(l.PEM()) {
		t.Fatal("it is no certificate")
	}
	if status, body := ask(t, caller(roots), l.Base()+"/export/guides.json", "Bearer abc"); status != 200 {
		t.Error(status, body)
	}
}

// TestASimulatedInboxIsServed serves what the simulator writes: every view, and an item
// for every message.
func TestASimulatedInboxIsServed(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	if _, err := simulate.Run(t.Context(), simulate.Options{Dir: dir, From: day, To: day, Seed: 7, CallsPerYear: 60_000}); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return day.AddDate(0, 1, 0) }
	l, err := service.StartLibrary(service.LibraryOptions{Now: now, Zone: copenhagen(t), Token: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.AddFolder(filepath.Join(dir, "inbox", "guides")); err != nil {
		t.Fatal(err)
	}
	_, body := ask(t, caller(l.Roots()), l.Base()+"/export/guide_views.csv", "Bearer abc")
	served := read(t, strings.NewReader(body))
	views, err := service.ReadFolder(filepath.Join(dir, "inbox", "guides"), "guide_views")
	if err != nil {
		t.Fatal(err)
	}
	if len(served) != len(views.Rows)+1 || len(views.Rows) < 20 {
		t.Errorf("%d rows served of %d", len(served)-1, len(views.Rows))
	}
	surveys, err := service.ReadFolder(filepath.Join(dir, "inbox", "survey"), "surveys")
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]bool{}
	for _, row := range surveys.Rows {
		if row[0] == "1" {
			messages[strings.Join(row, "|")] = true
		}
	}
	states, err := service.Responses(surveys, copenhagen(t))
	if err != nil {
		t.Fatal(err)
	}
	items, replies := map[int64]bool{}, 0
	for _, state := range states {
		items[state.ID] = true
		if state.Reply != "" {
			replies++
		}
	}
	if len(items) != len(messages) || len(items) < 20 || replies == 0 {
		t.Errorf("%d items with %d replies of %d messages", len(items), replies, len(messages))
	}
}

func read(t *testing.T, from io.Reader) [][]string {
	t.Helper()
	in := csv.NewReader(from)
	in.Comma = ';'
	all, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestResponses(t *testing.T) {
	zone := copenhagen(t)
	columns := []string{"sequence", "related_call_id", "related_iq_session_id", "agent_id", "queue_key", "destination", "answer", "comment", "dte_sent", "dte_updated"}
	row := func(sequence, call, answer, comment, updated string) []string {
		return []string{sequence, call, "s" + call, "17", "ddh", "4520123456", answer, comment, "2026-03-04 10:00:00", updated}
	}
	got, err := service.Responses(service.Sheet{Columns: columns, Rows: [][]string{
		row("2", "5", "9", "", "2026-03-04 10:05:00.250"), row("1", "5", "", "", "2026-03-04 10:00:02"), row("1", "5", "", "", "2026-03-04 10:00:02"),
		row("3", "5", "", "Hvad kunne være bedre?", "2026-03-04 10:06:00"), row("4", "5", "Intet", "", "2026-03-04 10:07:00"),
		row("1", "6", "", "", "2026-03-04 10:00:02"), row("3", "6", "3", "", "2026-03-04 10:09:00"),
	}}, zone)
	if err != nil {
		t.Fatal(err)
	}
	state := func(id int64, updated, reply, comment, follow string) service.Response {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-03-04 "+updated, zone)
		if err != nil {
			t.Fatal(err)
		}
		return service.Response{
			ID: id, Msisdn: "4520123456", Agent: "17", Queue: "ddh", Reply: reply, Comment: comment, FollowUp: follow,
			Sent: time.Date(2026, 3, 4, 10, 0, 0, 0, zone), Updated: at,
		}
	}
	want := []service.Response{
		state(1, "10:00:02", "", "", ""), state(1, "10:05:00.250", "9", "", ""),
		state(1, "10:06:00", "9", "Hvad kunne være bedre?", ""), state(1, "10:07:00", "9", "Hvad kunne være bedre?", "Intet"),
		state(2, "10:00:02", "", "", ""), state(2, "10:09:00", "", "", "3"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFoldersThatDoNotRead(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"a.csv": "x;y\n1;2\n", "a_2.csv": "y;x\n1;2\n", "ab.csv": "z\n", "b.csv": "x\n\"1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for table, want := range map[string]string{"a": "a_2.csv: its columns are not those of the files before it", "b": "b.csv: parse error on line 2"} {
		if _, err := service.ReadFolder(dir, table); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", table, err, want)
		}
	}
	if none, err := service.ReadFolder(dir, "c"); err != nil || none.Columns != nil {
		t.Error(none, err)
	}
}
