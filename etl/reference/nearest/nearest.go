// Package nearest finds the known name that a misspelled one was most likely
// meant to be, for error messages. It decides nothing: a near name is only ever
// shown to people, never used in place of what they wrote.
package nearest

// To returns the name with the fewest edits from text, the first of several. It
// returns "" where none is near: within a third of the name's letters, and at
// least one and at most three edits.
func To(text string, names []string) string {
	best, fewest := "", 0
	for _, name := range names {
		d := distance([]rune(text), []rune(name))
		if d > limit(name) {
			continue
		}
		if best == "" || d < fewest {
			best, fewest = name, d
		}
	}
	return best
}

// limit is the number of edits within which a name is near.
func limit(name string) int {
	const perLetter, most = 3, 3
	return min(max(len([]rune(name))/perLetter, 1), most)
}

// distance is the number of single-letter insertions, deletions, replacements and
// swaps of neighbours that turn a into b (optimal string alignment).
func distance(a, b []rune) int {
	var before []int
	previous := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i, letter := range a {
		current := make([]int, len(b)+1)
		current[0] = i + 1
		for j, other := range b {
			cost := 1
			if letter == other {
				cost = 0
			}
			current[j+1] = min(previous[j+1]+1, current[j]+1, previous[j]+cost)
			if i > 0 && j > 0 && letter == b[j-1] && a[i-1] == other {
				current[j+1] = min(current[j+1], before[j-1]+1)
			}
		}
		before, previous = previous, current
	}
	return previous[len(b)]
}
