package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports/powerbi"
)

// crashSeed makes the history and the random moments.
const crashSeed = 59

// anywhere is a kill at a random moment; the others come right after a step's line.
const anywhere = "anywhere"

// TestACrashAnywhereIsRepaired lets a history arrive in parts and kills the runs that
// take it in, as a power cut would: between the steps and at random moments. After
// each part one run goes to its end. Then copy, feed and warehouse must tell the
// same, and at last they must tell what one undisturbed run makes of everything, with
// nothing doubled. In between readers have whole figures, or none yet.
func TestACrashAnywhereIsRepaired(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d", crashSeed)
	clean := newHistory(t, crashSeed)
	v := &crashed{history: *clean}
	v.dir = filepath.Join(t.TempDir(), "crashed")
	v.random = rand.New(rand.NewPCG(crashSeed, 1))
	if err := os.CopyFS(v.dir, os.DirFS(clean.dir)); err != nil { // with its pseudonym key
		t.Fatal(err)
	}
	for round := range rounds {
		clean.deliver(t, round)
	}
	begun := time.Now()
	v.undisturbed(t, clean.dir)
	v.span = time.Since(begun)

	for _, part := range []struct {
		rounds []int
		kills  []string
	}{
		{[]int{0}, []string{anywhere, "pull", "load"}},
		{[]int{1, 2}, []string{anywhere, "build", "publish"}},
	} {
		for _, round := range part.rounds {
			v.receive(t, clean.dir, round)
		}
		for _, kill := range part.kills {
			v.crash(t, kill)
			v.askKPI(t)
		}
		v.undisturbed(t, v.dir)
		v.askKPI(t)
		v.compareOutputs(t)
	}
	compareCopies(t, v.publishedCopy(t), clean.publishedCopy(t))
	if diff := cmp.Diff(batchesOf(t, clean.publishedCopy(t)), batchesOf(t, v.publishedCopy(t))); diff != "" {
		t.Errorf("batches (-clean +crashed):\n%s", diff)
	}
	v.compareRuns(t)
}

// crashed is a project whose runs are killed.
type crashed struct {
	history
	span     time.Duration // what a whole run takes
	answered bool          // readers have had figures
}

