package dropfolder

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/den-digitale-hotline/ddh/etl"
)

func TestAFileThatIsStillWrittenToIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "visits.csv")
	if err := os.WriteFile(path, []byte("id,at\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := examine(t.Context(), path, openSeen("", nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.unchanged(); err != nil {
		t.Errorf("an unchanged file gives %v", err)
	}
	if err := os.WriteFile(path, []byte("id,at\n1"), 0o600); err != nil {
		t.Fatal(err)
	}
	var fault etl.Fault
	if err := in.unchanged(); !errors.As(err, &fault) {
		t.Errorf("a changed file gives %v", err)
	}
}

// A character may lie across two reads of a large file.
func TestDetectAcrossBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		other bool
	}{
		"utf-8":             {strings.Repeat("æ", 300_000), false},
		"utf-8, odd":        {"a" + strings.Repeat("æ€", 200_000), false},
		"windows-1252":      {strings.Repeat("a", 600_000) + "\xe6", true},
		"windows-1252 last": {strings.Repeat("a", 256<<10-1) + "\xe6\xf8", true},
		"ascii":             {strings.Repeat("a", 600_000), false},
	} {
		found, err := detect(bytes.NewReader([]byte(c.text)))
		if err != nil || (found.decoder != nil) != c.other {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}

func TestDetectPassesReadErrorsOn(t *testing.T) {
	broken := errors.New("the network drive is gone")
	if _, err := detect(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("detect gives %v", err)
	}
}
