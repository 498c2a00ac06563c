package tds

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/certificate"
)

// Options say what the server is. User, Password, Database and Handler are needed.
type Options struct {
	User, Password, Database string
	// HostName is the name in the server's certificate; empty means DefaultHostName.
	HostName string
	Handler  Handler
	Faults   *Faults // nil: none to begin with; Server.Faults takes more
	// Plaintext makes a server that cannot encrypt. A client that insists must refuse it.
	Plaintext bool
	// CertificateUntil is the end of the certificate's validity; zero means far ahead.
	CertificateUntil time.Time
	// Greeting is how long a client may take from connecting to the end of its login;
	// 0 means 30 seconds.
	Greeting time.Duration
	// Sleep waits for Slow faults, or until ctx ends; nil means by the machine's clock.
	Sleep func(ctx context.Context, d time.Duration) error
}

// DefaultHostName is the host name in the certificate where none is given.
const DefaultHostName = "rawdata.puzzel.example"

// Server is a running server on a port of its own of the loopback interface.
type Server struct {
	options   Options
	listener  net.Listener
	tls       *tls.Config
	authority []byte
	ctx       context.Context
	cancel    context.CancelFunc
	sessions  sync.WaitGroup
	mu        sync.Mutex
	open      map[net.Conn]struct{}
	started   int
	logins    int
}

// Serve starts a server, which runs until Close or until ctx ends.
func Serve(ctx context.Context, o Options) (*Server, error) {
	if o.Handler == nil || o.User == "" || o.Database == "" {
		return nil, errors.New("tds: a server needs a handler, a user and a database")
	}
	o.HostName = cmp.Or(o.HostName, DefaultHostName)
	o.Greeting = cmp.Or(o.Greeting, 30*time.Second)
	if o.Faults == nil {
		o.Faults = NewFaults(1)
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	identity, err := certificate.New(o.CertificateUntil, o.HostName)
	if err != nil {
		return nil, fmt.Errorf("tds: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("tds: listen: %w", err)
	}
	s := &Server{options: o, listener: listener, tls: tlsConfig(identity.Server), authority: identity.PEM(), open: make(map[net.Conn]struct{})}
	s.ctx, s.cancel = context.WithCancel(ctx)
	context.AfterFunc(s.ctx, s.shut)
	s.sessions.Add(1)
	go s.accept()
	return s, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Addr is where the server listens, "127.0.0.1:port".
func (s *Server) Addr() string { return s.listener.Addr().String() }

// CA is the certificate, in PEM, of the authority that signed the server's.
func (s *Server) CA() []byte { return append([]byte(nil), s.authority...) }

// Faults takes what is to go wrong.
func (s *Server) Faults() *Faults { return s.options.Faults }

// Logins counts the logins that were let in.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// DSN is the connection text of the go-mssqldb driver. caFile is where the caller has
// written CA.
func (s *Server) DSN(caFile string) string {
	query := url.Values{
		"database":               {s.options.Database},
		"encrypt":                {"true"},
		"TrustServerCertificate": {"false"},
		"certificate":            {caFile},
		"hostNameInCertificate":  {s.options.HostName},
	}
	return (&url.URL{
		Scheme: "sqlserver", User: url.UserPassword(s.options.User, s.options.Password),
		Host: s.Addr(), RawQuery: query.Encode(),
	}).String()
}

// Hangup cuts every connection there is; new ones are welcome.
func (s *Server) Hangup() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		conn.Close()
	}
}

// Close cuts every connection, ends what runs, and waits for it.
func (s *Server) Close() error {
	s.cancel()
	s.shut()
	s.sessions.Wait()
	return nil
}

// shut makes every blocked read and write of the server return.
func (s *Server) shut() {
	s.listener.Close()
	s.Hangup()
}

func (s *Server) accept() {
	defer s.sessions.Done()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		if number, ok := s.enter(conn); ok {
			go func() {
				defer s.leave(conn)
				newSession(s, conn, number).run()
			}()
		}
	}
}

// enter takes a connection in, unless the server is closing.
func (s *Server) enter(conn net.Conn) (number int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		conn.Close()
		return 0, false
	}
	s.open[conn] = struct{}{}
	s.started++
	s.sessions.Add(1)
	return s.started, true
}

func (s *Server) leave(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	delete(s.open, conn)
	s.mu.Unlock()
	s.sessions.Done()
}

func (s *Server) admitted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins++
}
