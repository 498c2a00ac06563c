// Package xlsx encodes a reports.Document as an Excel workbook (PUBLISHING §5): a
// cover page, contents, notes, and then one real Excel table per sheet with its
// native charts. It adds no figure and no judgement of its own, and it must not
// know which report it encodes.
//
// The same document always gives the same bytes.
package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/xuri/excelize/v2"
)

// Names of the sheets that every workbook begins with.
const (
	coverSheet    = "Forside"
	contentsSheet = "Indhold"
	notesSheet    = "Læsevejledning"
)

// Encoder writes one document to a writer.
type Encoder struct{ w io.Writer }

// New returns an encoder that writes to w.
func New(w io.Writer) *Encoder { return &Encoder{w: w} }

// Encode writes the workbook. Nothing is written when the document is faulty.
func (e *Encoder) Encode(doc reports.Document) error {
	if err := doc.Check(); err != nil {
		return fmt.Errorf("encode %q as xlsx: %w", doc.Title, err)
	}
	file := excelize.NewFile()
	defer file.Close()
	b := &book{file: file, doc: doc, styles: map[style]int{}, places: map[string]place{}, extents: map[string]extent{}}
	if err := b.build(); err != nil {
		return fmt.Errorf("encode %q as xlsx: %w", doc.Title, err)
	}
	var raw bytes.Buffer
	if err := file.Write(&raw); err != nil {
		return fmt.Errorf("encode %q as xlsx: %w", doc.Title, err)
	}
	if err := normalise(e.w, raw.Bytes(), doc.Language); err != nil {
		return fmt.Errorf("encode %q as xlsx: %w", doc.Title, err)
	}
	return nil
}

// book is the workbook in the making. Its methods keep the first error and do
// nothing after it, so that the layout code reads as layout.
type book struct {
	file    *excelize.File
	doc     reports.Document
	styles  map[style]int
	places  map[string]place  // where each table lies, by table name
	extents map[string]extent // what each sheet uses, by sheet name
	err     error
}

// extent is the last column and row that a sheet uses, from 1.
type extent struct{ column, row int }

func (b *book) build() error {
	b.try(b.file.SetDefaultFont(fontFamily))
	b.properties()
	b.try(b.file.SetSheetName("Sheet1", coverSheet))
	b.sheet(contentsSheet)
	b.sheet(notesSheet)
	for _, section := range b.tableSections() {
		for _, table := range section.Tables {
			b.sheet(sheetName(table))
		}
	}
	b.cover()
	b.notes()
	for _, section := range b.tableSections() {
		for i := range section.Tables {
			b.tableSheet(section, i)
		}
	}
	b.contents()
	b.dimensions()
	b.file.SetActiveSheet(0)
	return b.err
}

// tableSections are the sections after page one that have tables.
func (b *book) tableSections() []reports.Section {
	var list []reports.Section
	for i, section := range b.doc.Sections {
		if i > 0 && len(section.Tables) > 0 {
			list = append(list, section)
		}
	}
	return list
}

func (b *book) properties() {
	stamp := b.doc.Issued.UTC().Format(time.RFC3339)
	b.try(b.file.SetDocProps(&excelize.DocProperties{
		Title:          clean(b.doc.Title),
		Subject:        clean(b.doc.Subtitle),
		Creator:        clean(b.doc.Creator),
		LastModifiedBy: clean(b.doc.Creator),
		Keywords:       clean(strings.Join(b.doc.Flags, ", ")),
		Description:    clean(b.doc.Period.Label()),
		Identifier:     clean(b.doc.Release),
		Language:       b.doc.Language,
		Created:        stamp,
		Modified:       stamp,
	}))
	b.try(b.file.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel", Company: clean(b.doc.Creator)}))
}

// dimensions says how far each sheet goes: readers that stream a sheet trust it.
func (b *book) dimensions() {
	for sheet, last := range b.extents {
		b.try(b.file.SetSheetDimension(sheet, "A1:"+name(last.column, last.row)))
	}
}

func (b *book) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) sheet(name string) {
	_, err := b.file.NewSheet(name)
	b.try(err)
}

