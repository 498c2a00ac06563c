// Package reference reads the hotline's reference files: who is a member, whose
// number was dialled, when the hotline is open (DESIGN §6). It reports every
// fault of a folder at once, by file and line, and gives the warehouse typed rows
// with their defaults filled in. It must not know the warehouse, and it guesses
// nothing: a name that is almost a municipality is a fault with a suggestion.
package reference

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/reference/nearest"
)

// Options are what Read needs to know from the rest of the program.
type Options struct {
	Municipalities []Municipality             // the country's, built in
	KPIs           []string                   // ids that targets.csv may name; empty: any
	Shares         []string                   // of these, the ones whose figures lie between 0 and 1
	Normalise      func(text string) string   // a phone number in E.164, "" where it is none
	Pseudonym      func(number string) string // keyed pseudonym of an E.164 number
}

// Set is the reference data of one folder.
type Set struct {
	tables  []Table
	missing []Missing
}

// Missing is a reference file that is not there, may be missing, and without which
// the figures are other ones.
type Missing struct {
	File    string // "queues.csv"
	Meaning string // one sentence: what the figures are without it
	Try     string // what the user can do, without "Try: "
}

// String is the file and the sentence: "queues.csv is missing: …".
func (m Missing) String() string { return m.File + " is missing: " + m.Meaning }

// Missing returns the files that change figures by not being there, in the order of
// Files. It is worth a notice and no fault: a file with nothing but its header says
// that this is meant.
func (s Set) Missing() []Missing { return slices.Clone(s.missing) }

// Tables returns one table per reference file, in the order of Files, and last the
// names of the municipalities. A file that is not there gives a table without rows.
func (s Set) Tables() []Table { return slices.Clone(s.tables) }

// Files are the names of the reference files without ".csv".
func Files() []string {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.name
	}
	return names
}

// Read reads all reference files in the root of fsys. The faults come in the order
// of file and line; with any fault the set is empty.
func Read(fsys fs.FS, o Options) (Set, []etl.Fault) {
	r := &reader{fsys: fsys, options: o, places: newPlaces(o.Municipalities)}
	r.strangers()
	var set Set
	for _, s := range specs {
		set.tables = append(set.tables, r.read(s))
	}
	set.missing = r.missing
	set.tables = append(set.tables, r.places.table())
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b etl.Fault) int {
			return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Line, b.Line))
		})
		return Set{}, r.faults
	}
	return set, nil
}

// reader collects the faults of one Read.
type reader struct {
	fsys    fs.FS
	options Options
	places  places
	faults  []etl.Fault
	missing []Missing
}

// fault notes a fault of one file. line is 0 for the file as a whole.
func (r *reader) fault(file string, line int64, column string, p problem) {
	r.faults = append(r.faults, etl.Fault{Origin: file, Line: line, Column: column, Message: p.message, Try: p.try})
}

// problem is one sentence about a value, and what can be done.
type problem struct{ message, try string }

// problemf is a problem without advice.
func problemf(format string, args ...any) *problem {
	return &problem{message: fmt.Sprintf(format, args...)}
}

// trying adds what can be done.
func (p *problem) trying(format string, args ...any) *problem {
	p.try = fmt.Sprintf(format, args...)
	return p
}

// strangers notes CSV files that are no reference file: most likely one of them is
// misspelled, and would silently count as missing.
func (r *reader) strangers() {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		r.fault("reference", 0, "", *problemf("the folder cannot be read: %v", unwrapPath(err)))
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		stem, isCSV := strings.CutSuffix(strings.ToLower(name), ".csv")
		if entry.IsDir() || !isCSV || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
			continue
		}
		if slices.Contains(Files(), stem) && name == stem+".csv" {
			continue
		}
		p := problemf("this is not the name of a reference file")
		if near := nearest.To(stem, Files()); near != "" {
			p.trying("rename it to %s.csv", near)
		} else {
			p.trying("move it elsewhere; the reference files are %s", strings.Join(Files(), ", "))
		}
		r.fault(name, 0, "", *p)
	}
}

// read reads one file into its table.
func (r *reader) read(s spec) Table {
	table := Table{Name: s.name, Columns: s.columns()}
	file := s.name + ".csv"
	data, err := fs.ReadFile(r.fsys, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.absent(file, s)
	case err != nil:
		r.fault(file, 0, "", *problemf("the file cannot be read: %v", unwrapPath(err)))
	default:
		table.Rows = r.rows(file, s, data)
	}
	seal(&table)
	return table
}

// absent notes that a file is not there.
func (r *reader) absent(file string, s spec) {
	try := "make it with the header " + s.header()
	switch {
	case s.required:
		r.fault(file, 0, "", problem{"the file is missing", try})
	case s.without != "":
		r.missing = append(r.missing, Missing{file, s.without, try})
	}
}

// unwrapPath takes the path off an error of the file system: faults name the file.
func unwrapPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// rows parses a file's records and checks them together.
func (r *reader) rows(file string, s spec, data []byte) [][]any {
	header, records := r.records(file, s, data)
	var parsed []row
	for _, record := range records {
		if values, ok := r.parse(file, s, header, record); ok {
			parsed = append(parsed, row{line: record.line, values: values})
		}
	}
	checks := s.checks
	if s.name == targets {
		checks = append(slices.Clone(checks), sharesBetween0And1(r.options.Shares))
	}
	for _, check := range checks {
		check(parsed, func(line int64, column string, p *problem) { r.fault(path.Base(file), line, column, *p) })
	}
	var out [][]any
	for _, row := range parsed {
		out = append(out, row.values)
	}
	return out
}

// parse reads one record's fields in the order of the spec; ok is false when one of
// them cannot be read.
func (r *reader) parse(file string, s spec, header map[string]int, record record) (values []any, ok bool) {
	ok = true
	for _, f := range s.fields {
		text := record.field(header, f.name)
		if text == "" && f.required {
			r.fault(file, record.line, f.name, *problemf("a value is missing"))
			ok = false
			continue
		}
		parsed, p := f.read(r, text)
		if p != nil {
			r.fault(file, record.line, f.name, *p)
			ok = false
			continue
		}
		values = append(values, parsed...)
	}
	return values, ok
}
