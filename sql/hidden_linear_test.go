package sql_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestRegionsTellNothing holds by argument, so it is asked of small and odd hotlines:
// a region is shown only as a sum of municipalities that are shown, so whoever solves
// all sums at once comes by the same figures with regions as without them.
func TestRegionsTellNothing(t *testing.T) {
	bench := newHiddenBench(t)
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			h := inventHotline(rand.New(rand.NewPCG(seed, 17)), 4+int(seed))
			hidden := bench.hidden(t, h)
			without := h.withoutRegions().solve(hidden)
			for _, cell := range h.solve(hidden) {
				if cell.grouping != "region" && !slices.Contains(without, cell) {
					t.Errorf("regions give %v away, %d scores", cell, h.scores[cell])
				}
			}
		})
	}
}

// TestNoHiddenSatisfactionCanBeSolved demands of hotlines about as large as the real
// one that no figure of fewer than five scores follows from all that is shown. This is
// measured, not proven: of the hotlines of the first 60 seeds three leave one agent's
// or one queue's month to whoever solves all sums at once. A hidden figure of five
// scores or more that follows is no breach: it was hidden for a smaller one's sake,
// and that one does not follow. They are counted.
func TestNoHiddenSatisfactionCanBeSolved(t *testing.T) {
	bench := newHiddenBench(t)
	for seed := range uint64(6) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			h := inventHotline(rand.New(rand.NewPCG(seed, 17)), 16+int(seed))
			hidden, larger := bench.hidden(t, h), 0
			for _, cell := range h.solve(hidden) {
				if h.scores[cell] >= fewest {
					larger++
					continue
				}
				t.Errorf("%v, %d scores, follows from what is shown", cell, h.scores[cell])
			}
			t.Logf("%d cells, %d hidden, %d larger ones follow", len(h.scores), len(hidden), larger)
		})
	}
}

// TestSolverFindsWhatSubtractionDoesNot shows what the rule was before regions gave
// way to municipalities, and that the solver is no fool. 0103 and 0104 are hidden in
// their network N1, which is shown and lies within region R; so is region R, which has
// 0101 hidden as well, from another network. R less N1 and less what else is shown of
// both is 0101, though neither R nor N1 has only one figure hidden.
func TestSolverFindsWhatSubtractionDoesNot(t *testing.T) {
	h := invented{scores: map[scoreCell]int{}, regions: map[string]string{}, sums: map[string]*scoreSum{}}
	for _, m := range []struct {
		code, network, region string
		scores                int
	}{
		{"0101", "N0", "R", 3}, {"0102", "N0", "S", 7}, {"0103", "N1", "R", 4}, {"0104", "N1", "R", 6}, {"0105", "N1", "R", 20},
		{"0106", "N0", "S", 30}, {"0107", "N2", "S", 2}, {"0108", "N2", "S", 9}, {"0109", "N2", "S", 40},
	} {
		h.regions[m.code] = m.region
		for range m.scores {
			h.score("citizen", "2026-05", town{code: m.code, network: m.network}, nil)
			h.score("agent", "2026-05", town{code: "0109", network: "N2"}, nil)
		}
	}
	hidden := newHiddenBench(t).hidden(t, h)
	if found := h.solve(hidden); len(found) > 0 {
		t.Errorf("the models leave open %v", found)
	}
	maps.DeleteFunc(hidden, func(c scoreCell, _ bool) bool { return c.grouping == "region" && h.scores[c] >= fewest })
	if found := h.attack(hidden); len(found) > 0 {
		t.Errorf("with regions shown, subtraction alone finds %v", found)
	}
	want := scoreCell{"2026-05", "citizen", "municipality", "0101", "all"}
	if found := h.solve(hidden); !slices.Contains(found, want) {
		t.Errorf("with regions shown, the solver finds %v, not %v", found, want)
	}
}

// withoutRegions is the hotline as it looks to someone who is told of no region.
func (h invented) withoutRegions() invented {
	h.sums = maps.Clone(h.sums)
	maps.DeleteFunc(h.sums, func(name string, s *scoreSum) bool {
		return s.whole.grouping == "region" || strings.Contains(name, "region")
	})
	return h
}

