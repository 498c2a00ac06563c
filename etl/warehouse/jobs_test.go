package warehouse_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// Five runs: the second fails after its pull, the third is killed, the fourth cannot
// reach one of two sources, the fifth is stopped by its user.
func TestAttempts(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	began := func(run int) time.Time { return clock.Add(time.Duration(run) * time.Hour) }
	step := func(run int, job string, status warehouse.Status) warehouse.Step {
		s := warehouse.Step{Name: "pull:" + job, Job: job, Started: began(run), Ended: began(run), Status: status}
		if status == warehouse.Failed {
			s.Message = "no answer"
		}
		return s
	}
	for i, run := range []struct {
		status warehouse.Status
		steps  []warehouse.Step
	}{
		{warehouse.OK, []warehouse.Step{step(1, "puzzel", warehouse.OK), step(1, "guides", warehouse.Warnings), {Name: "load"}}},
		{warehouse.Failed, []warehouse.Step{step(2, "puzzel", warehouse.OK)}},
		{warehouse.Running, nil},
		{warehouse.Warnings, []warehouse.Step{step(4, "puzzel", warehouse.Failed), step(4, "survey", warehouse.OK)}},
		{warehouse.Interrupted, []warehouse.Step{step(5, "survey", warehouse.OK), step(5, "guides", warehouse.Interrupted)}},
	} {
		id := fmt.Sprintf("run-%d", i+1)
		if err := b.w.BeginRun(ctx, id, "run --due", warehouse.Scheduled); err != nil {
			t.Fatal(err)
		}
		if run.status == warehouse.Running {
			continue
		}
		if err := b.w.EndRun(ctx, id, run.status, "", nil, run.steps...); err != nil {
			t.Fatal(err)
		}
	}

	attempts, err := b.w.Attempts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range attempts {
		got = append(got, fmt.Sprintf("%s %s %s out=%v %s %s", a.Job, a.Run, a.Status, a.Out, a.Started.UTC().Sub(clock), a.Message))
	}
	want := []string{
		"guides run-1 warnings out=true 1h0m0s ",
		"puzzel run-1 ok out=true 1h0m0s ",
		"puzzel run-4 failed out=false 4h0m0s no answer",
		"survey run-4 ok out=true 4h0m0s ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
}
