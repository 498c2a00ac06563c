package model

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// tableFunctions are the functions a query may have in FROM; all others reach
// outside of the warehouse's tables.
var tableFunctions = []string{"unnest", "range", "generate_series"}

// impureFunctions give another result tomorrow from the same tables, so that a
// model would differ between the day it was built and the day it is built again.
var impureFunctions = []string{
	"now", "get_current_timestamp", "get_current_time", "transaction_timestamp", "today",
	"random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "nextval", "getenv", "getvariable",
}

// impureNames do the same and are written without parentheses.
var impureNames = []string{
	"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_localtime", "current_localtimestamp",
}

// linker fills a graph's references model by model and collects what is wrong.
type linker struct {
	ctx     context.Context
	db      querier
	graph   *Graph
	outside map[string]bool // external tables that exist
	used    map[string]bool // external tables that are read
	faults  Faults
}

// link resolves one model. The error is for the database; what is wrong with the
// model goes to the faults.
func (l *linker) link(m *Model) error {
	p, err := parse(l.ctx, l.db, m.SQL)
	if wrong, ok := asSyntaxError(err); ok {
		l.faults.add(m.File, m.lineOf(wrong.at), "%s", wrong.message)
	} else if err != nil {
		return err
	}
	l.pure(m, p)
	for _, ref := range p.outside() {
		name, message := l.resolve(m, ref)
		if message != "" {
			l.faults.add(m.File, m.lineOf(ref.at), "%s", message)
			continue
		}
		l.read(m.FullName(), name)
	}
	l.follows(m)
	return l.checks(m)
}

func (l *linker) read(full, name string) {
	if !slices.Contains(l.graph.reads[full], name) {
		l.graph.reads[full] = append(l.graph.reads[full], name)
	}
	if l.outside[name] {
		if l.used == nil {
			l.used = make(map[string]bool)
		}
		l.used[name] = true
	}
}

func (l *linker) pure(m *Model, p parsed) {
	for _, f := range slices.Sorted(maps.Keys(p.tables)) {
		if !slices.Contains(tableFunctions, f) {
			l.faults.add(m.File, m.lineOf(p.tables[f]), "%s() reads outside of the warehouse's tables", f)
		}
	}
	const impure = "%s gives another result on every build: a model is a function of its tables alone"
	for _, f := range impureFunctions {
		if at, used := p.functions[f]; used {
			l.faults.add(m.File, m.lineOf(at), impure, f+"()")
		}
	}
	for _, n := range impureNames {
		if at, used := p.names[n]; used {
			l.faults.add(m.File, m.lineOf(at), impure, n)
		}
	}
}

// resolve turns a reference into a full name, or says in a sentence why it cannot.
func (l *linker) resolve(m *Model, ref reference) (name, message string) {
	schema, table := strings.ToLower(ref.schema), strings.ToLower(ref.table)
	name = schema + "." + table
	switch {
	case ref.catalog != "":
		return "", ref.String() + " names a database: write schema.table only"
	case schema == "":
		return "", ref.String() + " has no schema: write schema.table" + l.suggest(table)
	case name == m.FullName():
		return "", m.FullName() + " reads itself"
	case !slices.Contains(mayRead[m.Schema], schema):
		return "", m.Schema + " models may read " + strings.Join(mayRead[m.Schema], ", ") + ", not " + name
	case !l.outside[name] && l.graph.byName[name] == nil:
		return "", "there is no " + name + l.suggest(table)
	}
	return name, ""
}

// suggest names what was probably meant: the same table in another schema, or the
// nearest spelling.
func (l *linker) suggest(table string) string {
	best, distance := "", 4
	names := slices.Concat(slices.Collect(maps.Keys(l.outside)), slices.Collect(maps.Keys(l.graph.byName)))
	slices.Sort(names)
	for _, full := range names {
		_, name, _ := strings.Cut(full, ".")
		if d := editDistance(table, name); d < distance {
			best, distance = full, d
		}
	}
	if best == "" {
		return ""
	}
	return " (is it " + best + "?)"
}

// editDistance is the number of letters to insert, delete or change.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// checks parses each @check on its own, so that a slip is told with its line and
// not at the end of a long build.
func (l *linker) checks(m *Model) error {
	for _, c := range m.Checks {
		p, err := parse(l.ctx, l.db, "select ("+c.Expr+"\n) as passes")
		if wrong, ok := asSyntaxError(err); ok {
			l.faults.add(m.File, c.Line, "@check %s: %s", c.Expr, wrong.message)
			continue
		}
		if err != nil {
			return err
		}
		if len(p.references) > 0 {
			l.faults.add(m.File, c.Line, "@check sees one row of its own table, not %s: write a query in sql/checks", p.references[0])
		}
	}
	return nil
}
