package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

const (
	// clockTolerance is how far the server's clock and ours may be apart.
	clockTolerance = 2 * time.Minute
	// stale is the age from which the newest row is a finding: no holiday is longer.
	stale = 7 * 24 * time.Hour
	// newVersion is how the contracts mark the columns that older databases lack.
	newVersion = "since database version 1.9"
)

// tables looks at the contracts' tables and at the clock. A table that fails does not
// keep the others of its round from being looked at.
func (x *examination) tables(ctx context.Context) bool {
	all, err := readTables(ctx, x.conn)
	if err != nil {
		return x.failed(ctx, "catalogue", err)
	}
	bound := map[string]binding{}
	return x.each(func(t etl.Table) bool { return x.permission(ctx, all, t, bound) }) &&
		x.each(func(t etl.Table) bool { return x.columns(bound[t.Name]) }) &&
		x.clock(ctx) &&
		x.newest(ctx, bound) &&
		x.each(func(t etl.Table) bool { return x.oneRow(ctx, bound[t.Name]) })
}

// each looks at every table and reports whether all were in order.
func (x *examination) each(look func(etl.Table) bool) bool {
	good := true
	for _, t := range x.feed.options.Tables {
		good = look(t) && good
	}
	return good
}

// permission looks whether the table is there and may be read.
func (x *examination) permission(ctx context.Context, all tables, t etl.Table, bound map[string]binding) bool {
	what := "permission " + t.Name
	b, ok := bind(all, t, x.feed.options.ColumnMap[t.Name])
	if !ok {
		return x.failed(ctx, what, absent(ctx, x.conn, t))
	}
	if len(b.columns) > 0 {
		text := strings.Replace(b.rows(), "select ", "select top (0) ", 1)
		if _, err := x.conn.ExecContext(ctx, text); err != nil {
			return x.failed(ctx, what, err)
		}
	}
	bound[t.Name] = b
	return x.fine(what, "%s.%s may be read", schema, b.source)
}

// columns compares the table with its contract.
func (x *examination) columns(b binding) bool {
	what := "columns " + b.table.Name
	if len(b.lacking) > 0 {
		return x.bad(what, "lacks "+strings.Join(b.lacking, ", "), fmt.Sprintf(
			"map the name it has now: [sources.puzzel.columns.%s] %s = \"…\"", b.table.Name, b.lacking[0]))
	}
	found := []string{fmt.Sprintf("%d columns", len(b.columns))}
	newer, old := b.version()
	switch {
	case newer > 0 && len(old) == newer:
		found = append(found, "database version 1.8 or older: without "+strings.Join(old, ", "))
	case newer > 0:
		found = append(found, "database version 1.9 or newer")
	}
	if rest := without(b.missing, old); len(rest) > 0 {
		found = append(found, "without "+strings.Join(rest, ", "))
	}
	if len(b.unknown) > 0 {
		found = append(found, "not read because unknown: "+strings.Join(b.unknown, ", "))
	}
	return x.fine(what, "%s", strings.Join(found, "; "))
}

// version counts the contract's columns that came with version 1.9, and names those
// that are missing, if all of them are.
func (b *binding) version() (newer int, old []string) {
	for _, c := range b.table.Columns {
		if c.Doc != newVersion {
			continue
		}
		newer++
		if _, ok := b.find(c.Name); !ok {
			old = append(old, c.Name)
		}
	}
	if len(old) < newer {
		return newer, nil
	}
	return newer, old
}

func without(names, leave []string) []string {
	var rest []string
	for _, name := range names {
		if !containsFold(leave, name) {
			rest = append(rest, name)
		}
	}
	return rest
}

// clock compares the server's clock with ours in the zone of its times.
func (x *examination) clock(ctx context.Context) bool {
	var theirs time.Time
	if err := x.conn.QueryRowContext(ctx, "select sysdatetime()").Scan(&theirs); err != nil {
		return x.failed(ctx, "clock", err)
	}
	now := x.feed.options.Now()
	apart := theirs.Sub(wall(now, x.feed.options.Zone))
	if apart.Abs() <= clockTolerance {
		return x.fine("clock", "the server's clock and ours are %s apart", apart.Abs().Round(time.Second))
	}
	_, ahead := now.In(x.feed.options.Zone).Zone()
	side := "ahead of"
	if apart < 0 {
		side = "behind"
	}
	text := fmt.Sprintf("the server's clock shows %s, which is %s %s the time in %s",
		theirs.Format(time.DateTime), apart.Abs().Round(time.Second), side, x.feed.options.Zone)
	if (apart + time.Duration(ahead)*time.Second).Abs() <= clockTolerance {
		text += ": it runs on UTC"
	}
	return x.bad("clock", text, "check this machine's clock, then ask Puzzel in which time zone the database's times are")
}

// wall is what a clock in the zone shows, labelled UTC as the driver labels times.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// newest looks how old the newest row of the first table is.
func (x *examination) newest(ctx context.Context, bound map[string]binding) bool {
	const what = "newest row"
	if len(x.feed.options.Tables) == 0 {
		return true
	}
	b := bound[x.feed.options.Tables[0].Name]
	updated, ok := b.find(b.table.Replace.Updated)
	if !ok {
		return true
	}
	var last sql.NullTime
	query := fmt.Sprintf("select max(%s)\nfrom %s", quote(updated.name), b.from())
	if err := x.conn.QueryRowContext(ctx, query).Scan(&last); err != nil {
		return x.failed(ctx, what, err)
	}
	if !last.Valid {
		return x.bad(what, b.source+" is empty", "ask Puzzel whether the database is being filled")
	}
	age := wall(x.feed.options.Now(), x.feed.options.Zone).Sub(last.Time)
	text := fmt.Sprintf("the newest row of %s is from %s, %s ago", b.source, last.Time.Format("2006-01-02 15:04"), long(age))
	if age > stale {
		return x.bad(what, text, "ask Puzzel whether the database is being filled")
	}
	return x.fine(what, "%s", text)
}

// long tells an age in the unit that suits it.
func long(age time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case age >= 2*day:
		return fmt.Sprintf("%d days", age/day)
	case age >= 2*time.Hour:
		return fmt.Sprintf("%d hours", age/time.Hour)
	}
	return fmt.Sprintf("%d minutes", age/time.Minute)
}

// oneRow reads one row of a table.
func (x *examination) oneRow(ctx context.Context, b binding) bool {
	what := "row " + b.table.Name
	rows, err := x.conn.QueryContext(ctx, strings.Replace(b.rows(), "select ", "select top (1) ", 1))
	if err != nil {
		return x.failed(ctx, what, err)
	}
	defer rows.Close()
	row, err := newRow(rows, 0)
	if err != nil {
		return x.failed(ctx, what, err)
	}
	count := 0
	for rows.Next() {
		if _, err := row.read(rows); err != nil {
			return x.failed(ctx, what, err)
		}
		count++
	}
	if err := rows.Err(); err != nil {
		return x.failed(ctx, what, err)
	}
	if count == 0 {
		return x.fine(what, "%s is empty", b.source)
	}
	return x.fine(what, "a row of %s reads", b.source)
}
