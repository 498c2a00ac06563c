package simulate_test

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

func TestCalibratedTo2024(t *testing.T) {
	_, sum := quarter(t, 1, 0)
	for _, c := range []struct {
		what           string
		got, low, high float64
	}{
		{"mean wait in seconds", sum.Truth.MeanWait, 40, 80},
		{"straksafklaring", sum.Truth.FirstContactResolution, 0.60, 0.625},
		{"satisfaction", sum.Truth.Satisfaction, 7.8, 8.05},
		{"response rate", sum.Truth.ResponseRate, 0.20, 0.26},
		{"answer rate", sum.Truth.AnswerRate, 0.90, 0.98},
		{"calls a year", float64(sum.Calls) * 365 / float64(sum.Days), 195_000, 250_000}, // a quarter of many holidays
		{"offered share", float64(sum.Truth.Offered) / float64(sum.Calls), 0.88, 0.97},
	} {
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s is %.4g, want %.4g to %.4g", c.what, c.got, c.low, c.high)
		}
	}
}

func TestOneSeedIsOneHistory(t *testing.T) {
	hashes := func(seed uint64) map[string]string {
		dir, _ := quarter(t, seed, 8_000)
		return fileHashes(t, dir)
	}
	one, same, other := hashes(5), hashes(5), hashes(6)
	differ := 0
	for name, hash := range one {
		if same[name] != hash {
			t.Errorf("%s differs between two runs of one seed", name)
		}
		if other[name] != hash {
			differ++
		}
	}
	if differ < 8 {
		t.Errorf("only %d files differ between two seeds", differ)
	}
}

