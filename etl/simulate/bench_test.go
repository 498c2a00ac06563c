package simulate_test

import (
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
)

// BenchmarkFiveQuarters simulates what the demo shows: about 290,000 calls.
func BenchmarkFiveQuarters(b *testing.B) {
	rows := int64(0)
	for b.Loop() {
		sum, err := simulate.Run(b.Context(), simulate.Options{
			Dir: b.TempDir(), Seed: 1,
			From: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, n := range sum.Rows {
			rows += n
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
