package sql_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/reference"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// TestEveryKindOfTheUnknownCanBeAccepted holds the kinds of accepted.csv against those
// that ddh unknown lists; a kind that is none is refused with the nearest.
func TestEveryKindOfTheUnknownCanBeAccepted(t *testing.T) {
	file, err := ddhsql.Seeds().Open("unknown_kinds.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{"kind,text,note"}
	for _, row := range rows[1:] {
		lines = append(lines, row[0]+",x,")
	}
	if faults := readAccepted(t, lines...); len(faults) > 0 {
		t.Errorf("a kind is refused: %v", faults)
	}
	faults := readAccepted(t, "kind,text,note", "municipalty,Xx,")
	if len(faults) != 1 || !strings.Contains(faults[0], `"municipalty" is not one of`) || !strings.Contains(faults[0], "write municipality") {
		t.Errorf("a slip of the pen gives %q", faults)
	}
}

// readAccepted is what is wrong with a project's accepted.csv.
func readAccepted(t *testing.T, lines ...string) (faults []string) {
	t.Helper()
	dir := t.TempDir()
	if _, err := reference.WriteTemplate(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "accepted.csv"), []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	same := func(s string) string { return s }
	_, found := reference.Read(os.DirFS(dir), reference.Options{Normalise: same, Pseudonym: same})
	for _, f := range found {
		if f.Origin == "accepted.csv" {
			faults = append(faults, f.Error()+" "+f.Try)
		}
	}
	return faults
}
