package clock_test

import (
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
)

func TestDaysAgreeWithTheStandardLibrary(t *testing.T) {
	for d := clock.Date(1999, time.December, 1); d < clock.Date(2101, time.March, 1); d++ {
		want := time.Unix(int64(d)*clock.SecondsPerDay, 0).UTC()
		if got := d.String(); got != want.Format(time.DateOnly) {
			t.Fatalf("day %d is %s, want %s", d, got, want.Format(time.DateOnly))
		}
		if got := d.Weekday() % 7; got != int(want.Weekday()) {
			t.Fatalf("%s is weekday %d, want %d", d, got, want.Weekday())
		}
		if got := d.At(3723).String(); got != want.Format(time.DateOnly)+" 01:02:03" {
			t.Fatalf("reading %s", got)
		}
	}
}

func TestOffsetAgreesWithCopenhagen(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	for year := 2020; year < 2032; year++ {
		for d := clock.Date(year, time.January, 1); d < clock.Date(year+1, time.January, 1); d++ {
			y, m, day := d.Civil()
			_, want := time.Date(y, time.Month(m), day, 12, 0, 0, 0, zone).Zone()
			if got := d.At(12 * 3600).Offset(); got*3600 != want {
				t.Errorf("%s at noon is %d h ahead of UTC, want %d s", d, got, want)
			}
		}
	}
}

func TestSureAvoidsTheHourTheClockChanges(t *testing.T) {
	day := clock.Date(2026, time.March, 29)
	for _, c := range []struct{ second, want int }{
		{7199, 7199}, {7200, 10800}, {9000, 12600}, {10799, 14399}, {10800, 10800},
	} {
		if got := day.At(c.second).Sure().SecondOfDay(); got != c.want {
			t.Errorf("Sure(%d) = %d, want %d", c.second, got, c.want)
		}
	}
}

func TestUntilCountsTheHoursThatPass(t *testing.T) {
	friday := clock.Date(2026, time.October, 23).At(15 * 3600)
	for _, c := range []struct {
		from, to clock.Local
		want     int
	}{
		{friday, friday + 90, 90},
		{friday, clock.Date(2026, time.October, 26).At(8 * 3600), 66 * 3600}, // one hour twice
		{clock.Date(2026, time.March, 27).At(15 * 3600), clock.Date(2026, time.March, 30).At(8 * 3600), 64 * 3600},
		{friday, friday - 90, -90},
	} {
		if got := c.from.Until(c.to); got != c.want {
			t.Errorf("from %s until %s: %d s, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestQuarters(t *testing.T) {
	for _, c := range []struct {
		day           clock.Day
		year, quarter int
	}{
		{clock.Date(2026, time.January, 1), 2026, 1}, {clock.Date(2026, time.March, 31), 2026, 1},
		{clock.Date(2026, time.April, 1), 2026, 2}, {clock.Date(2026, time.December, 31), 2026, 4},
	} {
		y, q := c.day.Quarter()
		if y != c.year || q != c.quarter {
			t.Errorf("%s is in %dK%d, want %dK%d", c.day, y, q, c.year, c.quarter)
		}
		if c.day < clock.QuarterStart(y, q) || c.day >= clock.QuarterStart(y, q+1) {
			t.Errorf("%s lies outside %dK%d", c.day, y, q)
		}
	}
}
