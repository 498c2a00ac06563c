package main

import (
	"context"
	"slices"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// normalRows tells how many rows a window of a table usually brings.
type normalRows = func(ctx context.Context, table etl.Table, w etl.Window) (rows int64, ok bool, err error)

// weeksBack is how many weeks a window is compared with.
const weeksBack = 4

// normalRows is the median of what the same hours of the weeks before brought, among
// those that were open as long: a holiday is no norm, and has none. With fewer than
// two such weeks nothing is known.
func (p *pipeline) normalRows(ctx context.Context, table etl.Table, w etl.Window) (int64, bool, error) {
	if p.warehouse == nil {
		return 0, false, nil
	}
	open, err := p.openMinutes(ctx, w)
	if err != nil || open == 0 {
		return 0, false, err
	}
	var counts []int64
	for week := 1; week <= weeksBack; week++ {
		before := etl.Window{From: p.weeksBefore(w.From, week), To: p.weeksBefore(w.To, week), Of: w.Of}
		alike, err := p.openMinutes(ctx, before)
		if err != nil {
			return 0, false, err
		}
		if alike != open {
			continue
		}
		rows, err := p.warehouse.CountUpdated(ctx, table, before, p.project.config.Timezone)
		if err != nil {
			return 0, false, err
		}
		if rows > 0 {
			counts = append(counts, rows)
		}
	}
	if len(counts) < 2 {
		return 0, false, nil
	}
	slices.Sort(counts)
	return counts[(len(counts)-1)/2], true, nil
}

// weeksBefore is the same wall-clock time some weeks earlier.
func (p *pipeline) weeksBefore(t time.Time, weeks int) time.Time {
	return t.In(p.project.config.Timezone).AddDate(0, 0, -7*weeks)
}

// openMinutes is the opening time within a window, as the last build knows it; 0
// before the first.
func (p *pipeline) openMinutes(ctx context.Context, w etl.Window) (int, error) {
	conn, err := p.warehouse.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	from, to := w.Local(p.project.config.Timezone)
	return openMinutes(ctx, conn, from.Format(time.DateTime), to.Format(time.DateTime))
}
