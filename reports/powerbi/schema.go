package powerbi

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
)

const schemaFile = "schema.json"

// Schema is schema.json: the contract, and what the files beside it hold.
type Schema struct {
	Version        int     `json:"version"`
	Release        string  `json:"release,omitempty"`
	Run            string  `json:"run,omitempty"`
	ProgramVersion string  `json:"program_version,omitempty"`
	DataUntil      string  `json:"data_until,omitempty"` // local wall clock, "2026-10-08T02:00:00"
	IsSimulated    bool    `json:"is_simulated"`
	Tables         []Table `json:"tables"` // in order of name
}

// Table is one table of the feed.
type Table struct {
	Name        string   `json:"name"` // of the files, "opkald"
	Description string   `json:"description,omitempty"`
	Columns     []Column `json:"columns"`
	Rows        int64    `json:"rows"`
	Files       []File   `json:"files"`

	source string // table or view in schema feed, "feed_opkald"
}

// Column is one column of a table.
type Column struct {
	Name        string `json:"name"`
	Type        string `json:"type"`           // DuckDB's name: DATE, BIGINT, DECIMAL(9,2), …
	Unit        string `json:"unit,omitempty"` // as the model's header gives it: s, count, share, …
	Description string `json:"description,omitempty"`
	Key         bool   `json:"key,omitempty"` // part of what tells two rows apart
}

// File is one file of a table.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// describe reads names, types and comments of schema feed, and where the data come
// from. Rows and files are not known yet.
func describe(ctx context.Context, db *sql.DB) (Schema, error) {
	var s Schema
	row := db.QueryRowContext(ctx, `
		select coalesce(run_id, ''), coalesce(program_version, ''),
		       coalesce(strftime(data_until, '%Y-%m-%dT%H:%M:%S'), ''), coalesce(is_simulated, false)
		from marts.dim_data`)
	if err := row.Scan(&s.Run, &s.ProgramVersion, &s.DataUntil, &s.IsSimulated); err != nil {
		return Schema{}, fmt.Errorf("read marts.dim_data: %w", err)
	}
	rows, err := db.QueryContext(ctx, `
		with relation as (
			select table_name, comment
			from duckdb_tables()
			where database_name = current_database() and schema_name = 'feed'
			union all
			select view_name, comment
			from duckdb_views()
			where database_name = current_database() and schema_name = 'feed'
		)
		select relation.table_name, coalesce(relation.comment, ''),
		       c.column_name, c.data_type, coalesce(c.comment, '')
		from relation
		inner join duckdb_columns() as c
			on c.database_name = current_database()
			and c.schema_name = 'feed'
			and c.table_name = relation.table_name
		order by relation.table_name, c.column_index`)
	if err != nil {
		return Schema{}, fmt.Errorf("read the tables of schema feed: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var source, comment string
		var column Column
		if err := rows.Scan(&source, &comment, &column.Name, &column.Type, &column.Description); err != nil {
			return Schema{}, err
		}
		if err := s.add(source, comment, column); err != nil {
			return Schema{}, err
		}
	}
	if err := rows.Err(); err != nil {
		return Schema{}, err
	}
	if len(s.Tables) == 0 {
		return Schema{}, errors.New("the published copy has no tables in schema feed")
	}
	return s, nil
}

var (
	fileName    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	unitComment = regexp.MustCompile(`^\[([a-z0-9_]+)\] `) // how the models write units
)

func (s *Schema) add(source, comment string, column Column) error {
	if last := len(s.Tables) - 1; last < 0 || s.Tables[last].source != source {
		table := Table{Name: strings.TrimPrefix(source, "feed_"), Description: comment, source: source}
		if !fileName.MatchString(table.Name) {
			return fmt.Errorf("feed.%s cannot be a file name: use a-z, 0-9 and _", source)
		}
		s.Tables = append(s.Tables, table)
	}
	if unit := unitComment.FindStringSubmatch(column.Description); unit != nil {
		column.Unit = unit[1]
		column.Description = strings.TrimPrefix(column.Description, unit[0])
	}
	table := &s.Tables[len(s.Tables)-1]
	table.Columns = append(table.Columns, column)
	return nil
}

func (s *Schema) markKeys(keys map[string][]string) error {
	for i := range s.Tables {
		table := &s.Tables[i]
		for _, name := range keys[table.source] {
			at := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Name == name })
			if at < 0 {
				return fmt.Errorf("the key of feed.%s names %q, which is no column of it", table.source, name)
			}
			table.Columns[at].Key = true
		}
	}
	return nil
}

// readSchema reads a schema.json that was published before.
func readSchema(path string) (schema Schema, found bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Schema{}, false, nil
	}
	if err != nil {
		return Schema{}, false, err
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		return Schema{}, false, fmt.Errorf("%s cannot be read, so the contract cannot be checked: %w", path, err)
	}
	return schema, true, nil
}
