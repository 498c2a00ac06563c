// Package dice draws the random amounts a simulation is made of. Every draw comes
// from one seeded generator, so that one seed is one history.
package dice

import (
	"math"
	"math/rand/v2"
)

// Dice is one stream of random draws. It is not safe for concurrent use.
type Dice struct{ r *rand.Rand }

// New returns the stream of that number belonging to a seed. Streams of one seed
// are independent, so that one part of a simulation can change without moving the
// draws of another.
func New(seed, stream uint64) *Dice {
	return &Dice{rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15*(stream+1)))}
}

// Chance is true with probability p.
func (d *Dice) Chance(p float64) bool { return d.r.Float64() < p }

// Float returns a number in [0, 1).
func (d *Dice) Float() float64 { return d.r.Float64() }

// Bits returns 64 random bits.
func (d *Dice) Bits() uint64 { return d.r.Uint64() }

// Below returns a whole number in [0, n); n must be positive.
func (d *Dice) Below(n int) int { return d.r.IntN(n) }

// Between returns a whole number in [low, high], both included.
func (d *Dice) Between(low, high int) int { return low + d.r.IntN(high-low+1) }

// Exponential returns a whole number, at least low, whose excess over low is
// exponential with the given mean.
func (d *Dice) Exponential(low int, mean float64) int {
	return low + int(d.r.ExpFloat64()*mean)
}

// LogNormal returns exp(sigma*N(0,1)) * median.
func (d *Dice) LogNormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*d.r.NormFloat64())
}

// Poisson returns a count with the given mean (Knuth's product method, in steps
// so that large means do not underflow).
func (d *Dice) Poisson(mean float64) int {
	n := 0
	for mean > 30 {
		n += d.poissonSmall(30)
		mean -= 30
	}
	return n + d.poissonSmall(mean)
}

func (d *Dice) poissonSmall(mean float64) int {
	limit, product, n := math.Exp(-mean), d.r.Float64(), 0
	for product > limit {
		product *= d.r.Float64()
		n++
	}
	return n
}

// Shuffle puts n things in random order.
func (d *Dice) Shuffle(n int, swap func(i, j int)) { d.r.Shuffle(n, swap) }

// Pick returns one of the values, all equally likely.
func Pick[T any](d *Dice, values []T) T { return values[d.r.IntN(len(values))] }

// Weighted chooses an index with probability proportional to its weight.
type Weighted struct{ upto []float64 }

// NewWeighted prepares a choice; at least one weight must be positive.
func NewWeighted(weights []float64) Weighted {
	upto, sum := make([]float64, len(weights)), 0.0
	for i, w := range weights {
		sum += w
		upto[i] = sum
	}
	return Weighted{upto}
}

// Pick returns the chosen index.
func (w Weighted) Pick(d *Dice) int {
	x := d.r.Float64() * w.upto[len(w.upto)-1]
	low, high := 0, len(w.upto)-1
	for low < high {
		mid := (low + high) / 2
		if x < w.upto[mid] {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
