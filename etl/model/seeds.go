package model

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
)

// seed is one CSV file of sql/seeds, read.
type seed struct {
	sheet
	file    string
	table   string // seeds.name
	columns []typedColumn
}

// Seeds loads the CSV files of a folder into the schema seeds, one table per file,
// in one transaction. A file whose content has been loaded before is passed over,
// and a table whose file is gone is dropped. It returns the tables that were
// loaded or dropped.
//
// A header cell is a column name, or `name:type` with a DuckDB type. A column
// without a type is varchar where its name is or ends in code, key, id or number;
// else it is bigint, double, date or boolean where every value reads as one (a
// leading zero makes it text), and varchar otherwise. Empty cells are NULL.
func Seeds(ctx context.Context, conn *sql.Conn, fsys fs.FS, now func() time.Time) ([]string, error) {
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, fmt.Errorf("loading seeds: %w", err)
	}
	defer tx.Rollback()
	known, err := knownSeeds(ctx, tx)
	if err != nil {
		return nil, err
	}
	changed, err := loadSeeds(ctx, tx, fsys, known, now())
	if err != nil {
		return nil, err
	}
	gone, err := dropSeeds(ctx, tx, known)
	if err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("loading seeds: %w", err)
	}
	return slices.Concat(changed, gone), nil
}

func knownSeeds(ctx context.Context, db querier) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "select seed, content from meta.seeds")
	if err != nil {
		return nil, fmt.Errorf("reading meta.seeds: %w", err)
	}
	defer rows.Close()
	known := make(map[string]string)
	for rows.Next() {
		var name, content string
		if err := rows.Scan(&name, &content); err != nil {
			return nil, fmt.Errorf("reading meta.seeds: %w", err)
		}
		known[name] = content
	}
	return known, rows.Err()
}

// loadSeeds loads what is new and strikes every file it finds off known.
func loadSeeds(ctx context.Context, db querier, fsys fs.FS, known map[string]string, at time.Time) ([]string, error) {
	files, err := fs.Glob(fsys, "*.csv")
	if err != nil {
		return nil, fmt.Errorf("reading seeds: %w", err)
	}
	var changed []string
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading seeds: %w", err)
		}
		table, content := "seeds."+strings.TrimSuffix(file, ".csv"), hashText(string(data))
		before := known[table]
		delete(known, table)
		if before == content {
			continue
		}
		s, err := readSeed(file, data)
		if err != nil {
			return nil, err
		}
		if err := s.load(ctx, db); err != nil {
			return nil, err
		}
		if err := noteSeed(ctx, db, table, content, at); err != nil {
			return nil, err
		}
		changed = append(changed, table)
	}
	return changed, nil
}

func noteSeed(ctx context.Context, db querier, table, content string, at time.Time) error {
	_, err := db.ExecContext(ctx, "delete from meta.seeds where seed = ?", table)
	if err == nil && content != "" {
		_, err = db.ExecContext(ctx, "insert into meta.seeds (seed, content, loaded_at) values (?, ?, ?::timestamptz)",
			table, content, at.UTC().Format(time.RFC3339Nano))
	}
	if err != nil {
		return fmt.Errorf("recording %s in meta.seeds: %w", table, err)
	}
	return nil
}

func dropSeeds(ctx context.Context, db querier, known map[string]string) ([]string, error) {
	var gone []string
	for table := range known {
		if _, err := db.ExecContext(ctx, "drop table if exists "+quoteFull(table)); err != nil {
			return nil, fmt.Errorf("dropping %s: %w", table, err)
		}
		if err := noteSeed(ctx, db, table, "", time.Time{}); err != nil {
			return nil, err
		}
		gone = append(gone, table)
	}
	slices.Sort(gone)
	return gone, nil
}

// readSeed parses a file and settles its column types.
func readSeed(file string, data []byte) (seed, error) {
	s := seed{file: file, table: "seeds." + strings.TrimSuffix(file, ".csv")}
	var err error
	if s.sheet, err = readSheet(data, 0); err != nil {
		return s, fmt.Errorf("%s: %w", file, err)
	}
	if len(s.header) == 0 {
		return s, fmt.Errorf("%s: the file is empty, a header is needed", file)
	}
	for i, cell := range s.header {
		name, dataType, given := strings.Cut(cell, ":")
		if !identifier.MatchString(name) {
			return s, fmt.Errorf("%s:1: %q is no column name: use lower-case letters, digits and _", file, name)
		}
		if !given {
			dataType = s.infer(name, i)
		}
		s.columns = append(s.columns, typedColumn{name, strings.TrimSpace(dataType)})
	}
	return s, nil
}

var (
	textName = regexp.MustCompile(`(^|_)(code|key|id|number)$`)
	readsAs  = []struct {
		dataType string
		pattern  *regexp.Regexp
	}{
		{"bigint", regexp.MustCompile(`^-?(0|[1-9]\d{0,17})$`)},
		{"double", regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?$`)},
		{"date", regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)},
		{"boolean", regexp.MustCompile(`^(true|false)$`)},
	}
)

// infer picks the type of column i by its name and values.
func (s seed) infer(name string, i int) string {
	if textName.MatchString(name) {
		return "varchar"
	}
	for _, t := range readsAs {
		values := 0
		fits := !slices.ContainsFunc(s.rows, func(row []string) bool {
			if row[i] != "" {
				values++
			}
			return row[i] != "" && !t.pattern.MatchString(row[i])
		})
		if fits && values > 0 {
			return t.dataType
		}
	}
	return "varchar"
}

// load replaces the seed's table.
func (s seed) load(ctx context.Context, db querier) error {
	if err := s.fits(ctx, db, s.file, s.columns); err != nil {
		return err
	}
	definitions := make([]string, len(s.columns))
	for i, c := range s.columns {
		definitions[i] = quote(c.name) + " " + c.dataType
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("create or replace table %s (%s)", quoteFull(s.table), strings.Join(definitions, ", "))); err != nil {
		return fmt.Errorf("%s: %w", s.file, err)
	}
	return s.insert(ctx, db, s.file, s.table, s.columns)
}