// solve lists what an attacker should not have and has who knows every shown figure
// and solves all sums at once: hidden figures, and parts of networks with few scores.
//
// Its unknowns are the figures that are not shown, its equations the sums, with shown
// figures taken out: their values do not matter, only whether the coefficients of one
// unknown are a combination of those of the sums. The figures of a month stand for the
// groups of single scores that all published figures treat alike: how an agent's
// scores lie on queues, or a queue's on networks, is in no figure, so taking such
// groups apart further adds unknowns and no knowledge. He is not told which of those
// crossings are empty.
func (h invented) solve(hidden map[scoreCell]bool) []scoreCell {
	cells := slices.SortedFunc(maps.Keys(h.scores), func(a, b scoreCell) int {
		return cmp.Compare(a.String(), b.String())
	})
	number := map[scoreCell]int{}
	for i, cell := range cells {
		if hidden[cell] || !cell.isPublished() {
			number[cell] = i
		}
	}
	var equations []equation
	for _, name := range slices.Sorted(maps.Keys(h.sums)) {
		equations = append(equations, h.sums[name].equation(number))
	}
	slices.SortStableFunc(equations, func(a, b equation) int { return len(a) - len(b) }) // short ones keep the others short
	s := system{}
	for _, e := range equations {
		s.add(e)
	}
	var found []scoreCell
	for _, cell := range cells {
		i, isUnknown := number[cell]
		isSecret := hidden[cell] || h.scores[cell] < fewest
		if isUnknown && isSecret && len(s.reduce(equation{{i, 1}})) == 0 {
			found = append(found, cell)
		}
	}
	return found
}

// equation is the sum's: its unknown parts less its whole, where that is unknown.
func (s scoreSum) equation(number map[scoreCell]int) equation {
	var e equation
	for cell := range s.parts {
		if i, isUnknown := number[cell]; isUnknown {
			e = append(e, term{i, 1})
		}
	}
	if i, isUnknown := number[s.whole]; isUnknown {
		e = append(e, term{i, prime - 1})
	}
	slices.SortFunc(e, func(a, b term) int { return cmp.Compare(a.unknown, b.unknown) })
	return e
}

// prime is 2^61-1. Coefficients are 0, 1 and -1, so whether a figure follows is a
// question of determinants of such numbers, and arithmetic modulo a prime answers it
// like fractions do unless the prime divides one of those that decide. They are small
// here, sums of sums, and the seeds are fixed: what was right once stays right.
const prime = 1<<61 - 1

// times multiplies two residues.
func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, prime)
}

// inverse is the residue that times a gives 1: a to the power of prime - 2 (Fermat).
func inverse(a uint64) uint64 {
	result := uint64(1)
	for exponent := uint64(prime - 2); exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = times(result, a)
		}
		a = times(a, a)
	}
	return result
}

// term is an unknown and its coefficient, a residue other than 0.
type term struct {
	unknown int
	factor  uint64
}

// equation is a combination of unknowns that is known, in the order of unknowns.
type equation []term

// system holds equations in echelon form, each under its first unknown, whose factor
// is 1.
type system map[int]equation

// add takes an equation in, unless it follows from the others.
func (s system) add(e equation) {
	if e = s.reduce(e); len(e) > 0 {
		s[e[0].unknown] = equation(nil).plus(e, inverse(e[0].factor))
	}
}

// reduce takes the system's equations from e until it is empty, which means that it
// follows from them, or none begins as it does.
func (s system) reduce(e equation) equation {
	for len(e) > 0 {
		pivot, isThere := s[e[0].unknown]
		if !isThere {
			return e
		}
		e = e.plus(pivot, prime-e[0].factor)
	}
	return nil
}

// plus is e + factor x other.
func (e equation) plus(other equation, factor uint64) equation {
	sum := make(equation, 0, len(e)+len(other))
	for len(e) > 0 || len(other) > 0 {
		switch {
		case len(other) == 0 || len(e) > 0 && e[0].unknown < other[0].unknown:
			sum, e = append(sum, e[0]), e[1:]
		case len(e) == 0 || other[0].unknown < e[0].unknown:
			sum, other = append(sum, term{other[0].unknown, times(other[0].factor, factor)}), other[1:]
		default:
			if f := (e[0].factor + times(other[0].factor, factor)) % prime; f != 0 {
				sum = append(sum, term{e[0].unknown, f})
			}
			e, other = e[1:], other[1:]
		}
	}
	return sum
}
