// Package mutant changes one rule of a SQL query at a time: a bound, a comparison, a
// code, a join. A rule whose change no test notices is not guarded by any. The package
// knows only text; it runs nothing, and only tests use it.
package mutant

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Mutant is a query with one thing changed.
type Mutant struct {
	Line     int    // of the query, from 1
	Was, Now string // the changed text; Now is empty where it was taken out
	Text     string // the line on which the change is, without the blanks around it
	Query    string // the whole query as changed

	again int // how many changes before it read the same
}

// String names the mutant, stably as long as its line is not rewritten: the line and
// what becomes of it.
func (m Mutant) String() string {
	now := m.Now
	if now == "" {
		now = "nothing"
	}
	name := fmt.Sprintf("%s: %s becomes %s", m.Text, m.Was, now)
	if m.again > 0 {
		name += fmt.Sprintf(" (%d)", m.again+1)
	}
	return name
}

// swaps are the words and signs that have an opposite or a neighbour.
var swaps = map[string][]string{
	"<": {"<="}, "<=": {"<"}, ">": {">="}, ">=": {">"}, "=": {"<>"}, "<>": {"="},
	"and": {"or"}, "or": {"and"}, "not": {""}, "distinct": {""},
	"min": {"max"}, "max": {"min"}, "lag": {"lead"}, "lead": {"lag"},
	"asc": {"desc"}, "desc": {"asc"},
	"left": {"inner"}, "inner": {"left"},
	"true": {"false"}, "false": {"true"},
	"+": {"-"}, "-": {"+"},
}

// plain are functions of one value that cleans it up or bounds it: the mutant leaves
// the value as it is.
var plain = map[string]bool{
	"trim": true, "lower": true, "upper": true, "nullif": true, "coalesce": true,
	"greatest": true, "least": true, "abs": true, "rtrim": true,
}

var token = regexp.MustCompile(`'(?:[^']|'')*'|"[^"]*"|--[^\n]*|[A-Za-z_][A-Za-z_0-9]*|[0-9]+(?:\.[0-9]+)?|<=|>=|<>|\|\||::|[^\s]`)

// piece is one token of a query.
type piece struct {
	text string
	at   int
}

// Of lists the mutants of a query, in the order of its text.
func Of(query string) []Mutant {
	var pieces []piece
	for _, span := range token.FindAllStringIndex(query, -1) {
		if text := query[span[0]:span[1]]; !strings.HasPrefix(text, "--") {
			pieces = append(pieces, piece{text, span[0]})
		}
	}
	var all []Mutant
	for i, p := range pieces {
		for _, now := range replacements(pieces, i) {
			all = append(all, change(query, p.at, p.text, now))
		}
		if plain[p.text] && i+1 < len(pieces) && pieces[i+1].text == "(" {
			if m, ok := unwrap(query, pieces, i); ok {
				all = append(all, m)
			}
		}
	}
	number(all)
	return all
}

// number tells apart changes that read the same.
func number(all []Mutant) {
	seen := make(map[string]int)
	for i := range all {
		name := all[i].String()
		all[i].again = seen[name]
		seen[name]++
	}
}

// replacements are what a token becomes, one at a time.
func replacements(pieces []piece, i int) []string {
	text := pieces[i].text
	before, after := around(pieces, i)
	switch {
	case text == "and" && isBetween(pieces, i):
		return nil
	case text == "-" || text == "+":
		if isSign(before) {
			return nil
		}
	case after == "$", text == "and" && isWindow(pieces, i): // of an incremental model, which histories guard
		return nil
	case text == "left" && after == "(", text == "=" && after == ">":
		return nil
	case text == "not" && before == "is": // "is not null"
		return []string{""}
	case text == "null" && before == "is":
		return []string{"not null"}
	case (text == "min" || text == "max" || text == "lag" || text == "lead") && after != "(":
		return nil
	case text == "union" && after == "all":
		return nil
	case text[0] == '\'' && len(text) > 2:
		return []string{text[:len(text)-1] + "~'"}
	case text[0] >= '0' && text[0] <= '9':
		return nudge(text)
	}
	return swaps[text]
}

// nudge changes a number by one; a decimal's last digit likewise.
func nudge(text string) []string {
	if whole, err := strconv.Atoi(text); err == nil {
		return []string{strconv.Itoa(whole + 1)}
	}
	last := text[len(text)-1]
	if last == '9' {
		return []string{text[:len(text)-1] + "8"}
	}
	return []string{text[:len(text)-1] + string(last+1)}
}

func around(pieces []piece, i int) (before, after string) {
	if i > 0 {
		before = pieces[i-1].text
	}
	if i+1 < len(pieces) {
		after = pieces[i+1].text
	}
	return before, after
}

// isWindow reports whether the "and" joins the two ends of a window, $from and $to.
func isWindow(pieces []piece, at int) bool {
	return at >= 2 && pieces[at-2].text == "$" && pieces[at-1].text == "from"
}

// isSign reports whether a plus or minus behind such a token belongs to a number.
func isSign(before string) bool {
	switch before {
	case "(", ",", "=", "<", ">", "<=", ">=", "<>", "then", "else", "and", "or", "between", "select", "*", "/", "":
		return true
	}
	return false
}

// isBetween reports whether the "and" belongs to a between.
func isBetween(pieces []piece, at int) bool {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		switch pieces[i].text {
		case ")":
			depth++
		case "(":
			if depth--; depth < 0 {
				return false
			}
		case "between":
			if depth == 0 {
				return true
			}
		case "and", "or", "where", "on", "when", "select", "case":
			if depth == 0 {
				return false
			}
		}
	}
	return false
}

// unwrap leaves only the first argument of a call.
func unwrap(query string, pieces []piece, at int) (Mutant, bool) {
	depth, first := 0, -1
	for i := at + 1; i < len(pieces); i++ {
		switch pieces[i].text {
		case "(":
			depth++
		case ",":
			if depth == 1 && first < 0 {
				first = pieces[i].at
			}
		case ")":
			if depth--; depth > 0 {
				continue
			}
			end := pieces[i].at
			if first < 0 {
				first = end
			}
			start := pieces[at+1].at + 1
			return change(query, pieces[at].at, query[pieces[at].at:end+1], "("+query[start:first]+")"), true
		}
	}
	return Mutant{}, false
}

func change(query string, at int, was, now string) Mutant {
	start := strings.LastIndexByte(query[:at], '\n') + 1
	end := len(query)
	if i := strings.IndexByte(query[at:], '\n'); i >= 0 {
		end = at + i
	}
	return Mutant{
		Line: strings.Count(query[:at], "\n") + 1, Was: flat(was), Now: flat(now),
		Text:  flat(query[start:end]),
		Query: query[:at] + now + query[at+len(was):],
	}
}

// flat is a text on one line, with single blanks.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }
