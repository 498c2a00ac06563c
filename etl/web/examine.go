package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Checkup is what `ddh doctor` looks at in a web source.
type Checkup struct {
	Address string
	Content Content
	Asked   string // what is asked for, for people: "the last 24 hours"
	Shape   Shape
	Read    func(*Rows, *Answer) error // (*Rows).AddJSON or (*Rows).AddCSV
}

const (
	// soon is how long before its end a certificate is worth a warning.
	soon = 14 * 24 * time.Hour
	// askew is how far apart two clocks may be: beyond it windows miss rows.
	askew = 2 * time.Minute
)

// Examine asks once, as a pull would, and tells what each step showed: the way, the
// encryption, the sign-in, the answer, its columns and the service's clock. It stops
// at the first step that fails.
func (c *Client) Examine(ctx context.Context, check Checkup) []etl.Examined {
	e := examination{client: c.fresh(), check: check}
	defer e.client.Close()
	if c.auth != nil && c.auth.Renews() && !e.signIn(ctx) {
		return e.found
	}
	e.ask(ctx)
	return e.found
}

// fresh is the client over connections of its own, so that the way is gone anew.
func (c *Client) fresh() *Client {
	own := *c
	if transport, ok := c.follow.Transport.(*http.Transport); ok {
		follow := *c.follow
		follow.Transport = transport.Clone()
		own.follow = &follow
	}
	return &own
}

// examination is one Examine under way.
type examination struct {
	client *Client
	check  Checkup
	found  []etl.Examined
}

// way is how far a request came. Its watchers may be called by several goroutines, and
// after the request has ended.
type way struct {
	mu      sync.Mutex
	address string // reached
	state   *tls.ConnectionState
}

func (w *way) reached() (address string, state *tls.ConnectionState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.address, w.state
}

// trace notes the steps of a request as they succeed.
func (w *way) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		ConnectDone: func(_, address string, err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if err == nil {
				w.address = address
			}
		},
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if err == nil {
				w.state = &state
			}
		},
	}
}

func (e *examination) ok(what, format string, values ...any) {
	e.found = append(e.found, etl.Examined{What: what, Found: fmt.Sprintf(format, values...), OK: true})
}

func (e *examination) bad(what, found, try string) {
	e.found = append(e.found, etl.Examined{What: what, Found: found, Try: try})
}

// failed notes an error under the step it belongs to.
func (e *examination) failed(what string, err error) {
	var trouble *etl.Trouble
	if !errors.As(err, &trouble) {
		e.bad(what, "the examination was stopped", "")
		return
	}
	switch trouble.Kind {
	case etl.Setup:
		what = "address"
		says := func(word string) bool { return strings.Contains(trouble.Message, word) }
		if slices.ContainsFunc([]string{"certificate", "TLS", "secure connection"}, says) {
			what = "TLS"
		}
	case etl.Login:
		what = "login"
	case etl.Permission:
		what = "permission"
	}
	try := trouble.Try
	if try == "" && trouble.Kind == etl.Passing {
		try = "wait and try again, and ask the service if it stays so"
	}
	e.bad(what, trouble.Message, try)
}

func (e *examination) signIn(ctx context.Context) bool {
	if _, err := e.client.auth.Header(ctx, ""); err != nil {
		e.failed("login", err)
		return false
	}
	e.ok("login", "a token was given")
	return true
}

// ask puts the question and watches the way it takes.
func (e *examination) ask(ctx context.Context) {
	rows := e.check.Shape.Collect()
	var date time.Time
	var gone way
	err := e.client.Get(httptrace.WithClientTrace(ctx, gone.trace()), e.check.Address, e.check.Content, func(a *Answer) error {
		date = a.Date
		return e.check.Read(rows, a)
	})
	address, state := gone.reached()
	if address != "" {
		host, _, _ := strings.Cut(Display(e.check.Address), "/")
		e.ok("address", "%s is reached at %s", host, address)
	}
	e.certificate(state)
	if err != nil {
		e.failed("answer", err)
		return
	}
	if e.client.auth != nil && !e.client.auth.Renews() {
		e.ok("login", "the sign-in was accepted")
	}
	e.ok("answer", "%d rows for %s", rows.Len(), e.check.Asked)
	e.columns(rows)
	e.clock(date)
}

// certificate tells about the encryption; nil: there is none.
func (e *examination) certificate(state *tls.ConnectionState) {
	if state == nil || len(state.PeerCertificates) == 0 {
		return
	}
	until := state.PeerCertificates[0].NotAfter
	found := fmt.Sprintf("%s, the certificate is valid until %s", tls.VersionName(state.Version), until.Format(time.DateOnly))
	if until.Sub(e.client.now()) < soon {
		e.bad("TLS", found, "ask the service to renew its certificate")
		return
	}
	e.ok("TLS", "%s", found)
}

func (e *examination) columns(rows *Rows) {
	table := e.check.Shape.Table.Name
	if len(rows.Columns()) == 0 {
		e.ok("columns of "+table, "there were no rows to see columns in")
		return
	}
	required, optional := e.check.Shape.Lacking(rows.Columns())
	switch {
	case len(required) > 0:
		e.bad("columns of "+table, "missing: "+strings.Join(required, ", "), "map the columns' names in the configuration, or let the service send them")
	case len(optional) > 0:
		e.ok("columns of "+table, "all that are needed; not sent: %s", strings.Join(optional, ", "))
	default:
		e.ok("columns of "+table, "all are there")
	}
}

// clock compares the service's clock with ours.
func (e *examination) clock(date time.Time) {
	if date.IsZero() {
		return
	}
	apart := e.client.now().Sub(date).Round(time.Second)
	if apart.Abs() > askew {
		e.bad("clock", fmt.Sprintf("ours and the service's are %s apart", apart.Abs()), "set this machine's clock by a time server")
		return
	}
	e.ok("clock", "ours and the service's agree")
}
