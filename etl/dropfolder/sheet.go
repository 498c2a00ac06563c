package dropfolder

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/den-digitale-hotline/ddh/etl"
)

// sheet is a sheet that has the table.
type sheet struct {
	*book
	header
	bound    []bool // columns that the contract reads
	identify []bool // of those, the ones whose values tell things apart
	kept     []bool // of those, the ones in which an error says something (etl.Look.Failed)
	merged   map[[2]int]string
	looked   []int // per column, the empty cells that were looked at for a formula

	repeated, totals, hidden int64
	errors, unread           []int64 // per column: cells that show an error; formulas without a value
}

// emptyLooks is how many empty cells of a column are asked for a formula: where values
// were not saved, it is those of the whole column.
const emptyLooks = 50

// largeSheet is the size of a file, in bytes, from which merged cells and formulas are
// not looked for: to do so a sheet must be in memory as a whole.
const largeSheet = 32 << 20

// readSheet reads the rows below a sheet's header.
func (b *book) readSheet(ctx context.Context, h header) error {
	plan, err := b.delivery.begin(h.fields, h.line, b.format)
	if err != nil {
		return err
	}
	b.sheets++
	width := plan.Width()
	s := &sheet{book: b, header: h, bound: make([]bool, width), identify: make([]bool, width), kept: make([]bool, width),
		looked: make([]int, width), errors: make([]int64, width), unread: make([]int64, width)}
	for i, name := range h.fields {
		fed := b.delivery.fedBy(name)
		s.bound[i] = len(fed) > 0
		s.identify[i] = slices.ContainsFunc(fed, b.delivery.identifies)
		s.kept[i] = slices.ContainsFunc(fed, func(c etl.Column) bool { return c.Look.Failed })
	}
	if s.merged, err = s.mergedCells(); err != nil {
		return err
	}
	taken := b.delivery.rows(plan)
	taken.number, taken.sheet = b.number, h.sheet
	if err := s.read(ctx, taken, width); err != nil {
		return err
	}
	b.number = taken.number
	s.tell()
	return taken.close()
}

func (s *sheet) read(ctx context.Context, taken *rows, width int) error {
	lines, err := s.Rows(s.sheet)
	if err != nil {
		return err
	}
	defer lines.Close()
	for line := int64(1); lines.Next(); line++ {
		hidden := lines.GetRowOpts().Hidden
		fields, err := lines.Columns()
		if err != nil {
			return err
		}
		if line <= s.line {
			continue
		}
		if fields = trimEmpty(fields); len(fields) == 0 {
			continue
		}
		for len(fields) < width { // empty cells at the end are not in the file
			fields = append(fields, "")
		}
		switch {
		case s.isHeader(fields):
			s.repeated++
			continue
		case isTotal(fields):
			s.totals++
			continue
		case hidden:
			s.hidden++
		}
		if err := s.settle(fields, line); err != nil {
			return err
		}
		if err := taken.add(ctx, line, fields); err != nil {
			return err
		}
	}
	return lines.Error()
}

// isHeader reports whether a row says the header once more, as printed tables do.
func (s *sheet) isHeader(fields []string) bool {
	for i, name := range s.fields {
		if !strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(fields[i])) {
			return false
		}
	}
	return true
}

// isTotal reports whether a row adds the others up.
func isTotal(fields []string) bool {
	for _, text := range fields {
		if text = strings.ToLower(strings.Trim(text, " :.\u00a0")); text != "" {
			return slices.Contains([]string{"i alt", "ialt", "total", "totalt", "sum", "hovedtotal", "grand total", "samlet"}, text)
		}
	}
	return false
}

// cellErrors is what a cell shows that has no value, in the languages that are met.
var cellErrors = []string{
	"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
	"#I/T", "#REFERENCE!", "#VÆRDI!", "#DIVISION/0!", "#NAVN?", "#NUL!",
}

