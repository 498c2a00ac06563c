package landing_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/den-digitale-hotline/ddh/etl"
)

// texts has a column that repeats, one that does not, one that ceases to after the
// first row group, and one without values.
var texts = etl.Table{
	Owner: "phone", Name: "texts", Version: 1,
	Columns: []etl.Column{{Name: "few"}, {Name: "many"}, {Name: "later"}, {Name: "none"}},
}

// rowGroup is the size of DuckDB's row groups.
const rowGroup = 122_880

// textAt is the value of a column in a row; ok is false for NULL.
func textAt(column, row int) (text string, ok bool) {
	switch column {
	case 0:
		return fmt.Sprintf("kø %d", row/3%50), row%5 != 0
	case 1:
		return fmt.Sprintf("session %d", row), true
	case 2:
		if row < rowGroup {
			return "ens", true
		}
		return fmt.Sprintf("forskellig %d", row), row%2 == 0
	}
	return "", false
}

// TestTextsComeBackAsTheyWere lands two row groups and a bit, in batches that do not
// fit into them.
func TestTextsComeBackAsTheyWere(t *testing.T) {
	const rows, batch = 2*rowGroup + 1000, 50_000
	dir := t.TempDir()
	l := open(t, dir, start)
	w := begin(t, l, texts, contentA)
	for from := 0; from < rows; from += batch {
		rec := textRows(from, min(batch, rows-from))
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
		rec.Release()
	}
	landed, err := w.Commit(etl.Drift{})
	if err != nil || landed.Counts.Landed != rows {
		t.Fatalf("landed %+v, %v", landed, err)
	}
	if landed.Batch.ID != "20261001T020000Z-0001-"+contentA[:12] || landed.Batch.Run != "run-1" {
		t.Errorf("the batch is called %q of run %q", landed.Batch.ID, landed.Batch.Run)
	}
	table := readBack(t, filepath.Join(dir, "puzzel/texts/2026/10", landed.Batch.ID+".parquet"))
	defer table.Release()
	for column := range texts.Columns {
		at := 0
		for _, chunk := range table.Column(column).Data().Chunks() {
			values := chunk.(*array.String)
			for i := range values.Len() {
				want, ok := textAt(column, at)
				if values.IsNull(i) == ok || ok && values.Value(i) != want {
					t.Fatalf("column %d, row %d: %q (null: %v), want %q", column, at, values.ValueStr(i), values.IsNull(i), want)
				}
				at++
			}
		}
		if at != rows {
			t.Errorf("column %d has %d rows, want %d", column, at, rows)
		}
	}
}

func textRows(from, rows int) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, texts.Schema())
	defer b.Release()
	for row := from; row < from+rows; row++ {
		for column := range texts.Columns {
			if text, ok := textAt(column, row); ok {
				b.Field(column).(*array.StringBuilder).Append(text)
			} else {
				b.Field(column).AppendNull()
			}
		}
		b.Field(len(texts.Columns)).(*array.Int64Builder).Append(int64(row + 1))
	}
	return b.NewRecordBatch()
}

func readBack(t *testing.T, path string) arrow.Table {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := f.NumRowGroups(); n != 3 {
		t.Errorf("%d row groups, want 3", n)
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := r.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestABatchIsKnownFromItsCommitOn(t *testing.T) {
	l := open(t, t.TempDir(), start)
	w := begin(t, l, calls, contentA)
	if l.Known(calls, contentA) {
		t.Error("a batch is known before it has landed")
	}
	if _, err := w.Commit(etl.Drift{}); err != nil {
		t.Fatal(err)
	}
	if !l.Known(calls, contentA) || l.Known(guides, contentA) || l.Known(calls, contentAlike) {
		t.Error("the batch is not known, or another one is")
	}
}
