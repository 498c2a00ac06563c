package xlsx

import (
	"github.com/den-digitale-hotline/ddh/reports"
)

// contents lists every sheet after itself, with a link and what it shows.
func (b *book) contents() {
	table := reports.Table{
		Name: "indhold",
		Columns: []reports.Column{
			{Key: "sheet", Label: "Ark", Unit: reports.UnitText},
			{Key: "title", Label: "Indhold", Unit: reports.UnitText},
			{Key: "finding", Label: "Det viser tallene", Unit: reports.UnitText},
		},
		Rows: [][]reports.Value{{reports.Text(notesSheet), reports.Text("Sådan læses tallene"), reports.Text("Kilder, forbehold og tegn")}},
	}
	for _, section := range b.tableSections() {
		for i, t := range section.Tables {
			table.Rows = append(table.Rows, []reports.Value{
				reports.Text(sheetName(t)), reports.Text(t.Title), reports.Text(finding(section, i)),
			})
		}
	}
	widths := []float64{24, 44, 56}
	for i, width := range widths {
		b.width(contentsSheet, i+1, width)
	}
	b.sheetHead(contentsSheet, "Indhold", "")
	last := b.excelTable(contentsSheet, "tabel_indhold", table, widths)
	for row := headerRow + 1; row <= last; row++ {
		cells, cell := table.Rows[row-headerRow-1], name(1, row)
		sheet := cells[0].Text
		isOneLine := rowLines(table, cells, widths) == 1
		b.try(b.file.SetCellHyperLink(contentsSheet, cell, quote(sheet)+"!A1", "Location"))
		b.try(b.file.SetCellStyle(contentsSheet, cell, cell, b.style(style{link: true, indent: 1, middle: isOneLine})))
	}
	b.freeze(contentsSheet, headerRow)
	b.page(contentsSheet, "landscape", headerRow)
	b.onePage(contentsSheet)
}

// notes gathers the sections that have no tables: prose, one paragraph per row.
func (b *book) notes() {
	const width = 95.0
	b.width(notesSheet, 1, width)
	b.sheetHead(notesSheet, "Sådan læses tallene", "")
	row := headerRow
	for i, section := range b.doc.Sections {
		if i == 0 || len(section.Tables) > 0 {
			continue
		}
		for _, note := range section.Notes {
			b.text(notesSheet, 1, row, note, style{wrap: true})
			b.height(notesSheet, row, float64(len(wrap(note, width*1.08)))*15+6)
			row++
		}
	}
	b.page(notesSheet, "portrait", 0)
}
