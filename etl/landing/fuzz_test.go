package landing

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

func FuzzParseID(f *testing.F) {
	f.Add("20261001T020000Z-0001-9f86d081884c")
	f.Add("20261001T020000Z-12345-9f86d081884c")
	f.Add("20261001T020000Z-0001-9f86d081884c.rejects")
	f.Add("-0001-")
	f.Fuzz(func(t *testing.T, text string) {
		id, ok := parseID(text)
		if ok && len(text) == len(id.String()) && id.String() != text {
			t.Errorf("%q reads as %q", text, id)
		}
		if compareIDs(text, text) != 0 {
			t.Errorf("%q is not equal to itself", text)
		}
	})
}

// FuzzReadFile sees that a damaged file is an error and never a crash, and that a
// file is never taken for a batch that it is not.
func FuzzReadFile(f *testing.F) {
	table := etl.Table{Owner: "library", Name: "guides", Columns: []etl.Column{{Name: "title"}}}
	dir := f.TempDir()
	l, err := Open(dir, Options{Run: "r", Start: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		f.Fatal(err)
	}
	w, err := l.Begin(etl.Batch{Source: "s", Table: table, Content: strings.Repeat("ab", 32)})
	if err != nil {
		f.Fatal(err)
	}
	if _, err := w.Commit(etl.Drift{}); err != nil {
		f.Fatal(err)
	}
	path := w.(*writer).main.path
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-9])
	f.Add([]byte("PAR1\x00\x00\x00\x00PAR1"))
	f.Add([]byte{})
	catalog := newCatalog([]etl.Table{table})
	f.Fuzz(func(t *testing.T, content []byte) {
		damaged := filepath.Join(t.TempDir(), filepath.Base(path))
		if err := os.WriteFile(damaged, content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := catalog.read(damaged)
		if err == nil && got.Batch.ID+suffix != filepath.Base(path) {
			t.Errorf("read as batch %s", got.Batch.ID)
		}
	})
}
