package convert

import (
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Protected is a contract as it reads the texts of rejected rows (etl.Reject.Raw)
// again. They have been through the privacy treatment, so numbers are pseudonyms
// already and are taken as they are. A column whose treatment hung on the row cannot
// be had again from a pseudonym and stays empty.
func Protected(table etl.Table) etl.Table {
	table.Columns = slices.Clone(table.Columns)
	for i, c := range table.Columns {
		switch {
		case c.Choose != nil:
			c.Choose, c.Treat = nil, etl.Drop
		case c.Treat != etl.Drop && c.Treat != etl.Scrub:
			c.Treat = etl.Keep
		}
		table.Columns[i] = c
	}
	return table
}

// Stored is a contract as it reads rows that have been through it: every column
// comes under its own name and is taken as it is.
func Stored(table etl.Table) etl.Table {
	table.Columns = slices.Clone(table.Columns)
	for i, c := range table.Columns {
		c.From, c.Choose, c.Derive = nil, nil, nil
		if c.Treat != etl.Scrub {
			c.Treat = etl.Keep
		}
		table.Columns[i] = c
	}
	return table
}
