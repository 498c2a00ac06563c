package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// rewrite changes a file's bytes in place.
func rewrite(ts *testscript.TestScript, name string, change func([]byte) ([]byte, error)) {
	path := ts.MkAbs(name)
	before, err := os.ReadFile(path)
	ts.Check(err)
	after, err := change(before)
	ts.Check(err)
	ts.Check(os.WriteFile(path, after, 0o644))
}

// appendLines adds lines to the end of a file.
func appendLines(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) < 2, "append FILE LINE...")
	rewrite(ts, args[0], func(text []byte) ([]byte, error) {
		return append(text, strings.Join(args[1:], "\n")+"\n"...), nil
	})
}

// toWindows1252 writes a UTF-8 file as Danish Windows programs do.
func toWindows1252(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "to-1252 FILE")
	rewrite(ts, args[0], charmap.Windows1252.NewEncoder().Bytes)
}

// toUTF16 writes all but a file's first line as UTF-16 without a byte-order mark, as
// PowerShell appends to a file: nobody can tell it from a binary file.
func toUTF16(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "to-utf16 FILE")
	rewrite(ts, args[0], func(text []byte) ([]byte, error) {
		first, rest, _ := strings.Cut(string(text), "\n")
		out := []byte(first + "\n")
		for _, unit := range utf16.Encode([]rune(rest)) {
			out = append(out, byte(unit), byte(unit>>8))
		}
		return out, nil
	})
}

// toGzip packs FILE into FILE.gz.
func toGzip(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "to-gzip FILE")
	path := ts.MkAbs(args[0])
	rewrite(ts, args[0], func(text []byte) ([]byte, error) {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, err := w.Write(text)
		err = errors.Join(err, w.Close())
		return out.Bytes(), err
	})
	ts.Check(os.Rename(path, path+".gz"))
}

// toParquet turns FILE.csv into FILE.parquet, with the types DuckDB finds in it and
// call_id as wide as Puzzel's, or of another type.
func toParquet(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) < 1 || len(args) > 2 || !strings.HasSuffix(args[0], ".csv"), "to-parquet FILE.csv [TYPE OF call_id]")
	kind := "ubigint"
	if len(args) == 2 {
		kind = args[1]
	}
	from := ts.MkAbs(args[0])
	db, err := sql.Open("duckdb", "")
	ts.Check(err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), fmt.Sprintf("copy (from read_csv(%s, types = {'call_id': %s})) to %s (format parquet)",
		quote(from), quote(kind), quote(strings.TrimSuffix(from, ".csv")+".parquet")))
	ts.Check(err)
	ts.Check(os.Remove(from))
}

// toWorkbook makes FILE.xlsx of CSV files, one visible sheet each, named after them.
func toWorkbook(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) < 2 || !strings.HasSuffix(args[0], ".xlsx"), "to-workbook FILE.xlsx SHEET.csv...")
	book := excelize.NewFile()
	defer book.Close()
	for _, name := range args[1:] {
		rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(name))).ReadAll()
		ts.Check(err)
		sheet := strings.TrimSuffix(name, ".csv")
		_, err = book.NewSheet(sheet)
		ts.Check(err)
		for i, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			ts.Check(err)
			ts.Check(book.SetSheetRow(sheet, cell, &row))
		}
	}
	ts.Check(book.DeleteSheet("Sheet1"))
	ts.Check(book.SaveAs(ts.MkAbs(args[0])))
}

// quote is a text in SQL.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// semicolons writes a CSV file with ; between its fields.
func semicolons(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "semicolons FILE")
	rewrite(ts, args[0], func(text []byte) ([]byte, error) {
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		w.Comma = ';'
		err = w.WriteAll(rows)
		return out.Bytes(), err
	})
}

// cut keeps the first bytes of a file, as a broken copy does.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 2, "cut FILE BYTES")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	rewrite(ts, args[0], func(text []byte) ([]byte, error) {
		if n >= len(text) {
			return nil, fmt.Errorf("%s has only %d bytes", args[0], len(text))
		}
		return text[:n], nil
	})
}

// locked takes the warehouse's lock, as another process that runs ddh would, until
// the script ends.
func locked(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "locked WAREHOUSE")
	path := ts.MkAbs(args[0]) + ".lock"
	lock := flock.New(path)
	got, err := lock.TryLock()
	ts.Check(err)
	if !got {
		ts.Fatalf("%s is locked already", path)
	}
	ts.Defer(func() { lock.Close() })
	holder, err := json.Marshal(warehouse.Holder{PID: 4711, Host: "natserver", Command: "run"})
	ts.Check(err)
	ts.Check(os.WriteFile(path, append([]byte{0}, holder...), 0o640))
}

// manyCalls writes a call_events file of N answered calls, three events each: enough
// to be missed when they go.
func manyCalls(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 3, "many-calls FILE N UPDATED")
	writeCalls(ts, args, []string{"0,+4570000000,,,i,", "60,,ddh,,q,k", "120,,ddh,1,c,k"})
}

// fewEvents writes the same calls with nothing but their first event, as a source
// that was cut off might deliver them.
func fewEvents(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 3, "few-events FILE N UPDATED")
	writeCalls(ts, args, []string{"0,+4570000000,,,i,"})
}

func writeCalls(ts *testscript.TestScript, args, events []string) {
	calls, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	b.WriteString("call_id,call_sequence,dte_start,duration_tot_sec,destination,queue_key,agent_id,event_type,result_code,dte_updated\n")
	for call := range calls {
		for i, event := range events {
			fmt.Fprintf(&b, "%d,%d,2026-09-%02d 10:00:07,%s,%s\n", 5000+call, i+1, 1+call%4, event, args[2])
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}

// sameFigures compares two CSV outputs of ddh kpi in all but the name of the period.
// Which satisfaction is hidden because it would give another figure away depends on
// the periods that are published beside it, so a hidden figure agrees with any; one
// of fewer than five scores must be hidden in both (DOMAIN §4).
func sameFigures(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 2, "same-figures FILE FILE")
	a, b := figureRows(ts, args[0]), figureRows(ts, args[1])
	if len(a) != len(b) || len(a) == 0 {
		ts.Fatalf("%d figures in %s, %d in %s", len(a), args[0], len(b), args[1])
	}
	const value, upper, n, status = 6, 11, 9, 13
	for i := range a {
		hidden := a[i][status] == "suppressed" || b[i][status] == "suppressed"
		for column := 1; column < len(a[i]); column++ {
			if hidden && (column == status || column >= value && column <= upper && column != n) {
				continue
			}
			if a[i][column] != b[i][column] {
				ts.Fatalf("figure %d differs:\n- %s\n+ %s", i+1, strings.Join(a[i], " | "), strings.Join(b[i], " | "))
			}
		}
	}
}

// figureRows reads the output of ddh kpi --format csv, and fails where it shows the
// satisfaction of fewer than five.
func figureRows(ts *testscript.TestScript, name string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(name))).ReadAll()
	ts.Check(err)
	for _, row := range rows[1:] {
		const kpi, value, n = 5, 6, 9
		scores, _ := strconv.Atoi(row[n])
		if strings.HasPrefix(row[kpi], "satisfaction_") && scores < 5 && row[value] != "" {
			ts.Fatalf("shown although only %d scores are behind it: %s", scores, strings.Join(row, " | "))
		}
	}
	return rows[1:]
}
