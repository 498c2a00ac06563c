package sqlserver

import (
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// binding is a contract bound to one table of the database.
type binding struct {
	table  etl.Table
	names  map[string]string // contract column to the column's name in the database
	source string            // the table's name in the database

	columns []column // that exist and are asked for, in the contract's order
	unknown []string // that exist, are not asked for and are not left out on purpose
	missing []string // contract columns that do not exist: optional ones
	lacking []string // and required ones
}

// bind finds a contract's table and columns; ok is false where there is no such
// table, or none that the login may see. A contract with several names for its table
// (enqreg_header, vw_enqreg_total) gets the one that has most of its columns.
func bind(all tables, table etl.Table, names map[string]string) (best binding, ok bool) {
	for _, name := range append([]string{table.Name}, table.Aliases...) {
		existing := all[strings.ToLower(name)]
		if existing == nil {
			continue
		}
		b := binding{table: table, names: names, source: existing.name}
		b.choose(existing.columns)
		if !ok || len(b.columns) > len(best.columns) {
			best, ok = b, true
		}
	}
	return best, ok
}

// choose decides what to do with each column that exists.
func (b *binding) choose(existing []column) {
	chosen := map[string]bool{}
	for _, c := range b.table.Columns {
		found := false
		for _, name := range b.sources(c) {
			at := b.locate(existing, name)
			if at < 0 {
				continue
			}
			found = true
			if folded := strings.ToLower(existing[at].name); !chosen[folded] {
				chosen[folded] = true
				b.columns = append(b.columns, existing[at])
			}
		}
		switch {
		case found:
		case c.Required:
			b.lacking = append(b.lacking, c.Name)
		default:
			b.missing = append(b.missing, c.Name)
		}
	}
	for _, c := range existing {
		if !containsFold(b.table.Ignored, c.name) && !chosen[strings.ToLower(c.name)] {
			b.unknown = append(b.unknown, c.name)
		}
	}
}

// sources are the names a contract's column may come under. One that the
// configuration names itself counts by its own name too, as in etl/convert.
func (b *binding) sources(c etl.Column) []string {
	names := c.Sources()
	if b.names[c.Name] != "" && !slices.Contains(names, c.Name) {
		return append([]string{c.Name}, names...)
	}
	return names
}

// locate finds a column by its name in the contract: under the name that the
// configuration gives it, else under its own; -1 where it is not.
func (b *binding) locate(columns []column, name string) int {
	if mapped := b.names[name]; mapped != "" {
		if at := position(columns, mapped); at >= 0 {
			return at
		}
	}
	return position(columns, name)
}

func position(columns []column, name string) int {
	return slices.IndexFunc(columns, func(c column) bool { return strings.EqualFold(c.name, name) })
}

// find returns a chosen column by its name in the contract.
func (b *binding) find(name string) (column, bool) {
	if at := b.locate(b.columns, name); at >= 0 {
		return b.columns[at], true
	}
	return column{}, false
}

// key are the columns of the contract's key, where the key is made of columns alone
// and all of them exist; else none.
func (b *binding) key() []column {
	var key []column
	for _, name := range b.table.Replace.Key {
		c, ok := b.find(name)
		if !ok {
			return nil
		}
		key = append(key, c)
	}
	return key
}

// header are the column names of an answer. The unknown ones are at its end, so that
// they are reported; their values are never asked for.
func (b *binding) header() []string {
	header := make([]string, 0, len(b.columns)+len(b.unknown))
	for _, c := range b.columns {
		header = append(header, c.name)
	}
	return append(header, b.unknown...)
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(other, name) })
}
