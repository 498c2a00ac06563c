package dropfolder_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/den-digitale-hotline/ddh/etl"
)

func TestJSON(t *testing.T) {
	want := []string{
		"id=1 at=2026-01-05T12:00:00 note=blåbær, [telefon] weight=2.5 _row=1",
		"id=2 at=2026-01-05T13:00:00 _row=2",
	}
	const rows = `[
		{"id": 1, "at": "2026-01-05 12:00", "note": "blåbær, 20123456", "weight": 2.5, "name": "Anna"},
		{"at": "2026-01-05T12:00:00Z", "id": "2", "note": null, "extra": {"deep": [1, 2]}}
	]`
	for name, content := range map[string]string{
		"visits_array.json":     rows,
		"visits_bom.json":       "\ufeff" + rows,
		"visits_packed.json.gz": packed(rows),
		"visits_only.json":      `{"timestamp": "now", "paging": {"a": [1, {"b": []}]}, "items": ` + rows + `}`,
		"visits_alias.json":     `{"others": [{"id": 9}], "VisitList": ` + rows + `, "empty": []}`,
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{name: content}))
			if len(pulled.Faults) > 0 {
				t.Fatal(pulled.Faults)
			}
			if diff := cmp.Diff(want, sink.batches[0].rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"extra", "name"}, pulled.Batches[0].Drift.Unknown); diff != "" {
				t.Errorf("unknown columns (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnEmptyJSONArrayIsNoFault(t *testing.T) {
	_, pulled := pull(t, folder(t, map[string]string{"visits.json": `{"visitList": [], "manual": []}`}))
	if len(pulled.Batches) != 1 || pulled.Batches[0].Counts.Read != 0 {
		t.Errorf("%+v", pulled)
	}
}

func TestJSONFaults(t *testing.T) {
	for content, want := range map[string]etl.Fault{
		`[{"id": 1},` + "\n" + `{"id"`: {Line: 2, Message: "the file is cut off", Try: "export or copy it again"},
		`[{"id": 1}`:                   {Line: 1, Message: "the file is cut off", Try: "export or copy it again"},
		`{"a": [`:                      {Line: 1, Message: "the file is cut off", Try: "export or copy it again"},
		`[{"id": 1},` + "\n\n" + `{id: 2}]`: {
			Line: 3, Message: "the file is not valid JSON: invalid character 'i' looking for beginning of object key string",
			Try: "export or copy it again",
		},
		`[{"id": 1}]` + "\n\n" + `[{"id": 2}]`: {
			Line: 3, Message: "the file is not valid JSON: more follows after its end", Try: "export or copy it again",
		},
		`[{"id": 1}, 2]`: {
			Message: `element 2 of the array "" is no object`, Try: "export the rows as JSON objects",
		},
		`{"id": 1}`: {Message: "the file holds no array of objects", Try: "export the rows as a JSON array"},
		`"id"`:      {Message: "the file holds no array of objects", Try: "export the rows as a JSON array"},
		`{"a": [], "b": []}`: {
			Message: "the file holds several arrays, a, b, and none is named like the table visits",
			Try:     "export the rows as a JSON array",
		},
		`[{"id": 1}]`: {
			Column: "at", Message: `the required column "at" is missing: the header has "id"`,
			Try: "export the table again with all its columns, or map the column's name in the configuration",
		},
	} {
		sink, pulled := pull(t, folder(t, map[string]string{"visits.json": content}))
		want.Origin = "visits.json"
		if diff := cmp.Diff([]etl.Fault{want}, pulled.Faults); diff != "" || len(sink.batches) > 0 {
			t.Errorf("%s (-want +got):\n%s", content, diff)
		}
	}
}

// workbook is an .xlsx file with the given first sheet.
func workbook(t *testing.T, rows ...[]any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWorkbook(t *testing.T) {
	at := time.Date(2026, 1, 5, 12, 30, 15, 0, time.UTC)
	sink, pulled := pull(t, folder(t, map[string]string{"visits.xlsx": workbook(t,
		[]any{},
		[]any{"id", "at", "note", "weight", "who"},
		[]any{1, at, "blåbær, 20123456", 2.5, "Anna"},
		[]any{},
		[]any{"2", "05.01.2026 12:30"},
		[]any{"x", at},
		[]any{3, at, "", "", "", "too far right"},
	)}))
	if len(pulled.Faults) > 0 {
		t.Fatal(pulled.Faults)
	}
	want := []string{
		"id=1 at=2026-01-05T12:30:15 note=blåbær, [telefon] weight=2.5 _row=1",
		"id=2 at=2026-01-05T12:30:00 _row=2",
	}
	if diff := cmp.Diff(want, sink.batches[0].rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	var places []int64
	for _, r := range sink.batches[0].rejects {
		places = append(places, r.Row, r.Line)
	}
	if diff := cmp.Diff([]int64{3, 6, 4, 7}, places); diff != "" {
		t.Errorf("rows and lines of the rejects (-want +got):\n%s", diff)
	}
}

func TestWorkbookFaults(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"not one": {oneVisit, "visits.xlsx: the file is no workbook that can be read: zip: not a valid zip file"},
		"empty":   {workbook(t), "visits.xlsx: no visible sheet has anything in it"},
		"no column": {
			workbook(t, []any{}, []any{"id"}),
			`visits.xlsx:2: at: the required column "at" is missing: the header has "id"`,
		},
	} {
		_, pulled := pull(t, folder(t, map[string]string{"visits.xlsx": c.content}))
		if len(pulled.Faults) != 1 || pulled.Faults[0].Error() != c.want {
			t.Errorf("%s: %v, want %s", name, pulled.Faults, c.want)
		}
	}
}

// parquetFile is a Parquet file with one column of most types.
func parquetFile(t *testing.T) string {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int32},
		{Name: "at", Type: &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}},
		{Name: "phone", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "note", Type: &arrow.TimestampType{Unit: arrow.Microsecond}, Nullable: true},
		{Name: "weight", Type: &arrow.Decimal128Type{Precision: 10, Scale: 2}, Nullable: true},
	}, nil)
	at := time.Date(2026, 7, 5, 12, 0, 0, 443e6, time.UTC)
	build := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer build.Release()
	build.Field(0).(*array.Int32Builder).AppendValues([]int32{1, 2}, nil)
	moments := build.Field(1).(*array.TimestampBuilder)
	moments.AppendTime(at)
	moments.AppendTime(at)
	build.Field(2).(*array.StringBuilder).AppendValues([]string{"20123456", ""}, []bool{true, false})
	notes := build.Field(3).(*array.TimestampBuilder)
	notes.AppendTime(at)
	notes.AppendNull()
	weights := build.Field(4).(*array.Decimal128Builder)
	if err := weights.AppendValueFromString("2.50"); err != nil {
		t.Fatal(err)
	}
	weights.AppendNull()
	record := build.NewRecordBatch()
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
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

