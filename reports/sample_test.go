package reports

import (
	"math"
	"testing"
)

// TestDiffers has values worked by hand. Newcombe's own example (a) is 56/70 against
// 48/80: the difference 0.2 with the interval 0.0524 to 0.3339.
func TestDiffers(t *testing.T) {
	none := math.NaN()
	a := Sample{Value: 0.8, Lower: 0.6918, Upper: 0.8770, N: 70, IsShare: true} // Wilson for 56/70
	b := Sample{Value: 0.6, Lower: 0.4904, Upper: 0.7004, N: 80, IsShare: true} // Wilson for 48/80
	cases := []struct {
		name           string
		now, then      Sample
		differs, known bool
	}{
		// 0.2 - sqrt(0.1082² + 0.1004²) = 0.2 - 0.1476 = 0.0524
		{"shares that differ though their intervals overlap", a, b, true, true},
		{"the other way round", b, a, true, true},
		// 0.12 - sqrt(0.1082² + 0.0960²) = 0.12 - 0.1446 < 0
		{"shares that do not, though one lies outside the other's interval",
			a, Sample{Value: 0.68, Lower: 0.5721, Upper: 0.7760, N: 80, IsShare: true}, false, true},
		// n = 31: t = 2.0423, standard errors 1 and 1, f = 60, t = 2.0003, limit 2.829
		{"means 2.8 apart", Sample{Value: 50, Lower: 50 - 2.0423, Upper: 50 + 2.0423, N: 31},
			Sample{Value: 47.2, Lower: 47.2 - 2.0423, Upper: 47.2 + 2.0423, N: 31}, false, true},
		{"means 2.9 apart", Sample{Value: 50, Lower: 50 - 2.0423, Upper: 50 + 2.0423, N: 31},
			Sample{Value: 47.1, Lower: 47.1 - 2.0423, Upper: 47.1 + 2.0423, N: 31}, true, true},
		// Welch: errors 3 and 1, n 5 and 100: f = 100 / (81/4 + 1/99) = 4.93, t = 2.776 (4), limit 8.78
		{"a small and a large sample", Sample{Value: 60, Lower: 60 - 3*2.7764, Upper: 60 + 3*2.7764, N: 5},
			Sample{Value: 51.3, Lower: 51.3 - 1.9842, Upper: 51.3 + 1.9842, N: 100}, false, true},
		{"a limit cut off at the end of the scale", Sample{Value: 8.9, Lower: 8.9 - 2.0423, Upper: 9, N: 31},
			Sample{Value: 6.2, Lower: 6.2 - 2.0423, Upper: 6.2 + 2.0423, N: 31}, false, true},
		{"nothing known of one", a, Sample{Value: 0.5, Lower: none, Upper: none, N: 1, IsShare: true}, false, false},
		{"a mean of one", Sample{Value: 5, Lower: none, Upper: none, N: 1}, Sample{Value: 5, Lower: 4, Upper: 6, N: 9}, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			differs, known := c.now.Differs(c.then)
			if differs != c.differs || known != c.known {
				t.Errorf("differs %t, known %t", differs, known)
			}
		})
	}
}

func TestStudent(t *testing.T) {
	for freedom, want := range map[float64]float64{1: 12.706, 2: 4.303, 4.9: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 60: 2.000, 1000: 1.962} {
		if got := student(freedom); math.Abs(got-want) > 0.002 {
			t.Errorf("t with %v degrees of freedom is %.4f, want %.3f", freedom, got, want)
		}
	}
}

func TestTargetInsideTheInterval(t *testing.T) {
	s := Sample{Value: 0.684, Lower: 0.66, Upper: 0.71, N: 900, IsShare: true}
	for target, want := range map[float64]bool{0.65: false, 0.66: true, 0.7: true, 0.71: true, 0.72: false, math.NaN(): false} {
		if got := s.Holds(target); got != want {
			t.Errorf("a target of %v is inside: %t", target, got)
		}
	}
}
