package web_test

import (
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/web/webtest"
)

// serve opens a server with TLS and a client that trusts it.
func serve(t *testing.T, limits web.Limits, handler http.HandlerFunc) (address string, client *web.Client) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	client, err := web.New(web.Options{
		Version: "1.2.3", Now: time.Now, Limits: limits,
		Roots: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return server.URL, client
}

// get asks for an address and returns the body.
func get(ctx context.Context, client *web.Client, address string) (body string, err error) {
	err = client.Get(ctx, address, web.JSON, func(a *web.Answer) error {
		content, err := io.ReadAll(a.Body)
		body = string(content)
		return err
	})
	return body, err
}

func TestWhatAServiceSees(t *testing.T) {
	address, client := serve(t, web.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Method, " ", r.URL, " ", r.UserAgent(), " ", r.Header.Get("Accept"), " ", r.Header.Get("Authorization"))
	})
	for _, c := range []struct {
		auth web.Auth
		want string
	}{
		{nil, ""},
		{web.Bearer("abc"), "Bearer abc"},
		{web.Basic("bruger", "kode"), "Basic YnJ1Z2VyOmtvZGU="},
	} {
		signed := client
		if c.auth != nil {
			signed = client.As(c.auth)
		}
		body, err := get(t.Context(), signed, address+"/rows?from=1")
		if want := "GET /rows?from=1 ddh/1.2.3 application/json " + c.want; err != nil || body != want {
			t.Errorf("%v: got %q, want %q", err, body, want)
		}
	}
}

func TestSecretsPrintAsNothing(t *testing.T) {
	client, err := web.New(web.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	grant := web.Grant{Address: "https://host.example", Username: "bruger", Password: "hemmelig"}
	for _, v := range []any{web.Bearer("hemmelig"), web.Basic("bruger", "hemmelig"), grant, client.Token(grant)} {
		text := fmt.Sprintf("%v %+v %#v %s", v, v, v, v)
		if leaks := webtest.Leaks(text, "bruger", "hemmelig", "YnJ1Z2VyOmhlbW1lbGln"); len(leaks) > 0 {
			t.Errorf("%T prints %q", v, leaks)
		}
	}
}

func TestRefusalOfAFixedSignature(t *testing.T) {
	var asked atomic.Int32
	address, client := serve(t, web.Limits{}, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
	})
	for auth, want := range map[web.Auth]string{
		nil:              "wants a sign-in, and none is configured",
		web.Bearer("ab"): "does not accept our sign-in",
	} {
		asked.Store(0)
		signed := client
		if auth != nil {
			signed = client.As(auth)
		}
		_, err := get(t.Context(), signed, address)
		var trouble *etl.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != etl.Login || !strings.HasSuffix(trouble.Message, want) || asked.Load() != 1 {
			t.Errorf("after %d requests: %v, want %q", asked.Load(), err, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	var elsewhere atomic.Int32
	other, _ := serve(t, web.Limits{}, func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	address, client := serve(t, web.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusMovedPermanently)
		case "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case "/away":
			http.Redirect(w, r, other+"/?secret=1", http.StatusFound)
		case "/plain":
			http.Redirect(w, r, "http://"+r.Host+"/here", http.StatusFound)
		default:
			fmt.Fprint(w, r.Header.Get("Authorization"))
		}
	})
	client = client.As(web.Bearer("hemmelig"))
	if body, err := get(t.Context(), client, address+"/moved"); err != nil || body != "Bearer hemmelig" {
		t.Errorf("%q %v", body, err)
	}
	for path, want := range map[string]string{
		"/circle": "redirects in a circle", "/away": "redirects to another place, 127.0.0.1", "/plain": "redirects to another place, 127.0.0.1",
	} {
		_, err := get(t.Context(), client, address+path)
		var trouble *etl.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != etl.Contract || !strings.Contains(trouble.Message, want) || strings.Contains(trouble.Message, "secret") {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if elsewhere.Load() > 0 {
		t.Error("the other host was asked")
	}
}

func TestLimits(t *testing.T) {
	const brief = 50 * time.Millisecond
	for name, c := range map[string]struct {
		limits web.Limits
		handle http.HandlerFunc
		kind   etl.Kind
		want   string
	}{
		"no answer": {web.Limits{Header: brief}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, etl.Passing, "did not answer in time"},
		"silence within it": {web.Limits{Idle: brief}, func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "[")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, etl.Passing, "fell silent within its answer"},
		"a packed body that is small and grows": {web.Limits{Body: 1 << 20}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			_, _ = packed.Write(make([]byte, 2<<20))
			_ = packed.Close()
		}, etl.Contract, "answers with more than 1 MiB"},
		"a packed body that is damaged": {web.Limits{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "this is not packed at all")
		}, etl.Passing, "came damaged"},
		"headers without end": {web.Limits{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("hemmelig", 1<<14))
		}, etl.Contract, "gave no answer that can be understood"},
	} {
		t.Run(name, func(t *testing.T) {
			address, client := serve(t, c.limits, c.handle)
			_, err := get(t.Context(), client, address)
			var trouble *etl.Trouble
			if !errors.As(err, &trouble) || trouble.Kind != c.kind || !strings.HasSuffix(trouble.Message, c.want) {
				t.Errorf("%v, want %v %q", err, c.kind, c.want)
			}
		})
	}
}

