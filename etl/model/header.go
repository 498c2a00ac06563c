package model

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tag is one @ line with its continuation lines joined.
type tag struct {
	line       int
	name, text string
}

// head is a file cut into prose, tags and query.
type head struct {
	prose []string
	tags  []tag
	body  string
	line  int // line on which body begins
}

// reader turns one file into a Model and collects its faults.
type reader struct {
	file   string
	faults Faults
	seen   map[string]int // line of the first @grain and @build; number of @column lines
	model  Model
}

// parseModel reads one file. The model is usable only where there are no faults.
func parseModel(file, text string) (Model, Faults) {
	r := &reader{file: file, seen: make(map[string]int)}
	r.model = Model{
		Schema: path.Dir(file),
		Name:   strings.TrimSuffix(path.Base(file), ".sql"),
		File:   file,
	}
	h := cut(file, text, &r.faults)
	r.model.Doc = strings.Join(h.prose, " ")
	if r.model.Doc == "" {
		r.fault(1, "the header does not say what the table is: begin with a sentence")
	}
	for _, t := range h.tags {
		r.tag(t)
	}
	r.complete()
	r.query(h)
	return r.model, r.faults
}

func (r *reader) fault(line int, format string, args ...any) {
	r.faults.add(r.file, line, format, args...)
}

// cut separates the leading comment lines from the query. Only the header's own
// lines are judged here: a comment further down belongs to the query.
func cut(file, text string, faults *Faults) head {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !utf8.ValidString(text) {
		faults.add(file, 0, "the file is not UTF-8")
		text = strings.ToValidUTF8(text, "?")
	}
	var h head
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(trimmed, "--")
		if trimmed != "" && !isComment {
			h.body, h.line = strings.Join(lines[i:], "\n"), i+1
			return h
		}
		if isComment {
			h.add(file, i+1, comment, faults)
		}
	}
	h.line = len(lines)
	return h
}

func (h *head) add(file string, line int, comment string, faults *Faults) {
	text := strings.TrimSpace(comment)
	indented := strings.HasPrefix(comment, "  ")
	switch {
	case text == "":
	case text[0] == '@':
		if !strings.HasPrefix(comment, " @") {
			faults.add(file, line, "write the tag as \"-- %s\", with one blank before the @", text)
		}
		name, rest, _ := strings.Cut(text[1:], " ")
		h.tags = append(h.tags, tag{line, name, strings.TrimSpace(rest)})
	case len(h.tags) == 0:
		h.prose = append(h.prose, text)
	case indented:
		last := &h.tags[len(h.tags)-1]
		last.text = strings.TrimSpace(last.text + " " + text)
	default:
		faults.add(file, line, "prose goes above the first @ line (to continue the tag above, indent by two blanks)")
	}
}

func (r *reader) tag(t tag) {
	switch t.name {
	case "grain", "build":
		if first, twice := r.seen[t.name]; twice {
			r.fault(t.line, "@%s is already given on line %d", t.name, first)
			return
		}
		r.seen[t.name] = t.line
		if t.name == "grain" {
			r.grain(t)
		} else {
			r.build(t)
		}
	case "follow":
		r.follow(t)
	case "check":
		r.check(t)
	case "column":
		r.column(t)
	default:
		r.fault(t.line, "@%s is no tag: there are @grain, @build, @follow, @check and @column", t.name)
	}
}

func (r *reader) grain(t tag) {
	switch t.text {
	case "":
		r.fault(t.line, "@grain names no column: write \"@grain a, b\" or \"@grain one row\"")
		return
	case "none":
		r.fault(t.line, "@grain none is not allowed: every table says what one row is")
		return
	case "one row":
		r.model.OneRow = true
		return
	}
	for part := range strings.SplitSeq(t.text, ",") {
		name := strings.TrimSpace(part)
		switch {
		case name == "":
			r.fault(t.line, "@grain has an empty name between its commas")
		case !identifier.MatchString(name):
			r.fault(t.line, "@grain: %q is no column name", name)
		case slices.Contains(r.model.Grain, name):
			r.fault(t.line, "@grain names %s twice", name)
		default:
			r.model.Grain = append(r.model.Grain, name)
		}
	}
}

