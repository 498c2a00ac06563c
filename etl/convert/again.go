package convert

import (
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Protected is a contract as it reads the texts of rejected rows (etl.Reject.Raw)
// again. They have been through the privacy treatment, so numbers are pseudonyms
// already and are taken as they are. A column whose treatment hung on the row cannot
// be had again from a pseudonym and stays empty; a kept text of which something was
// masked is not the source's text any more, and its row is refused until it is given.
func Protected(table etl.Table) etl.Table {
	table.Columns = slices.Clone(table.Columns)
	for i, c := range table.Columns {
		switch {
		case c.Choose != nil:
			c.Choose, c.Treat = nil, etl.Drop
		case c.Treat == etl.Pseudonym, c.Treat == etl.Masked:
			c.Treat = etl.Keep
		case c.Treat == etl.Keep && c.Type == etl.Text:
			c.Derive = whole(c.Derive)
		}
		table.Columns[i] = c
	}
	return table
}

// masked is what whole makes of a text that is lost; no source delivers it.
const masked = "\x00masked"

// whole tells what derive, which may be nil, makes of a text that was shown as it came
// from what it makes of one in which something was masked.
func whole(derive func(string) string) func(string) string {
	return func(text string) string {
		if derive != nil {
			text = derive(text)
		}
		if privacy.IsMasked(text) {
			return masked
		}
		return text
	}
}

// Stored is a contract as it reads rows that have been through it: every column
// comes under its own name and is taken as it is.
func Stored(table etl.Table) etl.Table {
	table.Columns = slices.Clone(table.Columns)
	for i, c := range table.Columns {
		c.From, c.Choose, c.Derive, c.Look = nil, nil, nil, etl.Look{}
		if c.Treat != etl.Scrub {
			c.Treat = etl.Keep
		}
		table.Columns[i] = c
	}
	return table
}
