package landing_test

import (
	"testing"

	"github.com/den-digitale-hotline/ddh/etl"
)

// BenchmarkLand lands 196,608 rows of three columns a time.
func BenchmarkLand(b *testing.B) {
	l := open(b, b.TempDir(), start)
	rec := callRows(64 << 10)
	defer rec.Release()
	b.ReportAllocs()
	for b.Loop() {
		w := begin(b, l, calls, contentA)
		for range 3 {
			if err := w.Write(rec); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := w.Commit(etl.Drift{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*3*(64<<10)/b.Elapsed().Seconds(), "rows/s")
}
