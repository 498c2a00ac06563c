package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestJobs(t *testing.T) {
	c := parsed(t, `
pseudonym_key = "env:KEY"
[jobs.reconcile]
schedule = "30 2 * * *"
days = 31
[sources.survey]
kind = "folder"
folder = "inbox/survey"
[sources.puzzel]
kind = "folder"
folder = "inbox/puzzel"
schedule = "*/15 7-21 * * *"
`)
	var got []string
	for _, j := range c.Scheduled() {
		written := "only when asked for"
		if j.Schedule != nil {
			written = j.Schedule.String()
		}
		got = append(got, j.Name+": "+written)
	}
	want := []string{"puzzel: */15 7-21 * * *", "survey: only when asked for", "reconcile: 30 2 * * *"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	job, ok := c.Job(Reconcile)
	evening := time.Date(2026, 3, 28, 20, 0, 0, 0, c.Timezone)
	if !ok || job.Days != 31 || job.Schedule.Next(evening).Format("02 15:04") != "29 03:00" {
		t.Errorf("the job is %+v, %v", job, ok)
	}
	if job, ok := parsed(t, `pseudonym_key = "env:KEY"`).Job(Reconcile); ok {
		t.Errorf("without a word in the configuration there is %+v", job)
	}
}

func TestReconcileHasDefaults(t *testing.T) {
	job, ok := parsed(t, "pseudonym_key = \"env:KEY\"\n[jobs.reconcile]\n").Job(Reconcile)
	if !ok || job.Days != 14 || job.Schedule != nil {
		t.Errorf("the job is %+v, %v", job, ok)
	}
}

func TestFaultsOfJobs(t *testing.T) {
	for _, c := range []struct{ text, want, try string }{
		{"[jobs.reconcil]\n", `ddh.toml:2: jobs.reconcil: the key "reconcil" is unknown`, "write reconcile"},
		{"[jobs.reconcile]\ndays = 0\n", "ddh.toml:3: jobs.reconcile.days: 0 is not between 1 and 400", ""},
		{"[jobs.reconcile]\nday = 7\n", `ddh.toml:3: jobs.reconcile.day: the key "day" is unknown`, "write days"},
		{"[jobs.reconcile]\nschedule = \"0 0 31 2 *\"\n", `ddh.toml:3: jobs.reconcile.schedule: "0 0 31 2 *" is not a schedule: no day ever fits it`,
			`write minute, hour, day, month, weekday: "*/15 7-21 * * *"`},
		{"jobs = \"nightly\"\n", "ddh.toml:2: jobs: this must be a table, not a text", "write it as [jobs]"},
		{"stale_after = \"0s\"\n", "ddh.toml:2: stale_after: 0s is not between 1m and 8784h", ""},
	} {
		_, faults := Parse([]byte("pseudonym_key = \"env:KEY\"\n"+c.text), projectFile)
		if len(faults) != 1 || sentences(faults)[0] != c.want || faults[0].Try != c.try {
			t.Errorf("%q: got %q, want %q", c.text, faults, c.want)
		}
	}
}
