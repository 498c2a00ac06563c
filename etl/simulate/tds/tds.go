// Package tds is a small SQL Server for tests: it speaks TDS 7.4 over TCP, with TLS,
// logins, batches, sp_executesql, cancellation and errors, to the real driver, and
// leaves the answers to a Handler. Faults can be injected while it runs.
//
// Only tests and `ddh demo --live` may use it. It stores nothing, knows no SQL, opens
// no database, and is no server for anybody's real data. What it sends and reads
// follows Microsoft's MS-TDS; what it leaves out (MARS, bulk load, federated and
// Windows logins, cursors) it refuses with an error.
package tds

import (
	"context"
	"fmt"
)

// Handler answers queries. It is called from one goroutine per connection, so it must
// stand being called from several at once.
type Handler interface {
	// Query runs one batch, or the statement of an sp_executesql with its parameters.
	// nil Rows mean that there is no result set. An *Error reaches the client as it
	// is, any other error as a severe one with the error's text. ctx ends when the
	// client cancels, hangs up, or the server closes.
	Query(ctx context.Context, query string, params []Param) (Rows, error)
}

// Rows is one result set. Its methods are called from one goroutine.
type Rows interface {
	Columns() []Column
	// Next fills values, one per column, and returns io.EOF after the last row. What
	// each type takes is told at Type. The values are used before the next call.
	Next(values []any) error
	Close() error
}

// Param is one parameter of sp_executesql. Value is nil, bool, int64, float64, string
// (texts; numeric, money and uniqueidentifier as text), []byte, or a time.Time: of a
// datetimeoffset with its offset, of the other types the wall clock labelled UTC.
type Param struct {
	Name  string // with its @, as declared
	Type  Type
	Value any
}

// Error is a SQL Server error as the client sees it.
type Error struct {
	Number  int32
	State   uint8
	Class   uint8 // severity: 11-16 the user's, 17-19 the server's, from 20 the connection ends
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("error %d, class %d, state %d: %s", e.Number, e.Class, e.State, e.Message)
}

// fatal reports whether SQL Server would hang up after the error.
func (e *Error) fatal() bool { return e.Class >= 20 }
