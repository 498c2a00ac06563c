package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Limits are how long to wait and how much to take. Zero fields have defaults.
type Limits struct {
	Connect time.Duration // to reach the service and agree on encryption, each; 15 s
	Header  time.Duration // from the question to the first word of the answer; 2 min
	Idle    time.Duration // longest silence within an answer; 1 min
	Body    int64         // bytes of an answer, unpacked; 256 MiB
}

func (l Limits) orDefault() Limits {
	if l.Connect <= 0 {
		l.Connect = 15 * time.Second
	}
	if l.Header <= 0 {
		l.Header = 2 * time.Minute
	}
	if l.Idle <= 0 {
		l.Idle = time.Minute
	}
	if l.Body <= 0 {
		l.Body = 256 << 20
	}
	return l
}

// Options describe a client.
type Options struct {
	Version string         // of ddh, for the User-Agent
	Roots   *x509.CertPool // authorities to trust; nil: those of the system
	// Proxy leads to the proxy for a request, as http.ProxyFromEnvironment does; nil:
	// there is none.
	Proxy  func(*http.Request) (*url.URL, error)
	Now    func() time.Time // also the clock by which certificates are judged
	Limits Limits
}

// Client asks a service. It may be used by several goroutines.
type Client struct {
	agent  string
	now    func() time.Time
	limits Limits
	auth   Auth // nil: nobody asks who we are
	follow *http.Client
	strict *http.Client // follows no redirect
}

// New returns a client that signs nothing; As makes one that does.
func New(o Options) (*Client, error) {
	if o.Now == nil {
		return nil, errors.New("a web client needs a clock")
	}
	limits := o.Limits.orDefault()
	transport := &http.Transport{
		Proxy:                  o.Proxy,
		OnProxyConnectResponse: letThrough,
		DialContext:            (&net.Dialer{Timeout: limits.Connect}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots, Time: o.Now},
		TLSHandshakeTimeout:    limits.Connect,
		ResponseHeaderTimeout:  limits.Header,
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        2,
		IdleConnTimeout:        30 * time.Second,
	}
	return &Client{
		agent: "ddh/" + o.Version, now: o.Now, limits: limits,
		follow: &http.Client{Transport: transport, CheckRedirect: stayHome},
		strict: &http.Client{Transport: transport, CheckRedirect: stayPut},
	}, nil
}

// Roots are the system's authorities and those of a PEM file, as Options take them: a
// service inside the house may have a certificate of the house's own.
func Roots(pem []byte) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("the file holds no certificate; it must be in PEM format")
	}
	return pool, nil
}

// As returns a client that signs its requests, over the same connections.
func (c *Client) As(auth Auth) *Client {
	signed := *c
	signed.auth = auth
	return &signed
}

// Close gives up the connections that wait for another request.
func (c *Client) Close() { c.follow.CloseIdleConnections() }

// Answer is what a service answered with success.
type Answer struct {
	Body    io.Reader // unpacked; its errors are *etl.Trouble
	Charset string    // as declared, lower case; "" where it is not
	None    bool      // 204: there is nothing, and that is no fault
	Date    time.Time // by the service's clock; zero where it does not say

	what string
}

// Get asks for an address and has the answer read. Content that the reader does not
// want is refused before it sees it. The error is an *etl.Trouble, the context's or
// the reader's.
func (c *Client) Get(ctx context.Context, address string, want Content, read func(*Answer) error) error {
	what := Display(address)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	response, err := c.signed(ctx, what, address, want)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := &Answer{what: what, Body: c.body(ctx, cancel, what, response.Body)}
	answer.Date, _ = http.ParseTime(response.Header.Get("Date")) // zero where it does not read
	if response.StatusCode == http.StatusNoContent {
		answer.None = true
		return read(answer)
	}
	if response.StatusCode != http.StatusOK {
		return c.refusal(what, response)
	}
	if answer.Charset, err = want.check(what, response.Header.Get("Content-Type")); err != nil {
		return err
	}
	return read(answer)
}

// signed sends a request with a signature, and once more with a new one where the
// service does not accept the first.
func (c *Client) signed(ctx context.Context, what, address string, want Content) (*http.Response, error) {
	refused := ""
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, badAddress(what)
		}
		request.Header.Set("Accept", want.accept)
		signature := ""
		if c.auth != nil {
			if signature, err = c.auth.Header(ctx, refused); err != nil {
				return nil, err
			}
			request.Header.Set("Authorization", signature)
		}
		response, err := c.send(ctx, c.follow, what, request)
		if err != nil || response.StatusCode != http.StatusUnauthorized {
			return response, err
		}
		response.Body.Close()
		if refused != "" || c.auth == nil || !c.auth.Renews() {
			return nil, notKnown(what, c.auth != nil)
		}
		refused = signature
	}
}

// send sends one request. The error is classed.
func (c *Client) send(ctx context.Context, via *http.Client, what string, request *http.Request) (*http.Response, error) {
	request.Header.Set("User-Agent", c.agent)
	response, err := via.Do(request)
	if err != nil {
		return nil, classify(ctx, what, err)
	}
	return response, nil
}

// stayHome follows redirects within one origin only: what we send along is meant
// for nobody else.
func stayHome(request *http.Request, via []*http.Request) error {
	from, to := via[0].URL, request.URL
	switch {
	case from.Scheme != to.Scheme || from.Host != to.Host:
		return &redirectError{to: to.Host}
	case len(via) >= 5:
		return &redirectError{}
	}
	return nil
}

func stayPut(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
