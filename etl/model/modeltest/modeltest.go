// Package modeltest runs the unit cases of SQL models as Go tests. It holds no
// case and no model, and only tests import it.
package modeltest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/rogpeppe/go-internal/txtar"
)

// Cases runs every `<dir>/<model>/<case>.txtar` on the bench, each as a sub-test
// "model/case". With update it writes what the models bring into want.csv instead.
func Cases(t *testing.T, bench *model.Bench, dir string, update bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("there are no cases under %s", dir)
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			run(t, bench, name, file, update)
		})
	}
}

func run(t *testing.T, bench *model.Bench, name, file string, update bool) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if !update {
		if err := bench.Run(ctx, name, archive); err != nil {
			t.Error(err)
		}
		return
	}
	updated, err := bench.Update(ctx, name, archive)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, txtar.Format(updated), 0o644); err != nil {
		t.Fatal(err)
	}
}