func TestParquet(t *testing.T) {
	sink, pulled := pull(t, folder(t, map[string]string{"visits_2026.parquet": parquetFile(t)}))
	if len(pulled.Faults) > 0 {
		t.Fatal(pulled.Faults)
	}
	want := []string{
		"id=1 at=2026-07-05T14:00:00.443 phone=" + key(t).Pseudonym("20123456") +
			" note=2026-07-05T12:00:00.443 weight=2.5 _row=1",
		"id=2 at=2026-07-05T14:00:00.443 _row=2",
	}
	if diff := cmp.Diff(want, sink.batches[0].rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// However a file is damaged, the answer is a fault or the rows, never a panic.
func TestDamagedFilesAreFaults(t *testing.T) {
	for name, whole := range map[string]string{
		"visits.parquet": parquetFile(t), "visits.xlsx": workbook(t, []any{"id", "at"}, []any{1, "2026-01-05 12:00"}),
	} {
		dir := t.TempDir()
		source := folder(t, nil, withDir(dir))
		for at := 0; at < len(whole); at += 1 + len(whole)/60 {
			damaged := []byte(whole)
			damaged[at] ^= 0xFF
			for _, content := range [][]byte{damaged, damaged[:at]} {
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
					t.Fatal(err)
				}
				if _, pulled := pull(t, source); len(pulled.Batches)+len(pulled.Faults) != 1 {
					t.Errorf("%s damaged at byte %d: %+v", name, at, pulled)
				}
			}
		}
	}
}
