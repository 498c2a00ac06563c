package simulate_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
)

// secondQuarter is that of 2026: Easter, 1 May, 5 June, a member joining on 15 May.
func secondQuarter(dir string, seed uint64, callsPerYear int) simulate.Options {
	return simulate.Options{
		Dir: dir, Seed: seed, CallsPerYear: callsPerYear,
		From: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC),
	}
}

// quarter simulates the second quarter into a folder of the test.
func quarter(t testing.TB, seed uint64, callsPerYear int) (dir string, sum simulate.Summary) {
	t.Helper()
	dir = t.TempDir()
	sum, err := simulate.Run(t.Context(), secondQuarter(dir, seed, callsPerYear))
	if err != nil {
		t.Fatal(err)
	}
	return dir, sum
}

// example is a quarter that several tests look at; nobody changes it.
type example struct {
	dir   string
	calls map[string][]record
	err   error
}

var makeExample = sync.OnceValue(func() example {
	dir, err := os.MkdirTemp("", "hotline")
	if err == nil {
		exampleDir = dir
		_, err = simulate.Run(context.Background(), secondQuarter(dir, 7, 100_000))
	}
	return example{dir: dir, err: err}
})

func exampleQuarter(t testing.TB) example {
	t.Helper()
	e := makeExample()
	if e.err != nil {
		t.Fatal(e.err)
	}
	onceCalls.Do(func() { exampleCalls = calls(t, e.dir) })
	e.calls = exampleCalls
	return e
}

var (
	exampleDir   string // "" until it is made
	onceCalls    sync.Once
	exampleCalls map[string][]record
)

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(exampleDir)
	os.Exit(code)
}

// record is one row of a delivered or true table, by column name.
type record map[string]string

func (r record) int(column string) int {
	n, _ := strconv.Atoi(r[column])
	return n
}

func (r record) time(column string) time.Time {
	at, _ := time.Parse(time.DateTime, r[column])
	return at
}

// spoken is the speak start of a leg, worked out where it is missing.
func (r record) spoken() time.Time {
	if at := r.time("dte_speak_start"); !at.IsZero() {
		return at
	}
	return r.time("dte_start").Add(time.Duration(r.int("duration_tot_sec")-r.int("duration_speak_sec")) * time.Second)
}

// read returns the rows of all files that match, in the order of their names.
func read(t testing.TB, pattern ...string) []record {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(pattern...))
	if err != nil || len(files) == 0 {
		t.Fatalf("no file matches %s: %v", filepath.Join(pattern...), err)
	}
	var all []record
	for _, file := range files {
		all = append(all, readFile(t, file)...)
	}
	return all
}

func readFile(t testing.TB, file string) []record {
	t.Helper()
	rows := readRows(t, file)
	all := make([]record, len(rows)-1)
	for i, row := range rows[1:] {
		all[i] = make(record, len(row))
		for k, column := range rows[0] {
			all[i][column] = strings.TrimSpace(row[k])
		}
	}
	return all
}

// readRows returns header and rows as they are; a comma or semicolon is found from
// the header.
func readRows(t testing.TB, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(text)))
	if head, _, _ := strings.Cut(string(text), "\n"); strings.Contains(head, ";") {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rows
}

// calls returns the events of each call in order: the newest delivery of the call,
// every row once (SOURCES §1).
func calls(t testing.TB, dir string) map[string][]record {
	t.Helper()
	newest := make(map[string]string)
	rows := read(t, dir, "inbox", "puzzel", "call_events*.csv")
	for _, r := range rows {
		newest[r["call_id"]] = max(newest[r["call_id"]], r["dte_updated"])
	}
	all := make(map[string][]record)
	for _, r := range rows {
		events := all[r["call_id"]]
		if r["dte_updated"] == newest[r["call_id"]] && r.int("call_sequence") == len(events)+1 {
			all[r["call_id"]] = append(events, r)
		}
	}
	return all
}
