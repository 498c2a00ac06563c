package xlsx_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// waits is the sample report with a small narrow table of waits: shaded, one of them
// uncertain, with a total and a chart.
func waits(t testing.TB) reports.Document {
	doc := report(t)
	wait := func(x float64, n int64) reports.Value { return reports.Number(x, seconds).From(n) }
	doc.Sections = append(doc.Sections, reports.Section{
		Name: "waits", Heading: "Ventetid", Finding: "Længst om fredagen.",
		Tables: []reports.Table{{
			Name: "waits", Title: "Ventetid", Short: "Ventetid",
			Columns: []reports.Column{
				{Key: "clock", Label: "Kl.", Unit: reports.UnitText},
				{Key: "monday", Label: "Mandag", Unit: reports.UnitSeconds},
				{Key: "friday", Label: "Fredag", Unit: reports.UnitSeconds},
				{Key: "all", Label: "Alle dage", Unit: reports.UnitSeconds},
			},
			Heat: reports.Heat{From: "monday", To: "friday"},
			Rows: [][]reports.Value{
				{reports.Text("08-09"), wait(40, 300), wait(300, 3), wait(45, 303)},
				{reports.Text("09-10"), wait(50, 300), reports.Text("lukket"), wait(50, 300)},
			},
			Totals: [][]reports.Value{{reports.Text("Hele dagen"), wait(45, 600), wait(300, 3), wait(47, 603)}},
		}, {
			Name: "more", Title: "Mere", Short: "Mere", Finding: "Noget andet.",
			Columns: []reports.Column{{Key: "a", Label: "A", Unit: reports.UnitCount}},
			Rows:    [][]reports.Value{{reports.Count(1)}},
		}},
		Charts: []reports.Chart{{
			Name: "waits_chart", Title: "To dage", Table: "waits", Category: "clock", Format: seconds,
			Series: []reports.Series{{Column: "monday", Kind: reports.Bars}, {Column: "all", Kind: reports.Bars}},
		}},
	})
	return doc
}

func TestAnUncertainNumberIsMarkedAndStaysANumber(t *testing.T) {
	file := open(t, waits(t))
	for cell, want := range map[string]struct{ raw, format string }{
		"B5": {"0.000462962", "[m]:ss"},
		"C5": {"0.003472222", `[m]:ss"*"`},
		"C7": {"0.003472222", `[m]:ss"*"`},
		"B7": {"0.000520833", "[m]:ss"},
	} {
		raw, err := file.GetCellValue("Ventetid", cell, excelize.Options{RawCellValue: true})
		if format := numberFormat(t, file, "Ventetid", cell); err != nil || !strings.HasPrefix(raw, want.raw) || format != want.format {
			t.Errorf("%s is %s as %s (%v), want %s… as %s", cell, raw, format, err, want.raw, want.format)
		}
	}
	if got, _ := file.GetCellValue("Ventetid", "A9"); got != reports.UncertainLegend {
		t.Errorf("under the table stands %q, want what the mark means", got)
	}
}

// TestDigitsStandBelowEachOther: a certain number leaves room where an uncertain one
// of its column has the mark.
func TestDigitsStandBelowEachOther(t *testing.T) {
	doc := waits(t)
	table := &doc.Sections[len(doc.Sections)-1].Tables[0]
	table.Rows[1][2] = reports.Number(90000, seconds).From(100)
	if got := numberFormat(t, open(t, doc), "Ventetid", "C6"); got != "[h]:mm:ss_0" {
		t.Errorf("a day and an hour are shown as %q, want hours", got)
	}
	table.Rows[1][2] = reports.Number(50, seconds).From(100)
	if got := numberFormat(t, open(t, doc), "Ventetid", "C6"); got != "[m]:ss_0" {
		t.Errorf("the number below a marked one has format %s", got)
	}
}

func numberFormat(t *testing.T, file *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := file.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := file.GetStyle(id)
	if err != nil || style.CustomNumFmt == nil {
		t.Fatalf("%s has no number format (%v)", cell, err)
	}
	return *style.CustomNumFmt
}

func TestTheCoverSaysWhatIsUncertain(t *testing.T) {
	doc := waits(t)
	tile := &doc.Sections[0].Tiles[0]
	tile.Value = tile.Value.From(12)
	tile.Previous = reports.Change{Against: "2. kvartal 2026", Value: reports.Number(52, seconds).From(9), Difference: "-5 sek."}
	rows, err := open(t, doc).GetRows("Forside")
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, row := range rows {
		text += strings.Join(row, "|") + "\n"
	}
	for _, want := range []string{"● opfyldt, usikkert", "0:52* i 2. kvartal 2026", reports.UncertainLegend} {
		if !strings.Contains(text, want) {
			t.Errorf("the cover lacks %q:\n%s", want, text)
		}
	}
}

func TestShadesLieBehindTheRowsWithoutTheirTotals(t *testing.T) {
	file := open(t, waits(t))
	formats, err := file.GetConditionalFormats("Ventetid")
	if err != nil || len(formats) != 1 || len(formats["B5:C6"]) != 1 || formats["B5:C6"][0].Type != "2_color_scale" {
		t.Errorf("conditional formats: %+v (%v), want one scale on B5:C6", formats, err)
	}
	tables, err := file.GetTables("Ventetid")
	if err != nil || len(tables) != 1 || tables[0].Range != "A4:D6" {
		t.Errorf("tables: %+v (%v), want one at A4:D6, its total below", tables, err)
	}
	if got, _ := file.GetCellValue("Ventetid", "A7"); got != "Hele dagen" {
		t.Errorf("right below the table stands %q", got)
	}
}

func TestEachTableHasItsOwnFinding(t *testing.T) {
	file := open(t, waits(t))
	contents, err := file.GetRows("Indhold")
	if err != nil {
		t.Fatal(err)
	}
	for sheet, want := range map[string]string{"Ventetid": "Længst om fredagen.", "Mere": "Noget andet."} {
		if got, _ := file.GetCellValue(sheet, "A2"); got != want {
			t.Errorf("%s begins with %q, want %q", sheet, got, want)
		}
		at := slices.IndexFunc(contents, func(row []string) bool { return len(row) > 0 && row[0] == sheet })
		if at < 0 || contents[at][2] != want {
			t.Errorf("the contents tell of %s in row %d of %q, want %q", sheet, at, contents, want)
		}
	}
}

func TestTheChartOfANarrowTableStandsBesideIt(t *testing.T) {
	parts := unzip(t, encode(t, waits(t)))
	drawing, chart := parts["xl/drawings/drawing2.xml"], parts["xl/charts/chart2.xml"]
	if want := "<xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row>"; !strings.Contains(drawing, want) {
		t.Errorf("the chart does not begin right of the table's header: %.400s", drawing)
	}
	var colours []string
	for _, part := range strings.Split(chart, "<ser>")[1:] {
		_, rest, _ := strings.Cut(part, `srgbClr val="`)
		colours = append(colours, rest[:6])
	}
	if diff := cmp.Diff([]string{"1F3A5F", "9CC3E4"}, colours); diff != "" {
		t.Errorf("colours of the bars (-want +got):\n%s", diff)
	}
}
