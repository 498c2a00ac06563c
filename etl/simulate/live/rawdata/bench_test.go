package rawdata_test

import (
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
)

// BenchmarkCallEvents reads call_events through TLS and the real driver, every column.
func BenchmarkCallEvents(b *testing.B) {
	data, db := open(b, rawdata.Options{})
	simulated(b, data, 20000, time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC))
	rows := 0
	for b.Loop() {
		found, err := db.QueryContext(b.Context(), "select * from [dbo].[call_events]")
		if err != nil {
			b.Fatal(err)
		}
		columns, err := found.Columns()
		if err != nil {
			b.Fatal(err)
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for found.Next() {
			if err := found.Scan(into...); err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if err := found.Err(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkPoll is a step of a quarter of an hour and the question for what is new.
func BenchmarkPoll(b *testing.B) {
	data, db := open(b, rawdata.Options{})
	simulated(b, data, 5000, time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC))
	now := time.Date(2026, 1, 2, 8, 0, 0, 0, time.UTC)
	for b.Loop() {
		now = now.Add(15 * time.Minute)
		data.SetNow(now)
		if _, err := texts(b.Context(), db, pollQuery, now.Add(-3*time.Hour), now); err != nil {
			b.Fatal(err)
		}
	}
}
