package explain_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/den-digitale-hotline/ddh/reports/explain"
)

const (
	exclusions = "sort_order,exclusion,label,family,condition\n" +
		"1,closed,Lukket,,outcome = 'closed'\n" +
		"2,lost,Tabt,Ubesvarede opkald,outcome = 'lost'\n" +
		"3,busy,Optaget,Ubesvarede opkald,outcome = 'busy'\n" +
		"4,broken,Fejl,Ubesvarede opkald,outcome = 'broken'\n"
	header = "kpi,fact,numerator,denominator,exclusions\n"
)

func seeds(calls, exclusions string) fstest.MapFS {
	return fstest.MapFS{"kpi_calls.csv": {Data: []byte(calls)}, "kpi_exclusions.csv": {Data: []byte(exclusions)}}
}

func TestReasons(t *testing.T) {
	rules, err := explain.ReadRules(seeds(header+
		"answered,calls,1,,broken busy closed lost\n"+
		"calls_lost,calls,1,,closed busy broken\n"+
		"rate,calls,1,1,closed lost\n"+
		"all,calls,1,,\n", exclusions))
	if err != nil {
		t.Fatal(err)
	}
	for kpi, want := range map[string][]string{
		"answered":   {"Lukket", "Ubesvarede opkald"},
		"calls_lost": {"Lukket", "Andre ubesvarede opkald"},
		"rate":       {"Lukket", "Tabt"},
		"all":        nil,
		"unknown":    nil,
	} {
		if got := rules.Reasons(kpi); !slices.Equal(got, want) {
			t.Errorf("%s is told as %q, want %q", kpi, got, want)
		}
	}
}

func TestReadRulesSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name, calls, exclusions, want string
	}{
		{"no rows", "", exclusions, "kpi_calls.csv:1: the columns must be kpi,fact,numerator,denominator,exclusions"},
		{"other columns", "kpi,fact\n", exclusions, "kpi_calls.csv:1: the columns must be kpi,fact,numerator,denominator,exclusions"},
		{"unknown fact", header + "a,calls,1,,\nb,legs,1,,\n", exclusions, `kpi_calls.csv:3: there is no fact "legs"`},
		{"unknown exclusion", header + "a,calls,1,,closed lsot\n", exclusions, `kpi_calls.csv:2: there is no exclusion "lsot"`},
		{"ragged", header + "a,calls,1\n", exclusions, "kpi_calls.csv: record on line 2: wrong number of fields"},
		{"wrong exclusions", header, "exclusion\n", "kpi_exclusions.csv:1: the columns must be sort_order,exclusion,label,family,condition"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := explain.ReadRules(seeds(c.calls, c.exclusions))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestPortion(t *testing.T) {
	if p, ok := (explain.Share{Rows: 1, Of: 4}).Portion(); !ok || p != 0.25 {
		t.Errorf("1 of 4 is %v, %v", p, ok)
	}
	if _, ok := (explain.Share{}).Portion(); ok {
		t.Error("nothing of nothing is a share")
	}
}
