package powerbi

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// The two forms of every table. DuckDB writes dates in CSV as ISO dates and
// decimals with a point.
var forms = []struct{ extension, options string }{
	{"parquet", "format parquet, compression snappy"},
	{"csv", "format csv, header true, delimiter ','"},
}

// writeSet writes all files of the feed into a new folder, schema.json last, and
// fills in rows and files.
func writeSet(ctx context.Context, db *sql.DB, dir string, schema *Schema) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i := range schema.Tables {
		if err := writeTable(ctx, db, dir, &schema.Tables[i]); err != nil {
			return fmt.Errorf("write table %s: %w", schema.Tables[i].Name, err)
		}
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return err
	}
	return writeSynced(filepath.Join(dir, schemaFile), append(text, '\n'))
}

func writeTable(ctx context.Context, db *sql.DB, dir string, table *Table) error {
	query := table.query()
	for i, form := range forms {
		name := table.Name + "." + form.extension
		path := filepath.Join(dir, name)
		done, err := db.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)",
			query, literal(filepath.ToSlash(path)), form.options))
		if err != nil {
			return err
		}
		rows, err := done.RowsAffected()
		if err != nil {
			return err
		}
		if i > 0 && rows != table.Rows {
			return fmt.Errorf("%s has %d rows where the other form has %d", name, rows, table.Rows)
		}
		table.Rows = rows
		file, err := sealed(path)
		if err != nil {
			return err
		}
		table.Files = append(table.Files, file)
	}
	return nil
}

// query selects the table's columns in order of its key, then of all other
// columns, so that the same rows always make the same file.
func (t Table) query() string {
	var columns, keys, others []string
	for _, column := range t.Columns {
		name := identifier(column.Name)
		columns = append(columns, name)
		if column.Key {
			keys = append(keys, name+" nulls last")
		} else {
			others = append(others, name+" nulls last")
		}
	}
	return fmt.Sprintf("select %s from feed.%s order by %s",
		strings.Join(columns, ", "), identifier(t.source), strings.Join(append(keys, others...), ", "))
}

func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// sealed puts a written file on the disk for good and takes its fingerprint.
func sealed(path string) (File, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return File{}, err
	}
	defer file.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err != nil {
		return File{}, err
	}
	if err := file.Sync(); err != nil {
		return File{}, err
	}
	return File{Name: filepath.Base(path), Bytes: size, SHA256: hex.EncodeToString(hash.Sum(nil))}, nil
}

func writeSynced(path string, content []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		file.Close()
		return err
	}
	if err := file.Sync(); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
