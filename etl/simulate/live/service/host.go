package service

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/certificate"
)

// Leak is in every body of an answer that is a refusal, as careless services have it.
const Leak = "borger Birthe Borger, 20123456, 010190-1234, adgangskode hemmelig-42"

// host is a server on the loopback. Faults are those of its answers with rows.
type host struct {
	Faults Faults

	now      func() time.Time
	identity certificate.Identity
	server   *http.Server
	listener net.Listener
	closing  chan struct{}
	closed   sync.Once
}

// start opens a server. until is when its certificate ends; zero: not in our time.
func (h *host) start(now func() time.Time, until time.Time, handler http.Handler) error {
	var err error
	if h.identity, err = certificate.New(until, "localhost", "127.0.0.1"); err != nil {
		return err
	}
	if h.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	h.now, h.closing = now, make(chan struct{})
	h.server = &http.Server{
		Handler:   handler,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{h.identity.Server}, MinVersion: tls.VersionTLS12},
		ErrorLog:  log.New(io.Discard, "", 0), // handshakes that fail are what some tests want
		// One protocol, so that a cut connection is a cut connection.
		TLSNextProto:      map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { _ = h.server.ServeTLS(h.listener, "", "") }() // ends with Close
	return nil
}

// Close ends the server and every answer under way. It may be called again.
func (h *host) Close() error {
	h.closed.Do(func() { close(h.closing) })
	return h.server.Close()
}

// Base is the server's address, "https://127.0.0.1:<port>".
func (h *host) Base() string { return "https://" + h.listener.Addr().String() }

// Roots is a pool with the authority that signed the server's certificate.
func (h *host) Roots() *x509.CertPool { return h.identity.Roots() }

// PEM is that authority's certificate as a file.
func (h *host) PEM() []byte { return h.identity.PEM() }

// reply is an answer to be.
type reply struct {
	media string
	body  []byte
}

// answer writes a reply with a fault. Faults of the rows have been made before.
func (h *host) answer(w http.ResponseWriter, r *http.Request, fault Fault, out reply) {
	w.Header().Set("Date", h.now().UTC().Format(http.TimeFormat))
	switch fault {
	case Slow:
		h.linger(r.Context())
		return
	case Reset:
		reset(w)
		return
	case NoContent:
		w.WriteHeader(http.StatusNoContent)
		return
	case Elsewhere:
		http.Redirect(w, r, "https://login.example/sso?for="+Leak, http.StatusFound)
		return
	case Page:
		out = reply{"text/html; charset=utf-8", []byte("<html><title>Log ind</title>" + Leak + "</html>")}
	case Garbage:
		out.body = []byte("{" + Leak)
	case Empty:
		out.body = nil
	}
	if code := h.refusal(w.Header(), fault); code != 0 {
		http.Error(w, Leak, code)
		return
	}
	h.write(w, r, fault, out)
}

// refusal is the status of a fault that has one, else 0.
func (h *host) refusal(header http.Header, fault Fault) int {
	switch fault {
	case Expired:
		return http.StatusUnauthorized
	case Forbidden:
		return http.StatusForbidden
	case NotFound:
		return http.StatusNotFound
	case BadRequest:
		return http.StatusBadRequest
	case Busy:
		header.Set("Retry-After", strconv.Itoa(int(Wait.Seconds())))
		return http.StatusTooManyRequests
	case BusyUntil:
		header.Set("Retry-After", h.now().Add(Wait).UTC().Format(http.TimeFormat))
		return http.StatusTooManyRequests
	case Failing:
		return http.StatusInternalServerError
	case BadGateway:
		return http.StatusBadGateway
	case Unavailable:
		header.Set("Retry-After", strconv.Itoa(int(Wait.Seconds())))
		return http.StatusServiceUnavailable
	}
	return 0
}

// write sends a body, packed where the reader can unpack it, whole or cut.
func (h *host) write(w http.ResponseWriter, r *http.Request, fault Fault, out reply) {
	w.Header().Set("Content-Type", out.media)
	if len(out.body) > 0 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		out.body = packed(out.body)
	}
	half := out.body[:(len(out.body)+1)/2]
	switch fault {
	case CutLength:
		w.Header().Set("Content-Length", strconv.Itoa(len(out.body)))
	case CutChunks, Stalled:
	default:
		w.Header().Set("Content-Length", strconv.Itoa(len(out.body)))
		_, _ = w.Write(out.body) // a reader that went away needs no answer
		return
	}
	_, _ = w.Write(half)
	_ = http.NewResponseController(w).Flush()
	if fault == Stalled {
		h.linger(r.Context())
	}
	panic(http.ErrAbortHandler) // net/http's way to break an answer off
}

// linger waits for the reader to give up.
func (h *host) linger(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-h.closing:
	}
}

// reset closes a connection so that the reader hears of a reset, not of an end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func packed(content []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := writer.Write(content); err != nil {
		panic(fmt.Sprintf("service: a buffer took no bytes: %v", err))
	}
	if err := writer.Close(); err != nil {
		panic(fmt.Sprintf("service: a buffer took no bytes: %v", err))
	}
	return out.Bytes()
}