var widening = regexp.MustCompile(`^(\S+) days? (back|ahead)$`)

// build reads "view[ by c]", "table" or "incremental by c[, n days back][, …]".
func (r *reader) build(t tag) {
	first, rest, widened := strings.Cut(t.text, ",")
	words := strings.Fields(first)
	if len(words) == 0 {
		r.fault(t.line, "@build says no kind: write view, table or \"incremental by <date column>\"")
		return
	}
	b := &r.model.Build
	switch words[0] {
	case "view":
		b.Kind = View
	case "table":
		b.Kind = Table
	case "incremental":
		b.Kind = Incremental
	default:
		r.fault(t.line, "@build %s is no kind: there are view, table and incremental", words[0])
		return
	}
	r.buildBy(t.line, words)
	if !widened {
		return
	}
	if b.Kind != Incremental {
		r.fault(t.line, "@build: only an incremental model looks days back or ahead")
		return
	}
	for part := range strings.SplitSeq(rest, ",") {
		r.buildDays(t.line, strings.TrimSpace(part))
	}
}

func (r *reader) buildBy(line int, words []string) {
	b := &r.model.Build
	switch by := words[1:]; {
	case len(by) == 0 && b.Kind == Incremental:
		r.fault(line, "@build incremental does not say by which date column: write \"incremental by <date column>\"")
	case len(by) == 0:
	case b.Kind == Table:
		r.fault(line, "@build table takes nothing more, found %q", strings.Join(by, " "))
	case len(by) != 2 || by[0] != "by" || !identifier.MatchString(by[1]):
		r.fault(line, "@build %s: expected \"by <date column>\", found %q", words[0], strings.Join(by, " "))
	default:
		b.By = by[1]
	}
}

