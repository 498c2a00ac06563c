// Package sqlserver reads Puzzel's raw-data database, a Microsoft SQL Server
// (SOURCES §1), as a windowed.Feed: it answers a query for a stretch of time with
// rows of text, counts calls per day, and can be examined. It only ever selects; it
// asks for the columns that exist, takes whole calls, waits for no lock for long and
// gives way to Puzzel's own writers.
//
// It must not interpret values (etl/convert does), keep cursors or try again
// (etl/windowed and etl/retry do), and it must let neither the password nor a row's
// values into an error.
package sqlserver
