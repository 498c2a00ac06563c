package dropfolder

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recalled reports whether a file's hash comes from the memory: there, it has been
// replaced by one that no reading could give.
func recalled(t *testing.T, file, memory string) bool {
	t.Helper()
	in, err := examine(t.Context(), file, openSeen(memory, time.Now))
	if err != nil {
		t.Fatal(err)
	}
	return in.content == strings.Repeat("0", 64)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSeen hashes a file an hour after it was written and changes something since.
func TestSeen(t *testing.T) {
	cases := []struct {
		name   string
		change func(t *testing.T, file, memory string)
		want   bool
	}{
		{"nothing has changed", func(*testing.T, string, string) {}, true},
		{"the file has grown", func(t *testing.T, file, _ string) { write(t, file, "a,b\n1,2\n3,4\n") }, false},
		{"the file is of another time", func(t *testing.T, file, _ string) {
			if err := os.Chtimes(file, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"another file has its name", func(t *testing.T, file, _ string) {
			write(t, file+".new", "a,b\n3,4\n")
			if err := os.Rename(file+".new", file); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"the memory is lost", func(t *testing.T, _, memory string) {
			if err := os.Remove(memory); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"the memory is damaged", func(t *testing.T, _, memory string) { write(t, memory, `{"visits.csv": {"size": 8`) }, false},
		{"the memory holds no hash", func(t *testing.T, _, memory string) {
			text, err := os.ReadFile(memory)
			if err != nil {
				t.Fatal(err)
			}
			write(t, memory, strings.Replace(string(text), strings.Repeat("0", 64), "", 1))
		}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file, memory := filepath.Join(dir, "visits.csv"), filepath.Join(dir, "seen", "visits.json")
			write(t, file, "a,b\n1,2\n")
			s := openSeen(memory, func() time.Time { return time.Now().Add(time.Hour) })
			in, err := examine(t.Context(), file, s)
			if err != nil {
				t.Fatal(err)
			}
			s.save()
			text, err := os.ReadFile(memory)
			if err != nil {
				t.Fatal(err)
			}
			write(t, memory, strings.Replace(string(text), in.content, strings.Repeat("0", 64), 1))
			c.change(t, file, memory)
			if got := recalled(t, file, memory); got != c.want {
				t.Errorf("recalled = %v, want %v", got, c.want)
			}
		})
	}
}

// A file that was written just now may be written again before its time of change
// tells the difference.
func TestSeenWaitsUntilAFileHasSettled(t *testing.T) {
	dir := t.TempDir()
	file, memory := filepath.Join(dir, "visits.csv"), filepath.Join(dir, "seen.json")
	write(t, file, "a,b\n1,2\n")
	s := openSeen(memory, time.Now)
	if _, err := examine(t.Context(), file, s); err != nil {
		t.Fatal(err)
	}
	s.save()
	if text, err := os.ReadFile(memory); err != nil || string(text) != "{}" {
		t.Errorf("remembered %s, %v", text, err)
	}
}

func TestSeenForgetsFilesThatAreGone(t *testing.T) {
	dir := t.TempDir()
	memory := filepath.Join(dir, "seen.json")
	write(t, memory, `{"gone.csv": {"size": 1, "content": "`+strings.Repeat("0", 64)+`"}}`)
	s := openSeen(memory, time.Now)
	s.save()
	if text, err := os.ReadFile(memory); err != nil || string(text) != "{}" {
		t.Errorf("remembered %s, %v", text, err)
	}
}
