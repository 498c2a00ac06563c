package dice_test

import (
	"math"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
)

func TestOneSeedAndStreamIsOneSequence(t *testing.T) {
	a, same, other := dice.New(1, 2), dice.New(1, 2), dice.New(1, 3)
	differ := false
	for range 100 {
		x := a.Bits()
		if y := same.Bits(); x != y {
			t.Fatalf("%d and %d from one seed", x, y)
		}
		differ = differ || x != other.Bits()
	}
	if !differ {
		t.Error("two streams draw the same")
	}
}

func TestPoissonHasMeanAndVarianceAlike(t *testing.T) {
	d := dice.New(4, 0)
	for _, mean := range []float64{0, 0.3, 4, 35, 120} {
		const draws = 20_000
		sum, squares := 0.0, 0.0
		for range draws {
			n := float64(d.Poisson(mean))
			sum += n
			squares += n * n
		}
		got := sum / draws
		variance := squares/draws - got*got
		if math.Abs(got-mean) > 0.05*mean+0.01 || math.Abs(variance-mean) > 0.1*mean+0.01 {
			t.Errorf("Poisson(%g): mean %.3f, variance %.3f", mean, got, variance)
		}
	}
}

func TestWeightedFollowsTheWeights(t *testing.T) {
	d := dice.New(5, 0)
	weights := []float64{1, 0, 3, 6}
	w, got := dice.NewWeighted(weights), make([]int, 4)
	for range 10_000 {
		got[w.Pick(d)]++
	}
	for i, n := range got {
		if want := 1000 * weights[i]; math.Abs(float64(n)-want) > 200 {
			t.Errorf("index %d drawn %d times of 10,000, want about %.0f", i, n, want)
		}
	}
}

func TestDrawsStayInTheirBounds(t *testing.T) {
	d := dice.New(6, 0)
	for range 10_000 {
		if n := d.Between(3, 5); n < 3 || n > 5 {
			t.Fatalf("Between(3, 5) = %d", n)
		}
		if n := d.Exponential(7, 10); n < 7 {
			t.Fatalf("Exponential(7, 10) = %d", n)
		}
		if x := d.LogNormal(10, 1); x <= 0 {
			t.Fatalf("LogNormal(10, 1) = %g", x)
		}
	}
}
