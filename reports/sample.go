package reports

import "math"

// Sample is a share or a mean with its 95 % interval, as the warehouse has it: Wilson's
// for a share, Student's for a mean. Numbers that do not exist are NaN.
type Sample struct {
	Value, Lower, Upper float64
	N                   int64
	IsShare             bool
}

// Holds tells whether a target lies inside the interval, its ends included: then the
// figure neither meets nor misses it for certain (DOMAIN §4). Without an interval
// nothing is inside.
func (s Sample) Holds(target float64) bool { return s.Lower <= target && target <= s.Upper }

// Differs tells whether two independent samples differ at 95 %; known is false where
// one of them has no interval. Two shares differ where 0 lies outside of Newcombe's
// interval for their difference d = p1 - p2, made of Wilson's limits l and u (R. G.
// Newcombe, Statistics in Medicine 17, 1998, method 10):
//
//	d - sqrt((p1-l1)² + (u2-p2)²)  to  d + sqrt((u1-p1)² + (p2-l2)²)
//
// Two means differ where |d| is more than t(0.975; f) sqrt(s1² + s2²), with the squared
// standard errors s1² and s2² of the means and Welch's degrees of freedom
//
//	f = (s1² + s2²)² / (s1⁴/(n1-1) + s2⁴/(n2-1))
//
// A standard error is the interval's half width over its own t. Limits may be cut off at
// the end of the scale, so the wider half is taken.
func (s Sample) Differs(other Sample) (differs, known bool) {
	if !s.hasInterval() || !other.hasInterval() {
		return false, false
	}
	difference := s.Value - other.Value
	if s.IsShare {
		below := math.Hypot(s.Value-s.Lower, other.Upper-other.Value)
		above := math.Hypot(s.Upper-s.Value, other.Value-other.Lower)
		return difference-below > 0 || difference+above < 0, true
	}
	a, b := s.squaredError(), other.squaredError()
	if a+b == 0 {
		return difference != 0, true
	}
	freedom := (a + b) * (a + b) / (a*a/float64(s.N-1) + b*b/float64(other.N-1))
	return math.Abs(difference) > student(freedom)*math.Sqrt(a+b), true
}

func (s Sample) hasInterval() bool {
	return s.Lower <= s.Value && s.Value <= s.Upper && (s.IsShare && s.N > 0 || s.N > 1)
}

func (s Sample) squaredError() float64 {
	e := math.Max(s.Upper-s.Value, s.Value-s.Lower) / student(float64(s.N-1))
	return e * e
}

// student is the 97.5 % point of Student's t. Few degrees of freedom come from the
// table, the next lower whole number; from five on the series of Cornish and Fisher is
// right to three decimals.
func student(freedom float64) float64 {
	table := []float64{12.7062, 12.7062, 4.3027, 3.1824, 2.7764}
	if freedom < 5 {
		return table[max(0, int(freedom))]
	}
	const z = 1.959963985
	z2 := z * z
	return z + z*(z2+1)/4/freedom +
		z*((5*z2+16)*z2+3)/96/math.Pow(freedom, 2) +
		z*(((3*z2+19)*z2+17)*z2-15)/384/math.Pow(freedom, 3) +
		z*((((79*z2+776)*z2+1482)*z2-1920)*z2-945)/92160/math.Pow(freedom, 4)
}