// set writes a value and its style into one cell; column and row count from 1.
func (b *book) set(sheet string, column, row int, value reports.Value, s style) {
	cell := name(column, row)
	used := b.extents[sheet]
	b.extents[sheet] = extent{column: max(used.column, column), row: max(used.row, row)}
	switch value.Kind {
	case reports.IsNumber:
		s.format = cellFormat(value) + markFormat(value, s.marked)
		number := stored(value)
		b.try(b.file.SetCellFloat(sheet, cell, number, decimals(number), 64))
	case reports.IsDate:
		s.format = "yyyy-mm-dd"
		b.try(b.file.SetCellValue(sheet, cell, value.Date))
	default:
		// SetCellStr stores a shared string: text that begins with = + - @ is never
		// a formula.
		b.try(b.file.SetCellStr(sheet, cell, clean(value.String())))
	}
	b.try(b.file.SetCellStyle(sheet, cell, cell, b.style(s)))
}

func (b *book) text(sheet string, column, row int, text string, s style) {
	b.set(sheet, column, row, reports.Text(text), s)
}

func (b *book) width(sheet string, column int, width float64) {
	letter, err := excelize.ColumnNumberToName(column)
	b.try(err)
	b.try(b.file.SetColWidth(sheet, letter, letter, width))
}

// height sets a row's height, as high as Excel lets it be.
func (b *book) height(sheet string, row int, points float64) {
	b.try(b.file.SetRowHeight(sheet, row, min(points, excelize.MaxRowHeight)))
}

const secondsPerDay = 24 * 60 * 60

// stored is the number as Excel keeps it: durations are fractions of a day.
func stored(v reports.Value) float64 {
	if v.Format.Unit == reports.UnitSeconds {
		return v.Number / secondsPerDay
	}
	return v.Number
}

// decimals is how many decimals it takes to write a number so that reading gives the
// same one. Left to itself, excelize cuts numbers off after 15 digits, and the
// workbook would differ from every other place in the last ones (DOMAIN §4).
func decimals(x float64) int {
	_, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return len(fraction)
}

// numberFormat is written in the notation that Excel translates to the reader's
// locale.
func numberFormat(f reports.Format) string {
	decimals := ""
	if f.Decimals > 0 {
		decimals = "." + strings.Repeat("0", f.Decimals)
	}
	switch f.Unit {
	case reports.UnitSeconds:
		return "[m]:ss"
	case reports.UnitShare:
		return "0" + decimals + "%"
	}
	return "#,##0" + decimals
}

// cellFormat is the format of a number in a cell: a wait for a callback can last days,
// which minutes alone do not tell.
func cellFormat(v reports.Value) string {
	if v.Format.Unit == reports.UnitSeconds && math.Abs(v.Number) >= 3600 {
		return "[h]:mm:ss"
	}
	return numberFormat(v.Format)
}

// markFormat is what follows a number: the mark of an uncertain one, as a part of
// how it is shown, so that the cell stays a number. In columns with marks the others
// get room as wide, so that their digits stay below each other.
func markFormat(value reports.Value, isMarkedColumn bool) string {
	switch {
	case value.Uncertain:
		return `"` + reports.UncertainMark + `"`
	case isMarkedColumn:
		return "_0" // a figure is as wide as the mark
	}
	return ""
}

// name is a cell's A1 name. Coordinates come from the layout, never from data.
func name(column, row int) string {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err)
	}
	return cell
}

// clean drops the control characters that XML cannot hold, and cuts at Excel's
// limit for a cell.
func clean(text string) string {
	const longest = 32767
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest])
	}
	return text
}

// sheetName makes a table's short title fit for a tab: at most 31 characters,
// without those that Excel refuses.
func sheetName(table reports.Table) string {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return -1
		}
		return r
	}, clean(table.Short))
	if runes := []rune(text); len(runes) > excelize.MaxSheetNameLength {
		text = string(runes[:excelize.MaxSheetNameLength])
	}
	return text
}
