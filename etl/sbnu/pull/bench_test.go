package pull_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/sbnu/pull"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// discard counts rows.
type discard struct{ rows int }

func (d *discard) Header([]string) error { return nil }
func (d *discard) Row([]string) error    { d.rows++; return nil }

// BenchmarkFetch asks for 50,000 views over TLS, packed, in one answer.
func BenchmarkFetch(b *testing.B) {
	const rows = 50_000
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	library, err := service.StartLibrary(service.LibraryOptions{Now: clock, Zone: time.UTC, Token: token})
	if err != nil {
		b.Fatal(err)
	}
	defer library.Close()
	views := service.Sheet{Columns: []string{"viewed_at", "agent", "citizen_municipality", "guide_id", "session_id"}}
	for i := range rows {
		at := now.Add(-time.Duration(i) * time.Second).Format(time.DateTime)
		views.Rows = append(views.Rows, []string{at, fmt.Sprint("agent", i%200), "0461", fmt.Sprint("g", i%900), fmt.Sprint("s", i)})
	}
	library.Add("guide_views", views)
	client, err := web.New(web.Options{Roots: library.Roots(), Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	for _, format := range []string{pull.JSON, pull.CSV} {
		b.Run(format, func(b *testing.B) {
			feed, err := pull.New(pull.Options{
				URL: library.Base() + "/export/{table}." + format, Format: format, Client: client.As(web.Bearer(token)), Zone: time.UTC, Now: clock,
			})
			if err != nil {
				b.Fatal(err)
			}
			query := windowed.Query{Table: sbnu.GuideViews, Window: etl.Window{From: now.Add(-time.Hour), To: now}}
			b.ReportAllocs()
			for b.Loop() {
				var got discard
				if err := feed.Fetch(b.Context(), query, &got); err != nil || got.rows != rows {
					b.Fatal(got.rows, err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
