package xlsx

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/xuri/excelize/v2"
)

// Where things are on a table's sheet: title, finding, flags, header row, rows.
const (
	titleRow   = 1
	findingRow = 2
	flagsRow   = 3
	headerRow  = 4
)

// place is where a table lies.
type place struct {
	sheet string
	rows  int
}

// tableSheet writes one table on its own sheet; the first table of a section
// carries the section's finding, notes and charts.
func (b *book) tableSheet(section reports.Section, table reports.Table, isFirst bool) {
	sheet := sheetName(table)
	finding := ""
	if isFirst {
		finding = section.Finding
	}
	widths := columnWidths(table)
	b.sheetHead(sheet, table.Title, finding)
	for i, width := range widths {
		b.width(sheet, i+1, width)
	}
	last := b.excelTable(sheet, "tabel_"+table.Name, table, widths)
	b.places[table.Name] = place{sheet: sheet, rows: last - headerRow}

	row := last + 2
	notes := table.Notes
	if isFirst {
		notes = append(notes[:len(notes):len(notes)], section.Notes...)
	}
	for _, note := range notes {
		row = b.lines(sheet, row, note, style{colour: grey}, max(sum(widths), 80))
	}
	if isFirst {
		b.charts(sheet, section.Charts, row+1, widths)
	}
	b.page(sheet, orientation(sum(widths)), headerRow)
	b.freeze(sheet, headerRow)
}

func (b *book) sheetHead(sheet, title, finding string) {
	b.plainView(sheet)
	b.text(sheet, 1, titleRow, title, style{size: 16, bold: true, colour: navy})
	b.height(sheet, titleRow, 24)
	if finding != "" {
		b.text(sheet, 1, findingRow, finding, style{size: 12})
	}
	if len(b.doc.Flags) > 0 {
		b.text(sheet, 1, flagsRow, "▲ "+strings.Join(b.doc.Flags, " · "), style{bold: true, colour: rust})
	}
}

// excelTable writes the header row and the rows, makes them a real Excel table and
// returns the last row. A table without rows says so in one, because Excel has no
// table without.
func (b *book) excelTable(sheet, id string, table reports.Table, widths []float64) int {
	for i, column := range table.Columns {
		s := style{bold: true, colour: white, fill: navy, wrap: true, middle: true, indent: 1}
		if !isTextual(column.Unit) {
			s.horizontal = "right"
		}
		b.text(sheet, i+1, headerRow, column.Label, s)
	}
	b.height(sheet, headerRow, headerHeight(table, widths))
	rows := table.Rows
	if len(rows) == 0 {
		rows = [][]reports.Value{emptyRow(table)}
	}
	for r, cells := range rows {
		row := headerRow + 1 + r
		lines := rowLines(table, cells, widths)
		for i, value := range cells {
			s := cellStyle(table.Columns[i], value)
			s.middle = lines == 1
			b.set(sheet, i+1, row, value, s)
		}
		b.height(sheet, row, float64(lines)*15+3)
	}
	last := headerRow + len(rows)
	b.try(b.file.AddTable(sheet, &excelize.Table{
		Range:     name(1, headerRow) + ":" + name(len(table.Columns), last),
		Name:      id,
		StyleName: "TableStyleLight1",
	}))
	return last
}

func emptyRow(table reports.Table) []reports.Value {
	row := make([]reports.Value, len(table.Columns))
	row[0] = reports.Text(table.Empty)
	return row
}

func cellStyle(column reports.Column, value reports.Value) style {
	s := style{wrap: isTextual(column.Unit), indent: 1}
	if !isTextual(column.Unit) || value.Kind == reports.IsNumber {
		s.horizontal = "right"
	}
	return s
}

func isTextual(unit reports.Unit) bool { return unit == reports.UnitText || unit == "" }

// Widths are in characters of the default font. The first column may be wide, long
// prose wraps, headers wrap between words.
const (
	narrowest    = 11.0
	widest       = 48.0
	filterButton = 2.5 // room that Excel's button takes of a header's longest word
	headerIndent = 1.3
)

func columnWidths(table reports.Table) []float64 {
	widths := make([]float64, len(table.Columns))
	for i, column := range table.Columns {
		width := narrowest
		for word := range strings.FieldsSeq(column.Label) {
			width = max(width, float64(len([]rune(word)))+filterButton+1.5)
		}
		for _, row := range table.Rows {
			width = max(width, float64(len([]rune(row[i].String())))*1.05+3)
		}
		widths[i] = min(width, widest)
	}
	return widths
}

func headerHeight(table reports.Table, widths []float64) float64 {
	lines := 1
	for i, column := range table.Columns {
		lines = max(lines, len(wrap(column.Label, widths[i]-headerIndent)))
	}
	return float64(lines)*15 + 9
}

// rowLines is how many lines the longest text of a row wraps to.
func rowLines(table reports.Table, cells []reports.Value, widths []float64) int {
	lines := 1
	for i, value := range cells {
		if isTextual(table.Columns[i].Unit) {
			lines = max(lines, len(wrap(value.String(), widths[i]*1.08-1)))
		}
	}
	return lines
}

func sum(widths []float64) float64 {
	total := 0.0
	for _, width := range widths {
		total += width
	}
	return total
}

// orientation is landscape for what would be too small on a portrait page.
func orientation(width float64) string {
	if width > 105 {
		return "landscape"
	}
	return "portrait"
}

func (b *book) freeze(sheet string, rows int) {
	below := name(1, rows+1)
	b.try(b.file.SetPanes(sheet, &excelize.Panes{
		Freeze: true, YSplit: rows, TopLeftCell: below, ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A1", ActiveCell: "A1", Pane: "bottomLeft"}},
	}))
}

func (b *book) plainView(sheet string) {
	no, start := false, "A1"
	b.try(b.file.SetSheetView(sheet, 0, &excelize.ViewOptions{ShowGridLines: &no, TopLeftCell: &start}))
}

// page sets up printing: A4, one page wide, the header row repeated, page numbers
// and the document's flags on every page. headerRow 0 repeats nothing.
func (b *book) page(sheet, orientation string, headerRow int) {
	a4, one, any, yes := 9, 1, 0, true
	b.try(b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{
		Size: &a4, Orientation: &orientation, FitToWidth: &one, FitToHeight: &any,
	}))
	b.try(b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
	side, edge, head := 0.5, 0.8, 0.35
	b.try(b.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &edge, Bottom: &edge, Header: &head, Footer: &head,
	}))
	b.try(b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddHeader: marginText("&L", b.doc.Title) + marginText("\n", strings.Join(b.doc.Flags, " · ")),
		OddFooter: marginText("&L", fmt.Sprintf("%s · data til og med %s", b.doc.Creator, reports.Date(b.doc.Issued))) + "&RSide &P af &N",
	}))
	if headerRow > 0 {
		b.try(b.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: sheet,
			RefersTo: fmt.Sprintf("%s!$%d:$%d", quote(sheet), headerRow, headerRow),
		}))
	}
}

// onePage makes the whole sheet fit one printed page.
func (b *book) onePage(sheet string) {
	one := 1
	b.try(b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{FitToHeight: &one}))
}

// marginText is one part of a page header or footer, after a position code or a line
// break. "&" is a code there, and a whole header may have 255 characters.
func marginText(position, text string) string {
	const longest = 110
	if text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest])
	}
	return position + strings.ReplaceAll(clean(text), "&", "&&")
}

func quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }
