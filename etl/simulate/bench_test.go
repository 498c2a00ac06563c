package simulate_test

import (
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
)

// BenchmarkFiveQuarters simulates what the demo shows: about 290,000 calls.
func BenchmarkFiveQuarters(b *testing.B) {
	for b.Loop() {
		sum, err := simulate.Run(b.Context(), simulate.Options{
			Dir: b.TempDir(), Seed: 1,
			From: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(sum.Rows["call_events"])*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		b.Logf("%+v", sum)
	}
}
