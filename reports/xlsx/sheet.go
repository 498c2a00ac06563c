package xlsx

import (
	"fmt"
	"slices"
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

// place is where a table lies; rows are those that a chart can draw.
type place struct {
	sheet string
	rows  int
}

// finding is the sentence of a section's table: its own, or the section's for the
// first one.
func finding(section reports.Section, table int) string {
	if own := section.Tables[table].Finding; own != "" || table > 0 {
		return own
	}
	return section.Finding
}

// tableSheet writes one table of a section on its own sheet; the first one carries
// the section's notes and charts.
func (b *book) tableSheet(section reports.Section, number int) {
	table, isFirst := section.Tables[number], number == 0
	sheet := sheetName(table)
	widths := columnWidths(table)
	b.sheetHead(sheet, table.Title, finding(section, number))
	for i, width := range widths {
		b.width(sheet, i+1, width)
	}
	last := b.excelTable(sheet, "tabel_"+table.Name, table, widths)
	b.places[table.Name] = place{sheet: sheet, rows: last - headerRow}
	b.heat(sheet, table)
	last = b.totals(sheet, table, last+1, widths)

	row := last + 2
	notes := table.Footnotes()
	if isFirst {
		notes = append(notes, section.Footnotes()...)
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
	marked := markedColumns(table)
	for r, cells := range rows {
		b.tableRow(sheet, table, headerRow+1+r, cells, widths, func(i int, s style) style {
			s.marked = marked[i]
			return s
		})
	}
	last := headerRow + len(rows)
	b.try(b.file.AddTable(sheet, &excelize.Table{
		Range:     name(1, headerRow) + ":" + name(len(table.Columns), last),
		Name:      id,
		StyleName: "TableStyleLight1",
	}))
	return last
}

// tableRow writes the cells of one row, each in its column's style as dress leaves it.
func (b *book) tableRow(sheet string, table reports.Table, row int, cells []reports.Value, widths []float64, dress func(column int, s style) style) {
	lines := min(rowLines(table, cells, widths), mostLines)
	for i, value := range cells {
		if value.Kind == reports.IsText && isTextual(table.Columns[i].Unit) {
			value = reports.Text(fitted(value.String(), textWidth(widths[i])))
		}
		s := cellStyle(table.Columns[i], value)
		s.middle = lines == 1
		b.set(sheet, i+1, row, value, dress(i, s))
	}
	b.height(sheet, row, float64(lines)*15+3)
}

// totals writes the rows that add a table up from the given row on, and returns the
// last one. They stand right below the Excel table and are no part of it, so that
// sorting leaves them where they are.
func (b *book) totals(sheet string, table reports.Table, row int, widths []float64) int {
	marked := markedColumns(table)
	for i, cells := range table.Totals {
		b.tableRow(sheet, table, row+i, cells, widths, func(column int, s style) style {
			s.marked, s.bold, s.fill = marked[column], true, tint
			return s
		})
	}
	return row - 1 + len(table.Totals)
}

// markedColumns tells which columns have an uncertain number.
func markedColumns(table reports.Table) []bool {
	marked := make([]bool, len(table.Columns))
	for _, row := range slices.Concat(table.Rows, table.Totals) {
		for i, value := range row {
			marked[i] = marked[i] || value.Uncertain
		}
	}
	return marked
}

// heat shades the cells of a table's rows by their size, totals apart.
func (b *book) heat(sheet string, table reports.Table) {
	if table.Heat == (reports.Heat{}) || len(table.Rows) == 0 {
		return
	}
	from, to := table.Index(table.Heat.From), table.Index(table.Heat.To)
	cells := name(from+1, headerRow+1) + ":" + name(to+1, headerRow+len(table.Rows))
	b.try(b.file.SetConditionalFormat(sheet, cells, []excelize.ConditionalFormatOptions{{
		Type: "2_color_scale", Criteria: "=",
		MinType: "min", MinColor: "#" + white, MaxType: "max", MaxColor: "#" + shade,
	}}))
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
	if !isTextual(column.Unit) && value.Kind == reports.IsText {
		s.colour = grey // a word in place of a number steps back behind the numbers
	}
	return s
}

func isTextual(unit reports.Unit) bool { return unit == reports.UnitText || unit == "" }

// Widths are in characters of the default font. The first column may be wide, long
// prose wraps, headers wrap between words.
const (
	narrowest    = 11.0
	narrowText   = 9.0
	widest       = 48.0
	filterButton = 2.5 // room that Excel's button takes of a header's longest word
	headerIndent = 1.3
)

func columnWidths(table reports.Table) []float64 {
	widths := make([]float64, len(table.Columns))
	for i, column := range table.Columns {
		width := narrowest
		if isTextual(column.Unit) {
			width = narrowText
		}
		for word := range strings.FieldsSeq(column.Label) {
			width = max(width, float64(len([]rune(word)))+filterButton+1.5)
		}
		for _, row := range slices.Concat(table.Rows, table.Totals) {
			width = max(width, float64(len([]rune(row[i].Marked())))*1.05+3)
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

// mostLines is how many lines fit into the highest row that Excel has, 409 points.
const mostLines = 27

// textWidth is how many characters of prose a line of a column takes.
func textWidth(width float64) float64 { return width*1.08 - 1 }

// fitted is a text as a cell can show it: one that would run over the highest row, such
// as a guide whose whole body was pasted into its title, ends with "…" where that is
// full, and line breaks are blanks.
func fitted(text string, width float64) string {
	lines := wrap(text, width)
	if len(lines) <= mostLines {
		if strings.ContainsAny(text, "\r\n") {
			return strings.Join(strings.Fields(text), " ")
		}
		return text
	}
	last := []rune(lines[mostLines-1])
	if room := int(width) - 2; len(last) > room {
		last = last[:room]
	}
	return strings.Join(lines[:mostLines-1], " ") + " " + string(last) + " …"
}

// rowLines is how many lines the longest text of a row wraps to.
func rowLines(table reports.Table, cells []reports.Value, widths []float64) int {
	lines := 1
	for i, value := range cells {
		if isTextual(table.Columns[i].Unit) {
			lines = max(lines, len(wrap(value.String(), textWidth(widths[i]))))
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
