package config

import (
	"fmt"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl/schedule"
)

// Reconcile is the job that compares what the warehouse has of the last days with
// what the sources have, and brings days that differ again.
const Reconcile = "reconcile"

// Job is one [jobs.<name>]: work on a schedule that is no source's pull.
type Job struct {
	Name     string
	Schedule *schedule.Schedule // nil: only when asked for
	Days     int                // Reconcile: how many days back it compares
}

// Job looks up a job by name; ok is false where it is not configured.
func (c Config) Job(name string) (job Job, ok bool) {
	i := slices.IndexFunc(c.Jobs, func(j Job) bool { return j.Name == name })
	if i < 0 {
		return Job{}, false
	}
	return c.Jobs[i], true
}

// Scheduled are all sources and jobs as the schedule knows them.
func (c Config) Scheduled() []schedule.Job {
	var all []schedule.Job
	for _, s := range c.Sources {
		all = append(all, schedule.Job{Name: s.Name, Schedule: s.Schedule})
	}
	for _, j := range c.Jobs {
		all = append(all, schedule.Job{Name: j.Name, Schedule: j.Schedule})
	}
	return all
}

// jobs reads [jobs].
func jobs(s section) []Job {
	defer s.close()
	var all []Job
	s.know(Reconcile)
	if s.has(Reconcile) {
		all = append(all, reconcile(s.table(Reconcile)))
	}
	return all
}

// reconcile reads [jobs.reconcile].
func reconcile(s section) Job {
	defer s.close()
	const usual, most = 14, 400
	return Job{Name: Reconcile, Schedule: s.schedule("schedule"), Days: s.integer("days", usual, 1, most)}
}

// schedule reads a cron expression of five fields.
func (s section) schedule(key string) *schedule.Schedule {
	text := s.text(key, "")
	if text == "" {
		return nil
	}
	parsed, err := schedule.Parse(text, s.p.zone)
	if err != nil {
		s.fault(key, fmt.Sprintf("%q is not a schedule: %v", text, err), `write minute, hour, day, month, weekday: "*/15 7-21 * * *"`)
	}
	return parsed
}
