package dropfolder

import (
	"context"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// Day numbers of 1970-01-01 in the two calendars of Excel.
const (
	serialEpoch1900 = 25569
	serialEpoch1904 = 24107
)

// maxWorkbook bounds what a workbook may unpack to. It all stays in memory: the
// library's temporary files would put citizens' numbers on the disk.
const maxWorkbook = 1 << 30

// headerWithin is how many lines of titles may stand above a header.
const headerWithin = 30

// book is a workbook on its way into a delivery.
type book struct {
	*excelize.File
	delivery *delivery
	format   convert.Format
	sheets   int   // that have a table
	number   int64 // rows read so far, over all sheets
	nearest  *header
}

// header is the line of a sheet that looks most like the table's header.
type header struct {
	sheet  string
	fields []string
	line   int64
	known  int // names that the contract knows
}

// readWorkbook reads an .xlsx file: every visible sheet that has the table's header is a
// part of the table, since months and long tables are laid out so. Titles above the
// header, sheets without one and hidden sheets are passed over, and named.
func readWorkbook(ctx context.Context, d *delivery) error {
	file, err := excelize.OpenFile(d.input.path, excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: maxWorkbook,
	})
	if err != nil {
		return etl.Fault{
			Message: fmt.Sprintf("the file is no workbook that can be read: %v", err),
			Try:     "save it again as .xlsx without a password, or as CSV",
		}
	}
	defer file.Close()
	b := &book{File: file, delivery: d, format: convert.Format{SerialEpoch: serialEpoch1900}}
	if properties, err := file.GetWorkbookProps(); err == nil && properties.Date1904 != nil && *properties.Date1904 {
		b.format.SerialEpoch = serialEpoch1904
	}
	var without, hidden []string
	for _, name := range file.GetSheetList() {
		if visible, err := file.GetSheetVisible(name); err == nil && !visible {
			hidden = append(hidden, name)
			continue
		}
		found, empty, err := b.findHeader(name)
		if err != nil {
			return err
		}
		switch {
		case found != nil:
			if err := b.readSheet(ctx, *found); err != nil {
				return err
			}
		case !empty:
			without = append(without, name)
		}
	}
	if b.sheets == 0 {
		return b.noTable(hidden)
	}
	b.passedOver("sheet-without-the-table", "have no line with the table's columns and are not read", without)
	b.passedOver("hidden-sheet", "are hidden and are not read", hidden)
	return nil
}

func (b *book) passedOver(rule, what string, sheets []string) {
	if len(sheets) == 0 {
		return
	}
	b.delivery.notice(etl.Notice{
		Rule: rule, Count: int64(len(sheets)), Message: fmt.Sprintf("the sheets %s %s", quoted(sheets), what),
		Try: "check that they hold nothing of the table, or give them its header",
	})
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(list, ", ")
}

// noTable is the fault of a workbook without the table: what is wrong with the line that
// comes nearest.
func (b *book) noTable(hidden []string) error {
	if b.nearest != nil {
		_, err := b.delivery.begin(b.nearest.fields, b.nearest.line, b.format)
		if err != nil {
			return err
		}
	}
	message := "no visible sheet has anything in it"
	if len(hidden) > 0 {
		message += fmt.Sprintf("; hidden are %s", quoted(hidden))
	}
	return etl.Fault{Message: message, Try: "put the table on a sheet that can be seen"}
}

// findHeader looks for the first line that has all the required columns.
func (b *book) findHeader(name string) (found *header, empty bool, err error) {
	sheet, err := b.Rows(name)
	if err != nil { // a sheet of another kind, such as a chart
		return nil, false, nil
	}
	defer sheet.Close()
	empty = true
	for line := int64(1); sheet.Next() && line <= headerWithin; line++ {
		fields, err := sheet.Columns()
		if err != nil {
			return nil, false, err
		}
		if fields = trimEmpty(fields); len(fields) == 0 {
			continue
		}
		empty = false
		h := header{sheet: name, fields: fields, line: line}
		h.known = convert.Recognised(b.delivery.batch.Table, fields, b.delivery.names())
		if b.nearest == nil || h.known > b.nearest.known {
			b.nearest = &h
		}
		if b.delivery.hasRequired(fields) {
			return &h, false, nil
		}
	}
	return nil, empty, sheet.Error()
}

// hasRequired reports whether a header has every column that the contract requires.
func (d *delivery) hasRequired(fields []string) bool {
	have := map[string]bool{}
	for _, field := range fields {
		for _, c := range d.fedBy(field) {
			have[c.Name] = true
		}
	}
	for _, c := range d.batch.Table.Columns {
		if c.Required && !have[c.Name] {
			return false
		}
	}
	return len(have) > 0
}

// trimEmpty cuts empty cells off the end of a row.
func trimEmpty(fields []string) []string {
	for len(fields) > 0 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	return fields
}
