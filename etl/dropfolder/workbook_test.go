package dropfolder_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// bookOf is a workbook that a function fills; "Sheet1" is there.
func bookOf(t *testing.T, fill func(b *excelize.File)) string {
	t.Helper()
	b := excelize.NewFile()
	defer b.Close()
	fill(b)
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func lay(b *excelize.File, sheet string, rows ...[]any) {
	if index, _ := b.GetSheetIndex(sheet); index < 0 {
		_, _ = b.NewSheet(sheet)
	}
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := b.SetSheetRow(sheet, cell, &row); err != nil {
			panic(err)
		}
	}
}

func must(errs ...error) {
	for _, err := range errs {
		if err != nil {
			panic(err)
		}
	}
}

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func TestWorkbooksAsPeopleMakeThem(t *testing.T) {
	head := []any{"id", "at", "note"}
	for name, c := range map[string]struct {
		fill    func(b *excelize.File)
		want    []string
		notices []string // rule, then the column
	}{
		"a sheet per month, columns in another order": {
			func(b *excelize.File) {
				lay(b, "Sheet1", head, []any{1, noon, "a"})
				lay(b, "August", []any{"note", "at", "id"}, []any{"b", "2026-01-05 12:00", "2"})
			},
			[]string{"id=1 at=2026-01-05T12:00:00 note=a _row=1", "id=2 at=2026-01-05T12:00:00 note=b _row=2"}, nil,
		},
		"a cover, a hidden sheet, titles above the header": {
			func(b *excelize.File) {
				lay(b, "Sheet1", []any{"Udtræk for august"}, []any{"Kontakt", "Anna"})
				lay(b, "Data", []any{"Visninger"}, []any{}, head, []any{1, noon, "a"})
				lay(b, "Gammel", head, []any{9, noon, "z"})
				lay(b, "Tom")
				must(b.SetSheetVisible("Gammel", false, true))
			},
			[]string{"id=1 at=2026-01-05T12:00:00 note=a _row=1"}, []string{"sheet-without-the-table ", "hidden-sheet "},
		},
		"the header again, totals, filtered rows": {
			func(b *excelize.File) {
				lay(b, "Sheet1", head, []any{1, noon, "a"}, head, []any{2, noon, "b"}, []any{"I alt", "", 2})
				must(b.SetRowVisible("Sheet1", 4, false))
			},
			[]string{"id=1 at=2026-01-05T12:00:00 note=a _row=1", "id=2 at=2026-01-05T12:00:00 note=b _row=2"},
			[]string{"header-repeated ", "total-row ", "hidden-rows "},
		},
		"errors, merged cells, formulas without a value": {
			func(b *excelize.File) {
				lay(b, "Sheet1", head, []any{1, noon, "#N/A"}, []any{2, noon, "b"}, []any{3, noon}, []any{4, noon})
				must(b.MergeCell("Sheet1", "C3", "C4"), b.SetCellFormula("Sheet1", "C5", "A1&B1"))
			},
			[]string{
				"id=1 at=2026-01-05T12:00:00 _row=1", "id=2 at=2026-01-05T12:00:00 note=b _row=2",
				"id=3 at=2026-01-05T12:00:00 note=b _row=3", "id=4 at=2026-01-05T12:00:00 _row=4",
			},
			[]string{"cell-shows-an-error note", "formula-without-value note"},
		},
		"days are counted from 1904": {
			func(b *excelize.File) {
				yes := true
				must(b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
				lay(b, "Sheet1", head, []any{1, 44565.5, "a"})
			},
			[]string{"id=1 at=2026-01-05T12:00:00 note=a _row=1"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{"visits.xlsx": bookOf(t, c.fill)}))
			if len(pulled.Faults) > 0 {
				t.Fatal(pulled.Faults)
			}
			if diff := cmp.Diff(c.want, sink.batches[0].rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			var notices []string
			for _, n := range pulled.Batches[0].Drift.Notices {
				notices = append(notices, n.Rule+" "+n.Column)
			}
			if diff := cmp.Diff(c.notices, notices); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestARejectNamesItsSheet(t *testing.T) {
	sink, _ := pull(t, folder(t, map[string]string{"visits.xlsx": bookOf(t, func(b *excelize.File) {
		lay(b, "Sheet1", []any{"id", "at"}, []any{1, noon})
		lay(b, "August", []any{"id", "at"}, []any{"x", noon})
	})}))
	rejects := sink.batches[0].rejects
	if len(rejects) != 1 || rejects[0].Row != 2 || rejects[0].Line != 2 || !strings.HasPrefix(rejects[0].Message, `sheet "August": `) {
		t.Errorf("%+v", rejects)
	}
}

// A spreadsheet keeps fifteen digits of a number. As text an identifier is whole.
func TestRoundedIdentifiersAreRefused(t *testing.T) {
	rows := func(id any) string {
		return bookOf(t, func(b *excelize.File) { lay(b, "Sheet1", []any{"id", "at"}, []any{id, noon}) })
	}
	_, pulled := pull(t, folder(t, map[string]string{"visits.xlsx": rows(1234567890123456800.0)}))
	const want = `visits.xlsx:2: id: sheet "Sheet1" holds the number 1234567890123450000, and a spreadsheet keeps fifteen digits: `
	if len(pulled.Faults) != 1 || !strings.HasPrefix(pulled.Faults[0].Error(), want) {
		t.Errorf("%v, want %s", pulled.Faults, want)
	}
	sink, pulled := pull(t, folder(t, map[string]string{"visits.xlsx": rows("1234567890123456789")}))
	if len(pulled.Faults) > 0 || len(sink.batches[0].rows) != 1 {
		t.Errorf("%v", pulled.Faults)
	}
}
