package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// parquetBatch is the number of rows unpacked at a time.
const parquetBatch = 1 << 14

// readParquet reads a Parquet file. Its values are written out as text, so that
// they go through the same reading and protection as those of a CSV file.
func readParquet(ctx context.Context, d *delivery) error {
	in, err := file.OpenParquetFile(d.input.path, false)
	if err != nil {
		return etl.Fault{
			Message: fmt.Sprintf("the file is no Parquet file that can be read: %v", err),
			Try:     "export or copy it again",
		}
	}
	defer in.Close()
	arrowFile, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{BatchSize: parquetBatch}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	schema, err := arrowFile.Schema()
	if err != nil {
		return err
	}
	header := make([]string, schema.NumFields())
	for i, field := range schema.Fields() {
		header[i] = field.Name
	}
	plan, err := d.begin(header, 0, convert.Format{})
	if err != nil {
		return err
	}
	columns, err := d.parquetColumns(in, arrowFile, schema.Fields())
	if err != nil {
		return err
	}
	records, err := arrowFile.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return err
	}
	defer records.Release()
	return d.readRecords(ctx, records, plan, columns, in.NumRows())
}

func (d *delivery) readRecords(
	ctx context.Context, records pqarrow.RecordReader, plan *convert.Plan, columns []parquetColumn, total int64,
) error {
	taken := d.rows(plan)
	fields := make([]string, plan.Width())
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return taken.close()
		}
		if err != nil {
			return err
		}
		for i, column := range record.Columns() {
			if err := columns[i].tooLarge(column); err != nil {
				return err
			}
		}
		for row := range int(record.NumRows()) {
			for i, column := range record.Columns() {
				if fields[i] = ""; !columns[i].nested {
					fields[i] = columns[i].cellText(column, row)
				}
			}
			if err := taken.add(ctx, 0, fields); err != nil {
				return err
			}
		}
		d.input.watch(d.input.size * taken.number / max(1, total)) // the reader does not tell bytes
	}
}
