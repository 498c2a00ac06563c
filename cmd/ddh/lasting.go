package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/reference"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// accepted are the lines of accepted.csv: warnings that are meant to be so.
type accepted map[string]bool

// has tells whether a line names the text; of a path its last part is enough.
func (a accepted) has(kind, text string) bool {
	return a[kind+"\x00"+acceptKey(text)] || a[kind+"\x00"+acceptKey(filepath.Base(text))]
}

// acceptKey keeps what Key takes for no value: "#N/A" can be accepted.
func acceptKey(text string) string {
	if key := reference.Key(text); key != "" {
		return key
	}
	return strings.ToLower(text)
}

func readAccepted(ctx context.Context, conn *sql.Conn) (accepted, error) {
	rows, err := conn.QueryContext(ctx, "select lower(kind), text from reference.accepted")
	if err != nil {
		return nil, fmt.Errorf("read what is accepted: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	all := accepted{}
	for rows.Next() {
		var kind, text string
		if err := rows.Scan(&kind, &text); err != nil {
			return nil, fmt.Errorf("read what is accepted: %w", err)
		}
		all[kind+"\x00"+acceptKey(text)] = true
	}
	return all, rows.Err()
}

// lasting is what the warehouse itself gives rise to. It is read anew by every run,
// whatever it did, so a warning stands until what it is about has been mended, or
// accepted.csv names it.
type lasting struct {
	warnings []string
	drift    []string // columns that are not as they were: worth knowing and no fault
	unknown  int64    // values that were not recognised and are not accepted, warnings or not
}

func readLasting(ctx context.Context, w *warehouse.Warehouse) (l lasting, err error) {
	conn, err := w.Conn(ctx)
	if err != nil {
		return l, err
	}
	defer conn.Close()
	var built int
	err = conn.QueryRowContext(ctx, `
		select count(*) from duckdb_tables()
		where schema_name || '.' || table_name in ('marts.dim_unknown_value', 'reference.accepted')`).Scan(&built)
	if err != nil || built < 2 {
		return l, err // nothing was ever built: the run that failed to says why
	}
	meant, err := readAccepted(ctx, conn)
	if err != nil {
		return l, err
	}
	for _, read := range []func() ([]string, error){
		func() ([]string, error) { return noticeWarnings(ctx, w, meant) },
		func() ([]string, error) { return quarantineWarnings(ctx, w, meant) },
		func() ([]string, error) { return checkWarnings(ctx, conn, meant) },
		func() ([]string, error) { return unknownWarnings(ctx, conn) },
	} {
		found, err := read()
		if err != nil {
			return l, err
		}
		l.warnings = append(l.warnings, found...)
	}
	if l.drift, err = driftNotices(ctx, conn, meant); err != nil {
		return l, err
	}
	err = conn.QueryRowContext(ctx, "select count(*) from marts.dim_unknown_value where not is_accepted").Scan(&l.unknown)
	return l, err
}

// noticeWarnings are the notices of deliveries that are in use.
func noticeWarnings(ctx context.Context, w *warehouse.Warehouse, meant accepted) (all []string, err error) {
	notices, err := w.Notices(ctx)
	for _, n := range notices {
		if !meant.has("notice", n.Batch.Origin) {
			all = append(all, noticeLine(n.Batch.Origin, n.Notice))
		}
	}
	return all, err
}

// quarantineWarnings is one warning for all rows that wait.
func quarantineWarnings(ctx context.Context, w *warehouse.Warehouse, meant accepted) ([]string, error) {
	open, err := w.OpenQuarantine(ctx)
	var rows int64
	for _, q := range open {
		if !meant.has("quarantine", q.Batch.ID) && !meant.has("quarantine", q.Batch.Origin) {
			rows += q.Rows
		}
	}
	if err != nil || rows == 0 {
		return nil, err
	}
	return []string{fmt.Sprintf("%d rows are in quarantine\n  Try: ddh quarantine list", rows)}, nil
}

// checkWarnings are the checks that warn, as the last build that evaluated them found.
func checkWarnings(ctx context.Context, conn *sql.Conn, meant accepted) ([]string, error) {
	rows, err := conn.QueryContext(ctx, `
		select r.model, r.check_name, r.failed, coalesce(r.total, 0), r.threshold, r.examples
		from meta.check_results as r
		left join meta.model_state as s on r.model = s.model
		where
			r.severity = 'warn' and r.failed > r.threshold
			and r.run = coalesce(s.run, (select max(c.run) from meta.check_results as c where c.model = 'checks'))
		order by r.model, r.check_name`)
	if err != nil {
		return nil, fmt.Errorf("read what the checks found: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	var all []string
	for rows.Next() {
		var w model.Warning
		var examples string
		if err := rows.Scan(&w.Model, &w.Check, &w.Failed, &w.Total, &w.Threshold, &examples); err != nil {
			return nil, fmt.Errorf("read what the checks found: %w", err)
		}
		if examples != "" {
			w.Examples = []string{examples}
		}
		if !meant.has("check", w.Check) {
			all = append(all, w.String())
		}
	}
	return all, rows.Err()
}

// driftNotices are the columns of each table's newest delivery that nobody reads, and
// those it lacks although an earlier one had them.
func driftNotices(ctx context.Context, conn *sql.Conn, meant accepted) ([]string, error) {
	rows, err := conn.QueryContext(ctx, `
		select source || '.' || table_name, arg_max(origin, batch), drift
		from meta.batches
		group by source || '.' || table_name, drift
		order by max(batch)`)
	if err != nil {
		return nil, fmt.Errorf("read how the deliveries' columns differ: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	had, newest := map[string]map[string]bool{}, map[string]string{}
	var tables []string
	for rows.Next() {
		var table, origin, text string
		if err := rows.Scan(&table, &origin, &text); err != nil {
			return nil, fmt.Errorf("read how the deliveries' columns differ: %w", err)
		}
		var d etl.Drift
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return nil, fmt.Errorf("read how the deliveries' columns differ: %w", err)
		}
		before, seen := had[table]
		if !seen {
			tables = append(tables, table)
		}
		newest[table] = driftLine(origin, d, before, seen, meant)
		had[table] = lacking(d, before, seen)
	}
	var all []string
	for _, table := range tables {
		if newest[table] != "" {
			all = append(all, newest[table])
		}
	}
	return all, rows.Err()
}

// lacking are the columns that no delivery of a table has had.
func lacking(d etl.Drift, before map[string]bool, seen bool) map[string]bool {
	never := map[string]bool{}
	for _, column := range d.Missing {
		if !seen || before[column] {
			never[column] = true
		}
	}
	return never
}

// driftLine says what is wrong with the columns of a delivery; "" where nothing is.
// never are the columns that no delivery before it had.
func driftLine(origin string, d etl.Drift, never map[string]bool, seen bool, meant accepted) string {
	unread := func(columns []string, wanted func(string) bool) (left []string) {
		for _, c := range columns {
			if wanted(c) && !meant.has("column", c) {
				left = append(left, c)
			}
		}
		return left
	}
	unknown := unread(d.Unknown, func(string) bool { return true })
	gone := unread(d.Missing, func(c string) bool { return seen && !never[c] })
	var parts []string
	if len(unknown) > 0 {
		parts = append(parts, "unknown columns are left out: "+strings.Join(unknown, ", "))
	}
	if len(gone) > 0 {
		parts = append(parts, "columns that were delivered before are missing: "+strings.Join(gone, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s\n  Try: map or restore them at the source, or name them in accepted.csv with the kind column", origin, strings.Join(parts, "; "))
}
