package web

import (
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/den-digitale-hotline/ddh/etl"
)

// redirectError is a redirect that was not followed; to is "" for a circle.
type redirectError struct{ to string }

func (e *redirectError) Error() string { return "redirected to " + e.to }

// proxyError is a proxy that does not let us through; code is what it answered.
type proxyError struct{ code int }

func (e *proxyError) Error() string { return "the proxy answered " + status(e.code) }

// letThrough sees what a proxy says to our wish to be connected.
func letThrough(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		return &proxyError{response.StatusCode}
	}
	return nil
}

// classify makes a Trouble of what kept an answer from coming, or from coming whole.
// The texts are our own: those of net/http hold addresses with their queries, and
// pieces of answers that do not read. The end of the context goes through as it is.
func classify(ctx context.Context, what string, err error) error {
	if errors.Is(context.Cause(ctx), errSilent) {
		return &etl.Trouble{Kind: etl.Passing, Message: what + " fell silent within its answer"}
	}
	if stopped := ctx.Err(); stopped != nil {
		return stopped
	}
	for _, class := range []func(string, error) *etl.Trouble{classifyRedirect, classifyProxy, classifyCertificate, classifyTLS, classifyNetwork} {
		if trouble := class(what, err); trouble != nil {
			return trouble
		}
	}
	return &etl.Trouble{
		Kind: etl.Contract, Message: what + " gave no answer that can be understood", Try: "see that the address is a web service's",
	}
}

func classifyRedirect(what string, err error) *etl.Trouble {
	var redirect *redirectError
	switch {
	case !errors.As(err, &redirect):
		return nil
	case redirect.to == "":
		return &etl.Trouble{Kind: etl.Contract, Message: what + " redirects in a circle", Try: "check the address"}
	}
	return &etl.Trouble{
		Kind:    etl.Contract,
		Message: fmt.Sprintf("%s redirects to another place, %s, which gets no credentials of ours", what, redirect.to),
		Try:     "configure the new address, if the service has moved there",
	}
}

func classifyProxy(what string, err error) *etl.Trouble {
	var proxy *proxyError
	if !errors.As(err, &proxy) {
		return nil
	}
	trouble := &etl.Trouble{Kind: etl.Setup, Message: what + ": " + proxy.Error(), Try: "ask who runs the proxy to let this machine through to the service"}
	switch {
	case proxy.code == http.StatusProxyAuthRequired:
		trouble.Try = "configure the proxy's sign-in, or a way without proxy"
	case proxy.code >= 500, proxy.code == http.StatusTooManyRequests:
		trouble.Kind, trouble.Try = etl.Passing, ""
	}
	return trouble
}

// classifyCertificate tells a certificate that cannot be trusted.
func classifyCertificate(what string, err error) *etl.Trouble {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unverified *tls.CertificateVerificationError
	var roots x509.SystemRootsError
	trouble := &etl.Trouble{Kind: etl.Setup}
	switch {
	case errors.As(err, &authority):
		trouble.Message = what + " shows a certificate of an authority that is not known here"
		trouble.Try = "add the authority's certificate to the configuration, if it is your own"
	case errors.As(err, &name):
		trouble.Message = what + " shows a certificate that is not for this name"
		trouble.Try = "check the host name in the address"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		trouble.Message = what + " shows a certificate that is not valid now"
		trouble.Try = "check this machine's clock, then ask the service to renew its certificate"
	case errors.As(err, &roots):
		trouble.Message = "this machine has no list of trusted authorities"
		trouble.Try = "install the system's CA certificates"
	case errors.As(err, &invalid), errors.As(err, &unverified):
		trouble.Message = what + " shows a certificate that cannot be trusted"
		trouble.Try = "ask the service to mend its certificate"
	default:
		return nil
	}
	return trouble
}

