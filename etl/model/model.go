package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Kind is how a model is materialised.
type Kind uint8

const (
	View        Kind = iota // created once, computed whenever it is read
	Table                   // built whole whenever something it reads changes
	Incremental             // built for the days that changed
)

// Build is the @build line.
type Build struct {
	Kind Kind
	// By is the date column that says which day a row belongs to. An incremental
	// model always has one; on a view it limits the checks to the touched days.
	By string
	// A changed day d upstream changes this model's rows from d-Back to d+Ahead.
	Back, Ahead int
}

// String writes the line as a header has it.
func (b Build) String() string {
	text := [...]string{"view", "table", "incremental"}[b.Kind]
	if b.By != "" {
		text += " by " + b.By
	}
	if b.Back > 0 {
		text += fmt.Sprintf(", %d days back", b.Back)
	}
	if b.Ahead > 0 {
		text += fmt.Sprintf(", %d days ahead", b.Ahead)
	}
	return text
}

// Follow is one @follow line: which days of an incremental model a changed row of
// another incremental model touches, where the two are about different days.
type Follow struct {
	// Model is the model that is followed; its rows that are new, gone or different
	// count, not its days.
	Model string
	// By is its column: the day that is touched or, with To, a key.
	By string
	// To is a table that this model reads too, and Day its date column: touched are the
	// days of its rows whose By is that of a changed row. Empty where By is a day.
	To, Day string

	line int
}

// String writes the line as a header has it.
func (f Follow) String() string {
	text := f.Model + " by " + f.By
	if f.To != "" {
		text += ", to " + f.To + " by " + f.Day
	}
	return text
}

// Severity says what a failing check does.
type Severity string

const (
	SeverityError Severity = "error" // the whole build rolls back
	SeverityWarn  Severity = "warn"  // the result is recorded and the build goes on
)

// Check is one @check line: an expression that must not be false for any row. As
// in SQL's own CHECK constraints, NULL passes.
type Check struct {
	Severity Severity
	Expr     string
	Line     int
}

// Column is one @column line.
type Column struct {
	Name string
	Unit string // one of Units
	Text string // what it means, one phrase
}

// Comment is what is kept as the column's comment in the warehouse: "[s] text".
func (c Column) Comment() string {
	if c.Unit == "-" {
		return c.Text
	}
	return "[" + c.Unit + "] " + c.Text
}

// Units are the units a @column may have. `s` and `min` are durations, `share` is
// 0..1, `score` is 1..9, `-` is for what has no unit.
var Units = []string{"-", "id", "code", "text", "date", "time", "s", "min", "count", "share", "score", "flag", "ratio"}

// Layers are the model schemas from source to reader.
var Layers = []string{"staging", "intermediate", "marts", "reports", "feed"}

// Model is one SQL model.
type Model struct {
	Schema, Name string
	File         string // path inside the models folder
	Doc          string // the header's prose
	Grain        []string
	OneRow       bool // @grain one row; Grain is empty
	Build        Build
	Follows      []Follow
	Checks       []Check
	Columns      []Column
	SQL          string // the query, without header and closing semicolon

	line int // line of the file on which SQL begins
}

// FullName is schema and name: "marts.dim_agent".
func (m *Model) FullName() string { return m.Schema + "." + m.Name }

// sqlHash changes when the rows may: query, materialisation and column names.
func (m *Model) sqlHash() string {
	names := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		names[i] = c.Name
	}
	return hashText(m.SQL, m.Build.String(), strings.Join(names, ","), fmt.Sprint(m.Follows))
}

// headerHash changes when comments or checks do, which asks for no new rows.
func (m *Model) headerHash() string {
	return hashText(m.Doc, fmt.Sprint(m.Grain, m.OneRow), fmt.Sprint(m.Columns), fmt.Sprint(m.expressions()))
}

func (m *Model) expressions() []string {
	out := make([]string, len(m.Checks))
	for i, c := range m.Checks {
		out[i] = string(c.Severity) + ":" + c.Expr
	}
	return out
}

func hashText(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Load reads every model of a folder with one sub-folder per schema. Each file is
// a header and one query; the header's lines, in any order after the prose, are
//
//	-- @grain a, b                       what one row is; or: @grain one row
//	-- @build view                       or: view by <date column>
//	-- @build table
//	-- @build incremental by <date column>[, <n> days back][, <n> days ahead]
//	-- @follow <model> by <date column>  whose changed rows touch that day here
//	-- @follow <model> by <key>, to <model> by <date column>
//	                                     … or the days of the rows there with the same key
//	-- @check <boolean SQL over a row>   a failing row rolls the build back
//	-- @check warn: <boolean SQL>        a failing row is recorded
//	-- @column <name> <unit> <text>      in the order of the query's columns
//
// The query of an incremental model uses the parameters $from and $to, dates, for
// the half-open window of its date column. What it reads touches the same days here
// that it was touched on, widened by the days back and ahead, but for the models it
// follows, which say themselves how far they reach. The error is a Faults with everything
// that is wrong.
func Load(fsys fs.FS) ([]Model, error) {
	var models []Model
	var faults Faults
	err := fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || file == "." {
			return err
		}
		if ignored(file) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return checkFolder(file, &faults)
		}
		if m, ok, err := loadFile(fsys, file, &faults); err != nil {
			return err
		} else if ok {
			models = append(models, m)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading models: %w", err)
	}
	oneNameOnce(models, &faults)
	return models, faults.err()
}

func ignored(file string) bool {
	base := path.Base(file)
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".md")
}

func checkFolder(dir string, faults *Faults) error {
	if slices.Contains(Layers, dir) {
		return nil
	}
	faults.add(dir, 0, "models lie in the folders %s", strings.Join(Layers, ", "))
	return fs.SkipDir
}

func loadFile(fsys fs.FS, file string, faults *Faults) (Model, bool, error) {
	dir, base := path.Split(file)
	name, isSQL := strings.CutSuffix(base, ".sql")
	switch {
	case dir == "":
		faults.add(file, 0, "a model lies in the folder of its schema (%s)", strings.Join(Layers, ", "))
		return Model{}, false, nil
	case !isSQL:
		faults.add(file, 0, "only .sql files belong here")
		return Model{}, false, nil
	case !identifier.MatchString(name):
		faults.add(file, 0, "%q is no table name: use lower-case letters, digits and _", name)
		return Model{}, false, nil
	}
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return Model{}, false, err
	}
	m, wrong := parseModel(file, string(text))
	*faults = append(*faults, wrong...)
	return m, true, nil
}

// oneNameOnce holds model names unique across schemas: reasons, test folders and
// people call a model by its bare name.
func oneNameOnce(models []Model, faults *Faults) {
	seen := make(map[string]string)
	for i := range models {
		m := &models[i]
		if other, ok := seen[m.Name]; ok {
			faults.add(m.File, 0, "the name %s is already taken by %s", m.Name, other)
		}
		seen[m.Name] = m.File
	}
}
