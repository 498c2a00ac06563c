package mutant_test

import (
	"slices"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model/mutant"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		query string
		want  []string // the changed queries
	}{
		{"a < 5", []string{"a <= 5", "a < 6"}},
		{"a = 'k'", []string{"a <> 'k'", "a = 'k~'"}},
		{"a and not b", []string{"a or not b", "a and  b"}},
		{"a between b and c", nil},
		{"a between b and c and d", []string{"a between b and c or d"}},
		{"trim(a)", []string{"(a)"}},
		{"greatest(a - b, 0)", []string{"(a - b)", "greatest(a + b, 0)", "greatest(a - b, 1)"}},
		{"coalesce(f(a, b), c)", []string{"(f(a, b))"}},
		{"a is null", []string{"a is not null"}},
		{"a is not null", []string{"a is  null"}},
		{"f(a, -1)", []string{"f(a, -2)"}},
		{"left(a, b)", nil},
		{"a >= $from and a < $to", nil},
		{"a < $to and b", []string{"a < $to or b"}},
		{"from a left join b", []string{"from a inner join b"}},
		{"0.5 -- a < b", []string{"0.6 -- a < b"}},
		{"'it''s < 5'", []string{"'it''s < 5~'"}},
	} {
		var got []string
		for _, m := range mutant.Of(c.query) {
			got = append(got, m.Query)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.query, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	all := mutant.Of("select a\nfrom b\nwhere   a < b")
	if len(all) != 1 || all[0].Line != 3 || all[0].String() != "where a < b: < becomes <=" {
		t.Errorf("got %+v", all)
	}
	all = mutant.Of("a = b and c = d")
	if got := all[2].String(); got != "a = b and c = d: = becomes <> (2)" {
		t.Errorf("got %s", got)
	}
}
