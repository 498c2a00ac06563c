// Package windowed makes an etl.Source of any system that can be asked for the rows
// of a stretch of time: a database or a service (DESIGN §1). It holds what all of
// them have in common: where to begin, how far to reach back, in which pieces to
// ask, what to try again, and that a piece lands whole or not at all. The systems
// themselves are Feeds; this package knows none of them and no protocol.
package windowed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/retry"
)

// Feed is a system that can be asked for rows. Its errors are *etl.Trouble, classed,
// or an etl.Fault where what came breaks the contract, or what the Receiver answered.
type Feed interface {
	// Fetch hands out the rows of one query: first the names of the columns, also
	// where there are no rows, then each row. Rows that the source replaces together
	// (etl.Replace) come together, all or none. It may hand out more than the window
	// holds, and the same rows again at another time; the same rows come in the same
	// order, so that they can be known again.
	Fetch(ctx context.Context, q Query, out Receiver) error
}

// Counter is a Feed that can count what it has per local day.
type Counter interface {
	Days(ctx context.Context, table etl.Table, w etl.Window) (map[string]int64, error)
}

// Query asks a Feed for rows of one table.
type Query struct {
	Table  etl.Table
	Window etl.Window // empty for a table that is delivered whole
	// Names leads contract columns to the names they have in the source; nil: the same.
	Names map[string]string
}

// Receiver takes the answer to a Query.
type Receiver interface {
	// Header takes the column names as the source writes them.
	Header(columns []string) error
	// Row takes one row as text, in the order of the header, "" for NULL. Times are
	// ISO 8601. The texts are not kept beyond the call.
	Row(fields []string) error
}

// Table is one table of the source and how it is asked for.
type Table struct {
	etl.Table
	Whole bool // asked for whole, once a local day: a lookup. Otherwise by window
}

// Options describe a windowed source.
type Options struct {
	Name    string // of the source, e.g. "puzzel"
	Feed    Feed
	Tables  []Table // in the order in which they are pulled; the first is the main one
	Protect *privacy.Key
	Zone    *time.Location
	Now     func() time.Time
	// ColumnMap leads table and contract column to the column's name in the source.
	ColumnMap map[string]map[string]string
	Formats   etl.Formats // how the source writes what its values leave open

	Overlap time.Duration // how far a window reaches back before the cursor
	Chunk   time.Duration // longest window asked for at a time
	Since   time.Time     // where history begins for a table without cursor
	Pause   time.Duration // between two pieces of a long pull, to leave the source air

	// Normal, where set, tells how many rows a window of updates usually brings; ok is
	// false where that is not known. A window that brings less than a quarter is held:
	// it does not land and the cursor stays, until Confirmed or until more comes.
	Normal    func(ctx context.Context, table etl.Table, w etl.Window) (rows int64, ok bool, err error)
	Confirmed bool

	Policy retry.Policy
	World  retry.World
}

func (o Options) validate() error {
	switch {
	case o.Name == "" || o.Feed == nil || len(o.Tables) == 0:
		return errors.New("a windowed source needs a name, a feed and tables")
	case o.Protect == nil:
		return fmt.Errorf("source %s: no pseudonym key is given", o.Name)
	case o.Zone == nil || o.Now == nil || o.World.Sleep == nil || o.World.Chance == nil:
		return fmt.Errorf("source %s: zone, clock, sleep and chance are needed", o.Name)
	case o.Chunk <= 0 || o.Since.IsZero():
		return fmt.Errorf("source %s: the longest window and the begin of history are needed", o.Name)
	}
	return nil
}

// Source pulls by window. It implements etl.Source and etl.Historian.
type Source struct {
	options Options
}

var _ etl.Historian = (*Source)(nil)

// New returns the source of a feed.
func New(o Options) (*Source, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	return &Source{options: o}, nil
}

// Name returns the configured name of the source.
func (s *Source) Name() string { return s.options.Name }

// Main is the table by which days are counted.
func (s *Source) Main() etl.Table { return s.options.Tables[0].Table }

// Pull lands everything since the cursors, in windows of at most Chunk that begin
// Overlap before them. A table that fails does not stop the others unless the source
// itself is the trouble; its cursor stays where it got to.
func (s *Source) Pull(ctx context.Context, sink etl.Sink, watch etl.Watch) (etl.Pulled, error) {
	p := s.begin(sink, watch)
	now := s.options.Now()
	for _, t := range s.options.Tables {
		var err error
		if t.Whole {
			err = p.lookup(ctx, t, now)
		} else {
			err = p.catchUp(ctx, t, now)
		}
		if err = p.blame(t.Table, err); err != nil {
			return p.pulled, err
		}
	}
	return p.pulled, nil
}

// Backfill lands what the source has of a window, table by table, day by day of
// Chunk, without moving a cursor. Tables that are delivered whole are left alone.
func (s *Source) Backfill(ctx context.Context, w etl.Window, sink etl.Sink, watch etl.Watch) (etl.Pulled, error) {
	p := s.begin(sink, watch)
	for _, t := range s.options.Tables {
		if t.Whole {
			continue
		}
		for _, piece := range pieces(w, s.options.Chunk) {
			if err := p.blame(t.Table, p.land(ctx, t.Table, piece, false)); err != nil {
				return p.pulled, err
			}
		}
	}
	return p.pulled, nil
}

// Days counts the main table's keys per local day of a window. The error is a
// *etl.Trouble of kind Contract where the feed cannot count.
func (s *Source) Days(ctx context.Context, w etl.Window) (map[string]int64, error) {
	counter, ok := s.options.Feed.(Counter)
	if !ok {
		return nil, &etl.Trouble{Kind: etl.Contract, Message: fmt.Sprintf("source %s cannot count its days", s.options.Name)}
	}
	var days map[string]int64
	err := retry.Do(ctx, s.options.Policy, s.options.World, func(ctx context.Context) (err error) {
		days, err = counter.Days(ctx, s.Main(), w)
		return err
	})
	return days, err
}

// pieces cuts a window into parts of at most length, oldest first.
func pieces(w etl.Window, length time.Duration) []etl.Window {
	var all []etl.Window
	for from := w.From; from.Before(w.To); {
		to := from.Add(length)
		if to.After(w.To) {
			to = w.To
		}
		all = append(all, etl.Window{From: from, To: to, Of: w.Of})
		from = to
	}
	return all
}
