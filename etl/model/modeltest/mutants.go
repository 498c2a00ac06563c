package modeltest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/model/mutant"
	"github.com/rogpeppe/go-internal/txtar"
)

// Survivor is a change of one rule that no case notices.
type Survivor struct {
	Model string
	mutant.Mutant
}

// String names the survivor: model and change.
func (s Survivor) String() string { return s.Model + ": " + s.Mutant.String() }

// Count is what became of the mutants of some models.
type Count struct {
	Noticed  int // a case brings other rows
	Refused  int // the database does not take the query, or it fails on a case
	Survived []Survivor
}

// Mutants changes one rule at a time in the named models, all where none is named,
// and runs the cases under dir that compute the model until one notices.
func Mutants(t *testing.T, bench *model.Bench, dir string, names ...string) Count {
	t.Helper()
	cases := readCases(t, dir)
	wanted := make(map[string]bool)
	for _, name := range names {
		wanted[name] = true
	}
	var total Count
	for _, m := range bench.Models() {
		if len(wanted) > 0 && !wanted[m.Name] {
			continue
		}
		count := mutate(t, bench, m, cases)
		t.Logf("%s: %d noticed, %d refused, %d survived", m.Name, count.Noticed, count.Refused, len(count.Survived))
		total.Noticed += count.Noticed
		total.Refused += count.Refused
		total.Survived = append(total.Survived, count.Survived...)
	}
	return total
}

// unitCase is one file of cases.
type unitCase struct {
	model   string
	archive *txtar.Archive
}

func readCases(t *testing.T, dir string) []unitCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no cases under %s (%v)", dir, err)
	}
	var cases []unitCase
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, unitCase{filepath.Base(filepath.Dir(file)), archive})
	}
	return cases
}

// mutate runs the cases one after the other, each for the changes that none before noticed.
func mutate(t *testing.T, bench *model.Bench, m *model.Model, cases []unitCase) Count {
	t.Helper()
	var count Count
	left := mutant.Of(m.SQL)
	for _, c := range relevantCases(t, bench, m, cases) {
		queries := make([]string, len(left))
		for i, change := range left {
			queries[i] = change.Query
		}
		outcomes, err := bench.RunEach(context.Background(), c.model, c.archive, m, queries)
		if err != nil {
			t.Fatal(err)
		}
		var unnoticed []mutant.Mutant
		for i, outcome := range outcomes {
			var difference *model.CaseError
			switch {
			case errors.As(outcome, &difference):
				count.Noticed++
			case outcome != nil:
				count.Refused++
			default:
				unnoticed = append(unnoticed, left[i])
			}
		}
		left = unnoticed
	}
	for _, change := range left {
		count.Survived = append(count.Survived, Survivor{m.Name, change})
	}
	return count
}

// relevantCases are the cases that compute the model, its own first.
func relevantCases(t *testing.T, bench *model.Bench, m *model.Model, cases []unitCase) []unitCase {
	t.Helper()
	var own, others []unitCase
	for _, c := range cases {
		rests, err := bench.Rests(c.model, c.archive, m.FullName())
		switch {
		case err != nil:
			t.Fatal(err)
		case rests && c.model == m.Name:
			own = append(own, c)
		case rests:
			others = append(others, c)
		}
	}
	return append(own, others...)
}
