package tds

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// errHangUp ends a session on purpose.
var errHangUp = errors.New("the connection is cut")

// session is one connection. One goroutine reads, so that a cancellation is heard
// while the other answers.
type session struct {
	server  *Server
	raw     net.Conn
	conn    net.Conn // raw, or TLS over it
	out     *writer
	ctx     context.Context
	hangUp  context.CancelFunc
	inbox   chan job
	mu      sync.Mutex
	cancel  context.CancelFunc // of the job that is not answered yet; nil: there is none
	stopped bool               // that job was cancelled by the client
}

// job is a message to be answered; ctx ends when the client takes it back.
type job struct {
	message
	ctx    context.Context
	cancel context.CancelFunc
}

func newSession(server *Server, conn net.Conn, number int) *session {
	s := &session{server: server, raw: conn, conn: conn, inbox: make(chan job, 1)}
	s.ctx, s.hangUp = context.WithCancel(server.ctx)
	s.out = newWriter(conn, kindReply, smallestPacket)
	s.out.spid = uint16(50 + number)
	return s
}

// run serves the connection until it ends, however that happens: what went wrong is
// the client's to notice.
func (s *session) run() {
	defer s.hangUp()
	late := time.AfterFunc(s.server.options.Greeting, func() { s.raw.Close() })
	err := s.greet()
	if !late.Stop() || err != nil {
		return
	}
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		s.read()
	}()
	defer func() {
		s.raw.Close()
		<-reading
	}()
	for {
		select {
		case j := <-s.inbox:
			err := s.serve(j)
			j.cancel()
			if err != nil {
				return
			}
		case <-s.ctx.Done():
			return
		}
	}
}

// greet goes through PRELOGIN, TLS and LOGIN7.
func (s *session) greet() error {
	m, err := s.expect(kindPrelogin)
	if err != nil {
		return err
	}
	options, err := parsePrelogin(m.body)
	if err != nil {
		return err
	}
	encryption := byte(encryptOn)
	asked := options[optionEncryption]
	switch {
	case s.server.options.Plaintext:
		encryption = encryptNotSupported
	case len(asked) != 1 || asked[0] != encryptOn:
		encryption = encryptRequired
	}
	s.out.pending = appendPrelogin(s.out.pending, encryption)
	if err := s.out.end(); err != nil {
		return err
	}
	if encryption != encryptNotSupported {
		if len(asked) == 1 && asked[0] == encryptNotSupported {
			return errors.New("the client cannot encrypt")
		}
		if err := s.encrypt(); err != nil {
			return err
		}
	}
	return s.login()
}

func (s *session) expect(kind packetKind) (message, error) {
	m, err := readMessage(s.conn)
	if err == nil && m.kind != kind {
		err = fmt.Errorf("a message of kind %d came where kind %d was due", m.kind, kind)
	}
	return m, err
}

func (s *session) encrypt() error {
	inner := &wrapped{Conn: s.raw}
	conn := tls.Server(inner, s.server.tls)
	if err := conn.HandshakeContext(s.ctx); err != nil {
		return err
	}
	if len(inner.left) > 0 {
		return errors.New("the client sent more than its handshake")
	}
	inner.bare = true
	s.conn = conn
	s.out.to = conn
	return nil
}

func (s *session) login() error {
	m, err := s.expect(kindLogin)
	if err != nil {
		return err
	}
	l, err := parseLogin(m.body)
	if err != nil {
		return err
	}
	faults := s.server.options.Faults
	fault := faults.next(true, "")
	refusal := s.server.options.admit(l)
	switch fault.Kind {
	case CutLogin:
		faults.count(CutLogin)
		return errHangUp
	case RefuseLogin:
		faults.count(RefuseLogin)
		refusal = loginFailed(l.user)
		if fault.Err != nil {
			refusal = fault.Err
		}
	}
	if refusal != nil {
		s.out.pending = appendError(s.out.pending, refusal)
		s.out.pending = appendDone(s.out.pending, tokenDone, doneError, 0)
		return errors.Join(errHangUp, s.out.end())
	}
	s.server.admitted()
	s.out.size = l.packetSize
	s.out.pending = appendWelcome(s.out.pending, s.server.options.Database, l.packetSize)
	return s.out.end()
}

// read hands on what the client sends until it hangs up.
func (s *session) read() {
	defer s.hangUp()
	for {
		m, err := readMessage(s.conn)
		if err != nil {
			return
		}
		if m.kind == kindAttention && s.stop() {
			continue
		}
		j := job{message: m}
		j.ctx, j.cancel = context.WithCancel(s.ctx)
		if m.kind != kindAttention {
			s.mu.Lock()
			s.cancel = j.cancel
			s.mu.Unlock()
		}
		select {
		case s.inbox <- j: // whoever takes it also ends its context
		case <-s.ctx.Done():
			j.cancel()
			return
		}
	}
}

// stop takes back the job that is not answered yet; false: there is none, so that the
// cancellation needs an answer of its own.
func (s *session) stop() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel == nil {
		return false
	}
	s.stopped = true
	s.cancel()
	return true
}

// settle ends the job: a cancellation that comes later is answered on its own. It
// reports whether one has come.
func (s *session) settle() (stopped bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stopped = s.stopped
	s.cancel, s.stopped = nil, false
	return stopped
}

func (s *session) serve(j job) error {
	if j.kind == kindAttention {
		s.out.pending = appendDone(s.out.pending, tokenDone, doneAttention, 0)
		return s.out.end()
	}
	r, err := parseRequest(j.message)
	var refusal *Error
	if err != nil && !errors.As(err, &refusal) {
		return err
	}
	if j.reset {
		s.out.pending = appendEnvBytes(s.out.pending, envReset, nil, nil)
	}
	a := &answer{session: s, request: r, done: tokenDone}
	if r.rpc {
		a.done = tokenDoneProc
	}
	if refusal != nil {
		return a.fail(refusal)
	}
	return a.give(j.ctx)
}
