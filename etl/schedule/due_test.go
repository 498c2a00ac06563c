package schedule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, copenhagen(t))
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestDue(t *testing.T) {
	const now = "2026-10-05 10:07"
	for _, c := range []struct {
		name, cron, last string // last: start of the last attempt that counts
		want             string // "" where it is not due
		missed           bool
	}{
		{"since the last quarter", "*/15 * * * *", "2026-10-05 09:46", "scheduled for 2026-10-05 10:00", false},
		{"done at the last quarter", "*/15 * * * *", "2026-10-05 10:00", "", false},
		{"several quarters missed", "*/15 * * * *", "2026-10-05 09:20", "missed since 2026-10-05 09:30, to catch up once", true},
		{"closed overnight", "*/15 7-21 * * *", "2026-10-04 21:45", "missed since 2026-10-05 07:00, to catch up once", true},
		{"the night was missed", "30 2 * * *", "2026-10-04 02:30", "missed since 2026-10-05 02:30, to catch up once", true},
		{"a week was missed", "30 2 * * *", "2026-09-28 02:30", "missed since 2026-09-29 02:30, to catch up once", true},
		{"a little late", "30 9 * * *", "2026-10-04 09:30", "scheduled for 2026-10-05 09:30", false},
		{"run by hand in between", "30 9 * * *", "2026-10-05 09:31", "", false},
		{"run by hand just before", "30 9 * * *", "2026-10-05 09:29", "scheduled for 2026-10-05 09:30", false},
		{"never tried", "30 2 * * *", "", "has never run", false},
		{"not scheduled", "", "", "", false},
		{"the clock went back an hour", "*/15 * * * *", "2026-10-05 11:07", "", false},
		{"the clock had been years ahead", "*/15 * * * *", "2031-01-01 00:00", "the clock has been set back since it ran", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := schedule.Job{Name: "puzzel"}
			if c.cron != "" {
				job.Schedule = parsed(t, c.cron)
			}
			history := schedule.History{}
			if c.last != "" {
				history["puzzel"] = at(t, c.last)
			}
			due := schedule.Due(at(t, now), []schedule.Job{job}, history)
			if len(due) == 0 && c.want == "" {
				return
			}
			if len(due) != 1 || due[0].Reason() != c.want || due[0].Missed != c.missed {
				t.Errorf("got %v", due)
			}
		})
	}
}

func TestTheLongestOverdueComesFirst(t *testing.T) {
	jobs := []schedule.Job{
		{Name: "puzzel", Schedule: parsed(t, "*/15 * * * *")},
		{Name: "survey", Schedule: parsed(t, "5 * * * *")},
		{Name: "guides", Schedule: parsed(t, "30 5 * * *")},
		{Name: "reconcile"},
	}
	ran := at(t, "2026-10-05 05:20")
	history := schedule.History{"puzzel": ran.Add(4*time.Hour + 30*time.Minute), "survey": ran, "guides": ran}
	var got []string
	for _, s := range schedule.Due(at(t, "2026-10-05 10:02"), jobs, history) {
		got = append(got, s.String())
	}
	want := []string{
		"guides (missed since 2026-10-05 05:30, to catch up once)",
		"survey (missed since 2026-10-05 06:05, to catch up once)",
		"puzzel (scheduled for 2026-10-05 10:00)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNextIsTheEarliest(t *testing.T) {
	jobs := []schedule.Job{
		{Name: "guides", Schedule: parsed(t, "30 5 * * *")},
		{Name: "puzzel", Schedule: parsed(t, "*/15 7-21 * * *")},
		{Name: "reconcile"},
	}
	ran := at(t, "2026-10-05 21:46")
	next, ok := schedule.Next(ran, jobs, schedule.History{"guides": ran, "puzzel": ran})
	if want := "guides (scheduled for 2026-10-06 05:30)"; !ok || next.String() != want {
		t.Errorf("next is %v, %v, want %s", next, ok, want)
	}
	if next, ok := schedule.Next(ran, jobs[2:], nil); ok {
		t.Errorf("without a schedule comes %v", next)
	}
}

func TestInterruptedAttemptsDoNotCount(t *testing.T) {
	morning, noon := at(t, "2026-10-05 07:00"), at(t, "2026-10-05 12:00")
	got := schedule.Recorded([]schedule.Attempt{
		{Job: "puzzel", Started: noon},
		{Job: "survey", Started: morning},
		{Job: "survey", Started: noon, Interrupted: true},
		{Job: "guides", Started: noon, Interrupted: true},
		{Job: "puzzel", Started: morning}, // after the clock had been set back
	})
	if diff := cmp.Diff(schedule.History{"puzzel": morning, "survey": morning}, got); diff != "" {
		t.Error(diff)
	}
}
