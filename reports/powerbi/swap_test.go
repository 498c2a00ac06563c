package powerbi

import (
	"os"
	"path/filepath"
	"testing"
)

// folder makes a folder with one file that says whose set it is.
func folder(t *testing.T, path, owner string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "owner"), []byte(owner), 0o644); err != nil {
		t.Fatal(err)
	}
}

// expect checks whose set is live and that nothing lies beside it.
func expect(t *testing.T, live, owner string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(live, "owner"))
	if err != nil || string(got) != owner {
		t.Errorf("live is %q (%v), want %q", got, err, owner)
	}
	entries, err := os.ReadDir(filepath.Dir(live))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the live folder: %v (%v)", entries, err)
	}
}

func TestSwap(t *testing.T) {
	for name, swap := range map[string]func(next, live string) error{"at once": swap, "in two": swapInTwo} {
		t.Run(name, func(t *testing.T) {
			live := filepath.Join(t.TempDir(), "v1")
			folder(t, live, "old")
			folder(t, nextDir(live), "new")
			if err := swap(nextDir(live), live); err != nil {
				t.Fatal(err)
			}
			expect(t, live, "new")
		})
	}
}

func TestFirstSwapNeedsNoOldSet(t *testing.T) {
	live := filepath.Join(t.TempDir(), "v1")
	folder(t, nextDir(live), "new")
	if err := swap(nextDir(live), live); err != nil {
		t.Fatal(err)
	}
	expect(t, live, "new")
}

func TestSweepMendsWhatACrashLeft(t *testing.T) {
	cases := []struct {
		name string
		left func(t *testing.T, live string)
		want string
	}{
		{"while writing", func(t *testing.T, live string) { folder(t, live, "old"); folder(t, nextDir(live), "half") }, "old"},
		{"between the two renames", func(t *testing.T, live string) { folder(t, oldDir(live), "old"); folder(t, nextDir(live), "new") }, "old"},
		{"before the old set was removed", func(t *testing.T, live string) { folder(t, live, "new"); folder(t, oldDir(live), "old") }, "new"},
		{"after the exchange", func(t *testing.T, live string) { folder(t, live, "new"); folder(t, nextDir(live), "old") }, "new"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			live := filepath.Join(t.TempDir(), "v1")
			c.left(t, live)
			if err := sweep(live); err != nil {
				t.Fatal(err)
			}
			expect(t, live, c.want)
		})
	}
}
