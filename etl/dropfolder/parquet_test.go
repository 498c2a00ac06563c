package dropfolder_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
)

// written is a Parquet file of the rows of a JSON array, one row group each.
func written(t *testing.T, o pqarrow.ArrowWriterProperties, rows string, fields ...arrow.Field) string {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	record, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(parquet.WithMaxRowGroupLength(1)), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var (
	plain = pqarrow.DefaultWriterProps()
	nano  = pqarrow.NewArrowWriterProperties(pqarrow.WithDeprecatedInt96Timestamps(true))
)

func field(name string, kind arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: kind, Nullable: true}
}

var naive = &arrow.TimestampType{Unit: arrow.Microsecond}

func TestParquetTypes(t *testing.T) {
	utc := &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"}
	for name, c := range map[string]struct {
		content string
		want    []string
	}{
		"a time without zone is wall clock": {
			written(t, plain, `[{"id":1,"at":"2026-07-05 12:00:00"}]`, field("id", arrow.PrimitiveTypes.Int64), field("at", naive)),
			[]string{"id=1 at=2026-07-05T12:00:00 _row=1"},
		},
		"a time with a zone is an instant": {
			written(t, plain, `[{"id":1,"at":"2026-07-05 12:00:00Z"}]`, field("id", arrow.PrimitiveTypes.Int64), field("at", utc)),
			[]string{"id=1 at=2026-07-05T14:00:00 _row=1"},
		},
		"INT96 is wall clock": {
			written(t, nano, `[{"id":1,"at":"2026-07-05 12:00:00"}]`, field("id", arrow.PrimitiveTypes.Int64), field("at", &arrow.TimestampType{Unit: arrow.Nanosecond})),
			[]string{"id=1 at=2026-07-05T12:00:00 _row=1"},
		},
		"several row groups, and NaN-free doubles of small ids": {
			written(t, plain, `[{"id":1.0,"at":"2026-07-05 12:00:00"},{"id":9007199254740991.0,"at":"2026-07-05 12:00:00"}]`,
				field("id", arrow.PrimitiveTypes.Float64), field("at", naive)),
			[]string{"id=1 at=2026-07-05T12:00:00 _row=1", "id=9007199254740991 at=2026-07-05T12:00:00 _row=2"},
		},
		"numeric(19,0) keeps every digit": {
			written(t, plain, `[{"id":"1234567890123456781","at":"2026-07-05 12:00:00"}]`,
				field("id", &arrow.Decimal128Type{Precision: 19}), field("at", naive)),
			[]string{"id=1234567890123456781 at=2026-07-05T12:00:00 _row=1"},
		},
		"unsigned": {
			written(t, plain, `[{"id":1234567890123,"at":"2026-07-05 12:00:00"}]`,
				field("id", arrow.PrimitiveTypes.Uint64), field("at", naive)),
			[]string{"id=1234567890123 at=2026-07-05T12:00:00 _row=1"},
		},
		"nested columns that nobody reads": {
			written(t, plain, `[{"id":1,"at":"2026-07-05 12:00:00","tags":["a"]}]`,
				field("id", arrow.PrimitiveTypes.Int64), field("at", naive), field("tags", arrow.ListOf(arrow.BinaryTypes.String))),
			[]string{"id=1 at=2026-07-05T12:00:00 _row=1"},
		},
		"words of a dictionary": {
			written(t, plain, `[{"id":1,"at":"2026-07-05 12:00:00","note":"hej"}]`,
				field("id", arrow.PrimitiveTypes.Int64), field("at", naive),
				field("note", &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String})),
			[]string{"id=1 at=2026-07-05T12:00:00 note=hej _row=1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{"visits.parquet": c.content}))
			if len(pulled.Faults) > 0 {
				t.Fatal(pulled.Faults)
			}
			if diff := cmp.Diff(c.want, sink.batches[0].rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParquetFaults(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"identifiers as doubles": {
			written(t, plain, `[{"id":1.0,"at":"2026-07-05 12:00:00"},{"id":1234567890123456780,"at":"2026-07-05 12:00:00"}]`,
				field("id", arrow.PrimitiveTypes.Float64), field("at", naive)),
			"visits.parquet: id: the column holds decimal numbers (float64), and 1234567890123456800 is one that they cannot tell from the next: " +
				"identifiers have been rounded, and several have become one",
		},
		"identifiers as floats": {
			written(t, plain, `[{"id":16777216,"at":"2026-07-05 12:00:00"}]`, field("id", arrow.PrimitiveTypes.Float32), field("at", naive)),
			"visits.parquet: id: the column holds decimal numbers (float32), and 16777216 is one that they cannot tell from the next: " +
				"identifiers have been rounded, and several have become one",
		},
		"a list where a value must be": {
			written(t, plain, `[{"id":[1],"at":"2026-07-05 12:00:00"}]`, field("id", arrow.ListOf(arrow.PrimitiveTypes.Int64)), field("at", naive)),
			"where each row must have one value",
		},
	} {
		sink, pulled := pull(t, folder(t, map[string]string{"visits.parquet": c.content}))
		if len(pulled.Faults) != 1 || !strings.Contains(pulled.Faults[0].Error(), c.want) || pulled.Faults[0].Try == "" || len(sink.batches) > 0 {
			t.Errorf("%s: %v, want %s", name, pulled.Faults, c.want)
		}
	}
}

func TestParquetWithoutRowsIsNoFault(t *testing.T) {
	content := written(t, plain, `[]`, field("id", arrow.PrimitiveTypes.Int64), field("at", naive))
	if _, pulled := pull(t, folder(t, map[string]string{"visits.parquet": content})); len(pulled.Batches) != 1 || pulled.Batches[0].Counts.Read != 0 {
		t.Errorf("%+v", pulled)
	}
}

// pandas writes NaN where a column of numbers has no value.
func TestNaNIsNoValue(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{field("id", arrow.PrimitiveTypes.Int64), field("at", naive), field("weight", arrow.PrimitiveTypes.Float64)}, nil)
	build := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer build.Release()
	build.Field(0).(*array.Int64Builder).Append(1)
	build.Field(1).(*array.TimestampBuilder).AppendTime(time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC))
	zero := 0.0
	build.Field(2).(*array.Float64Builder).Append(zero / zero)
	record := build.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(), plain)
	if err == nil {
		err = w.Write(record)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	sink, _ := pull(t, folder(t, map[string]string{"visits.parquet": out.String()}))
	if diff := cmp.Diff([]string{"id=1 at=2026-07-05T12:00:00 _row=1"}, sink.batches[0].rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
