package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports"
)

// unknownReport is the JSON of `ddh unknown`.
type unknownReport struct {
	DataUntil string         `json:"data_until"`
	Simulated bool           `json:"is_simulated"`
	Values    []unknownValue `json:"values"`
}

// unknownValue is one text, number or code that nothing recognised.
type unknownValue struct {
	Kind      string  `json:"kind"`
	Label     string  `json:"label"` // Danish
	Text      string  `json:"text"`
	Count     int64   `json:"count"`      // of events, calls, legs or guide actions
	FirstSeen *string `json:"first_seen"` // local date; null where its rows have none
	LastSeen  *string `json:"last_seen"`
	Effect    string  `json:"effect"`  // Danish: what it does to the figures
	Nearest   string  `json:"nearest"` // the known value it was most likely meant to be; "" for none
	File      string  `json:"file"`    // reference file that can say what it is
	Row       string  `json:"row"`     // for that file; "????" is for people to fill in
	Warning   bool    `json:"is_warning"`
	Accepted  bool    `json:"is_accepted"`
}

func (a *app) unknownCommand() *cobra.Command {
	var asCSV, all bool
	cmd := &cobra.Command{
		Use:   "unknown",
		Short: "List what was not recognised, ready to paste into the reference files",
		Long: `List every text, number and code that was not recognised: what kind it is of, how
often and when it was seen, what it does to the figures, the known value that comes
nearest, and a row for the reference file that can say what it is. In a row, ???? is for
you to fill in: the file is refused while it is there.

What is meant to be unknown, such as the citizens of another country, goes into
accepted.csv: it is no warning any more, and listed with --all only.`,
		Example: "  ddh unknown\n  ddh unknown --csv > ukendt.csv",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asCSV && a.json {
				return usagef("--csv and --json are two ways to print the same: leave one out")
			}
			return a.unknown(cmd.Context(), asCSV, all)
		},
	}
	a.jsonFlag(cmd)
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV")
	cmd.Flags().BoolVar(&all, "all", false, "list what accepted.csv names too")
	return cmd
}

func (a *app) unknown(ctx context.Context, asCSV, all bool) error {
	p, err := a.readProject()
	if err != nil {
		return err
	}
	db, _, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := readUnknown(ctx, db, all)
	if err != nil {
		return err
	}
	switch {
	case a.json:
		return a.printJSON(report)
	case asCSV:
		return a.unknownCSV(report.Values)
	}
	a.printUnknown(report)
	return nil
}

