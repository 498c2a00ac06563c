package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"syscall"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// batchRows is how many rows the formats that are read row by row gather before
// they write.
const batchRows = 1 << 16

// readFunc reads a file of one format into its delivery. An error that is not an
// etl.Fault is made one, unless the sink or the context is behind it.
type readFunc func(ctx context.Context, d *delivery) error

// delivery is one file on its way into the sink.
type delivery struct {
	source *Source
	sink   etl.Sink
	input  *input
	batch  etl.Batch
	writer etl.Writer // nil until the header is accepted
	drift  etl.Drift
	plan   *convert.Plan   // nil where the file has no header
	others []*convert.Plan // of the sheets of a workbook before the last
	failed error           // what the sink answered
}

// notice says of the delivery what somebody must look at.
func (d *delivery) notice(n etl.Notice) { d.drift.Notices = append(d.drift.Notices, n) }

// run reads the file and ends its batch: all of it lands, or nothing.
func (d *delivery) run(ctx context.Context, read readFunc) (etl.Landed, error) {
	err := d.guarded(ctx, read)
	if err == nil {
		err = d.input.unchanged()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return etl.Landed{}, d.abort(ctx, err)
	}
	if d.plan != nil {
		d.addUp(append(d.others, d.plan))
	}
	return d.writer.Commit(d.drift)
}

// guarded reads the file and turns a panic into an error: the libraries for
// workbooks and Parquet panic on some damaged files.
func (d *delivery) guarded(ctx context.Context, read readFunc) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the file is damaged: %v", cause)
		}
	}()
	return read(ctx, d)
}

// abort drops what was written and returns what goes to the caller: the sink's or
// the context's error, or else a Fault.
func (d *delivery) abort(ctx context.Context, cause error) error {
	var aborted error
	if d.writer != nil {
		aborted = d.writer.Abort()
	}
	if d.failed != nil {
		return errors.Join(d.failed, aborted)
	}
	if aborted != nil {
		return errors.Join(cause, aborted)
	}
	return stopped(ctx, d.batch.Origin, cause)
}

// stopped makes a Fault of whatever is wrong with a file, but lets the end of the
// context through.
func stopped(ctx context.Context, origin string, cause error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var fault etl.Fault
	if !errors.As(cause, &fault) {
		fault = etl.Fault{Message: cause.Error(), Try: whatToDo(cause)}
	}
	fault.Origin = origin
	return fault
}

// whatToDo is advice on an error of the system, or on a file's bytes where it is none.
func whatToDo(cause error) string {
	switch {
	case errors.Is(cause, syscall.EMFILE), errors.Is(cause, syscall.ENFILE):
		return "raise the number of files that may be open at once (ulimit -n); the file is as it was"
	case errors.Is(cause, fs.ErrPermission):
		return "let the user that runs ddh read the file"
	}
	return "export or copy the file again"
}

// names is the column map of the delivery's table.
func (d *delivery) names() map[string]string {
	return d.source.options.ColumnMap[d.batch.Table.Name]
}

// begin binds the header, which stands on the given line, and opens the batch.
func (d *delivery) begin(header []string, line int64, format convert.Format) (*convert.Plan, error) {
	before := d.plan
	plan, err := d.bind(header, line, format)
	if err != nil {
		return nil, err
	}
	if d.writer != nil { // another sheet of the same workbook
		d.others = append(d.others, before)
		return plan, nil
	}
	return plan, d.open()
}

// bind binds the header without opening the batch.
func (d *delivery) bind(header []string, line int64, format convert.Format) (*convert.Plan, error) {
	o := d.source.options
	options := convert.Options{
		Table: d.batch.Table, Header: header, Names: d.names(), Format: format, Protect: o.Protect,
		Formats: o.Formats, Source: d.batch.Source,
	}
	if o.Now != nil {
		options.Today = o.Now()
	}
	plan, err := convert.NewPlan(options)
	var fault etl.Fault
	if errors.As(err, &fault) {
		fault.Line = line
		return nil, fault
	}
	if err != nil {
		return nil, err
	}
	d.plan = plan
	return plan, nil
}

// addUp tells how the headers differ from the contract: what one sheet lacks another may
// have. Notices of the delivery as a whole come last.
func (d *delivery) addUp(plans []*convert.Plan) {
	own := d.drift.Notices
	d.drift = plans[0].Drift()
	for _, plan := range plans[1:] {
		more := plan.Drift()
		d.drift.Missing = slices.DeleteFunc(d.drift.Missing, func(name string) bool { return !slices.Contains(more.Missing, name) })
		d.drift.Unknown = append(d.drift.Unknown, more.Unknown...)
		slices.Sort(d.drift.Unknown)
		d.drift.Unknown = slices.Compact(d.drift.Unknown)
		d.drift.Notices = append(d.drift.Notices, more.Notices...)
	}
	d.drift.Notices = append(d.drift.Notices, own...)
}

func (d *delivery) open() error {
	d.writer, d.failed = d.sink.Begin(d.batch)
	return d.failed
}

// put writes a converted batch with its rejects, and releases it.
func (d *delivery) put(batch arrow.RecordBatch, rejects []etl.Reject) error {
	defer batch.Release()
	if batch.NumRows() > 0 {
		if d.failed = d.writer.Write(batch); d.failed != nil {
			return d.failed
		}
	}
	for _, reject := range rejects {
		if d.failed = d.writer.Reject(reject); d.failed != nil {
			return d.failed
		}
	}
	return nil
}

// rows takes the rows of a file one by one.
type rows struct {
	delivery  *delivery
	converter *convert.Settler
	number    int64
	sheet     string // of a workbook, which the rejects then name
}

func (d *delivery) rows(plan *convert.Plan) *rows {
	return &rows{delivery: d, converter: plan.Settler()}
}

// add converts the next row; line is where it stands in the file, 0 for nowhere.
func (r *rows) add(ctx context.Context, line int64, fields []string) error {
	r.number++
	r.converter.Add(r.number, line, fields)
	if r.number%batchRows != 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.flush()
}

// close writes what is left.
func (r *rows) close() error {
	if err := r.converter.Finish(); err != nil {
		return err
	}
	return r.flush()
}

func (r *rows) flush() error {
	batch, rejects := r.converter.Flush()
	if r.sheet != "" {
		for i := range rejects {
			rejects[i].Message = fmt.Sprintf("sheet %q: %s", r.sheet, rejects[i].Message)
		}
	}
	return r.delivery.put(batch, rejects)
}
