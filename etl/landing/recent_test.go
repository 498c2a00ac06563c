package landing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
)

// recent are the deliveries of calls since a time: rows, first identifier and rejects.
func recent(t *testing.T, l *landing.Landing, table etl.Table, since time.Time) (found []string, err error) {
	t.Helper()
	err = l.Recent(t.Context(), table, since, func(d etl.Delivered) {
		var parts []string
		for _, rec := range d.Rows {
			if !rec.Schema().Equal(table.Schema()) {
				t.Errorf("schema %v", rec.Schema())
			}
			parts = append(parts, fmt.Sprintf("%d rows, %s %s %s", rec.NumRows(),
				rec.Column(0).ValueStr(0), rec.Column(1).ValueStr(0), rec.Column(2).ValueStr(0)))
		}
		for _, r := range d.Rejects {
			parts = append(parts, fmt.Sprintf("%+v", r))
		}
		found = append(found, strings.Join(parts, "; "))
	})
	return found, err
}

func TestRecentIsWhatLandedSinceInOrder(t *testing.T) {
	dir := t.TempDir()
	land(t, open(t, dir, start.Add(-time.Hour)), strings.Repeat("00", 32), 1)
	bad := etl.Reject{Row: 3, Line: 4, Column: "call_id", Rule: "not-an-identifier", Message: "x is no identifier", Raw: `{"call_id":"x"}`}
	l := open(t, dir, start)
	land(t, l, contentB, 3)
	land(t, l, contentA, 2, bad)
	w := begin(t, l, guides, contentAlike)
	if _, err := w.Commit(etl.Drift{}); err != nil {
		t.Fatal(err)
	}
	l = open(t, dir, start.Add(15*time.Minute)) // a later run finds what an earlier one landed
	land(t, l, strings.Repeat("ff", 32), 1)
	got, err := recent(t, l, calls, start)
	if err != nil {
		t.Fatal(err)
	}
	const first = "9223372036854775808 1970-01-01T00:00:00Z smørrebrød"
	want := []string{
		"3 rows, " + first,
		"2 rows, " + first + "; " + fmt.Sprintf("%+v", bad),
		"1 rows, " + first,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("recent (-want +got):\n%s", diff)
	}
}

// A table of another owner with the same name is another table.
func TestRecentKnowsOwners(t *testing.T) {
	l := open(t, t.TempDir(), start)
	land(t, l, contentA, 1)
	other := calls
	other.Owner = "library"
	if got, err := recent(t, l, other, start); err != nil || got != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestRecentSaysWhatItCannotRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string) []etl.Table
		want  string
	}{
		{"cut off", func(t *testing.T, path string) []etl.Table {
			if err := os.Truncate(path, 60); err != nil {
				t.Fatal(err)
			}
			return []etl.Table{calls}
		}, "cannot be read"},
		{"a page overwritten", func(t *testing.T, path string) []etl.Table {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt([]byte(strings.Repeat("\xff", 40)), 4); err != nil {
				t.Fatal(err)
			}
			return []etl.Table{calls}
		}, "cannot be read"},
		{"an earlier contract", func(*testing.T, string) []etl.Table {
			longer := calls
			longer.Columns = append(append([]etl.Column(nil), calls.Columns...), etl.Column{Name: "more", Type: etl.Text})
			return []etl.Table{longer}
		}, "its columns are not those of the contract"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			land(t, open(t, dir, start), contentA, 2)
			tables := c.spoil(t, filepath.Join(dir, list(t, dir)[0]))
			l, err := landing.Open(dir, landing.Options{Run: "run-2", Start: start.Add(time.Hour), Tables: tables})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := recent(t, l, tables[0], start); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
