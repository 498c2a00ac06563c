package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// nowhere searches files and folders for texts and fails where it finds one: in the
// bytes, in what is packed inside them, and in every column of every table of
// Parquet and DuckDB files. With "!" it fails unless each text is found, which shows
// that the search can find.
func nowhere(ts *testscript.TestScript, neg bool, args []string) {
	split := slices.Index(args, "in")
	if split < 1 || split == len(args)-1 {
		ts.Fatalf("usage: [!] nowhere TEXT... in PATH...")
	}
	texts := args[:split]
	found := map[string]bool{}
	searched := 0
	for _, root := range args[split+1:] {
		err := filepath.WalkDir(ts.MkAbs(root), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			searched++
			all, err := contents(path)
			if err != nil {
				return fmt.Errorf("search %s: %w", path, err)
			}
			for _, text := range texts {
				if !bytes.Contains(all, []byte(text)) {
					continue
				}
				found[text] = true
				if !neg {
					ts.Logf("%q is in %s", text, path)
				}
			}
			return nil
		})
		ts.Check(err)
	}
	switch {
	case searched == 0:
		ts.Fatalf("there was nothing to search")
	case neg && len(found) < len(texts):
		ts.Fatalf("found only %d of %d texts", len(found), len(texts))
	case !neg && len(found) > 0:
		ts.Fatalf("%d texts were found that must be nowhere", len(found))
	}
}

// contents is everything that can be read from a file: its bytes, and as text what
// they hold.
func contents(path string) ([]byte, error) {
	all, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var inside []byte
	switch filepath.Ext(path) {
	case ".gz":
		inside, err = unpacked(all)
	case ".xlsx":
		inside, err = unzipped(all)
	case ".parquet":
		inside, err = tableTexts("", "read_parquet("+quote(path)+")")
	case ".duckdb":
		inside, err = databaseTexts(path)
	}
	return append(all, inside...), err
}

func unpacked(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func unzipped(packed []byte) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, member := range archive.File {
		r, err := member.Open()
		if err != nil {
			return nil, err
		}
		part, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	return all, nil
}

// databaseTexts are the rows of all tables of a database, as text.
func databaseTexts(path string) ([]byte, error) {
	db, err := sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var names string
	err = db.QueryRowContext(context.Background(), `
		select coalesce(string_agg(format('"{}"."{}"', schema_name, table_name), ' ' order by schema_name, table_name), '')
		from duckdb_tables()`).Scan(&names)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, name := range strings.Fields(names) {
		texts, err := rowTexts(db, name)
		if err != nil {
			return nil, err
		}
		all = append(all, texts...)
	}
	return all, nil
}

func tableTexts(path, table string) ([]byte, error) {
	db, err := sql.Open("duckdb", path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return rowTexts(db, table)
}

// rowTexts are the rows of a table, as text.
func rowTexts(db *sql.DB, table string) ([]byte, error) {
	rows, err := db.QueryContext(context.Background(), "select cast(t as varchar) from "+table+" as t")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []byte
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		all = append(append(all, row...), '\n')
	}
	return all, rows.Err()
}
