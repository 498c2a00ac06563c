package config

import (
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

// The orders of dates and the decimal marks that [sources.<name>.formats] knows.
var (
	dayMonths    = []string{"dmy", "mdy", "ymd"}
	decimalMarks = []string{",", "."}
)

// formats reads [sources.<name>.formats], how a source writes dates and numbers that
// could be read in two ways, and below it [….formats.<table>] column = "dmy" or ",".
func formats(of sourceKind, s section) etl.Formats {
	if len(s.values) == 0 {
		return etl.Formats{}
	}
	f := etl.Formats{
		DayMonth: s.choiceOr("day_month", "", dayMonths),
		Decimal:  s.choiceOr("decimal", "", decimalMarks),
		Columns:  map[string]map[string]string{},
	}
	tables := of.tables
	if of.name == "puzzel" { // its folder may hold the surveys as well
		tables = slices.Concat(tables, survey.Tables())
	}
	for _, table := range tables {
		s.know(table.Name)
		if s.has(table.Name) {
			f.Columns[table.Name] = columnFormats(table, s.table(table.Name))
		}
	}
	s.closeAs("there is no table or format %q in this source")
	return f
}

// columnFormats reads the formats of one table's columns, by what their values are.
func columnFormats(table etl.Table, s section) map[string]string {
	all := map[string]string{}
	for _, column := range table.Columns {
		choices := choicesOf(column.Type)
		if choices == nil {
			continue
		}
		s.know(column.Name)
		if s.has(column.Name) {
			all[column.Name] = s.choiceOr(column.Name, "", choices)
		}
	}
	s.closeAs("there is no column %q with times or numbers in the table " + table.Name)
	return all
}

// choicesOf are the formats that values of a type can have; nil for none.
func choicesOf(t etl.Type) []string {
	switch t {
	case etl.LocalTime, etl.Instant, etl.Date:
		return dayMonths
	case etl.Integer, etl.Identifier, etl.Decimal:
		return decimalMarks
	}
	return nil
}
