package sqlserver

import (
	"context"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl"
)

// trouble classes an error that came while something was done. A Receiver's answer
// and a Trouble pass as they are, and a caller who gave up gets the context's error.
func (f *Feed) trouble(ctx context.Context, doing string, err error) error {
	var receiver answered
	var trouble *etl.Trouble
	switch {
	case err == nil:
		return nil
	case errors.As(err, &receiver):
		return receiver.error
	case errors.As(err, &trouble):
		return trouble
	case errors.Is(context.Cause(ctx), errSlow):
		return &etl.Trouble{
			Kind: etl.Passing, Message: fmt.Sprintf("%s: not finished after %s", doing, f.options.Timeout),
			Try: "ask for shorter windows, or at a quieter time of day",
		}
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	trouble = classed(err)
	trouble.Message = doing + ": " + trouble.Message
	return trouble
}

// classed says what an error of the driver means. Of the server it repeats only the
// number: the server's own sentences can hold values, as "Conversion failed when
// converting the varchar value …" does.
func classed(err error) *etl.Trouble {
	var server mssql.Error
	if errors.As(err, &server) {
		return fromServer(decisive(server))
	}
	if t := fromTLS(err); t != nil {
		return t
	}
	return fromNetwork(err)
}

// serverError is what of a server's error may be told.
type serverError struct {
	number       int32
	state, class uint8
}

func (e serverError) Error() string {
	return fmt.Sprintf("SQL Server error %d, state %d, level %d", e.number, e.state, e.class)
}

func fromServer(e mssql.Error) *etl.Trouble {
	v, ok := known(e.Number)
	if !ok {
		v = bySeverity(e.Class)
	}
	return &etl.Trouble{Kind: v.kind, Message: v.message, Try: v.try, Err: serverError{e.Number, e.State, e.Class}}
}

const (
	tryCertificateHost = "set certificate_host to the name in the certificate"
	tryAllowList       = "check host and port, and ask Puzzel whether this machine's address is on their allow-list"
)

// fromTLS is the trouble with an encrypted connection that did not come about, nil
// where err is none. The driver hands its cause on as text only.
func fromTLS(err error) *etl.Trouble {
	text := err.Error()
	_, cause, handshake := strings.Cut(text, "TLS Handshake failed: ")
	_, refusal, refused := strings.Cut(cause, "x509: ")
	switch {
	case strings.Contains(text, "server does not support encryption"):
		return setup("the server does not encrypt", "check host and port: Puzzel's server always encrypts")
	case !handshake:
		return nil
	case refused:
		return fromCertificate(refusal)
	case strings.Contains(cause, "tls: "):
		return setup("no encrypted connection came about: "+cause, "check host and port: Puzzel's server speaks TLS 1.2")
	}
	return &etl.Trouble{Kind: etl.Passing, Message: "the connection broke while it was encrypted: " + cause, Try: tryAllowList}
}

// fromCertificate is the trouble with a certificate that crypto/x509 refuses in these
// words.
func fromCertificate(refusal string) *etl.Trouble {
	names, _, otherName := strings.Cut(strings.TrimPrefix(refusal, "certificate is valid for "), ", not ")
	switch {
	case otherName:
		return setup("the server's certificate is for another name: "+refusal, tryCertificateHost+": "+names)
	case strings.Contains(refusal, "not valid for any names"), strings.Contains(refusal, "IP SANs"):
		return setup("the server's certificate does not hold the name it was asked for: "+refusal, tryCertificateHost)
	case strings.Contains(refusal, unknownAuthority):
		return setup("the server's certificate is signed by nobody this machine trusts",
			"bring the machine's root certificates up to date, or name the issuer's in the DSN: certificate=/path/to/root.pem")
	case strings.Contains(refusal, "expired or is not yet valid"):
		return setup("the server's certificate is out of date: "+refusal, "check this machine's clock, then tell Puzzel")
	}
	return setup("the server's certificate is not accepted: "+refusal, "tell Puzzel")
}

// unknownAuthority is how crypto/x509 words its own error.
var unknownAuthority = strings.TrimPrefix(x509.UnknownAuthorityError{}.Error(), "x509: ")

// fromNetwork is the trouble with a connection that did not come about or broke; all
// that is left passes, or it is a name that nobody knows.
func fromNetwork(err error) *etl.Trouble {
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return setup(fmt.Sprintf("there is no host %q", name.Name), "correct the host in the DSN")
	case errors.Is(err, errLoginSlow):
		return &etl.Trouble{Kind: etl.Passing, Message: errLoginSlow.Error(), Try: tryAllowList}
	case errors.Is(err, driver.ErrBadConn):
		return &etl.Trouble{Kind: etl.Passing, Message: "the connection broke"}
	case timedOut(err, &timeout):
		return &etl.Trouble{Kind: etl.Passing, Message: "the server sent nothing for too long", Try: tryAllowList, Err: err}
	}
	return &etl.Trouble{Kind: etl.Passing, Message: "the connection broke", Try: tryAllowList, Err: err}
}

// timedOut looks for a time-out, also inside the error of a broken stream, which
// does not unwrap.
func timedOut(err error, timeout *net.Error) bool {
	var stream mssql.StreamError
	if errors.As(err, &stream) {
		err = stream.InnerError
	}
	return errors.As(err, timeout) && (*timeout).Timeout()
}