// receive takes a round's files from the inbox of another project.
func (v *crashed) receive(t *testing.T, from string, round int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "inbox", "*", fmt.Sprintf("*_%d_?.csv", round)))
	if err != nil || len(files) == 0 {
		t.Fatalf("round %d brings nothing: %v", round, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(v.dir, "inbox", filepath.Base(filepath.Dir(file)), filepath.Base(file))
		if err := os.WriteFile(to, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// process is ddh as a process of its own, which a kill does not let tidy up.
func process(dir string) *exec.Cmd {
	cmd := exec.Command("ddh", "run", "--config", filepath.Join(dir, "ddh.toml"))
	cmd.Env = append(os.Environ(), clockVariable+"="+monday, "TZ=UTC")
	return cmd
}

// undisturbed lets a run go to its end.
func (v *crashed) undisturbed(t *testing.T, dir string) {
	t.Helper()
	cmd := process(dir)
	text, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitWarnings {
		t.Fatalf("ddh run ended with %v:\n%s", err, text)
	}
}

// crash kills a run right after the line of a step, or at a random moment of its
// first half. A machine that is faster by then sees a whole run: that too
// must change nothing.
func (v *crashed) crash(t *testing.T, kill string) {
	t.Helper()
	cmd := process(v.dir)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if kill == anywhere {
		delay := time.Duration(v.random.Float64() * 0.5 * float64(v.span))
		timer := time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		kill = fmt.Sprintf("%v of %v", delay.Round(time.Millisecond), v.span.Round(time.Millisecond))
	}
	last := "the start"
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		last, _, _ = strings.Cut(lines.Text(), " ")
		if last == kill {
			_ = cmd.Process.Kill() // fails only where the run is over
		}
	}
	_ = cmd.Wait() // the kill is its error
	if code := cmd.ProcessState.ExitCode(); code > 0 && code != exitWarnings {
		t.Fatalf("after the earlier crashes ddh run ended with %d", code)
	}
	t.Logf("killed at %s: %s after %s", kill, cmd.ProcessState, last)
}

// askKPI is a reader: it gets figures, or hears that there are none yet.
func (v *crashed) askKPI(t *testing.T) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := program(&stdout, &stderr, "kpi", "--period", "2026-09", "--json", "--config", filepath.Join(v.dir, "ddh.toml"))
	if code == exitFailed && !v.answered && strings.Contains(stderr.String(), warehouse.ErrNothingPublished.Error()) {
		return
	}
	var answer struct{ Rows []json.RawMessage }
	if err := json.Unmarshal(stdout.Bytes(), &answer); code != exitOK || err != nil || len(answer.Rows) == 0 {
		t.Errorf("ddh kpi ended with %d (%v): %s%s", code, err, stdout.String(), stderr.String())
	}
	v.answered = true
}

// compareOutputs holds the read copy against the warehouse and the feed against the
// copy: a run that went to its end has brought all of them up to date.
func (v *crashed) compareOutputs(t *testing.T) {
	t.Helper()
	copied := v.publishedCopy(t)
	compareCopies(t, filepath.Join(v.dir, "data", "warehouse.duckdb"), copied)
	feed := filepath.Join(v.dir, "feed")
	entries, err := os.ReadDir(feed)
	if err != nil || len(entries) != 1 {
		t.Fatalf("feed holds %v (%v), not only v1", entries, err)
	}
	checkFeed(t, filepath.Join(feed, "v1"), rowsOf(t, copied, "select run_id from marts.dim_data")[0])
}

// compareRuns holds what the runs tell of themselves against the batches: the killed
// and the others together have read and loaded every row once.
func (v *crashed) compareRuns(t *testing.T) {
	t.Helper()
	p := &project{config: config.Config{DataDir: filepath.Join(v.dir, "data")}}
	ids, err := p.runIDs()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int64{}
	for _, id := range ids {
		f, err := p.readRunFile(id)
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range f.Counts {
			told[name] += n
		}
	}
	got := fmt.Sprint(told["batches"], told["read"], told["loaded"], told["superseded"], told["quarantined"])
	want := rowsOf(t, v.publishedCopy(t), `
		select concat_ws(' ', count(*), sum(read), sum(loaded), sum(superseded), sum(quarantined)) from meta.batches`)[0]
	if got != want {
		t.Errorf("the %d runs tell of %s batches and rows, the warehouse of %s", len(ids), got, want)
	}
}

// checkFeed wants the files that schema.json lists, whole, and of the named run.
func checkFeed(t *testing.T, dir, run string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema powerbi.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.Run != run {
		t.Errorf("the feed is of run %s, the published copy of %s", schema.Run, run)
	}
	listed := []string{"schema.json"}
	for _, table := range schema.Tables {
		for _, file := range table.Files {
			listed = append(listed, file.Name)
			text, err := os.ReadFile(filepath.Join(dir, file.Name))
			if sum := sha256.Sum256(text); err != nil || hex.EncodeToString(sum[:]) != file.SHA256 {
				t.Errorf("feed: %s is not what schema.json says (%v)", file.Name, err)
			}
		}
	}
	slices.Sort(listed)
	var there []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		there = append(there, e.Name())
	}
	if diff := cmp.Diff(listed, there); diff != "" {
		t.Errorf("files of the feed (-listed +there):\n%s", diff)
	}
}

// batchesOf is what was loaded, but for the names of the runs.
func batchesOf(t *testing.T, copied string) []string {
	t.Helper()
	return rowsOf(t, copied, `
		select concat_ws(' ', source, owner, table_name, parse_filename(origin), content, read, loaded, superseded, quarantined)
		from meta.batches
		order by all`)
}

// rowsOf reads a column of text from a copy.
func rowsOf(t *testing.T, copied, query string) []string {
	t.Helper()
	db, err := sql.Open("duckdb", copied+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%s: %d rows (%v)", query, len(all), err)
	}
	return all
}
