package web

import (
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Shape says what an answer holds and what of it may leave this package. Values of
// columns that the contract does not read are never handed out, whatever they are
// called; the columns' names are, so that drift is seen.
type Shape struct {
	Table etl.Table
	Names map[string]string // contract column to its name in the source, where it differs
	// Array is the JSON array that holds the rows; "": the answer itself, or the one
	// named like the table, or the only one.
	Array string
	// Hidden are columns that are not handed out even by name; nil: none.
	Hidden func(column string) bool
	// Keep picks rows by the texts of their contract's columns, by source name; nil: all.
	Keep func(text func(column string) string) bool
}

// fold makes two spellings of a column's name equal, as the contract's reader does.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// known are the names of the columns that the contract reads, folded.
func (s Shape) known() map[string]bool {
	set := map[string]bool{}
	for _, column := range s.Table.Columns {
		for _, name := range column.Sources() {
			set[fold(name)] = true
		}
		if name, ok := s.Names[column.Name]; ok {
			set[fold(name)] = true
		}
	}
	return set
}

// hidden reports whether a column is kept from everybody: because the adapter says
// so, or because its name is personal itself, as in rows that came without header.
func (s Shape) hidden(name string) bool {
	const longest = 64
	return s.Hidden != nil && s.Hidden(name) || len(name) > longest || privacy.Scrub(name) != name
}

// expected is the header of an answer without rows, which in JSON has none.
func (s Shape) expected() []string {
	var names []string
	for _, column := range s.Table.Columns {
		name := column.Sources()[0]
		if mapped, ok := s.Names[column.Name]; ok {
			name = mapped
		}
		same := func(other string) bool { return fold(other) == fold(name) }
		if !s.hidden(name) && !slices.ContainsFunc(names, same) {
			names = append(names, name)
		}
	}
	return names
}

// array picks the array that holds the rows among those of an answer.
func (s Shape) array(found []string) (string, bool) {
	wanted := append([]string{s.Table.Name}, s.Table.Aliases...)
	if s.Array != "" {
		wanted = []string{s.Array}
	}
	for _, name := range wanted {
		for _, array := range found {
			if strings.EqualFold(array, name) {
				return array, true
			}
		}
	}
	if s.Array == "" && len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// Lacking are the contract's columns that a header has not: those without which
// nothing can be read, and the others.
func (s Shape) Lacking(header []string) (required, optional []string) {
	has := map[string]bool{}
	for _, name := range header {
		has[fold(name)] = true
	}
	for _, column := range s.Table.Columns {
		names := append([]string{s.Names[column.Name]}, column.Sources()...)
		if slices.ContainsFunc(names, func(name string) bool { return name != "" && has[fold(name)] }) {
			continue
		}
		if column.Required {
			required = append(required, column.Name)
		} else {
			optional = append(optional, column.Name)
		}
	}
	return required, optional
}