func (r *reader) buildDays(line int, text string) {
	m := widening.FindStringSubmatch(text)
	if m == nil {
		r.fault(line, "@build: expected \"<n> days back\" or \"<n> days ahead\", found %q", text)
		return
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n < 1 || n > 366 {
		r.fault(line, "@build: %q is no number of days from 1 to 366", m[1])
		return
	}
	side := &r.model.Build.Back
	if m[2] == "ahead" {
		side = &r.model.Build.Ahead
	}
	if *side != 0 {
		r.fault(line, "@build says days %s twice", m[2])
	}
	*side = n
}

var following = regexp.MustCompile(`^([a-z0-9_.]+) by ([a-z][a-z0-9_]*)(?:, to ([a-z0-9_.]+) by ([a-z][a-z0-9_]*))?$`)

// follow reads "<model> by <column>[, to <model> by <date column>]".
func (r *reader) follow(t tag) {
	m := following.FindStringSubmatch(t.text)
	if m == nil {
		r.fault(t.line, "@follow: expected \"<model> by <date column>\" or \"<model> by <key>, to <model> by <date column>\", found %q", t.text)
		return
	}
	r.model.Follows = append(r.model.Follows, Follow{Model: m[1], By: m[2], To: m[3], Day: m[4], line: t.line})
}

var severityPrefix = regexp.MustCompile(`^([a-zA-Z]+):(?:[^:]|$)`)

func (r *reader) check(t tag) {
	severity, expr := SeverityError, t.text
	if m := severityPrefix.FindStringSubmatch(t.text); m != nil {
		if m[1] != "warn" {
			r.fault(t.line, "@check %s: is no severity: write \"@check warn: …\", or nothing for an error", m[1])
			return
		}
		severity, expr = SeverityWarn, strings.TrimSpace(strings.TrimPrefix(t.text, "warn:"))
	}
	if expr == "" {
		r.fault(t.line, "@check has no expression")
		return
	}
	r.model.Checks = append(r.model.Checks, Check{severity, expr, t.line})
}

func (r *reader) column(t tag) {
	name, rest, _ := strings.Cut(t.text, " ")
	unit, text, _ := strings.Cut(strings.TrimSpace(rest), " ")
	text = strings.TrimSpace(text)
	if r.seen["column"]++; identifier.MatchString(name) && !r.hasColumn(name) {
		r.model.Columns = append(r.model.Columns, Column{name, unit, text})
	} else if r.hasColumn(name) {
		r.fault(t.line, "@column %s is given twice", name)
	}
	switch {
	case name == "":
		r.fault(t.line, "@column names no column: write \"@column <name> <unit> <text>\"")
	case !identifier.MatchString(name):
		r.fault(t.line, "@column: %q is no column name: use lower-case letters, digits and _", name)
	case unit == "":
		r.fault(t.line, "@column %s has no unit: one of %s", name, strings.Join(Units, " "))
	case !slices.Contains(Units, unit):
		r.fault(t.line, "@column %s: %q is no unit: one of %s", name, unit, strings.Join(Units, " "))
	case text == "":
		r.fault(t.line, "@column %s does not say what it means", name)
	}
}

func (r *reader) hasColumn(name string) bool {
	return slices.ContainsFunc(r.model.Columns, func(c Column) bool { return c.Name == name })
}

// complete checks what only the whole header can tell.
func (r *reader) complete() {
	m := &r.model
	for _, name := range []string{"grain", "build"} {
		if r.seen[name] == 0 {
			r.fault(1, "@%s is missing", name)
		}
	}
	if r.seen["column"] == 0 {
		r.fault(1, "@column is missing: list every column with unit and meaning")
		return
	}
	for _, name := range m.Grain {
		if !r.hasColumn(name) {
			r.fault(r.seen["grain"], "@grain: %s is not among the @column lines", name)
		}
	}
	if len(m.Follows) > 0 && m.Build.Kind != Incremental {
		r.fault(m.Follows[0].line, "@follow: only an incremental model follows others")
	}
	if m.Build.By == "" {
		return
	}
	i := slices.IndexFunc(m.Columns, func(c Column) bool { return c.Name == m.Build.By })
	switch {
	case i < 0:
		r.fault(r.seen["build"], "@build: %s is not among the @column lines", m.Build.By)
	case m.Columns[i].Unit != "date" && slices.Contains(Units, m.Columns[i].Unit):
		r.fault(r.seen["build"], "@build: %s has the unit %s, a date is needed", m.Build.By, m.Columns[i].Unit)
	}
}

// query takes over the body and checks what needs no SQL parser.
func (r *reader) query(h head) {
	m := &r.model
	m.SQL, m.line = trimStatement(h.body), h.line
	if m.SQL == "" {
		r.fault(h.line, "there is no query under the header")
		return
	}
	if strings.HasPrefix(m.SQL, "/*") {
		r.fault(h.line, "the header is written with --, not with /* */")
	}
	used := parameters(m.SQL)
	for _, p := range used {
		if p != "from" && p != "to" {
			r.fault(h.line, "$%s is no parameter: there are $from and $to", p)
		}
	}
	hasFrom, hasTo := slices.Contains(used, "from"), slices.Contains(used, "to")
	if m.Build.Kind == Incremental && !(hasFrom && hasTo) {
		r.fault(h.line, "an incremental model uses both $from and $to, or it cannot be built for some days only")
	}
	if m.Build.Kind != Incremental && r.seen["build"] != 0 && (hasFrom || hasTo) {
		r.fault(h.line, "$from and $to belong to incremental models, this is a %s", m.Build)
	}
}

// trimStatement drops blanks and one closing semicolon.
func trimStatement(body string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(body), ";"))
}
