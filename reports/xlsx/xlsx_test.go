package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/xlsx"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var seconds = reports.Format{Unit: reports.UnitSeconds}

// report is a small document with one of everything, some of it hostile.
func report(t testing.TB) reports.Document {
	t.Helper()
	period, err := reports.ParsePeriod("2026K3")
	if err != nil {
		t.Fatal(err)
	}
	trend := reports.Table{
		Name: "trend", Title: "Udvikling & mål", Short: "Udvikling: 'alle' / kvartaler",
		Columns: []reports.Column{
			{Key: "period", Label: "Kvartal", Unit: reports.UnitText},
			{Key: "wait", Label: "Ventetid", Unit: reports.UnitSeconds},
			{Key: "target", Label: "Mål", Unit: reports.UnitSeconds},
			{Key: "note", Label: "Note", Unit: reports.UnitText},
		},
	}
	for i, note := range []string{"=1+1", "+45 12 34 56 78", "-2", "@SUM(A1)", "æøå\x00\x1b <&>"} {
		trend.Rows = append(trend.Rows, []reports.Value{
			reports.Text(fmt.Sprintf("%d. kvartal", i)), reports.Number(40+float64(i), seconds), reports.Number(60, seconds), reports.Text(note),
		})
	}
	return reports.Document{
		Title: "Rapport: A & B", Subtitle: "Undertitel", Municipality: "Holbæk", Period: period, Language: "da",
		Creator: "Den Digitale Hotline", Issued: time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC), Release: "r1",
		Flags: []string{"Simulerede data"},
		Facts: []reports.Fact{{Label: "Kontakt", Value: reports.Text("Sekretariatet")}},
		Sections: []reports.Section{
			{Name: "overview", Heading: "Overblik", Finding: "Et mål er opfyldt.", Tiles: []reports.Tile{{
				KPI: "wait", Label: "Ventetid", Value: reports.Number(47, seconds), Target: reports.Number(60, seconds),
				Direction: reports.Min, Status: reports.Met, N: 1234, NLabel: "opkald", Finding: "Det går godt.",
			}}},
			{Name: "trend", Heading: "Udvikling", Finding: "Det går godt.", Tables: []reports.Table{trend}, Charts: []reports.Chart{{
				Name: "c", Title: "Ventetid", Table: "trend", Category: "period", Format: seconds, Alt: "Søjler over ventetid",
				Series: []reports.Series{{Column: "wait", Kind: reports.Columns}, {Column: "target", Kind: reports.Target}},
			}}},
			{Name: "empty", Heading: "Tom", Tables: []reports.Table{{
				Name: "empty", Title: "Tom", Short: "Tom", Empty: "Ingen rækker.",
				Columns: []reports.Column{{Key: "a", Label: "A"}, {Key: "b", Label: "B"}},
			}}},
			{Name: "about", Heading: "Læs mig", Notes: []string{"Sådan læses tallene."}},
		},
	}
}

