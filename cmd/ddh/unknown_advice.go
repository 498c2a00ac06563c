package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/reference/nearest"
)

// fillIn stands in a row for what only people know; no reference file takes it.
const fillIn = "????"

// known are the queries for the values that a kind's could have been meant to be.
var known = map[string]string{
	"municipality":    "select municipality_name from marts.dim_municipality where municipality_code <> 'unknown' order by 1",
	"guide_owner":     "select municipality_name from marts.dim_municipality where municipality_code <> 'unknown' order by 1",
	"user_group":      "select distinct usergroup_name from marts.dim_agent_history where municipality_code <> 'unknown' and usergroup_name is not null order by 1",
	"queue":           "select queue_key from marts.dim_queue order by 1",
	"guide":           "select guide_id from marts.dim_guide order by 1",
	"transfer_number": "select number from marts.dim_transfer_number order by 1",
	"guide_scope":     "select unnest(['local', 'national']) order by 1",
	"media_label":     "select unnest(['Chat', 'E-mail', 'Phone', 'Telefon', 'Voice']) order by 1",
}

// advise adds to each value the nearest known one and the row for its reference file.
func advise(ctx context.Context, db *sql.DB, values []unknownValue) error {
	names := map[string][]string{}
	municipalities, err := municipalityCodes(ctx, db)
	if err != nil {
		return err
	}
	for i := range values {
		v := &values[i]
		query, has := known[v.Kind]
		if _, asked := names[v.Kind]; has && !asked {
			if names[v.Kind], err = texts(ctx, db, query); err != nil {
				return err
			}
		}
		v.Nearest = nearestTo(v.Text, names[v.Kind])
		if v.File == "" {
			v.File = "accepted.csv"
		}
		v.Row = csvLine(pasteRow(*v, municipalities))
	}
	return nil
}

// nearestTo compares without case and without what municipalities are called besides.
func nearestTo(text string, names []string) string {
	folded := func(s string) string { return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), " kommune") }
	lower := make([]string, len(names))
	for i, name := range names {
		lower[i] = folded(name)
	}
	near := nearest.To(folded(text), lower)
	for i, name := range lower {
		if near != "" && name == near {
			return names[i]
		}
	}
	return ""
}

// pasteRow is the line of the value's reference file.
func pasteRow(v unknownValue, municipalities map[string]string) []string {
	switch v.File {
	case "agent_groups.csv":
		return []string{v.Text, municipalityWithin(v.Text, municipalities), "", ""}
	case "agents.csv":
		if v.Kind == "agent" {
			return []string{v.Text, fillIn, "", "", ""}
		}
		return []string{fillIn, "", v.Text, "", ""}
	case "access_numbers.csv":
		return []string{v.Text, fillIn, "", ""}
	case "transfer_numbers.csv":
		return []string{v.Text, "municipality", fillIn, ""}
	case "queues.csv":
		return []string{v.Text, "ddh", ""}
	}
	return []string{v.Kind, v.Text, ""}
}

// municipalityWithin is the code of the municipality whose name is part of a text, the
// longest where there are several.
func municipalityWithin(text string, municipalities map[string]string) string {
	code, longest := fillIn, 0
	for name, c := range municipalities {
		if len(name) > longest && strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
			code, longest = c, len(name)
		}
	}
	return code
}

func municipalityCodes(ctx context.Context, db *sql.DB) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "select municipality_name, municipality_code from marts.dim_municipality where municipality_code <> 'unknown'")
	if err != nil {
		return nil, fmt.Errorf("read the municipalities: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	codes := map[string]string{}
	for rows.Next() {
		var name, code string
		if err := rows.Scan(&name, &code); err != nil {
			return nil, fmt.Errorf("read the municipalities: %w", err)
		}
		codes[name] = code
	}
	return codes, rows.Err()
}

func texts(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read what is known: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read what is known: %w", err)
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// csvLine is one record without its line end.
func csvLine(fields []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(fields); err != nil {
		return strings.Join(fields, ",") // only an invalid separator makes it fail
	}
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}
