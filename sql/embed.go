// Package sql carries the SQL of the warehouse into the program: the schema of the
// bookkeeping tables, the seeds and the models. It holds text only; etl/warehouse
// and etl/model give it meaning. README.md has the house style.
package sql

import (
	"embed"
	"io/fs"
)

//go:embed schema seeds models checks
var files embed.FS

// Schema holds the numbered migrations of the warehouse's own tables.
func Schema() fs.FS { return sub("schema") }

// Seeds holds the CSV files that belong to the program: municipalities, the KPI
// catalogue and quantiles.
func Seeds() fs.FS { return sub("seeds") }

// Models holds one SQL model per file, in a folder per layer.
func Models() fs.FS { return sub("models") }

// Checks holds the free-standing checks of the finished candidate.
func Checks() fs.FS { return sub("checks") }

func sub(dir string) fs.FS {
	s, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return s
}
