package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// errSilent ends a request whose answer goes on for too long without a byte.
var errSilent = errors.New("the answer fell silent")

// body reads an answer within the limits of silence and size.
type body struct {
	ctx    context.Context
	from   io.Reader
	what   string
	limits Limits
	left   int64
	silent *time.Timer // runs while we wait for bytes
	failed error
}

func (c *Client) body(ctx context.Context, cancel context.CancelCauseFunc, what string, from io.Reader) *body {
	silent := time.AfterFunc(c.limits.Idle, func() { cancel(errSilent) })
	silent.Stop()
	return &body{ctx: ctx, from: from, what: what, limits: c.limits, left: c.limits.Body, silent: silent}
}

// Read implements io.Reader. Its errors are io.EOF, the context's or *etl.Trouble.
func (b *body) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	b.silent.Reset(b.limits.Idle)
	n, err := b.from.Read(p)
	b.silent.Stop()
	b.left -= int64(n)
	switch {
	case b.left < 0:
		b.failed = &etl.Trouble{
			Kind:    etl.Contract,
			Message: fmt.Sprintf("%s answers with more than %d MiB", b.what, b.limits.Body>>20),
			Try:     "ask for shorter windows, or let the service answer them",
		}
		return 0, b.failed
	case b.ended(err):
		b.failed = io.EOF
	case err != nil:
		b.failed = classify(b.ctx, b.what, err)
	}
	return n, b.failed
}

// ended reports whether an error is the end of the whole answer: io.EOF itself, not one
// that is wrapped, which ends a connection, and not after we have hung up, when some
// services end their answer in good order wherever they are.
func (b *body) ended(err error) bool { return err == io.EOF && b.ctx.Err() == nil }