// readUnknown reads the list of a published copy, in the order of kinds, what is seen
// most first.
func readUnknown(ctx context.Context, db *sql.DB, all bool) (unknownReport, error) {
	r := unknownReport{Values: []unknownValue{}}
	err := db.QueryRowContext(ctx, `select coalesce(strftime(data_until, '%Y-%m-%dT%H:%M:%S'), ''), is_simulated from marts.dim_data`).
		Scan(&r.DataUntil, &r.Simulated)
	if err != nil {
		return r, fmt.Errorf("read what was not recognised: %w", err)
	}
	rows, err := db.QueryContext(ctx, `
		select
			kind, label, text, row_count, strftime(first_seen_date, '%Y-%m-%d'), strftime(last_seen_date, '%Y-%m-%d'),
			effect, reference_file, is_warning, is_accepted
		from marts.dim_unknown_value
		where not is_accepted or ?
		order by sort_order, row_count desc, key`, all)
	if err != nil {
		return r, &failure{err: fmt.Errorf("read what was not recognised: %w", err), try: "ddh run"}
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	for rows.Next() {
		var v unknownValue
		if err := rows.Scan(&v.Kind, &v.Label, &v.Text, &v.Count, &v.FirstSeen, &v.LastSeen, &v.Effect, &v.File, &v.Warning, &v.Accepted); err != nil {
			return r, fmt.Errorf("read what was not recognised: %w", err)
		}
		r.Values = append(r.Values, v)
	}
	if err := rows.Err(); err != nil {
		return r, fmt.Errorf("read what was not recognised: %w", err)
	}
	return r, advise(ctx, db, r.Values)
}

func (a *app) unknownCSV(values []unknownValue) error {
	w := csv.NewWriter(a.stdout)
	date := func(d *string) string {
		if d == nil {
			return ""
		}
		return *d
	}
	all := [][]string{{"kind", "text", "count", "first_seen", "last_seen", "effect", "nearest", "file", "row", "is_warning", "is_accepted"}}
	for _, v := range values {
		all = append(all, []string{
			v.Kind, v.Text, strconv.FormatInt(v.Count, 10), date(v.FirstSeen), date(v.LastSeen), v.Effect, v.Nearest, v.File, v.Row,
			strconv.FormatBool(v.Warning), strconv.FormatBool(v.Accepted),
		})
	}
	return errors.Join(w.WriteAll(all), w.Error())
}

func (a *app) printUnknown(r unknownReport) {
	if len(r.Values) == 0 {
		a.printf("Alt blev genkendt.\n")
		a.footnote(r.DataUntil, r.Simulated)
		return
	}
	kind := ""
	for _, v := range r.Values {
		if v.Kind != kind {
			kind = v.Kind
			a.heading(v.Label)
			a.printf("  %s.\n", v.Effect)
		}
		a.printf("  %s %-28s %6s  %s%s\n", mark(v), v.Text, reports.Integer(float64(v.Count)), seen(v), meant(v))
		if !v.Accepted {
			a.printf("      %s: %s\n", v.File, v.Row)
		}
	}
	a.printf("\n! er en advarsel, til den er rettet eller står i accepted.csv. ???? udfyldes.\n")
	a.footnote(r.DataUntil, r.Simulated)
}

func mark(v unknownValue) string {
	if v.Warning {
		return "!"
	}
	return " "
}

// seen tells the days on which a value was seen.
func seen(v unknownValue) string {
	switch {
	case v.FirstSeen == nil || v.LastSeen == nil:
		return ""
	case *v.FirstSeen == *v.LastSeen:
		return isoDay(*v.FirstSeen)
	}
	return isoDay(*v.FirstSeen) + " - " + isoDay(*v.LastSeen)
}

func meant(v unknownValue) string {
	switch {
	case v.Accepted:
		return "  (accepteret)"
	case v.Nearest != "":
		return "  mon " + v.Nearest + "?"
	}
	return ""
}

// unknownWarnings are the warnings that last until what is unknown is mended or
// accepted: one a kind, with its most frequent text.
func unknownWarnings(ctx context.Context, db querier) ([]string, error) {
	rows, err := db.QueryContext(ctx, `
		select label, count(*), cast(sum(row_count) as bigint), arg_max(text, row(row_count, key)), min(effect)
		from marts.dim_unknown_value
		where is_warning
		group by kind, label, sort_order
		order by sort_order`)
	if err != nil {
		return nil, fmt.Errorf("read what was not recognised: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var all []string
	for rows.Next() {
		var label, text, effect string
		var values, count int64
		if err := rows.Scan(&label, &values, &count, &text, &effect); err != nil {
			return nil, fmt.Errorf("read what was not recognised: %w", err)
		}
		what := fmt.Sprintf("ikke genkendt: %s %q, %s gange", lowerFirst(label), text, reports.Integer(float64(count)))
		if values > 1 {
			what = fmt.Sprintf("ikke genkendt: %s, %s tekster i alt %s gange, oftest %q",
				lowerFirst(label), reports.Integer(float64(values)), reports.Integer(float64(count)), text)
		}
		all = append(all, fmt.Sprintf("%s. %s\n  Try: ddh unknown", what, effect))
	}
	return all, rows.Err()
}

// querier is a database or one connection to it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func lowerFirst(text string) string {
	if text == "" {
		return text
	}
	r := []rune(text)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}
