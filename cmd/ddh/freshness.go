package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// freshness is how far the published figures lag behind the hotline, in opening time:
// nights and holidays make no figure older.
type freshness struct {
	DataUntil   string `json:"data_until"` // wall clock of the newest call
	Simulated   bool   `json:"is_simulated"`
	MissedDays  int    `json:"missed_open_days"`    // open days after data_until that are over
	OpenMinutes int    `json:"missed_open_minutes"` // opening time since data_until
	StaleFrom   int    `json:"stale_from_minutes"`  // opening time from which the figures are stale
	Stale       bool   `json:"is_stale"`
}

// readFreshness measures the published copy against the clock. Without a setting the
// figures are stale when an opening day's worth of opening time has passed without a
// call: that of the first open day after the newest call's. Simulated figures never
// are.
func (p *project) readFreshness(ctx context.Context, db *sql.DB) (freshness, error) {
	const layout = "2006-01-02 15:04:05"
	now := p.app.now().In(p.config.Timezone).Format(layout)
	var f freshness
	err := db.QueryRowContext(ctx, `
		with since as (
			select data_until, is_simulated, cast($1 as timestamp) as now_local from marts.dim_data
		),

		missed_days as (
			select d.date
			from marts.dim_date as d
			inner join since as s on d.date > cast(s.data_until as date) and d.date < cast(s.now_local as date)
			where d.open_minutes > 0
		),

		next_open_day as (
			select min(d.date) as date
			from marts.dim_date as d
			inner join since as s on d.date > cast(s.data_until as date)
			where d.open_minutes > 0
		)

		select
			coalesce(strftime(s.data_until, '%Y-%m-%dT%H:%M:%S'), ''),
			s.is_simulated,
			(select count(*) from missed_days),
			coalesce((select d.open_minutes from marts.dim_date as d inner join next_open_day as n on d.date = n.date), 0)
		from since as s`, now).Scan(&f.DataUntil, &f.Simulated, &f.MissedDays, &f.StaleFrom)
	if err != nil {
		return f, fmt.Errorf("read how fresh the figures are: %w", err)
	}
	if f.OpenMinutes, err = openMinutes(ctx, db, f.DataUntil, now); err != nil {
		return f, err
	}
	if limit := p.config.StaleAfter; limit > 0 {
		f.StaleFrom = int(limit / time.Minute)
		f.Stale = f.OpenMinutes >= f.StaleFrom
	} else {
		f.Stale = f.MissedDays > 0 || f.StaleFrom > 0 && f.OpenMinutes >= f.StaleFrom
	}
	f.Stale = f.Stale && !f.Simulated && f.DataUntil != ""
	return f, nil
}

// openMinutes is the opening time between two wall-clock times; 0 in a warehouse that
// was never built, or a copy published by a program that left the opening hours out.
func openMinutes(ctx context.Context, db figures.DB, from, to string) (minutes int, err error) {
	if from == "" {
		return 0, nil
	}
	var known bool
	err = db.QueryRowContext(ctx, `
		select count(*) > 0 from duckdb_tables()
		where schema_name = 'intermediate' and table_name = 'int_opening_intervals'`).Scan(&known)
	if err == nil && known {
		err = db.QueryRowContext(ctx, `
			select cast(floor(coalesce(sum(greatest(0, date_diff('second',
				greatest(opens_local, cast($1 as timestamp)), least(closes_local, cast($2 as timestamp))))), 0) / 60) as integer)
			from intermediate.int_opening_intervals
			where closes_local > cast($1 as timestamp) and opens_local < cast($2 as timestamp)`, from, to).Scan(&minutes)
	}
	if err != nil {
		return 0, fmt.Errorf("read how long the hotline was open: %w", err)
	}
	return minutes, nil
}

// hours are minutes for people: "3 h 05 min".
func hours(minutes int) string { return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60) }

// staleLine says why the figures are stale.
func (f freshness) staleLine() string {
	if f.MissedDays > 0 {
		return fmt.Sprintf("STALE: %d open days have passed without a call.", f.MissedDays)
	}
	return fmt.Sprintf("STALE: %s of opening time have passed without a call.", hours(f.OpenMinutes))
}
