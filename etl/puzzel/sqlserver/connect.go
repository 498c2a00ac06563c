package sqlserver

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"
)

// loginTime is the longest that name look-up, connection, TLS and login may take.
const loginTime = 30 * time.Second

// errLoginSlow is why connecting was given up.
var errLoginSlow = errors.New("the server did not complete the login in time")

// connector opens connections whose login can be given up: the driver itself only
// bounds the dialling and would wait for ever on a server that takes the connection
// and says nothing.
type connector struct {
	config msdsn.Config
	seen   atomic.Pointer[tls.ConnectionState]
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, loginTime, errLoginSlow)
	defer cancel()
	config := c.config
	config.TLSConfig = config.TLSConfig.Clone()
	config.TLSConfig.VerifyConnection = func(state tls.ConnectionState) error { // after the usual verification
		c.seen.Store(&state)
		return nil
	}
	line := &dialer{}
	inner := mssql.NewConnectorConfig(config)
	inner.Dialer = line
	stop := context.AfterFunc(ctx, line.cut)
	conn, err := inner.Connect(ctx)
	switch stopped := stop(); {
	case err != nil && ctx.Err() != nil:
		return nil, errors.Join(context.Cause(ctx), err)
	case err != nil:
		return nil, err
	case !stopped:
		return nil, errors.Join(context.Cause(ctx), conn.Close())
	}
	return conn, nil
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return &mssql.Driver{} }

// dialer dials for one login and remembers the line, so that it can be cut. Being
// a mssql.HostDialer it resolves the name itself, and so within the context.
type dialer struct {
	mu   sync.Mutex
	line net.Conn
	over bool
}

var _ mssql.HostDialer = (*dialer)(nil)

// HostName implements mssql.HostDialer.
func (d *dialer) HostName() string { return "" }

// DialContext implements mssql.Dialer. A peer that is gone without a word is noticed
// within a minute.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	plain := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3,
	}}
	line, err := plain.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil, errors.Join(context.Cause(ctx), line.Close())
	}
	d.line = line
	return line, nil
}

// cut ends the login under way.
func (d *dialer) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	if d.line != nil {
		d.line.Close() // the login's own error tells what happened
	}
}
