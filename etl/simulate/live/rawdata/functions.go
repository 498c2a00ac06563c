package rawdata

import (
	"fmt"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// version is what @@version says.
const version = "Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64) (simulated)"

// function writes a call whose function DuckDB has not, or has differently; false:
// it may stay as it is.
func (t *translator) function(tokens []token) (written string, rest []token, ok bool) {
	called := strings.ToLower(tokens[0].text)
	inner, rest := t.group(tokens[1:])
	args := arguments(inner)
	switch called {
	case "getdate", "sysdatetime":
		return t.clock(), rest, true
	case "getutcdate", "sysutcdatetime":
		return "timestamp " + text(stamp(t.database.now.UTC())), rest, true
	case "sysdatetimeoffset":
		return instant(t.database.now), rest, true
	case "isnull":
		return "coalesce(" + t.sequence(inner) + ")", rest, true
	case "len":
		return "length(rtrim(" + t.sequence(inner) + "))", rest, true
	case "count_big":
		return "count(" + t.sequence(inner) + ")", rest, true
	case "db_name":
		return text(t.database.name), rest, true
	case "serverproperty":
		return "'15.0.2000.5'", rest, true
	case "has_perms_by_name":
		return t.permission(args), rest, true
	case "object_id":
		return t.object(args), rest, true
	case "cast", "try_cast":
		return called + "(" + t.cast(inner) + ")", rest, true
	}
	return t.withWord(called, args, rest)
}

// withWord writes the functions whose first argument is a type or a unit of time.
func (t *translator) withWord(called string, args [][]token, rest []token) (string, []token, bool) {
	if len(args) < 2 || len(args[0]) == 0 {
		return "", nil, false
	}
	first := args[0][0]
	switch called {
	case "convert", "try_convert":
		as := map[string]string{"convert": "cast", "try_convert": "try_cast"}[called]
		return as + "(" + t.sequence(args[1]) + " as " + t.typeName(args[0]) + ")", rest, true
	case "dateadd":
		if len(args) != 3 {
			return t.fail(syntax(first)), nil, true
		}
		return fmt.Sprintf("(%s + (%s) * interval '1 %s')", t.sequence(args[2]), t.sequence(args[1]), unit(first)), rest, true
	case "datediff":
		if len(args) != 3 {
			return t.fail(syntax(first)), nil, true
		}
		return fmt.Sprintf("date_diff('%s', %s, %s)", unit(first), t.sequence(args[1]), t.sequence(args[2])), rest, true
	case "datepart":
		return fmt.Sprintf("date_part('%s', %s)", unit(first), t.sequence(args[1])), rest, true
	}
	return "", nil, false
}

// unit is a unit of time as DuckDB names it.
func unit(t token) string {
	called := strings.ToLower(strings.ReplaceAll(t.text, "'", ""))
	if long, ok := map[string]string{
		"dd": "day", "d": "day", "hh": "hour", "mi": "minute", "n": "minute", "ss": "second", "s": "second",
		"ms": "millisecond", "mm": "month", "m": "month", "yy": "year", "yyyy": "year", "wk": "week", "ww": "week",
	}[called]; ok {
		return long
	}
	return called
}

// arguments cuts what stands between a call's parentheses at its commas.
func arguments(inner []token) [][]token {
	args := [][]token{nil}
	depth := 0
	for _, tok := range inner {
		switch {
		case tok.is("("):
			depth++
		case tok.is(")"):
			depth--
		case tok.is(",") && depth == 0:
			args = append(args, nil)
			continue
		}
		args[len(args)-1] = append(args[len(args)-1], tok)
	}
	return args
}

// cast writes `value as type`.
func (t *translator) cast(inner []token) string {
	depth := 0
	for i, tok := range inner {
		switch {
		case tok.is("("):
			depth++
		case tok.is(")"):
			depth--
		case tok.is("as") && depth == 0:
			return t.sequence(inner[:i]) + " as " + t.typeName(inner[i+1:])
		}
	}
	return t.fail(syntax(token{word, "cast"}))
}

// typeName writes a type; lengths of texts are left out, as DuckDB has none.
func (t *translator) typeName(tokens []token) string {
	var declared strings.Builder
	for _, tok := range tokens {
		declared.WriteString(strings.ToLower(tok.text))
	}
	kind, size, _ := strings.Cut(declared.String(), "(")
	for known := tds.Bit; known <= tds.UniqueIdentifier; known++ {
		if known.String() != kind {
			continue
		}
		if known == tds.Numeric {
			break
		}
		return duckType(tds.Column{Type: known})
	}
	switch kind {
	case "numeric", "decimal":
		if size == "" {
			return "decimal(18, 0)"
		}
		return "decimal(" + size // which ends with the bracket
	case "real":
		return "float"
	case "time":
		return "time"
	}
	return t.fail(&tds.Error{Number: 243, State: 1, Class: 16, Message: fmt.Sprintf("Type %s is not a defined system type.", kind)})
}

// clock is what the database's clock shows.
func (t *translator) clock() string {
	return "timestamp " + text(stamp(t.database.wall(t.database.now)))
}

func stamp(at time.Time) string { return at.Format("2006-01-02 15:04:05.999999") }

// instant writes a time with its offset.
func instant(value any) string {
	at, _ := value.(time.Time)
	return "timestamptz " + text(at.UTC().Format("2006-01-02 15:04:05.999999")+"+00")
}

// global writes the value of a variable of the server.
func (t *translator) global(tok token) string {
	switch strings.ToLower(tok.text) {
	case "@@version":
		return text(version)
	case "@@servername":
		return "'SIMULATED'"
	case "@@spid":
		return "51"
	case "@@language":
		return "'us_english'"
	}
	return t.fail(&tds.Error{Number: 137, State: 2, Class: 15, Message: fmt.Sprintf("Must declare the scalar variable \"%s\".", tok.text)})
}

// permission answers has_perms_by_name: 1, 0, or NULL for what is not there.
func (t *translator) permission(args [][]token) string {
	if len(args) != 3 {
		return t.fail(syntax(token{word, "has_perms_by_name"}))
	}
	object := t.constant(args[0])
	if !strings.EqualFold(t.constant(args[1]), "object") {
		return "1"
	}
	found := t.database.tables[bare(object)]
	switch {
	case found == nil || found.dropped:
		return "null"
	case found.denied || !strings.EqualFold(t.constant(args[2]), "select"):
		return "0"
	}
	return "1"
}

// object answers object_id: a number for what is there, else NULL.
func (t *translator) object(args [][]token) string {
	if found := t.database.tables[bare(t.constant(args[0]))]; found == nil || found.dropped {
		return "null"
	}
	return "1001"
}

// constant is the text of an argument that is a text or a parameter, else empty.
func (t *translator) constant(arg []token) string {
	if len(arg) != 1 {
		return ""
	}
	if arg[0].kind == str {
		return arg[0].text
	}
	value, _ := t.params[strings.ToLower(arg[0].text)].Value.(string)
	return value
}

// bare takes schema and brackets off a table's name.
func bare(object string) string {
	object = strings.ToLower(strings.NewReplacer("[", "", "]", "").Replace(object))
	return strings.TrimPrefix(object, "dbo.")
}
