package reference

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHolidays(t *testing.T) {
	for year, want := range map[int][]string{
		2023: {
			"2023-01-01 Nytårsdag", "2023-04-06 Skærtorsdag", "2023-04-07 Langfredag", "2023-04-09 Påskedag",
			"2023-04-10 2. påskedag", "2023-05-05 Store bededag", "2023-05-18 Kristi himmelfartsdag",
			"2023-05-28 Pinsedag", "2023-05-29 2. pinsedag", "2023-12-25 Juledag", "2023-12-26 2. juledag",
		},
		2026: {
			"2026-01-01 Nytårsdag", "2026-04-02 Skærtorsdag", "2026-04-03 Langfredag", "2026-04-05 Påskedag",
			"2026-04-06 2. påskedag", "2026-05-14 Kristi himmelfartsdag", "2026-05-24 Pinsedag",
			"2026-05-25 2. pinsedag", "2026-12-25 Juledag", "2026-12-26 2. juledag",
		},
	} {
		var got []string
		for _, h := range Holidays(year) {
			got = append(got, isoDate(h.Date)+" "+h.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{
		"2008-03-23", "2011-04-24", "2015-04-05", "2016-03-27", "2018-04-01", "2019-04-21", "2020-04-12",
		"2021-04-04", "2022-04-17", "2024-03-31", "2025-04-20", "2027-03-28", "2028-04-16", "2038-04-25",
		"2049-04-18", "2076-04-19", "1981-04-19", "2000-04-23",
	} {
		day, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easterSunday(day.Year()); !got.Equal(day) {
			t.Errorf("Easter %d is %s, want %s", day.Year(), isoDate(got), want)
		}
	}
}

func TestOwnDays(t *testing.T) {
	for year, want := range map[int][]string{
		2026: {"2026-05-01 12:00", "2026-06-05 12:00", "2026-12-24 ", "2026-12-31 "},
		2027: {"2027-12-24 ", "2027-12-31 "},                     // 1 May and 5 June are Saturdays
		2008: {"2008-06-05 12:00", "2008-12-24 ", "2008-12-31 "}, // Ascension was on 1 May
	} {
		var got []string
		for _, d := range OwnDays(year) {
			got = append(got, isoDate(d.Date)+" "+d.Closes)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: %s", year, diff)
		}
	}
}

func TestTemplateIsValidAndComplete(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "reference")
	written, err := WriteTemplate(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(written) != len(Files()) {
		t.Errorf("wrote %v, want all of %v", written, Files())
	}
	set, faults := Read(os.DirFS(dir), testOptions(t))
	for _, f := range faults {
		t.Error(f)
	}
	counts := map[string]int{}
	for _, table := range set.Tables() {
		counts[table.Name] = len(table.Rows)
	}
	for name, want := range map[string]int{"members": 27, "opening_hours": 6, "targets": 3, "access_numbers": 0, "agent_groups": 0, "queues": 0} {
		if counts[name] != want {
			t.Errorf("the template has %d rows of %s, want %d", counts[name], name, want)
		}
	}
}

func TestTemplateLeavesFilesAlone(t *testing.T) {
	dir := t.TempDir()
	const mine = "date,label\n2026-01-02,Ny IVR\n"
	if err := os.WriteFile(filepath.Join(dir, "events.csv"), []byte(mine), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteTemplate(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "events.csv"))
	if err != nil || string(got) != mine {
		t.Errorf("got %q, %v", got, err)
	}
	if again, err := WriteTemplate(dir); err != nil || len(again) > 0 {
		t.Errorf("a second time wrote %v, %v", again, err)
	}
}
