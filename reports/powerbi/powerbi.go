// Package powerbi writes the feed that Power BI reads (PUBLISHING §7): every table
// of the published copy's schema feed as Parquet and CSV, and a schema.json that
// describes them. The set of files is exchanged as one, and nothing is written
// when a column has a type outside the allow-list or when the set would break the
// contract that the last schema.json states.
//
// The package computes nothing: what a table holds is decided by the SQL models.
// It imports no database driver; the *sql.DB it is given must be DuckDB.
package powerbi

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Options are what the warehouse does not know.
type Options struct {
	Release string // release id printed in schema.json, e.g. "2026K3/v1"; may be empty
	Version int    // of the contract: the folder v1, v2, …; 0 means 1
	// Keys are the columns that tell a table's rows apart, by name of the table in
	// schema feed: the models' grain. A table without has no key in schema.json.
	Keys map[string][]string
}

// Result is what was written.
type Result struct {
	Dir    string // "feed/v1"
	Schema Schema
	Added  []string // columns and tables that the contract had not before, e.g. "opkald.er_genopkald"
}

// String is the line that a user reads.
func (r Result) String() string {
	rows := int64(0)
	for _, table := range r.Schema.Tables {
		rows += table.Rows
	}
	return fmt.Sprintf("feed: %d tables, %d rows in %s", len(r.Schema.Tables), rows, r.Dir)
}

// Write writes the feed of the published copy db into dir/v1 (dir/v<Version>).
// Readers see the whole old set or the whole new one. The error is a *TypeError or
// a *ContractError where the tables are at fault; in every error's case the files
// that were there stay as they were.
func Write(ctx context.Context, db *sql.DB, dir string, options Options) (Result, error) {
	version := max(options.Version, 1)
	live := filepath.Join(dir, fmt.Sprintf("v%d", version))
	if err := sweep(live); err != nil {
		return Result{}, fmt.Errorf("feed %s: clear leftovers: %w", live, err)
	}
	schema, err := describe(ctx, db)
	if err != nil {
		return Result{}, fmt.Errorf("feed %s: %w", live, err)
	}
	schema.Version, schema.Release = version, options.Release
	if err := schema.markKeys(options.Keys); err != nil {
		return Result{}, fmt.Errorf("feed %s: %w", live, err)
	}
	added, err := check(live, schema)
	if err != nil {
		return Result{}, fmt.Errorf("feed %s: %w", live, err)
	}
	next := nextDir(live)
	if err := writeSet(ctx, db, next, &schema); err != nil {
		return Result{}, fmt.Errorf("feed %s: %w", live, errors.Join(err, os.RemoveAll(next)))
	}
	if err := swap(next, live); err != nil {
		return Result{}, fmt.Errorf("feed %s: put the new files in place: %w", live, err)
	}
	return Result{Dir: live, Schema: schema, Added: added}, nil
}

// check refuses types and changes that would break a reader, before anything is
// written.
func check(live string, schema Schema) (added []string, err error) {
	if err := checkTypes(schema); err != nil {
		return nil, err
	}
	published, found, err := readSchema(filepath.Join(live, schemaFile))
	if err != nil || !found {
		return nil, err
	}
	return compare(published, schema)
}