// settle finds out what a row's cells mean where their texts do not tell.
func (s *sheet) settle(fields []string, line int64) error {
	for i := range s.fields {
		if !s.bound[i] {
			continue
		}
		text := fields[i]
		switch {
		case text == "":
			if text = s.merged[[2]int{i + 1, int(line)}]; text != "" {
				fields[i] = text
			} else if err := s.lookForFormula(i, line); err != nil {
				return err
			}
		case text[0] == '#' && !s.kept[i] && slices.Contains(cellErrors, strings.ToUpper(text)):
			fields[i] = ""
			s.errors[i]++
		case s.identify[i] && looksRounded(text):
			if err := s.faultNumber(i, line, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// looksRounded reports whether a text can be of a number with more digits than a
// spreadsheet keeps, which are fifteen.
func looksRounded(text string) bool {
	if strings.ContainsAny(text, "eE") && strings.Trim(text, "0123456789.+-eE") == "" {
		return true
	}
	return len(text) > 15 && strings.Trim(text, "0123456789") == ""
}

// faultNumber refuses an identifier that is a number of more than fifteen digits.
func (s *sheet) faultNumber(column int, line int64, text string) error {
	cell, err := excelize.CoordinatesToCellName(column+1, int(line))
	if err != nil {
		return err
	}
	kind, err := s.GetCellType(s.sheet, cell)
	if err != nil {
		return err
	}
	if kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		return nil
	}
	return etl.Fault{
		Line: line, Column: s.fields[column],
		Message: fmt.Sprintf("sheet %q holds the number %s, and a spreadsheet keeps fifteen digits: identifiers have been rounded, "+
			"and several have become one", s.sheet, text),
		Try: "export the column as text, or the table as CSV without opening it in a spreadsheet",
	}
}

// lookForFormula counts formulas whose value was not saved with them.
func (s *sheet) lookForFormula(column int, line int64) error {
	if s.looked[column] == emptyLooks || s.delivery.input.size > largeSheet {
		return nil
	}
	s.looked[column]++
	cell, err := excelize.CoordinatesToCellName(column+1, int(line))
	if err != nil {
		return err
	}
	formula, err := s.GetCellFormula(s.sheet, cell)
	if err == nil && formula != "" {
		s.unread[column]++
	}
	return err
}

// mergedCells are the cells below the header that show the value of another one.
func (s *sheet) mergedCells() (map[[2]int]string, error) {
	if s.delivery.input.size > largeSheet {
		s.delivery.notice(etl.Notice{
			Rule: "sheet-not-examined", Message: "the workbook is large, so merged cells and formulas without a value were not looked for",
			Try: "export the table as CSV",
		})
		return nil, nil
	}
	areas, err := s.GetMergeCells(s.sheet)
	if err != nil {
		return nil, err
	}
	merged := map[[2]int]string{}
	for _, area := range areas {
		fromColumn, fromRow, err := excelize.CellNameToCoordinates(area.GetStartAxis())
		if err != nil {
			return nil, err
		}
		_, toRow, err := excelize.CellNameToCoordinates(area.GetEndAxis())
		if err != nil {
			return nil, err
		}
		for row := max(fromRow, int(s.line)+1); row <= min(toRow, fromRow+maxMerged); row++ {
			merged[[2]int{fromColumn, row}] = area.GetCellValue()
		}
	}
	return merged, nil
}

// maxMerged bounds how many rows one merged cell may reach over.
const maxMerged = 100_000

// tell says what was done with the sheet beyond reading its rows.
func (s *sheet) tell() {
	note := func(count int64, column, rule, message, try string) {
		if count > 0 {
			s.delivery.notice(etl.Notice{Column: column, Rule: rule, Count: count, Try: try,
				Message: fmt.Sprintf("sheet %q: %s", s.sheet, message)})
		}
	}
	note(s.repeated, "", "header-repeated", "lines that say the header again are passed over", "")
	note(s.totals, "", "total-row", "lines of totals are passed over", "")
	note(s.hidden, "", "hidden-rows", "rows that are hidden or filtered out are read like the others", "delete them if they do not count")
	for i, name := range s.fields {
		note(s.errors[i], name, "cell-shows-an-error", "cells that show an error, such as #N/A, are read as empty", "mend the formulas and export again")
		note(s.unread[i], name, "formula-without-value", "formulas have no value saved with them and are read as empty",
			"open the workbook in Excel, save it and deliver it again")
	}
}
