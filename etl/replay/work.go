package replay

import (
	"errors"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/den-digitale-hotline/ddh/etl"
)

// work is what a Run has read so far.
type work struct {
	options Options
	rest    Rest
	rows    []row
	still   []etl.Reject    // rows that were asked for and do not read
	blocked map[string]bool // keys of which a row does not read
}

// row is a row that reads now.
type row struct {
	from  etl.Reject
	batch arrow.RecordBatch // of one row
	key   string
	asked bool
}

func (w *work) release() {
	for _, r := range w.rows {
		r.batch.Release()
	}
}

// read converts rows again, and finds the keys of those that read.
func (w *work) read(rejects []etl.Reject, values map[string]string, asked bool) error {
	first := len(w.rows)
	for _, r := range rejects {
		one, still, err := w.options.convert(r, values)
		if err != nil {
			return err
		}
		if still == nil {
			w.rows = append(w.rows, row{from: r, batch: one, asked: asked})
			continue
		}
		if r.Key != "" {
			w.blocked[r.Key] = true
		}
		if asked {
			w.still = append(w.still, *still)
		}
	}
	if len(w.rows) == first {
		return nil
	}
	keys, err := w.rest.Keys(texts(w.options.Table, w.batches()[first:]))
	if err != nil {
		return err
	}
	for i, key := range keys {
		w.rows[first+i].key = key
	}
	return nil
}

// readWaiting reads the rows that wait for those that were asked for.
func (w *work) readWaiting(asked, aside []etl.Reject) error {
	wanted, taken := map[string]bool{}, map[int64]bool{}
	for _, r := range w.rows {
		wanted[r.key] = r.key != ""
	}
	for _, r := range asked {
		taken[r.Row] = true
	}
	waiting := slices.DeleteFunc(slices.Clone(aside), func(r etl.Reject) bool { return taken[r.Row] || !wanted[r.Key] })
	return w.read(waiting, nil, false)
}

// keepWhole lets the keys stay in quarantine of which a row does not read.
func (w *work) keepWhole() {
	var whole []row
	for _, r := range w.rows {
		if !w.blocked[r.key] {
			whole = append(whole, r)
			continue
		}
		r.batch.Release()
		if r.asked {
			w.still = append(w.still, *w.options.still(r.from, "part-of-held-call",
				"it waits for another row of the same key, which still does not read"))
		}
	}
	w.rows = whole
}

func (w *work) batches() []arrow.RecordBatch {
	batches := make([]arrow.RecordBatch, len(w.rows))
	for i, r := range w.rows {
		batches[i] = r.batch
	}
	return batches
}

// late names a column of a batch of one row whose time cannot have come yet; "" for none.
func (o Options) late(batch arrow.RecordBatch) string {
	if o.Latest.IsZero() {
		return ""
	}
	for i, c := range o.Table.Columns {
		times, ok := batch.Column(i).(*array.Timestamp)
		if ok && !c.Look.Ahead && !times.IsNull(0) && int64(times.Value(0)) > o.Latest.UnixMicro() {
			return c.Name
		}
	}
	return ""
}

func land(sink etl.Sink, batches []arrow.RecordBatch, b etl.Batch) (etl.Landed, error) {
	w, err := sink.Begin(b)
	if err != nil {
		return etl.Landed{}, err
	}
	for _, batch := range batches {
		if err := w.Write(batch); err != nil {
			return etl.Landed{}, errors.Join(err, w.Abort())
		}
	}
	return w.Commit(etl.Drift{})
}
