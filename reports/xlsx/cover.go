package xlsx

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// The cover's grid: three wide columns with narrow ones between, so that tiles
// stand apart without merged cells.
const (
	tileWidth  = 31.0 // characters
	gapWidth   = 1.6
	coverWidth = 3*tileWidth + 2*gapWidth
)

// cover lays out the document's title, flags and first section: finding, tiles,
// tables as plain rows, facts.
func (b *book) cover() {
	for column := 1; column <= 5; column++ {
		if column%2 == 1 {
			b.width(coverSheet, column, tileWidth)
		} else {
			b.width(coverSheet, column, gapWidth)
		}
	}
	b.plainView(coverSheet)
	b.text(coverSheet, 1, 1, b.doc.Title, style{size: 20, bold: true, colour: navy})
	b.height(coverSheet, 1, 30)
	row := 2
	if b.doc.Subtitle != "" {
		b.text(coverSheet, 1, row, b.doc.Subtitle, style{size: 12, colour: grey})
		row++
	}
	if len(b.doc.Flags) > 0 {
		b.text(coverSheet, 1, row, "▲ "+strings.Join(b.doc.Flags, " · "), style{size: 12, bold: true, colour: rust})
		row++
	}
	row++
	if len(b.doc.Sections) > 0 {
		row = b.coverSection(b.doc.Sections[0], row)
	}
	b.coverFacts(row)
	b.page(coverSheet, "portrait", 0)
	b.onePage(coverSheet)
}

func (b *book) coverSection(section reports.Section, row int) int {
	row = b.lines(coverSheet, row, section.Finding, style{size: 13, bold: true}, coverWidth*0.84)
	row++
	for first := 0; first < len(section.Tiles); first += 3 {
		row = b.tiles(section.Tiles[first:min(first+3, len(section.Tiles))], row) + 1
	}
	for _, table := range section.Tables {
		row = b.coverTable(table, row) + 1
		for _, note := range table.Footnotes() {
			row = b.lines(coverSheet, row, note, style{colour: grey}, coverWidth*1.1)
		}
	}
	for _, note := range section.Footnotes() {
		row = b.lines(coverSheet, row, note, style{colour: grey}, coverWidth*1.1)
	}
	return row + 1
}

// tiles puts up to three tiles side by side, line for line.
func (b *book) tiles(tiles []reports.Tile, row int) int {
	lines := []struct {
		height float64
		write  func(tile reports.Tile, column, row int)
	}{
		{22, func(t reports.Tile, c, r int) {
			b.text(coverSheet, c, r, t.Label, tileStyle(style{size: 13, bold: true, colour: navy, top: statusColour(t.Status), middle: true}))
		}},
		{42, func(t reports.Tile, c, r int) {
			b.set(coverSheet, c, r, t.Value, tileStyle(style{size: 30, bold: true, horizontal: "left", middle: true}))
		}},
		{18, func(t reports.Tile, c, r int) {
			b.text(coverSheet, c, r, t.Status.TextFor(t.Value, t.Direction), tileStyle(style{size: 12, bold: true, colour: statusColour(t.Status)}))
		}},
		{18, func(t reports.Tile, c, r int) {
			b.text(coverSheet, c, r, "Mål: "+t.Direction.TargetText(t.Target), tileStyle(style{}))
		}},
		{31, func(t reports.Tile, c, r int) { b.change(t.Previous, c, r) }},
		{31, func(t reports.Tile, c, r int) { b.change(t.LastYear, c, r) }},
		{18, func(t reports.Tile, c, r int) {
			b.text(coverSheet, c, r, fmt.Sprintf("n = %s %s", reports.Integer(float64(t.N)), t.NLabel), tileStyle(style{colour: grey}))
		}},
		{tilesHeight(tiles), func(t reports.Tile, c, r int) {
			b.text(coverSheet, c, r, t.Finding, tileStyle(style{wrap: true, bottom: rule}))
		}},
	}
	for _, line := range lines {
		b.height(coverSheet, row, line.height)
		for i, tile := range tiles {
			line.write(tile, 2*i+1, row)
		}
		row++
	}
	return row
}

// tileStyle sets what all cells of a tile have in common.
func tileStyle(s style) style {
	s.fill, s.indent = tint, 1
	return s
}

// change is two lines such as "0:52 i 2. kvartal 2026" and "ændring: -5 sek.".
func (b *book) change(change reports.Change, column, row int) {
	text := fmt.Sprintf("%s i %s", change.Value.Marked(), change.Against)
	if change.Value.IsMissing() {
		text = "ingen tal fra " + change.Against
	} else if change.Difference != reports.Missing {
		text += "\nændring: " + change.Difference
	}
	b.text(coverSheet, column, row, text, tileStyle(style{colour: grey, wrap: true}))
}

// tilesHeight is room for the longest of the findings.
func tilesHeight(tiles []reports.Tile) float64 {
	longest := 1
	for _, tile := range tiles {
		longest = max(longest, len(wrap(tile.Finding, tileWidth*1.1)))
	}
	return float64(longest)*15 + 6
}

// coverTable writes a table of at most three columns as plain rows under the tiles.
// Wider tables have no room here and get a sheet of their own from their section.
func (b *book) coverTable(table reports.Table, row int) int {
	b.text(coverSheet, 1, row, table.Title, style{size: 13, bold: true, colour: navy})
	b.height(coverSheet, row, 22)
	row++
	columns := min(len(table.Columns), 3)
	for i := range columns {
		b.coverCell(row, i, reports.Text(table.Columns[i].Label), style{bold: true, bottom: grey, wrap: true})
	}
	marked := markedColumns(table)
	for _, cells := range table.Rows {
		row++
		for i := range columns {
			b.coverCell(row, i, cells[i], style{bottom: rule, marked: marked[i]})
		}
	}
	return row + 1
}

// coverCell writes a cell of a plain table, and its line across the gap before it.
func (b *book) coverCell(row, i int, value reports.Value, s style) {
	if i > 0 {
		gap := name(2*i, row)
		b.try(b.file.SetCellStyle(coverSheet, gap, gap, b.style(style{bottom: s.bottom})))
		s.horizontal = "right"
	}
	b.set(coverSheet, 2*i+1, row, value, s)
}

func (b *book) coverFacts(row int) int {
	for _, fact := range b.doc.Facts {
		b.text(coverSheet, 1, row, fact.Label, style{colour: grey})
		b.set(coverSheet, 3, row, fact.Value, style{horizontal: "left"})
		row++
	}
	return row
}

// lines writes a text over as many rows as it needs in the given width of
// characters, for cells that cannot wrap because they run on over their neighbours.
func (b *book) lines(sheet string, row int, text string, s style, width float64) int {
	if text == "" {
		return row
	}
	for _, line := range wrap(text, width) {
		b.text(sheet, 1, row, line, s)
		row++
	}
	return row
}

// wrap breaks a text at spaces into lines of at most about width characters, and words
// that are longer than a line where it ends, as Excel does.
func wrap(text string, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for runes := []rune(word); float64(len(runes)) > width && width >= 1; {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines = append(lines, string(runes[:int(width)]))
			runes = runes[int(width):]
			word = string(runes)
		}
		if line != "" && float64(len([]rune(line))+1+len([]rune(word))) > width {
			lines = append(lines, line)
			line = word
			continue
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
