package dropfolder

import (
	"context"
	"fmt"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// job is a chunk on its way through the workers. done receives one result.
type job struct {
	chunk chunk
	done  chan result
}

type result struct {
	batch   arrow.RecordBatch
	rejects []etl.Reject
	err     error
}

// convertChunks has several workers convert the chunks of a text and writes the
// results in the order of the text. As many chunks as there are workers, and two
// more, are in memory at a time.
func convertChunks(ctx context.Context, d *delivery, plan *convert.Plan, how manner, in *csvText) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()

	work := make(chan job)
	inOrder := make(chan job, d.source.options.Workers)
	running.Go(func() {
		defer close(work)
		defer close(inOrder)
		cutChunks(ctx, in.chunker, work, inOrder)
	})
	for range d.source.options.Workers {
		running.Go(func() {
			reader := newLineReader(plan, how, in)
			for j := range work {
				j.done <- reader.run(j.chunk)
			}
		})
	}
	for j := range inOrder {
		r := <-j.done
		if r.err != nil {
			return r.err
		}
		if err := d.put(r.batch, r.rejects); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// cutChunks gives every chunk to the workers and to the writer, until the text or
// the context ends. What is wrong with the text goes to the writer in its place.
func cutChunks(ctx context.Context, chunks *chunker, work, inOrder chan<- job) {
	for {
		c, err := chunks.next()
		if finished(err) {
			return
		}
		j := job{chunk: c, done: make(chan result, 1)}
		if err != nil {
			j.done <- result{err: err}
		} else {
			select {
			case work <- j:
			case <-ctx.Done():
				return
			}
		}
		select {
		case inOrder <- j:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// run converts one chunk. A chunk that cannot be converted gives no batch. A panic
// of a contract's own functions over some text is the file's fault, not the end of
// the program.
func (r *lineReader) run(c chunk) (out result) {
	defer func() {
		if cause := recover(); cause != nil {
			out = result{err: fmt.Errorf("the records from line %d on cannot be read: %v", c.line, cause)}
		}
	}()
	err := r.convert(c)
	if err == nil && r.converter.Open() {
		err = errOpen
	}
	batch, rejects := r.converter.Flush()
	if err != nil {
		batch.Release()
		return result{err: err}
	}
	return result{batch: batch, rejects: rejects}
}
