package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Days counts the calls per local day on which they began, as the contract of
// call_events has it: by the earliest initiation event, else by the earliest event.
// The error is an *etl.Trouble, of kind Contract for any other table.
func (f *Feed) Days(ctx context.Context, table etl.Table, w etl.Window) (map[string]int64, error) {
	ctx, cancel := f.within(ctx)
	defer cancel()
	doing := "counting the days of " + table.Name
	conn, err := f.session(ctx)
	if err != nil {
		return nil, f.trouble(ctx, doing, err)
	}
	defer conn.Close()
	var days map[string]int64
	err = f.bound(ctx, conn, table, f.options.ColumnMap[table.Name], func(b binding) (err error) {
		q, ok := b.counting(w, f.options.Zone)
		if !ok {
			return b.broken("has no calls that could be counted")
		}
		days, err = countDays(ctx, conn, q)
		return err
	})
	return days, f.trouble(ctx, doing, err)
}

// counting is the query for the calls per day of a window. The inner selection finds
// the calls with an event in the window; the day is then that of the whole call.
func (b *binding) counting(w etl.Window, zone *time.Location) (q statement, ok bool) {
	call, hasCall := b.find("call_id")
	start, hasStart := b.find("dte_start")
	kind, hasKind := b.find("event_type")
	if b.table.Name != "call_events" || !hasCall || !hasStart || !hasKind {
		return q, false
	}
	begin := fmt.Sprintf("coalesce(min(case when %s = 'i' then %s end), min(%s))", quote(kind.name), quote(start.name), quote(start.name))
	return statement{
		text: fmt.Sprintf(`select cast(began as date) as day, count_big(*) as calls
from (
  select %[2]s as began
  from %[3]s
  where %[1]s in (select %[1]s from %[3]s where %[4]s)
  group by %[1]s
) as calls
where %[5]s
group by cast(began as date)
order by day`, quote(call.name), begin, b.from(), between(quote(start.name)), between("began")),
		args: bounds(w, zone),
	}, true
}

func countDays(ctx context.Context, conn *sql.Conn, q statement) (map[string]int64, error) {
	rows, err := conn.QueryContext(ctx, q.text, q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	days := map[string]int64{}
	for rows.Next() {
		var day time.Time
		var calls int64
		if err := rows.Scan(&day, &calls); err != nil {
			return nil, err
		}
		days[day.Format(time.DateOnly)] = calls
	}
	return days, rows.Err()
}
