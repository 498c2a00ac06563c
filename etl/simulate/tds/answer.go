package tds

import (
	"context"
	"errors"
	"io"
)

// answer is what a request is answered with.
type answer struct {
	*session
	request request
	fault   Fault
	done    byte // the token that ends the answer
	rows    int64
}

// transactionID is the number every transaction gets: they are all the same to a
// server on which nothing is written.
var transactionID = []byte{1, 0, 0, 0, 0, 0, 0, 0}

// give asks the handler and sends what comes, unless a fault is in the way.
func (a *answer) give(ctx context.Context) error {
	if a.request.transaction != 0 {
		return a.transaction()
	}
	a.fault = a.server.options.Faults.next(false, a.request.query)
	if a.fault.Kind == Slow {
		a.count()
		if a.server.options.Sleep(ctx, a.fault.Delay) != nil {
			return a.finish(0)
		}
		a.fault = Fault{}
	}
	if a.due() && a.fault.Rows <= 0 {
		return a.strike(ctx)
	}
	rows, err := a.server.options.Handler.Query(ctx, a.request.query, a.request.params)
	if err != nil {
		return a.fail(err)
	}
	if rows == nil {
		return a.finish(0)
	}
	defer rows.Close()
	return a.stream(ctx, rows)
}

// stream sends the rows as they come.
func (a *answer) stream(ctx context.Context, rows Rows) error {
	columns := rows.Columns()
	for _, c := range columns {
		if err := c.valid(); err != nil {
			return a.fail(err)
		}
	}
	a.out.pending = appendColumns(a.out.pending, columns)
	values := make([]any, len(columns))
	for ; ctx.Err() == nil; a.rows++ {
		if a.due() && a.rows >= int64(a.fault.Rows) {
			return a.strike(ctx)
		}
		err := rows.Next(values)
		if errors.Is(err, io.EOF) {
			if a.due() {
				return a.strike(ctx)
			}
			return a.finish(doneCount)
		}
		if err != nil {
			return a.fail(err)
		}
		if a.fault.Kind == SlowRows && !a.pause(ctx) {
			continue
		}
		b, err := appendRow(a.out.pending, columns, values)
		if err != nil {
			return a.fail(err)
		}
		a.out.pending = b
		if err := a.out.send(); err != nil {
			return err
		}
	}
	return a.finish(doneCount)
}

// pause lets the client have the rows before, and waits; false: it took its request back.
func (a *answer) pause(ctx context.Context) bool {
	if a.rows == 0 {
		a.count()
	}
	return a.out.flush() == nil && a.server.options.Sleep(ctx, a.fault.Delay) == nil
}

// due reports whether a fault is still to come that ends the answer.
func (a *answer) due() bool { return a.fault.Kind != "" && a.fault.Kind != SlowRows }

func (a *answer) count() { a.server.options.Faults.count(a.fault.Kind) }

// strike lets the fault happen.
func (a *answer) strike(ctx context.Context) error {
	a.count()
	switch a.fault.Kind {
	case Cut:
		return errors.Join(errHangUp, a.out.flush())
	case Truncate:
		// Where nothing is pending there would be no packet to truncate.
		a.out.pending = appendDone(a.out.pending, a.done, doneCount, a.rows)
		return errors.Join(errHangUp, a.out.truncate())
	case Hang:
		if err := a.out.flush(); err != nil {
			return err
		}
		<-ctx.Done()
		return a.finish(0)
	}
	return a.fail(a.fault.err())
}

// fail ends the answer with an error.
func (a *answer) fail(err error) error {
	e := &Error{Number: 50000, State: 1, Class: 16, Message: err.Error()}
	errors.As(err, &e)
	a.out.pending = appendError(a.out.pending, e)
	err = a.finish(doneError)
	if e.fatal() {
		return errors.Join(errHangUp, err)
	}
	return err
}

// finish ends the answer; where the client has taken its request back, with the
// acknowledgement it waits for.
func (a *answer) finish(status uint16) error {
	out := a.out
	switch {
	case a.settle():
		out.pending = appendDone(out.pending, tokenDone, doneAttention, 0)
	case a.request.rpc && status&doneError == 0:
		out.pending = appendDone(out.pending, tokenDoneInProc, doneMore|status, a.rows)
		out.pending = appendReturnStatus(out.pending, 0)
		out.pending = appendDone(out.pending, a.done, 0, 0)
	default:
		out.pending = appendDone(out.pending, a.done, status, a.rows)
	}
	return out.end()
}

func (a *answer) transaction() error {
	now, before := []byte(nil), transactionID
	if a.request.transaction == envBegin {
		now, before = before, now
	}
	a.out.pending = appendEnvBytes(a.out.pending, a.request.transaction, now, before)
	return a.finish(0)
}
