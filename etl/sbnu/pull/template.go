package pull

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Template is the grammar of addresses. An address may hold, in path and query:
//
//	{table}      the table's name: guides, guide_views or guide_sends
//	{from}       begin of the window as Danish wall-clock time, "2026-10-25T02:00:00"
//	{to}         its end, not itself in the window
//	{from_date}  the first local date of the window, "2026-10-25"
//	{to_date}    its last, which is in the window
//
// For a table that is asked for whole, query parameters that hold one of the last four
// are left out. In the autumn night in which an hour comes twice, a window within it
// reaches over both.
const Template = "{table} {from} {to} {from_date} {to_date}"

var (
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
	ofWindow    = []string{"{from}", "{to}", "{from_date}", "{to_date}"}
)

// template is an address with placeholders.
type template struct {
	base  string   // before the query
	query []string // its parameters as written
}

// parse reads an address. The error does not repeat it: its query may hold a key.
func parse(text string) (template, error) {
	if text == "" {
		return template{}, errors.New("there is none")
	}
	for _, found := range placeholder.FindAllString(text, -1) {
		if !slices.Contains(strings.Fields(Template), found) {
			return template{}, fmt.Errorf("%s is no placeholder; there are %s", found, Template)
		}
	}
	u, err := url.Parse(placeholder.ReplaceAllString(text, "x"))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return template{}, errors.New(`it is none; write it as "https://host/path?from={from}&to={to}"`)
	}
	if u.User != nil {
		return template{}, errors.New("it must not hold a user name or password; configure them beside it")
	}
	_, host, _ := strings.Cut(text, "://")
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if placeholder.MatchString(host) {
		return template{}, errors.New("its host cannot hold a placeholder; they belong in path and query")
	}
	text, _, _ = strings.Cut(text, "#")
	base, query, _ := strings.Cut(text, "?")
	t := template{base: base}
	if query != "" {
		t.query = strings.Split(query, "&")
	}
	return t, nil
}

func mentions(text string, placeholders ...string) bool {
	return slices.ContainsFunc(placeholders, func(p string) bool { return strings.Contains(text, p) })
}

// fits reports what keeps a table from being asked for by the template.
func (t template) fits(table windowed.Table, own bool, format string) error {
	all := t.base + "?" + strings.Join(t.query, "&")
	switch {
	case format == CSV && !own && !mentions(all, "{table}"):
		return errors.New("CSV holds one table, so it needs {table}, or an address for each table")
	case table.Whole && mentions(t.base, ofWindow...):
		return errors.New("its path holds a window, and this table is asked for whole; give it an address of its own")
	}
	return nil
}

// fill is the address of one question; an empty window asks for the table whole.
func (t template) fill(table string, w etl.Window, zone *time.Location) string {
	values := []string{"{table}", table}
	whole := w.Empty()
	if !whole {
		values = append(values, windowValues(w, zone)...)
	}
	for i := 1; i < len(values); i += 2 {
		values[i] = url.QueryEscape(values[i])
	}
	replace := strings.NewReplacer(values...).Replace
	var query []string
	for _, parameter := range t.query {
		if !whole || !mentions(parameter, ofWindow...) {
			query = append(query, replace(parameter))
		}
	}
	if len(query) == 0 {
		return replace(t.base)
	}
	return replace(t.base) + "?" + strings.Join(query, "&")
}

// windowValues are the window's placeholders and their values. Fractions of a second
// are rounded outwards.
func windowValues(w etl.Window, zone *time.Location) []string {
	const seconds = "2006-01-02T15:04:05"
	from, to := w.Local(zone)
	from = from.Truncate(time.Second)
	last := to.Add(-time.Nanosecond)
	to = last.Truncate(time.Second).Add(time.Second)
	return []string{
		"{from}", from.Format(seconds), "{to}", to.Format(seconds),
		"{from_date}", from.Format(time.DateOnly), "{to_date}", last.Format(time.DateOnly),
	}
}