func encode(t testing.TB, doc reports.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := xlsx.New(&out).Encode(doc); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t *testing.T, doc reports.Document) *excelize.File {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(encode(t, doc)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

const trendSheet = "Udvikling alle  kvartaler"

func TestSheetsStandInOrderAndTheFirstIsOpen(t *testing.T) {
	file := open(t, report(t))
	want := []string{"Forside", "Indhold", "Læsevejledning", trendSheet, "Tom"}
	if diff := cmp.Diff(want, file.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	if file.GetActiveSheetIndex() != 0 {
		t.Error("the workbook does not open on its first sheet")
	}
	for _, sheet := range want {
		if merged, err := file.GetMergeCells(sheet); err != nil || len(merged) > 0 {
			t.Errorf("%s has merged cells: %v (%v)", sheet, merged, err)
		}
		if title, err := file.GetCellValue(sheet, "A1"); err != nil || title == "" {
			t.Errorf("%s has no title in A1 (%v)", sheet, err)
		}
	}
}

func TestTablesAreExcelTables(t *testing.T) {
	file := open(t, report(t))
	for sheet, want := range map[string]string{trendSheet: "A4:D9", "Tom": "A4:B5", "Indhold": "A4:C7"} {
		tables, err := file.GetTables(sheet)
		if err != nil || len(tables) != 1 || tables[0].Range != want {
			t.Errorf("%s: tables %+v (%v), want one at %s", sheet, tables, err, want)
		}
		panes, err := file.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 4 {
			t.Errorf("%s: the header is not frozen: %+v (%v)", sheet, panes, err)
		}
	}
	titles := map[string]string{}
	for _, defined := range file.GetDefinedName() {
		titles[defined.Scope] = defined.Name + " " + defined.RefersTo
	}
	if got, want := titles[trendSheet], "_xlnm.Print_Titles '"+trendSheet+"'!$4:$4"; got != want {
		t.Errorf("print titles are %q, want %q", got, want)
	}
	if got, _ := file.GetCellValue("Tom", "A5"); got != "Ingen rækker." {
		t.Errorf("an empty table says %q", got)
	}
}

func TestNumbersAreNumbersAndTextIsText(t *testing.T) {
	file := open(t, report(t))
	if raw, err := file.GetCellValue(trendSheet, "B5", excelize.Options{RawCellValue: true}); err != nil || !strings.HasPrefix(raw, "0.000462962") {
		t.Errorf("40 seconds are stored as %q (%v), want the fraction of a day", raw, err)
	}
	for row, want := range []string{"=1+1", "+45 12 34 56 78", "-2", "@SUM(A1)", "æøå <&>"} {
		cell := fmt.Sprintf("D%d", row+5)
		got, _ := file.GetCellValue(trendSheet, cell)
		formula, _ := file.GetCellFormula(trendSheet, cell)
		kind, _ := file.GetCellType(trendSheet, cell)
		if got != want || formula != "" || kind != excelize.CellTypeSharedString {
			t.Errorf("%s is %q, formula %q, type %d; want the text %q", cell, got, formula, kind, want)
		}
	}
}

func TestPropertiesAndPages(t *testing.T) {
	file := open(t, report(t))
	props, err := file.GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	got := []string{props.Title, props.Creator, props.Language, props.Identifier, props.Created}
	want := []string{"Rapport: A & B", "Den Digitale Hotline", "da", "r1", "2026-10-01T02:00:00Z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	for _, sheet := range file.GetSheetList() {
		layout, err := file.GetPageLayout(sheet)
		if err != nil || *layout.Size != 9 || *layout.FitToWidth != 1 {
			t.Errorf("%s is not one A4 page wide (%v)", sheet, err)
		}
		margins, err := file.GetHeaderFooter(sheet)
		if err != nil || !strings.Contains(margins.OddHeader, "Simulerede data") ||
			!strings.Contains(margins.OddHeader, "A && B") || !strings.Contains(margins.OddFooter, "Side &P af &N") {
			t.Errorf("%s: header and footer are %+v (%v)", sheet, margins, err)
		}
	}
}

func TestChartsAreNativeAndDescribed(t *testing.T) {
	parts := unzip(t, encode(t, report(t)))
	chart, drawing := parts["xl/charts/chart1.xml"], parts["xl/drawings/drawing1.xml"]
	for _, want := range []string{"<barChart>", "<lineChart>", `prstDash val="dash"`, `lang="da-DK"`} {
		if !strings.Contains(chart, want) {
			t.Errorf("the chart has no %s", want)
		}
	}
	if !strings.Contains(drawing, `descr="Søjler over ventetid"`) {
		t.Error("the chart has no text alternative")
	}
}

func TestALineWithAGapIsNotDrawn(t *testing.T) {
	doc := report(t)
	doc.Sections[1].Tables[0].Rows[0][2] = reports.Value{}
	chart := unzip(t, encode(t, doc))["xl/charts/chart1.xml"]
	if strings.Contains(chart, "<lineChart>") {
		t.Error("the target is drawn although its first cell is \"-\", which Excel would draw as zero")
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	first := encode(t, report(t))
	for range 5 {
		if !bytes.Equal(first, encode(t, report(t))) {
			t.Fatal("two encodings differ")
		}
	}
}

func TestAFaultyDocumentWritesNothing(t *testing.T) {
	doc := report(t)
	doc.Sections[1].Tables[0].Rows[2] = nil
	var out bytes.Buffer
	if err := xlsx.New(&out).Encode(doc); err == nil || out.Len() > 0 {
		t.Errorf("got error %v and %d bytes", err, out.Len())
	}
}

func TestAWriterThatFailsIsReported(t *testing.T) {
	if err := xlsx.New(fullDisk{}).Encode(report(t)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func unzip(t *testing.T, workbook []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(archive.File[1:], func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the parts are not in order")
	}
	parts := map[string]string{}
	for _, file := range archive.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		parts[file.Name] = string(content)
	}
	return parts
}

func BenchmarkEncode(b *testing.B) {
	doc := report(b)
	for b.Loop() {
		encode(b, doc)
	}
}

// TestNoTextIsTooLong: whatever is pasted into a title, the workbook is written, the
// row is no higher than Excel lets it be, and a text that has no room ends with "…".
func TestNoTextIsTooLong(t *testing.T) {
	doc := report(t)
	for _, text := range []string{
		strings.Repeat("ord ", 5000), strings.Repeat("x", 40_000), strings.Repeat("linje\n", 3000),
	} {
		doc.Sections[1].Tables[0].Rows[0][3] = reports.Text(text)
		doc.Sections[1].Finding, doc.Sections[0].Tiles[0].Finding = text, text
		doc.Sections[1].Tables[0].Columns[3].Label = text
		file := open(t, doc)
		height, err := file.GetRowHeight(trendSheet, 5)
		if err != nil || height < 400 || height > 409 {
			t.Errorf("a row of %d characters is %v points high (%v)", len(text), height, err)
		}
		cell, err := file.GetCellValue(trendSheet, "D5")
		if err != nil || !strings.HasSuffix(cell, "…") || strings.Contains(cell, "\n") || len(cell) > 2000 {
			t.Errorf("%d characters became %d: %.60q (%v)", len(text), len(cell), cell, err)
		}
	}
}
