//go:build campaign

package sql_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model/modeltest"
)

var only = flag.String("models", "", "the models to change, parted by commas; all where empty")

// TestEveryRuleIsGuarded changes one rule at a time in the models and wants a unit
// case to notice. What no case can notice is listed in testdata/survivors.txt, each
// with its reason:
//
//	go test -tags campaign ./sql -run EveryRule -v -models int_calls,int_agent_legs
func TestEveryRuleIsGuarded(t *testing.T) {
	var names []string
	if *only != "" {
		names = strings.Split(*only, ",")
	}
	count := modeltest.Mutants(t, openBench(t), cases, names...)
	t.Logf("%d changes noticed, %d refused by the database, %d survived", count.Noticed, count.Refused, len(count.Survived))
	reasons := readSurvivors(t)
	for _, s := range count.Survived {
		if _, known := reasons[s.String()]; !known {
			t.Errorf("no case notices, in line %d of the query: %s", s.Line, s)
		}
		delete(reasons, s.String())
	}
	for name := range reasons {
		model, _, _ := strings.Cut(name, ":")
		if len(names) == 0 || slices.Contains(names, model) {
			t.Errorf("survivors.txt names a change that is noticed, or gone: %s", name)
		}
	}
}

// readSurvivors reads the changes that may go unnoticed. A block of lines that begin
// with "#" is the reason for the lines under it.
func readSurvivors(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "survivors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	reasons, reason, fresh := make(map[string]string), "", false
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			reason = ""
		case strings.HasPrefix(line, "#"):
			if !fresh {
				reason = ""
			}
			reason, fresh = reason+strings.TrimSpace(line[1:]), true
		case reason == "":
			t.Fatalf("survivors.txt gives no reason for: %s", line)
		default:
			reasons[line], fresh = reason, false
		}
	}
	return reasons
}
