package simulate

import (
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

func TestRepliesReadAsTheScoreTheyWereBuiltFrom(t *testing.T) {
	d := dice.New(1, 0)
	for range 3000 {
		score := 1 + d.Below(9)
		text := scored(d, score)
		if got, rule := survey.ParseScore(text); got != score {
			t.Errorf("%q reads as %d (%s), was built from %d", text, got, rule, score)
		}
	}
	for _, list := range [][]string{scoreless, thanks, wishes} {
		for _, text := range list {
			if got, rule := survey.ParseScore(text); got != 0 {
				t.Errorf("%q reads as %d (%s), is no score", text, got, rule)
			}
		}
	}
}
