package sheet_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/sheet"
)

func TestASheetIsWhatWasAppended(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "x.csv")
	s, err := sheet.Create(path, ';', "a", "b", "c", "d", "e", "f", "g", "h", "i")
	if err != nil {
		t.Fatal(err)
	}
	day := clock.Date(2026, time.October, 25)
	s.Text(`semi;colon "quoted"`)
	s.Code('k')
	s.Letter(0)
	s.Int(-3)
	s.Uint(18446744073709551615)
	s.Float(0.1)
	s.Bool(true)
	s.Millis(day.At(9000), 7)
	s.Date(day)
	s.End()
	s.Again()
	s.Empty(9)
	s.End()
	if s.Rows() != 3 {
		t.Errorf("%d rows, want 3", s.Rows())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	row := `"semi;colon ""quoted""";k ;;-3;18446744073709551615;0.1;1;2026-10-25 02:30:00.007;2026-10-25` + "\n"
	want := "a;b;c;d;e;f;g;h;i\n" + row + row + ";;;;;;;;\n"
	if got, _ := os.ReadFile(path); string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestFaults(t *testing.T) {
	dir := t.TempDir()
	s, err := sheet.Create(filepath.Join(dir, "x.csv"), ',', "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	s.Text("only one")
	s.End()
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "row 1 has 1 fields, the header 2") {
		t.Errorf("a short row gives %v", err)
	}
	if _, err := sheet.Create(filepath.Join(dir, "x.csv", "y.csv"), ',', "a"); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestManyRowsReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	s, err := sheet.Create(path, ',', "n", "text")
	if err != nil {
		t.Fatal(err)
	}
	const rows = 60_000
	for n := range rows {
		s.Int(int64(n))
		s.Text(strings.Repeat("æ,", n%7))
		s.End()
		if n%1000 == 0 {
			s.Again()
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := csv.NewReader(f).ReadAll()
	if err != nil || len(got) != rows+rows/1000+1 {
		t.Errorf("%d rows, %v", len(got), err)
	}
	if !slices.Equal(got[1], got[2]) {
		t.Errorf("repeated row %v is %v", got[1], got[2])
	}
}

// FuzzText shows that any text reads back as it was written.
func FuzzText(f *testing.F) {
	for _, text := range []string{"", "a", `"`, "a,b", "a\nb", "æøå", ` " `} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "x.csv")
		s, err := sheet.Create(path, ',', "a", "b")
		if err != nil {
			t.Fatal(err)
		}
		s.Text(text)
		s.Text("end")
		s.End()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		raw, _ := os.ReadFile(path)
		rows, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
		// encoding/csv folds CRLF within quotes to LF.
		if want := strings.ReplaceAll(text, "\r\n", "\n"); err != nil || rows[1][0] != want {
			t.Errorf("%q reads back as %q, %v", text, rows, err)
		}
	})
}
