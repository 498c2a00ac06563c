// Package warehouse is the DuckDB file: its lock, its migrations, the raw tables
// made from contracts, loading of landed batches, the account of what ran, and the
// published read copies. It knows contracts and batches but no source, no model
// and no KPI; what it holds can be rebuilt from the landing at any time (DESIGN §1).
//
// DuckDB facts it is built on (DESIGN §4): facts have no primary key and no index;
// temporary tables and settings belong to a connection, so each job pins one; one
// writer locks every other process out, so readers get copies.
package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Options say where the warehouse lies and what it must hold.
type Options struct {
	Path         string           // the DuckDB file; its folder is made where it is missing
	PublishedDir string           // folder of the read copies
	Schema       fs.FS            // numbered migrations, 0001_name.sql, at its root
	Tables       []etl.Table      // contracts of the raw tables
	Command      string           // what is running, for those the lock keeps out
	Now          func() time.Time // the clock
	MemoryLimit  string           // as DuckDB reads it, e.g. "1GB"; empty: DuckDB's default
	Threads      int              // 0: DuckDB's default
}

func (o Options) validate() error {
	switch {
	case o.Path == "":
		return errors.New("warehouse: no path given")
	case o.Schema == nil:
		return fmt.Errorf("warehouse %s: no migrations given", o.Path)
	case o.Now == nil:
		return fmt.Errorf("warehouse %s: no clock given", o.Path)
	}
	return nil
}

// Warehouse is an open warehouse. This process holds its lock until Close.
type Warehouse struct {
	options Options
	db      *sql.DB
	lock    *lock
	tables  map[string]etl.Table // by raw name
	writing sync.Mutex           // one job writes at a time
}

// Open takes the lock, finishes an interrupted Rebuild, opens or makes the file,
// applies new migrations and brings the raw tables up to their contracts. The error
// is a *LockedError when another process has the warehouse.
func Open(ctx context.Context, o Options) (*Warehouse, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	l, err := acquire(o.Path, o.Command, o.Now())
	if err != nil {
		return nil, err
	}
	if err := finishSwap(o.Path); err != nil {
		return nil, errors.Join(err, l.release())
	}
	w, err := openFile(ctx, o.Path, o)
	if err != nil {
		return nil, errors.Join(err, l.release())
	}
	w.lock = l
	return w, nil
}

// openFile opens the file at path, which may be another than o.Path, without a lock.
func openFile(ctx context.Context, path string, o Options) (*Warehouse, error) {
	db, err := connect(path, o)
	if err != nil {
		return nil, err
	}
	w := &Warehouse{options: o, db: db, tables: make(map[string]etl.Table, len(o.Tables))}
	for _, t := range o.Tables {
		w.tables[t.RawName()] = t
	}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return w, nil
}

func (w *Warehouse) prepare(ctx context.Context) error {
	conn, err := w.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // goes back to the pool
	if err := migrate(ctx, conn, w.options.Schema, w.options.Now); err != nil {
		return err
	}
	return ensureRaw(ctx, conn, w.options.Tables)
}

// Conn pins a connection for one job; the caller closes it. Its time zone is
// Europe/Copenhagen. Temporary tables made on it outlive it in the pool, so whoever
// makes one drops it.
func (w *Warehouse) Conn(ctx context.Context) (*sql.Conn, error) {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("warehouse %s: connect: %w", w.options.Path, err)
	}
	return conn, nil
}

// Close writes everything to the file and gives up the lock.
func (w *Warehouse) Close() error {
	err := w.db.Close()
	if w.lock != nil {
		err = errors.Join(err, w.lock.release())
	}
	if err != nil {
		return fmt.Errorf("warehouse %s: close: %w", w.options.Path, err)
	}
	return nil
}

// transact runs a job in one transaction on a connection of its own, alone.
func (w *Warehouse) transact(ctx context.Context, job func(*sql.Tx) error) error {
	return w.alone(ctx, func(conn *sql.Conn) error { return inTransaction(ctx, conn, job) })
}

// alone gives a job that writes a connection of its own. One job at a time: DuckDB
// would refuse the second writer of a table only at its commit.
func (w *Warehouse) alone(ctx context.Context, job func(*sql.Conn) error) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	conn, err := w.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // goes back to the pool
	return job(conn)
}

// inTransaction commits when the job succeeds and rolls back otherwise.
func inTransaction(ctx context.Context, conn *sql.Conn, job func(*sql.Tx) error) error {
	// Statements end with ctx; the rollback is ours, so that it is over when we return.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("warehouse: begin transaction: %w", err)
	}
	if err := job(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("warehouse: roll back: %w", undo))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("warehouse: commit: %w", err)
	}
	return nil
}
