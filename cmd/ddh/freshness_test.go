package main

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
)

// openingHours are the weeks round 1 October 2026 as the marts hold them: Monday to
// Thursday 8-20, Friday 8-16, Sunday 16-20; Wednesday 7 October closes at 12.
const openingHours = `
	create schema marts;
	create schema intermediate;
	create table intermediate.int_opening_intervals as
	select day, day + opens * interval 1 hour as opens_local, day + closes * interval 1 hour as closes_local
	from (
		select cast(d.day as date) as day,
			case isodow(d.day) when 7 then 16 else 8 end as opens,
			case when d.day = date '2026-10-07' then 12 when isodow(d.day) = 5 then 16 else 20 end as closes
		from generate_series(date '2026-09-20', date '2026-11-05', interval 1 day) as d (day)
		where isodow(d.day) <> 6
	);
	create table marts.dim_date as
	select cast(d.day as date) as date, cast(coalesce(date_diff('minute', o.opens_local, o.closes_local), 0) as integer) as open_minutes
	from generate_series(date '2026-09-20', date '2026-11-05', interval 1 day) as d (day)
	left join intermediate.int_opening_intervals as o on d.day = o.day;
	create table marts.dim_data (data_until timestamp, is_simulated boolean);`

func TestFreshness(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // the database is this connection's
	ctx := context.Background()
	if _, err := db.ExecContext(ctx, openingHours); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, until, now string
		setting          time.Duration
		simulated        bool
		minutes, from    int
		stale            bool
	}{
		{"minutes ago", "2026-10-05 10:00:00", "2026-10-05 10:20", 0, false, 20, 720, false},
		{"overnight", "2026-10-05 19:58:30", "2026-10-06 08:05", 0, false, 6, 720, false},
		{"over a Saturday", "2026-10-09 15:30:00", "2026-10-11 15:59", 0, false, 30, 240, false},
		{"a Sunday's worth", "2026-10-09 15:30:00", "2026-10-11 19:30", 0, false, 240, 240, true},
		{"a long silence by day", "2026-10-05 08:10:00", "2026-10-06 08:10", 0, false, 720, 720, true},
		{"just before", "2026-10-05 08:10:00", "2026-10-06 08:09", 0, false, 719, 720, false},
		{"a short day to come", "2026-10-06 12:00:00", "2026-10-06 16:00", 0, false, 240, 240, true},
		{"a call on a closed day", "2026-10-10 11:00:00", "2026-10-11 15:00", 0, false, 0, 240, false},
		{"through the autumn night", "2026-10-23 15:00:00", "2026-10-25 16:30", 0, false, 90, 240, false},
		{"stricter by setting", "2026-10-05 10:00:00", "2026-10-05 12:00", 2 * time.Hour, false, 120, 120, true},
		{"laxer by setting", "2026-10-05 10:00:00", "2026-10-07 09:00", 48 * time.Hour, false, 1380, 2880, false},
		{"simulated", "2026-10-05 10:00:00", "2026-10-30 10:00", 0, true, 13200, 720, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := db.ExecContext(ctx, "delete from marts.dim_data; insert into marts.dim_data values (cast(? as timestamp), ?)", c.until, c.simulated)
			if err != nil {
				t.Fatal(err)
			}
			now, err := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
			if err != nil {
				t.Fatal(err)
			}
			p := &project{app: &app{now: standing(now)}, config: config.Config{Timezone: zone, StaleAfter: c.setting}}
			got, err := p.readFreshness(ctx, db)
			if err != nil {
				t.Fatal(err)
			}
			if got.OpenMinutes != c.minutes || got.StaleFrom != c.from || got.Stale != c.stale {
				t.Errorf("%d minutes of %d, stale %v; want %d of %d, %v", got.OpenMinutes, got.StaleFrom, got.Stale, c.minutes, c.from, c.stale)
			}
		})
	}
}
