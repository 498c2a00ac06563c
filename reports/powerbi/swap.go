package powerbi

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// The folders beside the live one have fixed names, so that what a crash leaves
// behind is found and cleared by the next run.
func nextDir(live string) string { return beside(live, ".next") }
func oldDir(live string) string  { return beside(live, ".old") }

func beside(live, suffix string) string {
	return filepath.Join(filepath.Dir(live), "."+filepath.Base(live)+suffix)
}

// sweep clears what an interrupted run left, and puts the old set back where that
// run had taken it away and not yet put the new one in its place.
func sweep(live string) error {
	if err := os.MkdirAll(filepath.Dir(live), 0o755); err != nil {
		return err
	}
	_, err := os.Lstat(live)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(oldDir(live), live); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return errors.Join(os.RemoveAll(nextDir(live)), os.RemoveAll(oldDir(live)))
}

// swap makes the folder next the live one and removes the set that was there. Where
// the system can exchange two folders at once, there is no moment without a set.
func swap(next, live string) error {
	if _, err := os.Lstat(live); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(next, live)
	}
	err := exchange(next, live)
	if errors.Is(err, errors.ErrUnsupported) {
		return swapInTwo(next, live)
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(next)
}

// swapInTwo is for systems and file systems without an exchange: the live folder is
// missing for the moment between two renames, and sweep mends a crash in it.
func swapInTwo(next, live string) error {
	old := oldDir(live)
	if err := os.Rename(live, old); err != nil {
		return err
	}
	if err := os.Rename(next, live); err != nil {
		return errors.Join(err, os.Rename(old, live))
	}
	return os.RemoveAll(old)
}
