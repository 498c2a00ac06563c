package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/schedule"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// patience is how long tests wait for another process on a busy machine.
const patience = 2 * time.Minute

// appears waits until a file is there.
func appears(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "appears FILE")
	if !waitFor(ts.MkAbs(args[0])) {
		ts.Fatalf("%s does not appear", args[0])
	}
}

func waitFor(path string) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return false
}

// unlocked waits until nobody holds a warehouse.
func unlocked(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "unlocked WAREHOUSE")
	lock := flock.New(ts.MkAbs(args[0]) + ".lock")
	ts.Check(lock.Lock())
	ts.Check(lock.Close())
}

// fixedTime is when scripts play.
func fixedTime(t *testing.T) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, monday)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// newProjectIn makes a project with one call in it.
func newProjectIn(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hotline")
	if code := program(io.Discard, os.Stderr, "init", dir); code != exitOK {
		t.Fatalf("ddh init ended with %d", code)
	}
	const call = "call_id,dte_start,event_type,dte_updated\n1,2026-10-04 17:00:00,i,2026-10-04 17:05:00\n"
	if err := os.WriteFile(filepath.Join(dir, "inbox", "puzzel", "call_events.csv"), []byte(call), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestServeStopsInTheMiddleOfARun: SIGTERM ends the run and the server within seconds,
// without an error; the next run goes to its end.
func TestServeStopsInTheMiddleOfARun(t *testing.T) {
	t.Parallel()
	dir := newProjectIn(t)
	cmd := exec.Command("ddh", "serve", "--config", filepath.Join(dir, "ddh.toml"))
	cmd.Env = append(os.Environ(), clockVariable+"="+monday, "TZ=UTC")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !waitFor(filepath.Join(dir, "data", "landing", "puzzel")) {
		t.Fatal("no run pulls anything")
	}
	told := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	took := time.Since(told)
	t.Logf("stopped after %v", took.Round(time.Millisecond))
	log := stderr.String()
	if err != nil || !strings.Contains(log, "msg=stopped") || strings.Contains(log, "level=ERROR") {
		t.Errorf("ddh serve ended with %v:\n%s", err, log)
	}
	if took > 20*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if strings.Contains(log, "was interrupted") {
		checkInterrupted(t, dir)
	}
	(&crashed{}).undisturbed(t, dir)
	if jobs := jobsOf(t, dir); len(jobs) != 3 || jobs[0].Due || jobs[0].LastSuccess == nil {
		t.Errorf("after a whole run the jobs stand at %+v", jobs)
	}
}

// checkInterrupted wants the history to tell of the run, and that it left its jobs due.
func checkInterrupted(t *testing.T, dir string) {
	t.Helper()
	var out bytes.Buffer
	if code := program(&out, os.Stderr, "runs", "--config", filepath.Join(dir, "ddh.toml")); code != exitOK {
		t.Fatalf("ddh runs ended with %d", code)
	}
	if !strings.Contains(out.String(), "serve    schedule  2026-10-05 08:00  0s    interrupted") {
		t.Errorf("ddh runs tells of no interrupted run:\n%s", out.String())
	}
	for _, j := range jobsOf(t, dir) {
		if !j.Due || j.Last != nil {
			t.Errorf("after an interrupted run %s stands at %+v", j.Job, j)
		}
	}
}

// TestAnInterruptedStepIsNoFailedRun: a database that is stopped in the middle of a
// statement has an error of its own, which does not say that it was told to stop.
func TestAnInterruptedStepIsNoFailedRun(t *testing.T) {
	t.Parallel()
	a := &app{
		config: filepath.Join(newProjectIn(t), "ddh.toml"), stdout: io.Discard, stderr: io.Discard,
		getenv: os.Getenv, now: standing(fixedTime(t)),
	}
	p, err := a.readProject()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	line := &pipeline{project: p, command: "run", progress: &progress{out: io.Discard, now: a.now}}
	line.instead = func(context.Context, *warehouse.Warehouse, etl.Sink, *privacy.Key) error {
		stop()
		return errors.New("INTERRUPT Error: Interrupted!")
	}
	if err := line.execute(ctx); exitCode(err) != exitInterrupted {
		t.Errorf("the run ended with %d: %v", exitCode(err), err)
	}
	left, err := p.readStatus()
	if err != nil || len(left.Runs) != 1 || left.Runs[0].Status != warehouse.Interrupted {
		t.Errorf("the history tells of %+v (%v)", left.Runs, err)
	}
}

// jobsOf is how the jobs of a project stand.
func jobsOf(t *testing.T, dir string) []jobStatus {
	t.Helper()
	var out bytes.Buffer
	code := program(&out, io.Discard, "status", "--json", "--config", filepath.Join(dir, "ddh.toml"))
	var report statusReport
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || code != exitOK {
		t.Fatalf("ddh status ended with %d, %v: %s", code, err, out.String())
	}
	return report.Jobs
}

// TestServeKeepsTheLastGoodConfiguration: a configuration that breaks is told once and
// changes nothing; one that is mended counts at once.
func TestServeKeepsTheLastGoodConfiguration(t *testing.T) {
	dir := newProjectIn(t)
	path := filepath.Join(dir, "ddh.toml")
	var log bytes.Buffer
	a := &app{config: path, stdout: io.Discard, stderr: &log, getenv: os.Getenv, now: standing(time.Unix(1_790_000_000, 0))}
	p, err := a.readProject()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{app: a, log: slog.New(slog.NewTextHandler(&log, nil)), project: p}
	rewrite := func(old, replacement string) {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(old), []byte(replacement)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	crons := func() string {
		var all []string
		jobs, _ := s.look()
		for _, j := range jobs {
			all = append(all, j.Schedule.String())
		}
		return strings.Join(all, " | ")
	}
	const before, after = "*/15 7-21 * * * | 5 * * * * | 30 5 * * *", "*/5 7-21 * * * | 5 * * * * | 30 5 * * *"
	for i, step := range []struct{ old, replacement, want, said string }{
		{"", "", before, ""},
		{`"*/15 7-21 * * *"`, `"every minute"`, before, "the configuration is broken; the last good one stays in force"},
		{"", "", before, ""},
		{`"every minute"`, `"*/5 7-21 * * *"`, after, "the configuration can be read again"},
		{"", "", after, ""},
	} {
		log.Reset()
		if step.old != "" {
			rewrite(step.old, step.replacement)
		}
		if got := crons(); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
		if step.said == "" && log.Len() > 0 || !strings.Contains(log.String(), step.said) {
			t.Errorf("step %d: the log says %s", i, log.String())
		}
	}
}

// TestServeRestsWhileTheWarehouseIsLocked: the holder is named, nothing is lost, and
// when the lock is free the job runs.
func TestServeRestsWhileTheWarehouseIsLocked(t *testing.T) {
	dir := newProjectIn(t)
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o750); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "data", "warehouse.duckdb.lock")
	lock := flock.New(path)
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	const holder = "\x00" + `{"pid": 4711, "host": "natserver", "command": "backfill"}`
	if err := os.WriteFile(path, []byte(holder), 0o640); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	clock := fixedTime(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	a := &app{config: filepath.Join(dir, "ddh.toml"), stdout: io.Discard, stderr: &log, getenv: os.Getenv}
	a.now = func() time.Time { return clock }
	a.log = slog.New(slog.NewTextHandler(&log, nil))
	freed := clock.Add(2 * time.Minute)
	a.sleep = func(context.Context, time.Duration) error {
		clock = clock.Add(time.Minute)
		if clock.Equal(freed) {
			return lock.Unlock()
		}
		if clock.After(freed.Add(time.Minute)) { // before the survey's next time
			stop()
		}
		return ctx.Err()
	}
	if err := a.serve(ctx); err != nil {
		t.Fatal(err)
	}
	text := log.String()
	if strings.Count(text, "the warehouse is in use") != 2 || !strings.Contains(text, "holder=backfill pid=4711 host=natserver") {
		t.Errorf("the log does not name the holder twice:\n%s", text)
	}
	if strings.Count(text, `msg="run ended"`) != 1 || strings.Contains(text, "level=ERROR") {
		t.Errorf("the log does not tell of one run:\n%s", text)
	}
	p, err := a.readProject()
	if err != nil {
		t.Fatal(err)
	}
	left, err := p.readStatus()
	if err != nil {
		t.Fatal(err)
	}
	if due := schedule.Due(clock, p.config.Scheduled(), left.history()); len(due) > 0 {
		t.Errorf("still due: %s", slotList(due))
	}
}
