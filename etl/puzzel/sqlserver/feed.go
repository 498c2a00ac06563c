package sqlserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Options describe a connection to the raw-data database.
type Options struct {
	// DSN is sqlserver://user:password@host:port?database=ConnectCallData_1234. The
	// connection is encrypted and its certificate verified, whatever it says.
	DSN string
	// CertificateHost is the name in the server's certificate where it is not the
	// DSN's host.
	CertificateHost string
	// Roots are the authorities that may have signed the certificate; nil: those this
	// machine trusts, or the file that the DSN names as certificate (.pem or .der).
	Roots *x509.CertPool
	// Zone is the time zone of the database's clock times; Now is our clock.
	Zone *time.Location
	Now  func() time.Time
	// Sleep waits; retry.Sleep does in earnest. Only a Rate needs it.
	Sleep func(ctx context.Context, d time.Duration) error
	// Rate is how many rows a second are taken at most, evenly; 0 is no limit.
	Rate float64
	// Timeout is the longest that one query may take to its last row; 0 is 15 minutes.
	Timeout time.Duration
	// Stall is the longest that the server may send nothing while an answer is due; 0
	// is 2 minutes.
	Stall time.Duration
	// Tables are the contracts that Examine looks at. ColumnMap gives the columns' names
	// in the database per table, as in windowed.Options; Examine and Days go by it, a
	// Fetch by its query.
	Tables    []etl.Table
	ColumnMap map[string]map[string]string
}

const (
	usualTimeout = 15 * time.Minute
	usualStall   = 2 * time.Minute
	// idleTime is how long an unused connection is kept: the windows of one pull
	// share a login, two pulls a quarter of an hour apart do not.
	idleTime = time.Minute
)

// Feed is the raw-data database. It holds one connection at most. It may be used
// from several goroutines, which then wait for each other.
type Feed struct {
	options   Options
	connector *connector
	db        *sql.DB
	catalogue catalogue
}

var (
	_ windowed.Feed    = (*Feed)(nil)
	_ windowed.Counter = (*Feed)(nil)
	_ etl.Patient      = (*Feed)(nil)
)

// New prepares the connection without opening it. The error is an *etl.Trouble of
// kind Setup that names what is wrong with the DSN without repeating it.
func New(o Options) (*Feed, error) {
	if o.Zone == nil || o.Now == nil || (o.Rate > 0 && o.Sleep == nil) {
		return nil, errors.New("the raw-data database needs a time zone, a clock and, for a rate, a sleep")
	}
	if o.Timeout <= 0 {
		o.Timeout = usualTimeout
	}
	if o.Stall <= 0 {
		o.Stall = usualStall
	}
	config, err := parseDSN(o.DSN, o.CertificateHost)
	if err != nil {
		return nil, err
	}
	config.ConnTimeout = o.Stall
	if o.Roots != nil {
		config.TLSConfig.RootCAs = o.Roots
	}
	f := &Feed{options: o, connector: &connector{config: config}}
	f.db = f.connector.open()
	return f, nil
}

// Close closes the connection. A Fetch under way fails.
func (f *Feed) Close() error { return f.db.Close() }

// open is a pool of one connection.
func (c *connector) open() *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	db.SetConnMaxIdleTime(idleTime)
	return db
}

// settings are those of every session. Read committed waits for a writer rather than
// show a call that is half deleted and never to be (read uncommitted does); but not
// for long, and of two that block each other it is we who give way.
const settings = `set nocount on;
set transaction isolation level read committed;
set lock_timeout 15000;
set deadlock_priority low;`

// session takes the connection and makes it ready for reading. The pool resets the
// settings whenever it hands a connection out.
func (f *Feed) session(ctx context.Context) (*sql.Conn, error) {
	conn, err := f.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, settings); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// errSlow is why a query's context ends when its time is up.
var errSlow = errors.New("the query's time is up")

// within bounds a query's time.
func (f *Feed) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, f.options.Timeout, errSlow)
}

// certificate is the last one the server showed and we accepted; nil before.
func (c *connector) certificate() *tls.ConnectionState { return c.seen.Load() }