func fileHashes(t *testing.T, dir string) map[string]string {
	found := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found[path[len(dir):]] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryCallIsWellFormed(t *testing.T) {
	e := exampleQuarter(t)
	for id, events := range e.calls {
		if events[0]["event_type"] != "i" {
			t.Errorf("call %s begins with %q, want i", id, events[0]["event_type"])
		}
		for i, e := range events {
			if i > 0 && e.time("dte_start").Before(events[i-1].time("dte_start")) {
				t.Errorf("call %s: event %d starts before event %d", id, i+1, i)
			}
			for _, column := range []string{"duration_tot_sec", "duration_speak_sec", "wrap_up_sec", "caller_on_hold_sec"} {
				if e.int(column) < 0 {
					t.Errorf("call %s: %s is %s", id, column, e[column])
				}
			}
			if e.int("duration_speak_sec") > e.int("duration_tot_sec") || e.int("caller_on_hold_sec") > e.int("duration_speak_sec") {
				t.Errorf("call %s, event %d: hold %s within talk %s within %s s does not hold", id, i+1, e["caller_on_hold_sec"], e["duration_speak_sec"], e["duration_tot_sec"])
			}
			if e["event_type"] == "i" && e.end().Before(events[i].end()) {
				t.Errorf("call %s: its session is over before its event %d", id, i+1)
			}
		}
	}
}

func TestNoAgentIsInTwoCallsAtOnce(t *testing.T) {
	e := exampleQuarter(t)
	type leg struct {
		call       string
		start, end time.Time
	}
	legs := make(map[string][]leg)
	for id, events := range e.calls {
		for _, e := range events {
			if e["event_type"] == "c" && e["agent_id"] != "" {
				legs[e["agent_id"]] = append(legs[e["agent_id"]], leg{id, e.time("dte_start"), e.end().Add(time.Duration(e.int("wrap_up_sec")) * time.Second)})
			}
		}
	}
	for agent, list := range legs {
		slices.SortFunc(list, func(a, b leg) int { return cmp.Or(a.start.Compare(b.start), a.end.Compare(b.end)) })
		for i := range list[1:] {
			if list[i+1].start.Before(list[i].end) {
				t.Errorf("agent %s: call %s begins before %s is done", agent, list[i+1].call, list[i].call)
			}
		}
	}
}

func TestDeliveriesAreAsAwkwardAsTheSources(t *testing.T) {
	dir := exampleQuarter(t).dir
	seen := make(map[string]int)
	rows := make(map[string]int)
	for _, r := range read(t, dir, "inbox", "puzzel", "call_events*.csv") {
		rows[r["rec_id"]]++
		for _, trap := range []struct {
			name string
			is   bool
		}{
			{"call_id beyond int64", len(r["call_id"]) == 19},
			{"speak start missing", r["result_code"] == "k" && r["event_type"] == "c" && r["dte_speak_start"] == ""},
			{"withheld number", r["source"] == "anonymous"},
			{"number without country code", len(r["source"]) == 8},
			{"second session", r["event_type"] == "i" && r["call_sequence"] != "1"},
			{"answered after zero seconds of talk", r["leg_type"] == "Agent" && r["result_code"] == "k" && r["duration_speak_sec"] == "0"},
			{"callback at an agreed time", r["dte_scheduled_callback"] != ""},
			{"queue result " + r["result_code"], r["event_type"] == "q"},
			{"leg result " + r["result_code"], r["event_type"] == "c"},
		} {
			if trap.is {
				seen[trap.name]++
			}
		}
	}
	for _, n := range rows {
		if n > 1 {
			seen["row repeated"]++
		}
	}
	for _, name := range []string{
		"call_id beyond int64", "speak start missing", "withheld number", "number without country code", "second session",
		"answered after zero seconds of talk", "callback at an agreed time", "row repeated",
		"queue result a", "queue result b", "queue result c", "queue result h", "queue result k", "queue result m",
		"queue result q", "queue result s", "queue result t", "queue result ?",
		"leg result b", "leg result c", "leg result h", "leg result k", "leg result q", "leg result t",
	} {
		if seen[name] == 0 {
			t.Errorf("no row shows: %s", name)
		}
	}
	if corrected := readFile(t, filepath.Join(dir, "inbox", "puzzel", "call_events_2026K2_rettelser.csv")); len(corrected) == 0 {
		t.Error("no call was delivered again")
	}
}

func TestHeadersHaveEveryColumnOfTheContracts(t *testing.T) {
	dir := exampleQuarter(t).dir
	for folder, tables := range map[string][]etl.Table{
		"puzzel": puzzel.Tables(), "survey": survey.Tables()[:1], "guides": sbnu.Tables(),
	} {
		for _, table := range tables {
			files, _ := filepath.Glob(filepath.Join(dir, "inbox", folder, table.Name+"*.csv"))
			if len(files) == 0 {
				t.Errorf("no file of %s", table.Name)
			}
			for _, file := range files {
				header := readRows(t, file)[0]
				for _, c := range table.Columns {
					if !slices.ContainsFunc(c.Sources(), func(name string) bool { return slices.Contains(header, name) }) {
						t.Errorf("%s lacks %v", filepath.Base(file), c.Sources())
					}
				}
			}
		}
	}
	if header := readRows(t, filepath.Join(dir, "inbox", "puzzel", "call_events_2026K2.csv"))[0]; len(header) != 41 {
		t.Errorf("call_events has %d columns, SOURCES §1 counts 41", len(header))
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]simulate.Options{
		"no folder":      {From: day, To: day},
		"days reversed":  {Dir: t.TempDir(), From: day, To: day.AddDate(0, 0, -1)},
		"negative calls": {Dir: t.TempDir(), From: day, To: day, CallsPerYear: -1},
		"not a folder":   {Dir: file, From: day, To: day},
	} {
		if _, err := simulate.Run(t.Context(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestOneDayIsEnough(t *testing.T) {
	day := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC) // the day of 25 hours
	days := 0
	sum, err := simulate.Run(t.Context(), simulate.Options{
		Dir: t.TempDir(), From: day, To: day, Seed: 1, Watch: func(_ string, done, total int64) { days = int(done*10 + total) },
	})
	if err != nil || sum.Days != 1 || sum.Calls == 0 || days != 11 {
		t.Errorf("Run = %+v, %v; watch heard %d", sum, err, days)
	}
}
