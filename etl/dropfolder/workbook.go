package dropfolder

import (
	"context"
	"fmt"

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

// readWorkbook reads the first sheet of an .xlsx file. Its first row that is not
// empty is the header.
func readWorkbook(ctx context.Context, d *delivery) error {
	book, err := excelize.OpenFile(d.input.path, excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: maxWorkbook,
	})
	if err != nil {
		return etl.Fault{
			Message: fmt.Sprintf("the file is no workbook that can be read: %v", err),
			Try:     "save it again as .xlsx without a password, or as CSV",
		}
	}
	defer book.Close()
	format := convert.Format{SerialEpoch: serialEpoch1900}
	if properties, err := book.GetWorkbookProps(); err == nil && properties.Date1904 != nil && *properties.Date1904 {
		format.SerialEpoch = serialEpoch1904
	}
	sheet, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return err
	}
	defer sheet.Close()
	if err := d.readSheet(ctx, sheet, format); err != nil {
		return err
	}
	return sheet.Error()
}

func (d *delivery) readSheet(ctx context.Context, sheet *excelize.Rows, format convert.Format) error {
	var taken *rows
	var plan *convert.Plan
	for line := int64(1); sheet.Next(); line++ {
		fields, err := sheet.Columns()
		if err != nil {
			return err
		}
		if fields = trimEmpty(fields); len(fields) == 0 {
			continue
		}
		if taken == nil {
			if plan, err = d.begin(fields, line, format); err != nil {
				return err
			}
			taken = d.rows(plan)
			continue
		}
		for len(fields) < plan.Width() { // empty cells at the end are not in the file
			fields = append(fields, "")
		}
		if err := taken.add(ctx, line, fields); err != nil {
			return err
		}
	}
	if taken == nil {
		return etl.Fault{Message: "the first sheet is empty", Try: "put the table on the first sheet"}
	}
	return taken.close()
}

// trimEmpty cuts empty cells off the end of a row.
func trimEmpty(fields []string) []string {
	for len(fields) > 0 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	return fields
}
