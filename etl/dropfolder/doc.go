// Package dropfolder is the source that reads files somebody, or some export job,
// puts into a folder (SOURCES §1, "Drop folder"): CSV, JSON, Excel and Parquet.
// Each file is one batch of one table, known by the hash of its bytes. A file that
// is cut off, lacks a required column or is not what its name says is refused as a
// whole with the place and the way out; a row that does not read is set aside.
// The package must not move, change or delete a file of the folder, keep any state
// that may not be lost, or interpret a value: that is convert's.
package dropfolder
