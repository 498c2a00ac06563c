package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/den-digitale-hotline/ddh/"

// arrows are the imports that DESIGN §2 allows: a package, or all below a folder, and
// what it may import of this module. The first line that fits counts. Sources know the
// vocabulary and not each other; reports meet the warehouse in its tables only.
var arrows = []struct {
	room string
	may  []string
}{
	{"etl", nil},
	{"etl/privacy", nil},
	{"etl/convert", []string{"etl", "etl/privacy"}},
	{"etl/records", []string{"etl"}},
	{"etl/plaintext", nil},
	{"etl/replay", []string{"etl", "etl/convert", "etl/privacy"}},
	{"etl/retry", []string{"etl"}},
	{"etl/dropfolder", []string{"etl", "etl/convert", "etl/plaintext", "etl/privacy", "etl/records"}},
	{"etl/windowed", []string{"etl", "etl/convert", "etl/privacy", "etl/retry"}},
	{"etl/web", []string{"etl", "etl/convert", "etl/plaintext", "etl/privacy", "etl/records", "etl/windowed"}},
	{"etl/web/webtest", []string{"etl", "etl/retry"}},
	{"etl/puzzel", []string{"etl", "etl/convert", "etl/privacy"}},
	{"etl/puzzel/sqlserver", []string{"etl", "etl/puzzel", "etl/survey", "etl/windowed"}},
	{"etl/survey", []string{"etl", "etl/convert", "etl/privacy"}},
	{"etl/survey/rest", []string{"etl", "etl/records", "etl/survey", "etl/web", "etl/windowed"}},
	{"etl/sbnu", []string{"etl", "etl/convert", "etl/privacy"}},
	{"etl/sbnu/pull", []string{"etl", "etl/records", "etl/sbnu", "etl/web", "etl/windowed"}},
	{"etl/sourcetest", []string{"etl", "etl/landing", "etl/privacy", "etl/retry", "etl/warehouse", "sql"}},
	{"etl/reference/...", []string{"etl", "etl/plaintext", "etl/reference/..."}},
	{"etl/landing", []string{"etl"}},
	{"etl/warehouse", []string{"etl"}},
	{"etl/schedule", []string{"etl"}},
	{"etl/model/...", []string{"etl", "etl/model/..."}},
	{"etl/simulate", []string{"etl", "etl/simulate/..."}},
	{"etl/simulate/...", []string{"etl/simulate/..."}},
	{"reports", nil},
	{"reports/explain", []string{"reports", "reports/figures"}},
	{"reports/...", []string{"reports"}},
	{"sql", nil},
	{"cmd/ddh/config", []string{"etl", "etl/puzzel", "etl/survey", "etl/sbnu", "etl/schedule", "etl/reference/nearest"}},
	{"cmd/ddh", []string{"cmd/...", "etl/...", "reports/...", "sql"}},
}

// borrowed are the rooms that may use another module: a heavy or a leading one is
// worth a wall.
var borrowed = map[string][]string{
	"github.com/duckdb/duckdb-go/v2":    {"etl/warehouse", "etl/simulate/live/rawdata"},
	"github.com/microsoft/go-mssqldb":   {"etl/puzzel/sqlserver"},
	"github.com/xuri/excelize/v2":       {"etl/dropfolder", "reports/xlsx"},
	"github.com/spf13/cobra":            {"cmd/ddh"},
	"github.com/schollz/progressbar/v3": {"cmd/ddh"},
	"github.com/BurntSushi/toml":        {"cmd/ddh/config"},
	"github.com/robfig/cron/v3":         {"etl/schedule"},
	"github.com/apache/arrow-go/v18": {
		"etl", "etl/convert", "etl/dropfolder", "etl/landing", "etl/replay", "etl/windowed", "etl/web/webtest", "etl/sourcetest",
		"cmd/ddh",
	},
}

// outside is what only cmd may do: read the environment, print, exit, and look at the
// clock. Everything else is given what it needs.
var outside = map[string][]string{
	"os":   {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Exit", "Args", "Stdin", "Stdout", "Stderr"},
	"fmt":  {"Print", "Printf", "Println"},
	"log":  {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf"},
	"time": {"Now", "Since", "Until"},
}

type listed struct {
	ImportPath, Dir  string
	Imports, GoFiles []string
}

// packages are the module's packages, as go list knows them.
func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// within reports whether a package is the one named, or lies below it where the name
// ends in "/...".
func within(pkg, pattern string) bool {
	below, found := strings.CutSuffix(pattern, "/...")
	return pkg == below || found && strings.HasPrefix(pkg, below+"/")
}

func TestArrowsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		at := slices.IndexFunc(arrows, func(a struct {
			room string
			may  []string
		}) bool {
			return within(name, a.room)
		})
		if at < 0 {
			t.Errorf("%s has no line in arrows that says what it may import", name)
			continue
		}
		for _, imported := range p.Imports {
			checkImport(t, name, imported, arrows[at].may)
		}
	}
}

func checkImport(t *testing.T, name, imported string, may []string) {
	t.Helper()
	if own, found := strings.CutPrefix(imported, module); found {
		if !slices.ContainsFunc(may, func(m string) bool { return within(own, m) }) {
			t.Errorf("%s imports %s; it may import %q", name, own, may)
		}
		return
	}
	for lent, rooms := range borrowed {
		if within(imported, lent+"/...") && !slices.Contains(rooms, name) {
			t.Errorf("%s imports %s, which is for %q", name, imported, rooms)
		}
	}
}

func TestOnlyTheCommandSeesTheWorldOutside(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath+"/" == module+"cmd/ddh/" {
			continue
		}
		for _, file := range p.GoFiles {
			checkOutside(t, filepath.Join(p.Dir, file))
		}
	}
}

// checkOutside finds uses of what is outside in a file.
func checkOutside(t *testing.T, path string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := selector.X.(*ast.Ident); ok && slices.Contains(outside[pkg.Name], selector.Sel.Name) {
			t.Errorf("%s uses %s.%s, which is for cmd/ddh", set.Position(n.Pos()), pkg.Name, selector.Sel.Name)
		}
		return true
	})
}
