package landing

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/den-digitale-hotline/ddh/etl"
)

// RejectsSchema is the schema of a file of rejected rows: the fields of etl.Reject.
func RejectsSchema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "row", Type: arrow.PrimitiveTypes.Int64},
		{Name: "line", Type: arrow.PrimitiveTypes.Int64},
		{Name: "column", Type: arrow.BinaryTypes.String},
		{Name: "rule", Type: arrow.BinaryTypes.String},
		{Name: "message", Type: arrow.BinaryTypes.String},
		{Name: "raw", Type: arrow.BinaryTypes.String},
		{Name: "key", Type: arrow.BinaryTypes.String},
	}, nil)
}

// keylessRejects is the schema of rejected rows that landed before their key was kept.
func keylessRejects() *arrow.Schema {
	fields := RejectsSchema().Fields()
	return arrow.NewSchema(fields[:len(fields)-1], nil)
}

// rejectsPath is where the rejected rows of a batch lie.
func rejectsPath(main string) string { return strings.TrimSuffix(main, suffix) + rejectsSuffix }

// flushRejects is how many rejected rows are held before they are written.
const flushRejects = 1024

// rejectsFile collects rejected rows.
type rejectsFile struct {
	file    *parquetFile
	builder *array.RecordBuilder
	held    int
}

func createRejects(path string) (*rejectsFile, error) {
	schema := RejectsSchema()
	f, err := createParquet(path, schema)
	if err != nil {
		return nil, err
	}
	return &rejectsFile{file: f, builder: array.NewRecordBuilder(memory.DefaultAllocator, schema)}, nil
}

func (r *rejectsFile) add(x etl.Reject) error {
	r.builder.Field(0).(*array.Int64Builder).Append(x.Row)
	r.builder.Field(1).(*array.Int64Builder).Append(x.Line)
	for i, text := range []string{x.Column, x.Rule, x.Message, x.Raw, x.Key} {
		// Raw text of a damaged file can hold anything; Parquet text must be UTF-8.
		r.builder.Field(2 + i).(*array.StringBuilder).Append(strings.ToValidUTF8(text, "\uFFFD"))
	}
	if r.held++; r.held < flushRejects {
		return nil
	}
	return r.flush()
}

func (r *rejectsFile) flush() error {
	if r.held == 0 {
		return nil
	}
	rec := r.builder.NewRecordBatch()
	defer rec.Release()
	r.held = 0
	return r.file.write(rec)
}

func (r *rejectsFile) commit() error {
	if err := r.flush(); err != nil {
		return err
	}
	return r.file.commit(nil)
}
