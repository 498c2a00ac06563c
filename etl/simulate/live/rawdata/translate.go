package rawdata

import (
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// translator writes a T-SQL query as one of DuckDB.
type translator struct {
	database *Database
	params   map[string]tds.Param // by lower-case name, with the @
	used     map[string]string    // the body of every table and view that is named
	columns  map[string]tds.Column
	err      *tds.Error // the first
}

// translation is a query for DuckDB. An empty query has nothing to show.
type translation struct {
	query string
	// columns are those of the tables that the query names, by lower-case name: what
	// the result calls so is taken to be of that type.
	columns map[string]tds.Column
}

// translate does one batch. The caller holds the database's lock.
func (d *Database) translate(query string, params []tds.Param) (translation, *tds.Error) {
	tokens, err := lex(query)
	if err != nil {
		return translation{}, err
	}
	tokens, err = onlyQuery(tokens)
	if err != nil || len(tokens) == 0 {
		return translation{}, err
	}
	t := &translator{
		database: d, params: make(map[string]tds.Param),
		used: make(map[string]string), columns: make(map[string]tds.Column),
	}
	for _, p := range params {
		t.params[strings.ToLower(p.Name)] = p
	}
	// A query's own named steps come after the tables, which they may use.
	steps := tokens[0].is("with")
	if steps {
		tokens = tokens[1:]
	}
	text := t.sequence(tokens)
	if t.err != nil {
		return translation{}, t.err
	}
	var with []string
	for name, body := range t.used {
		with = append(with, quoted(name)+" as not materialized ("+body+")")
	}
	slices.Sort(with)
	switch {
	case len(with) > 0 && steps:
		text = "with " + strings.Join(with, ", ") + ", " + text
	case len(with) > 0:
		text = "with " + strings.Join(with, ", ") + " " + text
	case steps:
		text = "with " + text
	}
	return translation{text, t.columns}, nil
}

// onlyQuery leaves the settings of a batch out, and whatever else changes no data and
// shows none. A reader may do nothing else.
func onlyQuery(tokens []token) ([]token, *tds.Error) {
	var query []token
	for len(tokens) > 0 {
		first := tokens[0]
		n := 1
		switch {
		case first.is(";"):
		case first.is("set"), first.is("use"):
			for n < len(tokens) && !tokens[n].is(";") && !tokens[n].is("select") && !tokens[n].is("set") && !tokens[n].is("with") {
				n++
			}
		case first.is("select"), first.is("with"):
			if query != nil {
				return nil, &tds.Error{Number: 50001, State: 1, Class: 16, Message: "The simulated server answers one query at a time."}
			}
			for n < len(tokens) && !tokens[n].is(";") {
				n++
			}
			query = tokens[:n]
		case slices.ContainsFunc([]string{"insert", "update", "delete", "truncate", "create", "drop", "alter", "merge"}, first.is):
			return nil, &tds.Error{Number: 229, State: 5, Class: 14, Message: fmt.Sprintf("The %s permission was denied.", strings.ToUpper(first.text))}
		default:
			return nil, syntax(first)
		}
		tokens = tokens[n:]
	}
	return query, nil
}

func (t *translator) fail(err *tds.Error) string {
	if t.err == nil {
		t.err = err
	}
	return ""
}

// sequence writes what stands between two parentheses, or a whole query.
func (t *translator) sequence(tokens []token) string {
	var out []string
	limit := ""
	for len(tokens) > 0 && t.err == nil {
		first := tokens[0]
		switch {
		case first.is("top") && len(out) > 0 && (out[len(out)-1] == "select" || out[len(out)-1] == "distinct"):
			limit, tokens = t.top(tokens[1:])
		case first.is("offset"):
			limit, tokens = t.offset(tokens[1:])
		case (first.is("with") || first.is("option")) && len(tokens) > 1 && tokens[1].is("("):
			_, tokens = t.group(tokens[1:]) // hints
		case first.is("("):
			var inner []token
			inner, tokens = t.group(tokens)
			out = append(out, "("+t.sequence(inner)+")")
		case first.kind == word || first.kind == name:
			var text string
			text, tokens = t.name(tokens)
			out = append(out, text)
		default:
			out, tokens = append(out, t.single(first)), tokens[1:]
		}
	}
	return strings.Join(out, " ") + limit
}

// group takes a parenthesised part, of which it gives the inside.
func (t *translator) group(tokens []token) (inner, rest []token) {
	depth := 0
	for i, tok := range tokens {
		switch {
		case tok.is("("):
			depth++
		case tok.is(")"):
			if depth--; depth == 0 {
				return tokens[1:i], tokens[i+1:]
			}
		}
	}
	t.fail(syntax(tokens[0]))
	return nil, nil
}

// top takes `(n)` or `n` after the word, and gives what DuckDB wants at the end.
func (t *translator) top(tokens []token) (limit string, rest []token) {
	if len(tokens) == 0 {
		return t.fail(syntax(token{word, "top"})), nil
	}
	if tokens[0].is("(") {
		inner, rest := t.group(tokens)
		return " limit (" + t.sequence(inner) + ")", rest
	}
	return " limit " + t.single(tokens[0]), tokens[1:]
}

// offset takes `n rows [fetch next m rows only]`.
func (t *translator) offset(tokens []token) (limit string, rest []token) {
	var counts []string
	for len(tokens) > 0 && !tokens[0].is(")") {
		switch first := tokens[0]; {
		case first.is("row"), first.is("rows"), first.is("fetch"), first.is("next"), first.is("first"), first.is("only"):
		case (first.kind == number || first.kind == param) && len(counts) < 2:
			counts = append(counts, t.single(first))
		default:
			return t.fail(syntax(first)), nil
		}
		tokens = tokens[1:]
	}
	switch len(counts) {
	case 1:
		return " offset " + counts[0], tokens
	case 2:
		return " limit " + counts[1] + " offset " + counts[0], tokens
	}
	return t.fail(syntax(token{word, "offset"})), nil
}

// single writes a token that stands for itself.
func (t *translator) single(tok token) string {
	switch tok.kind {
	case str:
		return text(tok.text)
	case param:
		return t.variable(tok)
	case symbol:
		if strings.Contains("+-*/%(),.=<>!=<=>=&|~", tok.text) {
			return tok.text
		}
		return t.fail(syntax(tok))
	}
	return tok.text
}

// variable writes the value of a parameter. A datetimeoffset next to a datetime counts
// as a wall clock at +00:00, as in SQL Server: the connection's zone is UTC.
func (t *translator) variable(tok token) string {
	if strings.HasPrefix(tok.text, "@@") {
		return t.global(tok)
	}
	p, ok := t.params[strings.ToLower(tok.text)]
	if !ok {
		return t.fail(&tds.Error{Number: 137, State: 2, Class: 15, Message: fmt.Sprintf("Must declare the scalar variable \"%s\".", tok.text)})
	}
	value, err := literal(p.Value)
	if err != nil {
		return t.fail(&tds.Error{Number: 257, State: 3, Class: 16, Message: fmt.Sprintf("The parameter %s cannot be used: %v.", p.Name, err)})
	}
	switch {
	case p.Value == nil:
		return value
	case p.Type == tds.DateTimeOffset:
		return instant(p.Value)
	case p.Type == tds.Date:
		return "cast(" + value + " as date)"
	}
	return value
}

// name writes a name, what it is qualified with, and what it calls.
func (t *translator) name(tokens []token) (string, []token) {
	first := tokens[0]
	dot := func(i int) bool { return i+1 < len(tokens) && tokens[i].is(".") }
	if dot(1) && dot(3) && tokens[2].names("dbo") {
		if !first.names(t.database.name) {
			return t.fail(invalidObject(first.text + ".dbo." + tokens[4].text)), nil
		}
		tokens = tokens[2:]
		first = tokens[0]
	}
	switch {
	case first.names("dbo") && dot(1):
		return t.table(tokens[2]), tokens[3:]
	case first.names("information_schema") && dot(1):
		return t.view("information_schema." + strings.ToLower(tokens[2].text)), tokens[3:]
	case first.names("sys") && dot(1):
		return t.fail(invalidObject("sys." + tokens[2].text)), nil
	case len(tokens) > 1 && tokens[1].is("(") && first.kind == word:
		if text, rest, ok := t.function(tokens); ok {
			return text, rest
		}
	case first.is("current_timestamp"):
		return t.clock(), tokens[1:]
	case t.database.tables[strings.ToLower(first.text)] != nil:
		return t.table(first), tokens[1:]
	}
	if first.kind == name {
		return quoted(first.text), tokens[1:]
	}
	return strings.ToLower(first.text), tokens[1:]
}

func (t *translator) table(tok token) string {
	found, err := t.database.visible(tok.text)
	if err != nil {
		return t.fail(err)
	}
	called := strings.ToLower(tok.text)
	t.used[called] = t.database.body(found)
	for _, c := range found.shown {
		t.columns[strings.ToLower(c.Name)] = c.Column
	}
	return quoted(called)
}

func (t *translator) view(called string) string {
	if called != viewColumns && called != viewTables {
		return t.fail(invalidObject(strings.ToUpper(called)))
	}
	t.used[called] = t.database.view(called)
	for _, name := range []string{"table_catalog", "table_schema", "table_name", "column_name", "data_type"} {
		t.columns[name] = tds.Column{Type: tds.NVarChar, Length: 128}
	}
	return quoted(called)
}
