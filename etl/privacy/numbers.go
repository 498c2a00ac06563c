package privacy

import (
	"strings"
	"unicode/utf8"
)

// group is a run of digits in a text, and what parts it from the run before.
type group struct {
	start, end int  // bytes in the text
	sep        byte // ' ', '.', '-' or '/' before it; 0 at the start of a cluster
	plus       bool // a "+" stands before it
	mask       string
	joined     bool // masked together with the group before
	spared     bool // part of a date, and so of no phone number
}

func (g group) size() int { return g.end - g.start }

// cluster is a series of groups that may be one number, with the text they are in.
type cluster struct {
	text   string
	groups []group
}

// maxSeparator is how many blanks and dashes may part two groups of one number.
const maxSeparator = 3

// scrubNumbers masks the CPR and phone numbers that the rules know, cluster by cluster.
func scrubNumbers(text string, rules []rule) string {
	var out strings.Builder
	done := 0
	c := cluster{text: text}
	for at := 0; at < len(text); {
		if !isDigit(text[at]) {
			at++
			continue
		}
		at = c.read(at)
		c.judge(rules)
		for i := 0; i < len(c.groups); i++ {
			g := c.groups[i]
			if g.mask == "" {
				continue
			}
			for i+1 < len(c.groups) && c.groups[i+1].joined {
				i++
			}
			out.WriteString(text[done:g.from()])
			out.WriteString(g.mask)
			done = c.groups[i].end
		}
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// from is where the number that the group begins starts in the text.
func (g group) from() int {
	if g.plus {
		return g.start - 1
	}
	return g.start
}

// read collects the groups of the cluster that starts at the digit text[at] and
// returns where it ends.
func (c *cluster) read(at int) int {
	c.groups = c.groups[:0]
	var sep byte
	for {
		end := at
		for end < len(c.text) && isDigit(c.text[end]) {
			end++
		}
		plus := at > 0 && c.text[at-1] == '+'
		c.groups = append(c.groups, group{start: at, end: end, sep: sep, plus: plus})
		next, kind := separator(c.text[end:])
		if kind == 0 {
			return end
		}
		at, sep = end+next, kind
	}
}

// separator returns the length and kind of what parts two groups at the start of
// text; kind 0 where no further group follows. Blanks and brackets are kind ' '.
func separator(text string) (size int, kind byte) {
	kind = ' '
	for n := 0; n <= maxSeparator && size < len(text); n++ {
		if isDigit(text[size]) {
			if n == 0 {
				return 0, 0
			}
			return size, kind
		}
		r, width := utf8.DecodeRuneInString(text[size:])
		switch {
		case !isSeparator(r):
			return 0, 0
		case r == '.' || r == '/':
			kind = byte(r)
		case r == '-' || r >= '\u2010' && r <= '\u2014' || r == '\u2212':
			kind = '-'
		}
		size += width
	}
	return 0, 0
}

// judge decides what each group of the cluster is, one rule after the other.
func (c *cluster) judge(rules []rule) {
	for _, find := range rules {
		for i := 0; i < len(c.groups); i++ {
			if n, mask := find(c, i); n > 0 && c.free(i, n) {
				c.settle(i, n, mask)
				i += n - 1
			}
		}
	}
}

// free reports whether nothing has been decided about n groups from i on.
func (c *cluster) free(i, n int) bool {
	for _, g := range c.groups[i : i+n] {
		if g.mask != "" || g.joined || g.spared {
			return false
		}
	}
	return true
}

func (c *cluster) settle(i, n int, mask string) {
	c.groups[i].mask = mask
	for j := i; j < i+n; j++ {
		c.groups[j].spared = mask == ""
		c.groups[j].joined = mask != "" && j > i
	}
}

// digits returns the digits of n groups from i on.
func (c *cluster) digits(i, n int) string {
	if n == 1 {
		return c.text[c.groups[i].start:c.groups[i].end]
	}
	var all strings.Builder
	for _, g := range c.groups[i : i+n] {
		all.WriteString(c.text[g.start:g.end])
	}
	return all.String()
}

// span returns how many groups from i on have exactly the wanted digits, 0 where
// no number of groups has. Every group must have at least least digits.
func (c *cluster) span(i, wanted, least int) int {
	for n := i; n < len(c.groups); n++ {
		size := c.groups[n].size()
		if size < least || n > i && c.groups[n].plus {
			return 0
		}
		if wanted -= size; wanted <= 0 {
			if wanted < 0 {
				return 0
			}
			return n - i + 1
		}
	}
	return 0
}

// uniform reports whether the n groups from i on are parted by one kind of
// separator.
func (c *cluster) uniform(i, n int) bool {
	for j := i + 2; j < i+n; j++ {
		if c.groups[j].sep != c.groups[i+1].sep {
			return false
		}
	}
	return true
}
