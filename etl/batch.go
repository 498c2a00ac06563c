package etl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// Batch is one delivery of one table: a file of a drop folder, or one window of a
// database or service. It is landed once, under an id that sorts in the order of
// arrival, and loaded in one transaction.
type Batch struct {
	ID      string // "20261001T020000Z-0001-9f86d081884c": run start, number in run, content
	Run     string // id of the run that brought it
	Source  string // configured source, e.g. "puzzel"
	Table   Table
	Origin  string // where it came from, for people: a file name or a window
	Content string // hex SHA-256 of what was delivered: two batches with one content are the same
	// From and To are the half-open window of updates asked for; zero for files,
	// lookups and days that are brought again. The latest To is where a lost cursor
	// is found again.
	From, To time.Time
	// Replays is the id of the batch whose quarantined rows this one brings again;
	// its rows have the numbers they had there. "" for every other batch.
	Replays string
}

// latest is how far behind the calls a run's clock may be. Two hours of it are what a
// Danish clock is ahead of UTC at most.
const latest = 26 * time.Hour

// Latest is the time after which no row of the batch can tell of anything that has
// happened, on any clock: a day after the run that brought it began. ok is false where
// the ID does not tell when that was.
func (b Batch) Latest() (t time.Time, ok bool) {
	start, _, _ := strings.Cut(b.ID, "-")
	began, err := time.Parse("20060102T150405Z", start)
	return began.Add(latest), err == nil
}

// Counts says what became of a batch's rows. In the landing Read = Landed +
// Rejected; in the warehouse Read = Loaded + Superseded + Quarantined.
type Counts struct {
	Read, Landed, Rejected int64
}

// Reject is a row that could not be read. Raw has gone through the same privacy
// treatment as everything else that is written.
type Reject struct {
	Row     int64  // number of the record in its source, from 1
	Line    int64  // line of the file on which it starts, from 1; 0 where there are no lines
	Column  string // column at fault; "" for the row as a whole
	Rule    string // stable name of the rule that fired, e.g. "not-an-integer"
	Message string // one sentence for people
	Raw     string // the row as a JSON object of source column to text
	// Key is what is known of the row's place: a JSON object of contract column to text
	// as it is stored, of the columns that Table.Placing lists. A column that does not
	// read is not in it; "" where nothing is known.
	Key string
}

// Delivered is what one landed batch holds.
type Delivered struct {
	Rows    []arrow.RecordBatch // of the table's Schema; released by who hands them out
	Rejects []Reject
}

// Drift is how a delivery differs from what its contract and the usual way of writing
// things let expect. It is reported, survived and landed with the batch.
type Drift struct {
	Unknown []string // delivered, neither in the contract nor ignored by it
	Missing []string // optional in the contract, not delivered
	Notices []Notice `json:",omitempty"`
}

// Sink takes batches from a source. The landing implements it.
type Sink interface {
	// Known reports whether a batch of this table with this content has landed before.
	Known(table Table, content string) bool
	// Begin opens a batch. The sink assigns ID and Run; Commit tells them.
	Begin(b Batch) (Writer, error)
	// Recent hands out what has landed of a table since a time, batch by batch in the
	// order of arrival, so that rows a source shows again need not land again. An
	// error says that not all of it can be had.
	Recent(ctx context.Context, table Table, since time.Time, each func(Delivered)) error
	// Cursor is the time up to which the source has delivered everything of the
	// table; zero before the first delivery. Sources without windows have none.
	Cursor(source string, table Table) time.Time
	// Advance moves the cursor forward, never back, once everything up to then has
	// been committed or was known.
	Advance(source string, table Table, until time.Time)
}

// Writer receives one batch. Exactly one of Commit and Abort ends it. Until Commit
// returns, nothing of the batch is visible to anyone.
type Writer interface {
	Write(rec arrow.RecordBatch) error // rec has the table's Schema; released by the caller
	Reject(r Reject) error
	Commit(d Drift) (Landed, error)
	Abort() error
}

// Source delivers batches of one or more tables.
type Source interface {
	Name() string
	// Pull writes everything new to the sink. A Fault in one delivery does not
	// stop the others: it is in the result. The error is for what stops the source.
	Pull(ctx context.Context, sink Sink, watch Watch) (Pulled, error)
}

// Historian is a source that can be asked for any stretch of its history again.
type Historian interface {
	Source
	// Backfill lands what the source has of a window, in pieces of which each lands
	// whole. It moves no cursor.
	Backfill(ctx context.Context, w Window, sink Sink, watch Watch) (Pulled, error)
	// Days counts what the source has per local day ("2006-01-02") of a window of
	// days: the keys of its main table, which Main names.
	Days(ctx context.Context, w Window) (map[string]int64, error)
	Main() Table
}

// Examined is one thing that `ddh doctor` looked at.
type Examined struct {
	What  string // "TLS", "login", "table call_events"
	Found string // one sentence
	OK    bool
	Try   string // what to do about it where it is not OK
}

// Patient is a source that can be examined without changing anything. What it finds
// wrong is among the results, in the order in which it was looked at.
type Patient interface {
	Examine(ctx context.Context) []Examined
}

// Watch hears how far a long step has come; total is 0 where it is unknown. It
// may be called from several goroutines.
type Watch func(step string, done, total int64)

// Pulled is what one Pull brought.
type Pulled struct {
	Batches []Landed
	Known   []string // origins that had landed before and were passed over
	Faults  []Fault  // origins that were refused
}

// Landed is one batch that reached the landing.
type Landed struct {
	Batch  Batch // with the ID and Run that the sink assigned
	Counts Counts
	Drift  Drift
}

// Fault is a delivery that was refused as a whole; nothing of it was landed.
type Fault struct {
	Origin  string
	Line    int64 // 0 where there are no lines
	Column  string
	Message string // one sentence
	Try     string // what the user can do, without "Try: "; may be empty
}

// Error gives the place and the sentence: "calls.csv:12: dte_start: …".
func (f Fault) Error() string {
	place := f.Origin
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d", place, f.Line)
	}
	if f.Column != "" {
		place += ": " + f.Column
	}
	return place + ": " + f.Message
}

// File is one batch as it lies in the landing: what the warehouse loads.
type File struct {
	Batch   Batch // Table is set by the reader from the contract of that name
	Path    string
	Rejects string // path of the rejected rows, "" where there are none
	Counts  Counts
	Drift   Drift
}
