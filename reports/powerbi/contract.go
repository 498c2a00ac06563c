package powerbi

import (
	"fmt"
	"slices"
	"strings"
)

// TypeError lists every column whose type Power BI could not read alike from
// Parquet and CSV.
type TypeError struct {
	Columns []string // "opkald.ventetid HUGEINT"
}

// Error names the columns and the types that are allowed.
func (e *TypeError) Error() string {
	return fmt.Sprintf("column types that the feed does not carry: %s; allowed are %s: cast in the model",
		strings.Join(e.Columns, ", "), strings.Join(allowedTypes, ", "))
}

// ContractError lists every change that would break a reader of the set that is
// published.
type ContractError struct {
	Version int
	Breaks  []string // "opkald: column ventetid is gone"
}

// Error names the changes and the way out.
func (e *ContractError) Error() string {
	return fmt.Sprintf("the contract of v%d would break: %s; put the columns back, or publish the change as v%d",
		e.Version, strings.Join(e.Breaks, "; "), e.Version+1)
}

// allowedTypes are flat and mean the same to Parquet, CSV and Power BI: no time
// zones, no nesting, no 128-bit sums (PUBLISHING §7).
var allowedTypes = []string{"DATE", "BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "VARCHAR", "BOOLEAN"}

func isAllowed(dataType string) bool {
	if name, digits, isDecimal := strings.Cut(dataType, "("); isDecimal {
		return name == "DECIMAL" && strings.HasSuffix(digits, ")") && !strings.HasSuffix(digits, "[]")
	}
	return slices.Contains(allowedTypes, dataType)
}

func checkTypes(schema Schema) error {
	var refused []string
	for _, table := range schema.Tables {
		for _, column := range table.Columns {
			if !isAllowed(column.Type) {
				refused = append(refused, fmt.Sprintf("%s.%s %s", table.Name, column.Name, column.Type))
			}
		}
	}
	if len(refused) > 0 {
		return &TypeError{Columns: refused}
	}
	return nil
}

// compare holds the new set against the published one. Columns may be added at a
// table's end, and tables may be added: those it returns. All else is a
// *ContractError.
func compare(published, next Schema) (added []string, err error) {
	var breaks []string
	for _, old := range published.Tables {
		table, found := next.table(old.Name)
		if !found {
			breaks = append(breaks, fmt.Sprintf("table %s is gone", old.Name))
			continue
		}
		breaks = append(breaks, compareTable(old, table)...)
		for _, column := range table.Columns {
			if !old.has(column.Name) {
				added = append(added, table.Name+"."+column.Name)
			}
		}
	}
	for _, table := range next.Tables {
		if _, known := published.table(table.Name); !known {
			added = append(added, table.Name)
		}
	}
	if len(breaks) > 0 {
		return nil, &ContractError{Version: published.Version, Breaks: breaks}
	}
	return added, nil
}

func compareTable(old, table Table) []string {
	var breaks []string
	for _, column := range old.Columns {
		at := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Name == column.Name })
		switch {
		case at < 0:
			breaks = append(breaks, fmt.Sprintf("%s: column %s is gone", old.Name, column.Name))
		case table.Columns[at].Type != column.Type:
			breaks = append(breaks, fmt.Sprintf("%s: column %s was %s and is now %s", old.Name, column.Name, column.Type, table.Columns[at].Type))
		}
	}
	if len(breaks) > 0 {
		return breaks
	}
	for i, column := range old.Columns {
		if table.Columns[i].Name != column.Name {
			return []string{fmt.Sprintf("%s: column %d was %s and is now %s", old.Name, i+1, column.Name, table.Columns[i].Name)}
		}
	}
	if was, is := old.key(), table.key(); was != "" && was != is {
		return []string{fmt.Sprintf("%s: the key was (%s) and is now (%s)", old.Name, was, is)}
	}
	return nil
}

func (s Schema) table(name string) (Table, bool) {
	at := slices.IndexFunc(s.Tables, func(t Table) bool { return t.Name == name })
	if at < 0 {
		return Table{}, false
	}
	return s.Tables[at], true
}

func (t Table) has(column string) bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// key lists the key columns in the order of the columns.
func (t Table) key() string {
	var names []string
	for _, column := range t.Columns {
		if column.Key {
			names = append(names, column.Name)
		}
	}
	return strings.Join(names, ", ")
}
