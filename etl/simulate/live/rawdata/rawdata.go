// Package rawdata plays Puzzel's raw-data database for tests and for `ddh demo
// --live`: it fills a DuckDB database with the tables of SOURCES §1, from the files
// that the simulator writes or row by row, and answers the T-SQL that a loader sends
// through package tds. It shows what the real database would show at the moment its
// clock is set to: rows that were written by then, of each call the version of then.
//
// Only tests and `ddh demo --live` may use it. It is no part of the path that real
// data takes, understands the small subset of T-SQL told of at Query, and must not be
// taken for a check of SQL that is meant for a real SQL Server.
package rawdata

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Options say how the database begins.
type Options struct {
	// Path is the DuckDB file; empty keeps everything in memory.
	Path string
	// Zone is the zone of the database's wall clock, one of the IANA's; nil means UTC,
	// which suits callers that label wall clocks as UTC.
	Zone *time.Location
	// Now is where the clock stands to begin with; zero means after everything.
	Now time.Time
	// Version is the version of Puzzel's database: "1.8", or "1.9", which empty means.
	Version string
	// Name is what the database calls itself; empty means "ConnectCallData".
	Name string
}

// Database is the simulated database. It may be used from several goroutines, also
// while it answers.
type Database struct {
	zone       *time.Location
	name       string
	db         *sql.DB
	mu         sync.RWMutex
	tables     map[string]*table
	now        time.Time
	deliveries int // number of the latest delivery
}

// endOfTime is later than every row.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// New opens a database with all tables, each empty.
func New(ctx context.Context, o Options) (*Database, error) {
	d := &Database{zone: cmp.Or(o.Zone, time.UTC), name: cmp.Or(o.Name, "ConnectCallData"), now: o.Now}
	if d.now.IsZero() {
		d.now = endOfTime
	}
	var err error
	if d.tables, err = schema(o.Version); err != nil {
		return nil, fmt.Errorf("rawdata: %w", err)
	}
	// One thread each is quickest for many small queries that come from many sides.
	connector, err := duckdb.NewConnector(o.Path, func(c driver.ExecerContext) error {
		_, err := c.ExecContext(ctx, "set timezone = 'UTC'; set threads = 1", nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("rawdata: open %q: %w", o.Path, err)
	}
	d.db = sql.OpenDB(connector)
	if err := d.create(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("rawdata: %w", err), d.db.Close())
	}
	return d, nil
}

// Close ends what is being answered and closes the database.
func (d *Database) Close() error { return d.db.Close() }

// SetNow sets the clock, forward or back. From then on queries see the database as it
// was at that moment.
func (d *Database) SetNow(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = now
}

// Now is where the clock stands.
func (d *Database) Now() time.Time {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.now
}

// wall is what the database's clock shows at a moment, labelled UTC.
func (d *Database) wall(t time.Time) time.Time {
	t = t.In(d.zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
