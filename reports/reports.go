// Package reports is the content model of everything that goes out to people: a
// report is built once as values (Document, Section, Tile, Table, Chart) and
// encoded to several formats, so a figure cannot differ between them. It also owns
// the Danish way of writing periods, numbers, durations and dates (DOMAIN §5).
//
// It knows no database, no file format and no KPI by name, and it imports nothing
// but the standard library. Builders (reports/leader) make documents; encoders
// (reports/xlsx) write them; neither knows the other.
package reports
