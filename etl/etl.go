// Package etl is the vocabulary that sources, landing and warehouse share: table
// contracts, batches, rejected rows and the interfaces between a source and the
// place its rows land. It knows no file format, no database and no KPI, and it
// imports nothing but the standard library and Arrow.
package etl
