package web

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// asked is how net/http wraps what went wrong: with the address, and its secrets.
func asked(err error) error {
	return &url.Error{Op: "Get", URL: "https://bruger:hemmelig@host.example/path?key=hemmelig", Err: err}
}

func TestClassify(t *testing.T) {
	network := func(op string, err error) error {
		return asked(&net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(op, err)})
	}
	for name, c := range map[string]struct {
		err  error
		kind etl.Kind
		want string
	}{
		"refused":             {network("connect", syscall.ECONNREFUSED), etl.Passing, "host takes no connections"},
		"reset":               {network("read", syscall.ECONNRESET), etl.Passing, "host cut the connection"},
		"closed":              {asked(io.EOF), etl.Passing, "host cut the connection"},
		"broken off":          {asked(io.ErrUnexpectedEOF), etl.Passing, "host cut its answer off"},
		"damaged":             {gzip.ErrChecksum, etl.Passing, "host sent an answer that came damaged"},
		"no route":            {network("connect", syscall.EHOSTUNREACH), etl.Passing, "host cannot be reached"},
		"too late":            {asked(os.ErrDeadlineExceeded), etl.Passing, "host did not answer in time"},
		"no such host":        {asked(&net.DNSError{IsNotFound: true, Name: "hemmelig"}), etl.Setup, "host: there is no such host"},
		"no name service":     {asked(&net.DNSError{IsTemporary: true, Name: "hemmelig"}), etl.Passing, "host: the name service did not answer"},
		"unknown authority":   {asked(x509.UnknownAuthorityError{}), etl.Setup, "host shows a certificate of an authority that is not known here"},
		"another name":        {asked(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "hemmelig"}), etl.Setup, "host shows a certificate that is not for this name"},
		"expired":             {asked(x509.CertificateInvalidError{Reason: x509.Expired}), etl.Setup, "host shows a certificate that is not valid now"},
		"untrusted otherwise": {asked(x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}), etl.Setup, "host shows a certificate that cannot be trusted"},
		"verified otherwise":  {asked(&tls.CertificateVerificationError{Err: errors.New("hemmelig")}), etl.Setup, "host shows a certificate that cannot be trusted"},
		"no authorities":      {asked(x509.SystemRootsError{}), etl.Setup, "this machine has no list of trusted authorities"},
		"no TLS":              {asked(tls.RecordHeaderError{Msg: "hemmelig"}), etl.Setup, "host does not speak TLS"},
		"plain HTTP":          {asked(http.ErrSchemeMismatch), etl.Setup, "host does not speak TLS"},
		"old TLS":             {asked(errors.New("tls: server selected unsupported protocol version 301")), etl.Setup, "host and we cannot agree on a secure connection"},
		"an alert":            {asked(&net.OpError{Op: "remote error", Err: errors.New("hemmelig")}), etl.Setup, "host and we cannot agree on a secure connection"},
		"elsewhere":           {asked(&redirectError{to: "sso.example"}), etl.Contract, "host redirects to another place, sso.example, which gets no credentials of ours"},
		"in a circle":         {asked(&redirectError{}), etl.Contract, "host redirects in a circle"},
		"not HTTP":            {asked(errors.New(`malformed HTTP response "hemmelig"`)), etl.Contract, "host gave no answer that can be understood"},
	} {
		t.Run(name, func(t *testing.T) {
			var got *etl.Trouble
			if err := classify(context.Background(), "host", c.err); !errors.As(err, &got) {
				t.Fatal(err)
			}
			if got.Kind != c.kind || got.Error() != c.want || strings.Contains(got.Try, "hemmelig") {
				t.Errorf("got %v %q, want %v %q", got.Kind, got.Error(), c.kind, c.want)
			}
		})
	}
}

func TestClassifyLetsTheContextThrough(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := classify(ctx, "host", asked(context.Canceled)); err != context.Canceled {
		t.Error(err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	const date = "Wed, 04 Mar 2026 12:01:30 GMT"
	for _, c := range []struct {
		after, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"7", "", 7 * time.Second},
		{" 120 ", "", 2 * time.Minute},
		{"-1", "", 0},
		{"soon", "", 0},
		{"4294967295", "", longest},
		{"99999999999999999999", "", 0},
		{date, "", 90 * time.Second},
		{date, "Wed, 04 Mar 2026 12:01:00 GMT", 30 * time.Second}, // the service's clock counts
		{date, "Wed, 04 Mar 2026 13:00:00 GMT", 0},
		{"Wed, 04 Mar 2099 12:01:30 GMT", "", longest},
	} {
		header := http.Header{"Retry-After": {c.after}, "Date": {c.date}}
		if got := retryAfter(header, now); got != c.want {
			t.Errorf("%q at %q: %v, want %v", c.after, c.date, got, c.want)
		}
	}
}

func TestContent(t *testing.T) {
	for _, c := range []struct {
		want    Content
		header  string
		charset string
		fault   string
	}{
		{JSON, "application/json", "", ""},
		{JSON, "application/json;charset=UTF-8", "utf-8", ""},
		{JSON, "application/hal+json", "", ""},
		{JSON, "text/plain", "", ""},
		{JSON, "", "", ""},
		{JSON, "text/html; charset=utf-8", "", "a web page instead of application/json"},
		{JSON, "text/csv", "", "something else than application/json"},
		{JSON, "hemmelig; hemmelig=;;", "", "something else than application/json"},
		{CSV, "text/csv; charset=ISO-8859-1", "iso-8859-1", ""},
		{CSV, "application/vnd.ms-excel", "", ""},
		{CSV, "text/html", "", "a web page instead of text/csv"},
		{CSV, "application/json", "", "something else than text/csv"},
	} {
		charset, err := c.want.check("host", c.header)
		if charset != c.charset || (err == nil) != (c.fault == "") {
			t.Errorf("%s: %q %v", c.header, charset, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "hemmelig")) {
			t.Errorf("%s: %v, want %q", c.header, err, c.fault)
		}
	}
}

func TestDisplay(t *testing.T) {
	for address, want := range map[string]string{
		"https://host.example/a/b?key=hemmelig":            "host.example/a/b",
		"https://bruger:hemmelig@host.example:8443/a/#x":   "host.example:8443/a",
		"https://host.example":                             "host.example",
		"hemmelig":                                         "an address that cannot be read",
		"https://host.example/%zz?hemmelig":                "an address that cannot be read",
		"https://host.example/" + strings.Repeat("x", 999): "host.example/" + strings.Repeat("x", 187) + "…",
	} {
		if got := Display(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
