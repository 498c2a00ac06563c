package rawdata

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// LoadFolder loads every CSV file of a drop folder that is named after a table, in the
// order of their names: a later file's calls replace those of an earlier one from
// their dte_updated on. Of a dte_updated in the hour that comes twice in October the
// second is taken. Other files are let be.
func (d *Database) LoadFolder(ctx context.Context, folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil {
		return fmt.Errorf("rawdata: %w", err)
	}
	slices.Sort(paths)
	for _, path := range paths {
		if t := d.tableOf(filepath.Base(path)); t != nil {
			if err := d.loadFile(ctx, t, path); err != nil {
				return fmt.Errorf("rawdata: load %s: %w", path, err)
			}
		}
	}
	return nil
}

// tableOf finds the table that a file is named after: "call_events_2026K1.csv".
func (d *Database) tableOf(file string) *table {
	name := strings.TrimSuffix(file, ".csv")
	for name != "" {
		if t := d.tables[name]; t != nil {
			return t
		}
		name = name[:max(strings.LastIndex(name, "_"), 0)]
	}
	return nil
}

func (d *Database) loadFile(ctx context.Context, t *table, path string) error {
	header, comma, err := headerOf(path)
	if err != nil {
		return err
	}
	columns := make([]string, len(header))
	for i, name := range header {
		columns[i] = text(name) + ": 'varchar'"
	}
	expressions := make([]string, len(t.stored))
	for i, c := range t.stored {
		at := slices.Index(header, c.Name)
		if at < 0 {
			expressions[i] = "cast(null as " + duckType(c) + ")"
			continue
		}
		header[at] = ""
		value := quoted(c.Name)
		if c.Type == tds.Char {
			value = "rtrim(" + value + ")" // padded when it is sent
		}
		expressions[i] = "cast(" + value + " as " + duckType(c) + ")"
	}
	for _, unknown := range header {
		if unknown != "" {
			return fmt.Errorf("the table has no column %s", unknown)
		}
	}
	from := fmt.Sprintf("read_csv(%s, header = true, all_varchar = true, auto_detect = false, delim = %s, quote = '\"', escape = '\"', columns = %s)",
		text(path), text(comma), "{"+strings.Join(columns, ", ")+"}")
	return d.deliver(ctx, t, from, expressions, time.Time{})
}

// headerOf reads a file's column names and what stands between them.
func headerOf(path string) (names []string, comma string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		return nil, "", fmt.Errorf("read the header: %w", err)
	}
	line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
	comma = ","
	if strings.Contains(line, ";") {
		comma = ";"
	}
	return strings.Split(line, comma), comma, nil
}
