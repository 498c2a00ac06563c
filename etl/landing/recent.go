package landing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Recent implements etl.Sink: it reads the batches of runs that began at since or
// later, of whatever source. A file that cannot be read ends it with an error, and so
// does one of an earlier version of the contract.
func (l *Landing) Recent(ctx context.Context, table etl.Table, since time.Time, each func(etl.Delivered)) error {
	l.mu.Lock()
	names := l.index.since(table.Name, since.UTC().Format(stampLayout))
	l.mu.Unlock()
	for _, n := range names {
		f, err := l.catalog.readWithRejects(n.path)
		if err != nil {
			return err
		}
		if f.Batch.Table.Owner != table.Owner {
			continue
		}
		d, err := deliveredBy(ctx, f)
		if err != nil {
			return err
		}
		each(d)
		for _, rec := range d.Rows {
			rec.Release()
		}
	}
	return nil
}

// deliveredBy reads a batch's rows and rejected rows.
func deliveredBy(ctx context.Context, f etl.File) (etl.Delivered, error) {
	rows, err := readRows(ctx, f.Path, f.Batch.Table.Schema())
	if err != nil || f.Rejects == "" {
		return etl.Delivered{Rows: rows}, err
	}
	rejected, err := readRows(ctx, f.Rejects, RejectsSchema(), keylessRejects())
	if err != nil {
		return etl.Delivered{}, err
	}
	d := etl.Delivered{Rows: rows}
	for _, rec := range rejected {
		d.Rejects = append(d.Rejects, rejectsOf(rec)...)
		rec.Release()
	}
	return d, nil
}

// readRows reads a Parquet file whole; its columns must be those of one of the schemas.
// The Parquet reader panics on some damaged files, which is an error like any other.
func readRows(ctx context.Context, path string, schemas ...*arrow.Schema) (rows []arrow.RecordBatch, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged page: %v", r)
		}
		if err != nil {
			err = fmt.Errorf("landing file %s cannot be read: %w", path, err)
		}
	}()
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // opened for reading only
	// The reader makes room for a whole batch at once; most files are small.
	batch := pqarrow.ArrowReadProperties{BatchSize: min(max(r.NumRows(), 1), rowGroup)}
	reader, err := pqarrow.NewFileReader(r, batch, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	records, err := reader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return nil, err
	}
	defer records.Release()
	at := slices.IndexFunc(schemas, func(s *arrow.Schema) bool { return sameColumns(records.Schema(), s) })
	if at < 0 {
		return nil, fmt.Errorf("its columns are not those of the contract")
	}
	for records.Next() {
		rec := records.RecordBatch()
		rows = append(rows, array.NewRecordBatch(schemas[at], rec.Columns(), rec.NumRows()))
	}
	return rows, records.Err()
}

// sameColumns compares names and types; metadata that reading adds does not count.
func sameColumns(a, b *arrow.Schema) bool {
	return slices.EqualFunc(a.Fields(), b.Fields(), func(x, y arrow.Field) bool {
		return x.Name == y.Name && arrow.TypeEqual(x.Type, y.Type)
	})
}

// rejectsOf is the reverse of rejectsFile.add.
func rejectsOf(rec arrow.RecordBatch) []etl.Reject {
	rejects := make([]etl.Reject, rec.NumRows())
	for i := range rejects {
		text := func(column int) string { return rec.Column(column).(*array.String).Value(i) }
		rejects[i] = etl.Reject{
			Row: rec.Column(0).(*array.Int64).Value(i), Line: rec.Column(1).(*array.Int64).Value(i),
			Column: text(2), Rule: text(3), Message: text(4), Raw: text(5),
		}
		if rec.NumCols() > 6 {
			rejects[i].Key = text(6)
		}
	}
	return rejects
}