// TestALongAnswerIsNoSilence: what counts is the longest pause, not the whole.
func TestALongAnswerIsNoSilence(t *testing.T) {
	address, client := serve(t, web.Limits{Idle: 400 * time.Millisecond}, func(w http.ResponseWriter, _ *http.Request) {
		for range 10 {
			fmt.Fprint(w, "x")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(60 * time.Millisecond)
		}
	})
	if body, err := get(t.Context(), client, address); err != nil || body != "xxxxxxxxxx" {
		t.Errorf("%q %v", body, err)
	}
}

func TestTheEndOfTheContextIsNoTrouble(t *testing.T) {
	address, client := serve(t, web.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			fmt.Fprint(w, "[")
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	})
	for _, path := range []string{"/header", "/body"} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := get(ctx, client, address+path)
		cancel()
		var trouble *etl.Trouble
		if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &trouble) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAServiceWithoutTLSIsToldFromOneWith(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	client, err := web.New(web.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = get(t.Context(), client, strings.Replace(plain.URL, "http:", "https:", 1))
	var trouble *etl.Trouble
	if !errors.As(err, &trouble) || trouble.Kind != etl.Setup || !strings.HasSuffix(trouble.Message, "does not speak TLS") {
		t.Error(err)
	}
}

func TestProxiesThatDoNotLetUsThrough(t *testing.T) {
	for code, want := range map[int]etl.Kind{407: etl.Setup, 403: etl.Setup, 502: etl.Passing} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "hemmelig", code) }))
		t.Cleanup(proxy.Close)
		client, err := web.New(web.Options{Now: time.Now, Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }})
		if err != nil {
			t.Fatal(err)
		}
		_, err = get(t.Context(), client, "https://host.example/rows?key=hemmelig")
		var trouble *etl.Trouble
		message := fmt.Sprintf("host.example/rows: the proxy answered %d %s", code, http.StatusText(code))
		if !errors.As(err, &trouble) || trouble.Kind != want || trouble.Message != message {
			t.Errorf("%v, want %v %q", err, want, message)
		}
	}
}

func TestRoots(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") }))
	t.Cleanup(server.Close)
	roots, err := web.Roots(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	if err != nil {
		t.Fatal(err)
	}
	client, err := web.New(web.Options{Now: time.Now, Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if body, err := get(t.Context(), client, server.URL); err != nil || body != "[]" {
		t.Errorf("%q %v", body, err)
	}
	if _, err := web.Roots([]byte("hemmelig")); err == nil || strings.Contains(err.Error(), "hemmelig") {
		t.Error(err)
	}
}

// TestTokensAreAskedForOnce lets many ask at the same time.
func TestTokensAreAskedForOnce(t *testing.T) {
	var tokens atomic.Int32
	var form atomic.Value
	address, client := serve(t, web.Limits{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/token" {
			fmt.Fprint(w, r.Header.Get("Authorization"))
			return
		}
		tokens.Add(1)
		form.Store(r.PostFormValue("grant_type") + " " + r.PostFormValue("username") + " " + r.PostFormValue("password") + " " + r.PostFormValue("scope"))
		fmt.Fprint(w, `{"access_token": "abc", "expires_in": 3600}`)
	})
	signed := client.As(client.Token(web.Grant{
		Address: address + "/token", Username: "bruger+1", Password: "å&=", Fields: map[string]string{"scope": "rows"},
	}))
	errs := make(chan error)
	for range 8 {
		go func() {
			body, err := get(t.Context(), signed, address)
			if err == nil && body != "Bearer abc" {
				err = errors.New(body)
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := form.Load(); tokens.Load() != 1 || got != "password bruger+1 å&= rows" {
		t.Errorf("%d tokens, asked for with %q", tokens.Load(), got)
	}
}

func TestTokensThatAreNone(t *testing.T) {
	for answer, want := range map[string]string{
		`{}`:                                 "the answer has no access_token",
		`{"access_token": 7}`:                "the answer has no access_token",
		`{"access_token": "a\r\nX-Evil: 1"}`: "the token it sent is none",
		`[]`:                                 "the answer is no JSON object",
		`{"access_token": "hemmelig`:         "the answer is cut off",
	} {
		address, client := serve(t, web.Limits{}, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) })
		_, err := get(t.Context(), client.As(client.Token(web.Grant{Address: address})), address)
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", answer, err, want)
		}
	}
}

// TestExamineWithoutSecrets examines a service on this machine that wants neither TLS nor
// a sign-in, and has no rows.
func TestExamineWithoutSecrets(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") }))
	t.Cleanup(server.Close)
	client, err := web.New(web.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	want := []etl.Examined{
		{What: "address", Found: host + " is reached at " + host, OK: true},
		{What: "answer", Found: "0 rows for today", OK: true},
		{What: "columns of uses", Found: "there were no rows to see columns in", OK: true},
		{What: "clock", Found: "ours and the service's agree", OK: true},
	}
	got := client.Examine(t.Context(), web.Checkup{
		Address: server.URL + "/rows", Content: web.JSON, Asked: "today", Shape: shape, Read: (*web.Rows).AddJSON,
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
