package reports_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

func TestDanishNumbers(t *testing.T) {
	cases := []struct{ got, want string }{
		{reports.Integer(0), "0"},
		{reports.Integer(999.4), "999"},
		{reports.Integer(1234), "1.234"},
		{reports.Integer(-1234567), "-1.234.567"},
		{reports.Decimal(8.125, 1), "8,1"},
		{reports.Decimal(-0.04, 1), "0,0"},
		{reports.Decimal(1234.5, 2), "1.234,50"},
		{reports.Decimal(math.NaN(), 1), "-"},
		{reports.Decimal(math.Inf(1), 1), "-"},
		{reports.Percent(0.7034, 1), "70,3 %"},
		{reports.Percent(1, 0), "100 %"},
		{reports.Percent(math.NaN(), 1), "-"},
		{reports.Duration(47.4), "0:47"},
		{reports.Duration(59.6), "1:00"},
		{reports.Duration(3599.4), "59:59"},
		{reports.Duration(3599.6), "1:00:00"},
		{reports.Duration(4503), "1:15:03"},
		{reports.Duration(-90000), "-25:00:00"},
		{reports.Duration(-61), "-1:01"},
		{reports.Duration(-0.2), "0:00"},
		{reports.Date(time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)), "31. marts 2026"},
		{reports.Date(time.Time{}), "-"},
		{reports.DateTime(time.Date(2026, 3, 1, 2, 5, 0, 0, time.UTC)), "1. marts 2026 kl. 02.05"},
		{reports.Capital("ærø"), "Ærø"},
		{reports.Capital(""), ""},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDanishOrder(t *testing.T) {
	want := []string{"Bornholm", "Skive", "Ærø", "ødsted", "Aabenraa", "Aarhus", "Årslev"}
	got := []string{"Årslev", "Aarhus", "ødsted", "Skive", "Aabenraa", "Ærø", "Bornholm"}
	slices.SortFunc(got, reports.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
