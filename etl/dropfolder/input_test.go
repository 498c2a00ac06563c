package dropfolder

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

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
