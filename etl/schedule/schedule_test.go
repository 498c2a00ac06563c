package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
)

func copenhagen(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func parsed(t testing.TB, text string) *schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(text, copenhagen(t))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// between lists the scheduled instants of (from, to].
func between(s *schedule.Schedule, from, to time.Time) []time.Time {
	var all []time.Time
	for at := s.Next(from); !at.IsZero() && !at.After(to); at = s.Next(at) {
		all = append(all, at)
	}
	return all
}

// In 2026 clocks go forward on 29 March, 02:00 CET to 03:00 CEST, and back on
// 25 October, 03:00 CEST to 02:00 CET.
func TestNightsOfTheClockChange(t *testing.T) {
	const spring, autumn = "2026-03-29", "2026-10-25"
	for _, c := range []struct {
		cron, day string
		want      []string // from midnight to 04:30
	}{
		{"30 2 * * *", spring, []string{"03:00 CEST"}},
		{"30 2 * * *", autumn, []string{"02:30 CEST"}},
		{"0 3 * * *", spring, []string{"03:00 CEST"}},
		{"0 3 * * *", autumn, []string{"03:00 CET"}},
		{"0,20,40 2 * * *", spring, []string{"03:00 CEST"}},
		{"0,30 2,3 * * *", spring, []string{"03:00 CEST", "03:30 CEST"}},
		{"0,30 2,3 * * *", autumn, []string{"02:00 CEST", "02:30 CEST", "03:00 CET", "03:30 CET"}},
		{"0 */2 * * *", autumn, []string{"00:00 CEST", "02:00 CEST", "04:00 CET"}},
		{"15 * * * *", spring, []string{"00:15 CET", "01:15 CET", "03:15 CEST", "04:15 CEST"}},
		{"15 * * * *", autumn, []string{"00:15 CEST", "01:15 CEST", "02:15 CEST", "02:15 CET", "03:15 CET", "04:15 CET"}},
		{"*/30 1-3 * * *", spring, []string{"01:00 CET", "01:30 CET", "03:00 CEST", "03:30 CEST"}},
		{"*/30 1-2 * * *", autumn, []string{"01:00 CEST", "01:30 CEST", "02:00 CEST", "02:30 CEST", "02:00 CET", "02:30 CET"}},
		{"*/15 2 * * *", spring, []string{"03:00 CEST"}},
		{"30 2 * * 0", spring, []string{"03:00 CEST"}},
		{"30 2 * * 1", spring, nil},
		{"@hourly", spring, []string{"00:00 CET", "01:00 CET", "03:00 CEST", "04:00 CEST"}},
		{"@daily", autumn, []string{"00:00 CEST"}},
	} {
		midnight, err := time.ParseInLocation(time.DateOnly, c.day, copenhagen(t))
		if err != nil {
			t.Fatal(err)
		}
		until := midnight.Add(4*time.Hour + 30*time.Minute)
		if c.day == autumn {
			until = until.Add(time.Hour)
		} else {
			until = until.Add(-time.Hour)
		}
		var got []string
		for _, at := range between(parsed(t, c.cron), midnight.Add(-time.Second), until) {
			got = append(got, at.Format("15:04 MST"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s on %s (-want +got):\n%s", c.cron, c.day, diff)
		}
	}
}

// TestTheLibraryAlone shows why Schedule exists: by itself the library leaves out the
// spring night and runs twice in the autumn night.
func TestTheLibraryAlone(t *testing.T) {
	alone, err := cron.ParseStandard("30 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	spring := alone.Next(at(t, "2026-03-28 12:00")).Format(time.DateTime)
	first := alone.Next(at(t, "2026-10-24 12:00"))
	if second := alone.Next(first); spring != "2026-03-30 02:30:00" || second.Sub(first) != time.Hour {
		t.Errorf("in spring it runs at %s, in autumn after %v again: Schedule may have become needless", spring, second.Sub(first))
	}
}

// rules are schedules and, said again in Go, which wall-clock minutes they mean.
var rules = []struct {
	cron    string
	elapsed bool // both passages through the repeated hour count
	means   func(wall time.Time) bool
}{
	{"30 2 * * *", false, func(w time.Time) bool { return w.Hour() == 2 && w.Minute() == 30 }},
	{"5,35 1,2,4 * * *", false, func(w time.Time) bool { return w.Minute()%30 == 5 && (w.Hour() == 1 || w.Hour() == 2 || w.Hour() == 4) }},
	{"0 2 * * 0", false, func(w time.Time) bool { return w.Hour() == 2 && w.Minute() == 0 && w.Weekday() == time.Sunday }},
	{"59 23 28 * *", false, func(w time.Time) bool { return w.Hour() == 23 && w.Minute() == 59 && w.Day() == 28 }},
	{"*/15 * * * *", true, func(w time.Time) bool { return w.Minute()%15 == 0 }},
	{"7 * * * *", true, func(w time.Time) bool { return w.Minute() == 7 }},
	{"*/15 7-21 * * *", true, func(w time.Time) bool { return w.Minute()%15 == 0 && w.Hour() >= 7 && w.Hour() <= 21 }},
}

// TestEveryMinuteOfTwoWeeks walks minute by minute through the weeks round every clock
// change of 2024 to 2031 and compares.
func TestEveryMinuteOfTwoWeeks(t *testing.T) {
	zone := copenhagen(t)
	for year := 2024; year <= 2031; year++ {
		for _, month := range []time.Month{time.March, time.October} {
			from := time.Date(year, month, 24, 12, 0, 0, 0, zone)
			to := from.AddDate(0, 0, 9)
			for _, r := range rules {
				want := walked(from, to, r.elapsed, r.means)
				got := between(parsed(t, r.cron), from, to)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s in %s %d (-want +got):\n%s", r.cron, month, year, diff)
				}
			}
		}
	}
}

// walked are the instants of (from, to] that a rule means, found one minute after the
// other: a wall-clock time that was shown before does not count again, and of those
// that were jumped over one counts where the clock lands.
func walked(from, to time.Time, elapsed bool, means func(time.Time) bool) []time.Time {
	var all []time.Time
	seen := map[string]bool{}
	_, before := from.Zone()
	for at := from.Add(time.Minute); !at.After(to); at = at.Add(time.Minute) {
		wall := at.Format("2006-01-02 15:04")
		_, offset := at.Zone()
		hit := means(at) && (elapsed || !seen[wall])
		if offset > before && !elapsed {
			for m := range (offset - before) / 60 {
				// The jumped-over minutes, as the clock would have shown them.
				hit = hit || means(at.UTC().Add(time.Duration(before)*time.Second).Add(time.Duration(m)*time.Minute))
			}
		}
		before, seen[wall] = offset, true
		if hit {
			all = append(all, at)
		}
	}
	return all
}

// Whatever the moment, the next instant lies ahead, and none lies between.
func TestNextFromAnyMoment(t *testing.T) {
	const seed = 71
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	zone := copenhagen(t)
	for _, r := range rules {
		s := parsed(t, r.cron)
		for range 2000 {
			after := time.Date(2025, 1, 1, 0, 0, 0, 0, zone).Add(time.Duration(random.Int64N(int64(3 * 365 * 24 * time.Hour))))
			next := s.Next(after)
			if !next.After(after) {
				t.Fatalf("%s: %v comes after %v", r.cron, next, after)
			}
			middle := after.Add(time.Duration(random.Int64N(int64(next.Sub(after)))))
			if again := s.Next(middle); !again.Equal(next) {
				t.Fatalf("%s: after %v comes %v, but after %v comes %v", r.cron, after, next, middle, again)
			}
		}
	}
}

// Zones exist that change at midnight and by half an hour.
func TestOtherZones(t *testing.T) {
	for _, c := range []struct{ zone, cron, after, want string }{
		{"America/Sao_Paulo", "0 0 * * *", "2018-11-03T12:00:00-03:00", "2018-11-04T01:00:00-02:00"},
		{"Australia/Lord_Howe", "10 2 * * *", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "45 1 * * *", "2026-04-05T01:44:00+11:00", "2026-04-05T01:45:00+11:00"},
		{"Australia/Lord_Howe", "45 1 * * *", "2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"},
		{"UTC", "0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := schedule.Parse(c.cron, zone)
		if err != nil {
			t.Fatal(err)
		}
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Next(after).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s after %s: %s, want %s", c.cron, c.zone, c.after, got, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", "daily", "* * * *", "* * * * * *", "60 * * * *", "0 24 * * *", "0 0 31 2 *", "0 0 30 2 *", ", * * * *", "* , * * *",
		"@every 1h", "@sometimes", "TZ=UTC 0 0 * * *", "CRON_TZ=Asia/Tokyo", "0 0 * * mandag",
	} {
		if s, err := schedule.Parse(text, time.UTC); err == nil {
			t.Errorf("%q is taken for %v", text, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("*/15 7-21 * * *", int64(1774746000)) // an hour before the change in March 2026
	f.Add("30 2 29 2 0", int64(1792890000))
	f.Add("TZ=", int64(0))
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		s, err := schedule.Parse(text, copenhagen(t))
		if err != nil {
			return
		}
		const century = 36525 * 24 * 3600
		after := time.Unix(unix%century, 0)
		if next := s.Next(after); !next.IsZero() && !next.After(after) {
			t.Errorf("%q: %v comes after %v", text, next, after)
		}
	})
}

func ExampleSchedule_Next() {
	zone, _ := time.LoadLocation("Europe/Copenhagen")
	nightly, _ := schedule.Parse("30 2 * * *", zone)
	at := time.Date(2026, 3, 27, 12, 0, 0, 0, zone)
	for range 3 {
		at = nightly.Next(at)
		fmt.Println(at)
	}
	// Output:
	// 2026-03-28 02:30:00 +0100 CET
	// 2026-03-29 03:00:00 +0200 CEST
	// 2026-03-30 02:30:00 +0200 CEST
}
