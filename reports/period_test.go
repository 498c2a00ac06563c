package reports_test

import (
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

func TestParsePeriod(t *testing.T) {
	cases := []struct {
		text, key, from, to, label, previous, lastYear string
		kind                                           reports.PeriodKind
		days                                           int
	}{
		{"2026K3", "2026K3", "2026-07-01", "2026-09-30", "3. kvartal 2026", "2026K2", "2025K3", reports.Quarter, 92},
		{"2026k1", "2026K1", "2026-01-01", "2026-03-31", "1. kvartal 2026", "2025K4", "2025K1", reports.Quarter, 90},
		{"2026Q4", "2026K4", "2026-10-01", "2026-12-31", "4. kvartal 2026", "2026K3", "2025K4", reports.Quarter, 92},
		{"2026-10", "2026-10", "2026-10-01", "2026-10-31", "oktober 2026", "2026-09", "2025-10", reports.Month, 31},
		{"2024-02", "2024-02", "2024-02-01", "2024-02-29", "februar 2024", "2024-01", "2023-02", reports.Month, 29},
		{" 2026 ", "2026", "2026-01-01", "2026-12-31", "2026", "2025", "2025", reports.Year, 365},
		{
			"2026-01-01..2026-03-31", "2026-01-01..2026-03-31", "2026-01-01", "2026-03-31",
			"1. januar 2026 til 31. marts 2026", "2025-10-03..2025-12-31", "2025-01-01..2025-03-31", reports.Range, 90,
		},
		{
			"2024-02-29..2024-02-29", "2024-02-29..2024-02-29", "2024-02-29", "2024-02-29",
			"29. februar 2024 til 29. februar 2024", "2024-02-28..2024-02-28", "2023-02-28..2023-02-28", reports.Range, 1,
		},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			p, err := reports.ParsePeriod(c.text)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{p.Key, p.From.Format(time.DateOnly), p.To.Format(time.DateOnly), p.Label(), p.Previous().Key, p.LastYear().Key, string(p.Kind)}
			want := []string{c.key, c.from, c.to, c.label, c.previous, c.lastYear, string(c.kind)}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("got %q, want %q", got[i], want[i])
				}
			}
			if p.Days() != c.days {
				t.Errorf("%d days, want %d", p.Days(), c.days)
			}
		})
	}
}

func TestParsePeriodRefuses(t *testing.T) {
	for _, text := range []string{
		"", "K3", "2026K5", "2026K0", "2026-13", "2026-0", "2026-00", "26K3", "2026K", "2026-1-1", "2026-+1",
		"2026-02-30..2026-03-01", "2026-03-01..2026-02-01", "2026-01-01..", "..", "1200", "2026ø",
	} {
		if p, err := reports.ParsePeriod(text); err == nil {
			t.Errorf("%q was read as %+v", text, p)
		} else if !strings.Contains(err.Error(), text) {
			t.Errorf("the error does not show %q: %v", text, err)
		}
	}
}

func TestRangesThatAreCalendarPeriods(t *testing.T) {
	for text, want := range map[string]string{
		"2026-07-01..2026-09-30": "2026K3",
		"2026-10-01..2026-10-31": "2026-10",
		"2026-01-01..2026-12-31": "2026",
		"2026-07-01..2026-09-29": "",
		"2026K3":                 "2026K3",
	} {
		p, err := reports.ParsePeriod(text)
		if err != nil {
			t.Fatal(err)
		}
		got, is := p.Calendar()
		if is != (want != "") || is && got.Key != want {
			t.Errorf("%s: got %q, %v; want %q", text, got.Key, is, want)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"2026K3", "2026-10", "2026", "2026-01-01..2026-03-31", "..", "9999-12-31..0001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := reports.ParsePeriod(text)
		if err != nil {
			return
		}
		again, err := reports.ParsePeriod(p.Key)
		if err != nil || again != p {
			t.Errorf("%q gives %+v, whose key gives %+v (%v)", text, p, again, err)
		}
		if p.To.Before(p.From) || p.Days() < 1 || p.Label() == "" {
			t.Errorf("%q gives %+v", text, p)
		}
		if p.Kind != reports.Range && p.Previous().To.AddDate(0, 0, 1) != p.From {
			t.Errorf("%q: the period before ends on %v", text, p.Previous().To)
		}
	})
}
