package dropfolder

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// tableNames finds tables by the names and aliases that their files begin with.
type tableNames struct {
	tables map[string]etl.Table // by lower-case name or alias
	names  []string             // as written in the contracts, sorted
}

func newTableNames(tables []etl.Table) (tableNames, error) {
	n := tableNames{tables: map[string]etl.Table{}}
	for _, table := range tables {
		for _, name := range append([]string{table.Name}, table.Aliases...) {
			key := strings.ToLower(name)
			if other, taken := n.tables[key]; taken {
				return n, fmt.Errorf("the tables %s and %s share the file name %q", other.Name, table.Name, name)
			}
			n.tables[key] = table
			n.names = append(n.names, name)
		}
	}
	if len(n.names) == 0 {
		return n, errors.New("no tables are given")
	}
	slices.Sort(n.names)
	return n, nil
}

func (n tableNames) list() []string { return n.names }

// match finds the table whose name, or alias, is the longest with which a file's
// name begins, followed by nothing, a digit or one of "_-. (".
func (n tableNames) match(stem string) (etl.Table, bool) {
	stem = strings.ToLower(stem)
	best := ""
	for name := range n.tables {
		if len(name) > len(best) && strings.HasPrefix(stem, name) && endsName(stem[len(name):]) {
			best = name
		}
	}
	return n.tables[best], best != ""
}

func endsName(rest string) bool {
	return rest == "" || strings.ContainsRune("_-. (0123456789", rune(rest[0]))
}

// format is a kind of file, by the end of its name.
type format struct {
	ending string
	read   readFunc
}

// formats are all kinds of file that are read.
func formats() []format {
	return []format{
		{".csv", readCSV}, {".csv.gz", readCSV}, {".json", readJSON}, {".json.gz", readJSON},
		{".xlsx", readWorkbook}, {".parquet", readParquet},
	}
}

func formatNames() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.ending)
	}
	return names
}

// formatOf returns a file's name without its ending, and how it is read; nil for
// an ending that is not known.
func formatOf(name string) (stem string, read readFunc) {
	lower := strings.ToLower(name)
	for _, f := range formats() {
		if strings.HasSuffix(lower, f.ending) {
			return name[:len(name)-len(f.ending)], f.read
		}
	}
	return name, nil
}
