package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// remote is a project whose sources are simulated systems, and their clock.
type remote struct {
	t       *testing.T
	dir     string
	zone    *time.Location
	systems *liveSystems
	stdout  bytes.Buffer // of the last command
	stderr  bytes.Buffer
}

// newRemote simulates six weeks of a hotline.
func newRemote(t *testing.T, callsPerYear int) *remote {
	t.Helper()
	o := &remote{t: t, dir: t.TempDir()}
	from, to := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	_, err := simulate.Run(t.Context(), simulate.Options{Dir: o.dir, From: from, To: to, Seed: 3, CallsPerYear: callsPerYear})
	if err != nil {
		t.Fatal(err)
	}
	if err := newProject(o.dir, config.New{Simulated: true}); err != nil {
		t.Fatal(err)
	}
	if o.zone, err = time.LoadLocation("Europe/Copenhagen"); err != nil {
		t.Fatal(err)
	}
	o.systems, err = startLive(t.Context(), o.dir, from, o.zone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.systems.close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// at turns the clock to a local time.
func (o *remote) at(text string) {
	o.t.Helper()
	now, err := time.ParseInLocation("2006-01-02 15:04", text, o.zone)
	if err != nil {
		o.t.Fatal(err)
	}
	o.systems.set(now)
}

// ddh runs a command and checks its exit code.
func (o *remote) ddh(want int, args ...string) {
	o.t.Helper()
	o.within(o.t.Context(), want, args...)
}

func (o *remote) within(ctx context.Context, want int, args ...string) {
	o.t.Helper()
	o.stdout.Reset()
	o.stderr.Reset()
	a := &app{
		stdout: &o.stdout, stderr: &o.stderr, now: o.systems.now, getenv: func(string) string { return "" }, threads: oneThread,
		sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	if code := a.run(ctx, append(args, "--config", filepath.Join(o.dir, liveConfig))); code != want {
		o.t.Fatalf("ddh %s ended with %d, not %d\n%s%s", strings.Join(args, " "), code, want, &o.stdout, &o.stderr)
	}
	secret, err := os.ReadFile(filepath.Join(o.dir, "live/guides.token"))
	if err != nil {
		o.t.Fatal(err)
	}
	if strings.Contains(o.stdout.String()+o.stderr.String(), string(secret)) {
		o.t.Fatalf("ddh %s shows a secret", strings.Join(args, " "))
	}
}

// says checks that the last command said something.
func (o *remote) says(texts ...string) {
	o.t.Helper()
	for _, text := range texts {
		if all := o.stdout.String() + o.stderr.String(); !strings.Contains(all, text) {
			o.t.Fatalf("%q is not in\n%s", text, all)
		}
	}
}

// february is what the published copy says of a month that is over.
func (o *remote) february() string {
	o.t.Helper()
	o.ddh(exitOK, "kpi", "--period", "2026-02", "--by", "municipality", "--format", "csv")
	return o.stdout.String()
}

// calls counts the calls in the warehouse.
func (o *remote) calls() (n int) {
	o.t.Helper()
	c, faults := config.Load(filepath.Join(o.dir, liveConfig))
	if len(faults) > 0 {
		o.t.Fatal(faults)
	}
	a := &app{now: o.systems.now}
	w, err := warehouse.Open(o.t.Context(), (&project{app: a, config: c}).warehouseOptions("test"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer w.Close()
	conn, err := w.Conn(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close()
	err = conn.QueryRowContext(o.t.Context(), "select count(distinct call_id) from raw.puzzel__call_events").Scan(&n)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// TestARunOutlivesItsSources follows a project through what sources do to it: one is
// down, then loses its rows, then delivers what is older than any window.
func TestARunOutlivesItsSources(t *testing.T) {
	t.Parallel()
	o := newRemote(t, 30_000)
	o.at("2026-03-02 06:00")
	o.ddh(exitOK, "run")
	o.ddh(exitOK, "doctor")
	o.says("source puzzel (sqlserver)", "source guides (http)")
	before := o.february()

	// A source that is down does not stop the other, and the figures stay.
	o.systems.server.Faults().Inject(tds.Fault{Kind: tds.RefuseLogin, Times: tds.Always})
	o.at("2026-03-03 06:00")
	o.ddh(exitUnreachable, "run")
	o.says("source puzzel:", "does not accept user name and password", "Try: ")
	o.ddh(exitFailed, "doctor", "--source", "puzzel")
	o.says("FAULT login", "Try: ")
	if diff := cmp.Diff(before, o.february()); diff != "" {
		t.Fatalf("the figures of a closed month changed:\n%s", diff)
	}
	o.systems.server.Faults().Clear()
	calls := o.calls()
	o.ddh(exitOK, "run")
	if now := o.calls(); now <= calls {
		t.Fatalf("the next run brought nothing: %d calls, %d before", now, calls)
	}

	// A source that has lost its rows is held, and what we have is kept.
	lost := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	if err := o.systems.database.Retain(t.Context(), puzzel.CallEvents.Name, lost); err != nil {
		t.Fatal(err)
	}
	calls = o.calls()
	o.at("2026-03-04 20:30")
	o.ddh(exitWarnings, "run")
	o.says("the window brought 0 rows where about ", "are usual", "Try: see that the source is whole, or accept it: ddh run --confirm puzzel")
	// Views and questions whose calls are lost stay unmatched: that is said as long as it is so.
	o.ddh(exitWarnings, "run", "--confirm", "puzzel")
	o.says("guide_views_find_their_call")
	if now := o.calls(); now != calls {
		t.Fatalf("%d calls, %d before the source lost its own", now, calls)
	}

	// What is older than any window is found at night, by counting.
	old := "2026-03-03T10:00:00"
	err := o.systems.database.Insert(t.Context(), puzzel.CallEvents.Name, o.systems.now(), manyOldCalls(calls, old)...)
	if err != nil {
		t.Fatal(err)
	}
	o.ddh(exitWarnings, "run")
	if now := o.calls(); now != calls {
		t.Fatalf("%d calls, want %d: the window was to miss the old ones", now, calls)
	}
	o.at("2026-03-05 02:35")
	o.ddh(exitWarnings, "run", "--due") // the checks find calls of no known number
	o.says("reconcile", "1 brought again")
	if now := o.calls(); now != calls+oldCalls {
		t.Fatalf("%d calls, want %d", now, calls+oldCalls)
	}
	o.ddh(exitOK, "runs", "20260305T013500Z")
	o.says("reconcile", "pull:puzzel", "publish")
}

// oldCalls is more than a simulated day has, so that the source has more of it than we.
const oldCalls = 1000

func manyOldCalls(after int, at string) []rawdata.Row {
	var rows []rawdata.Row
	for i := range oldCalls {
		rows = append(rows, rawdata.Row{
			"rec_id": 900_000_000 + i, "call_id": uint64(9_999_000_000) + uint64(after+i), "call_sequence": 1,
			"dte_start": at, "duration_tot_sec": 10, "event_type": "i", "dte_updated": at,
		})
	}
	return rows
}

// TestBackfillGoesOnWhereItStopped fetches earlier weeks day by day, is interrupted,
// and ends with the figures of a project that had those weeks from the beginning.
func TestBackfillGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	whole := newRemote(t, 6_000)
	whole.at("2026-03-02 06:00")
	whole.ddh(exitOK, "run")

	o := newRemote(t, 6_000)
	path := filepath.Join(o.dir, liveConfig)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	later := strings.ReplaceAll(string(text), `since = "2026-02-02"`, `since = "2026-02-23"`)
	if err := os.WriteFile(path, []byte(later), 0o600); err != nil {
		t.Fatal(err)
	}
	o.at("2026-03-02 06:00")
	o.ddh(exitOK, "run")
	days := []string{"--from", "2026-02-02", "--to", "2026-02-23"}
	mark := filepath.Join(o.dir, "data", "backfill-puzzel.json")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(mark); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	o.within(ctx, exitInterrupted, append([]string{"backfill", "puzzel"}, days...)...)
	if _, err := os.Stat(mark); err != nil {
		t.Fatalf("an interrupted backfill left no mark: %v", err)
	}
	o.ddh(exitOK, append([]string{"backfill", "puzzel"}, days...)...)
	o.says("puzzel: 22 days, ")
	if _, err := os.Stat(mark); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a whole backfill left its mark: %v", err)
	}
	o.ddh(exitOK, append([]string{"backfill", "survey"}, days...)...)
	o.ddh(exitOK, append([]string{"backfill", "guides"}, days...)...)
	want, got := figuresOf(t, filepath.Join(whole.dir, "data", "published")), figuresOf(t, filepath.Join(o.dir, "data", "published"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures (-whole +backfilled):\n%s", diff)
	}

	// A backfill that reaches over today must not hide what today still brings.
	o.at("2026-03-03 09:00")
	o.ddh(exitOK, "backfill", "puzzel", "--from", "2026-03-02", "--to", "2026-03-03")
	calls := o.calls()
	o.at("2026-03-03 18:00")
	o.within(t.Context(), exitOK, "run", "--source", "puzzel")
	if now := o.calls(); now <= calls {
		t.Errorf("%d calls, as many as at nine: the backfill moved the cursor", now)
	}
}

func TestBackfillOfAFolderIsRefused(t *testing.T) {
	o := newRemote(t, 6_000)
	var stderr bytes.Buffer
	a := &app{stdout: &o.stdout, stderr: &stderr, now: o.systems.now, getenv: func(string) string { return "" }}
	args := []string{"backfill", "puzzel", "--from", "2026-02-02", "--to", "2026-02-03", "--config", filepath.Join(o.dir, config.FileName)}
	if code := a.run(t.Context(), args); code != exitUsage || !strings.Contains(stderr.String(), "is a folder: it has no history") {
		t.Errorf("exit %d: %s", code, &stderr)
	}
}
