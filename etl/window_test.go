package etl_test

import (
	"testing"
	"time"

	_ "time/tzdata"

	"github.com/den-digitale-hotline/ddh/etl"
)

func TestLocalWindowHoldsEveryInstant(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to, wantFrom, wantTo string }{
		{"a summer day", "2026-07-01T06:00:00Z", "2026-07-01T08:00:00Z", "07-01 08:00:00", "07-01 10:00:00"},
		{"over the spring change", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "03-29 01:30:00", "03-29 03:30:00"},
		{"over the autumn change", "2026-10-25T00:30:00Z", "2026-10-25T01:10:00Z", "10-25 02:00:00", "10-25 03:00:00"},
		{"up to the autumn change", "2026-10-24T23:30:00Z", "2026-10-25T01:00:00Z", "10-25 01:30:00", "10-25 03:00:00"},
		{"within the repeated hour", "2026-10-25T01:10:00Z", "2026-10-25T01:20:00Z", "10-25 02:10:00", "10-25 02:20:00"},
		{"the whole night", "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z", "10-25 00:00:00", "10-25 05:00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := etl.Window{From: parse(t, c.from), To: parse(t, c.to)}
			from, to := w.Local(zone)
			const layout = "01-02 15:04:05"
			if from.Format(layout) != c.wantFrom || to.Format(layout) != c.wantTo {
				t.Errorf("%s to %s, want %s to %s", from.Format(layout), to.Format(layout), c.wantFrom, c.wantTo)
			}
			for at := w.From; at.Before(w.To); at = at.Add(7 * time.Second) {
				clock := at.In(zone).Format("2006-01-02T15:04:05")
				if clock < from.Format("2006-01-02T15:04:05") || clock >= to.Format("2006-01-02T15:04:05") {
					t.Fatalf("%s is outside", clock)
				}
			}
		})
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