// classifyTLS tells a service that does not speak TLS as we need it.
func classifyTLS(what string, err error) *etl.Trouble {
	var header tls.RecordHeaderError
	var operation *net.OpError
	alert := errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error")
	switch {
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &header):
		return &etl.Trouble{Kind: etl.Setup, Message: what + " does not speak TLS", Try: "check the port and the scheme of the address"}
	case alert, strings.Contains(err.Error(), "tls: ") && !timedOut(err):
		return &etl.Trouble{
			Kind: etl.Setup, Message: what + " and we cannot agree on a secure connection",
			Try: "ask whether the service has TLS 1.2 or newer, and whether it wants a client certificate",
		}
	}
	return nil
}

// classifyNetwork tells what the way to the service did.
func classifyNetwork(what string, err error) *etl.Trouble {
	var dns *net.DNSError
	var corrupt flate.CorruptInputError
	trouble := &etl.Trouble{Kind: etl.Passing}
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return &etl.Trouble{Kind: etl.Setup, Message: what + ": there is no such host", Try: "check the host name in the address"}
	case errors.As(err, &dns):
		trouble.Message = what + ": the name service did not answer"
	case timedOut(err):
		trouble.Message = what + " did not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		trouble.Message = what + " takes no connections"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		trouble.Message = what + " cut the connection"
	case errors.Is(err, io.ErrUnexpectedEOF):
		trouble.Message = what + " cut its answer off"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		trouble.Message = what + " sent an answer that came damaged"
	case networkFault(err):
		trouble.Message = what + " cannot be reached"
	default:
		return nil
	}
	return trouble
}

func timedOut(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

// networkFault reports whether the operating system's network is behind an error.
func networkFault(err error) bool {
	var operation *net.OpError
	var number syscall.Errno
	return errors.As(err, &operation) || errors.As(err, &number)
}

// refusal classes an answer that is none.
func (c *Client) refusal(what string, response *http.Response) *etl.Trouble {
	code := response.StatusCode
	trouble := &etl.Trouble{Message: fmt.Sprintf("%s answered %s", what, status(code))}
	switch {
	case code == http.StatusUnauthorized:
		return notKnown(what, true)
	case code == http.StatusForbidden:
		trouble.Kind, trouble.Try = etl.Permission, "ask the service to let this account read it"
	case code == http.StatusProxyAuthRequired:
		trouble.Kind, trouble.Try = etl.Setup, "configure the proxy's sign-in, or a way without proxy"
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code == http.StatusTooEarly, code >= 500:
		trouble.Kind, trouble.After = etl.Passing, retryAfter(response.Header, c.now())
	case code == http.StatusNotFound, code == http.StatusGone:
		trouble.Kind, trouble.Try = etl.Contract, "check the path of the address"
	default:
		trouble.Kind, trouble.Try = etl.Contract, "check the address and its parameters with the service's documentation"
	}
	return trouble
}

// status is a code in words: ours, not the service's, who could write anything.
func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

func notKnown(what string, signed bool) *etl.Trouble {
	trouble := &etl.Trouble{Kind: etl.Login, Message: what + " does not accept our sign-in", Try: "check user name and password, or the token"}
	if !signed {
		trouble.Message, trouble.Try = what+" wants a sign-in, and none is configured", "configure a token, or a user name and password"
	}
	return trouble
}

func badAddress(what string) *etl.Trouble {
	return &etl.Trouble{Kind: etl.Setup, Message: "the address is none: " + what, Try: `write it as "https://host/path"`}
}

// contract is an answer that is not what was agreed.
func (a *Answer) contract(message, try string) *etl.Trouble {
	return &etl.Trouble{Kind: etl.Contract, Message: a.place() + message, Try: try}
}

// cut is an answer that ends too early: the service may have died over it.
func (a *Answer) cut(message string) *etl.Trouble {
	return &etl.Trouble{Kind: etl.Passing, Message: a.place() + message}
}

func (a *Answer) place() string { return cmp.Or(a.what, "the service") + ": " }
