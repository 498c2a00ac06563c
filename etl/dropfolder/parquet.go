package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
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
	records, err := arrowFile.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return err
	}
	defer records.Release()
	return d.readRecords(ctx, records, plan, in.NumRows())
}

func (d *delivery) readRecords(ctx context.Context, records pqarrow.RecordReader, plan *convert.Plan, total int64) error {
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
		for row := range int(record.NumRows()) {
			for i, column := range record.Columns() {
				fields[i] = cellText(column, row)
			}
			if err := taken.add(ctx, 0, fields); err != nil {
				return err
			}
		}
		d.input.watch(d.input.size * taken.number / max(1, total)) // the reader does not tell bytes
	}
}

// cellText writes out one value; a null is empty.
func cellText(column arrow.Array, row int) string {
	if column.IsNull(row) {
		return ""
	}
	switch values := column.(type) {
	case *array.String:
		return values.Value(row)
	case *array.LargeString:
		return values.Value(row)
	case *array.Binary:
		return string(values.Value(row))
	case *array.Int64:
		return strconv.FormatInt(values.Value(row), 10)
	case *array.Int32:
		return strconv.FormatInt(int64(values.Value(row)), 10)
	case *array.Uint64:
		return strconv.FormatUint(values.Value(row), 10)
	case *array.Float64:
		return strconv.FormatFloat(values.Value(row), 'f', -1, 64)
	case *array.Float32:
		return strconv.FormatFloat(float64(values.Value(row)), 'f', -1, 32)
	case *array.Date32:
		return values.Value(row).ToTime().Format(time.DateOnly)
	case *array.Timestamp:
		return timestampText(values, row)
	default:
		return column.ValueStr(row)
	}
}

// timestampText writes a time as ISO 8601, with "Z" where the column is in UTC.
func timestampText(values *array.Timestamp, row int) string {
	kind := values.DataType().(*arrow.TimestampType)
	layout := "2006-01-02T15:04:05.999999999"
	if kind.TimeZone != "" {
		layout += "Z"
	}
	return values.Value(row).ToTime(kind.Unit).UTC().Format(layout)
}
