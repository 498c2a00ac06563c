package leader

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

// Stretch is one unbroken membership of the contact centre, both days included.
type Stretch struct{ From, To time.Time }

// memberships reads every municipality's stretches, so that a municipality that
// joined or left inside a period is told (DOMAIN §2).
func (l *loader) memberships(ctx context.Context) error {
	l.data.Memberships = map[string][]Stretch{}
	return query(ctx, l.db, `
		select municipality_code, valid_from, valid_to
		from marts.dim_membership`,
		nil, func(scan func(...any) error) error {
			var code string
			var s Stretch
			err := scan(&code, &s.From, &s.To)
			l.data.Memberships[code] = append(l.data.Memberships[code], s)
			return err
		})
}

// coverage is how much of a period a municipality was a member for. First and Last
// are its first and last day as a member within the period.
type coverage struct {
	days        int
	first, last time.Time
	period      reports.Period
}

// covered places stretches in a period. Stretches may touch or overlap, as they do
// when a member changes network.
func covered(stretches []Stretch, p reports.Period) coverage {
	c := coverage{period: p}
	stretches = slices.SortedFunc(slices.Values(stretches), func(a, b Stretch) int { return a.From.Compare(b.From) })
	for _, s := range stretches {
		from, to := later(s.From, p.From), earlier(s.To, p.To)
		if c.days > 0 {
			from = later(from, c.last.AddDate(0, 0, 1))
		}
		if to.Before(from) {
			continue
		}
		if c.days == 0 {
			c.first = from
		}
		c.last = to
		c.days += int(to.Sub(from)/(24*time.Hour)) + 1
	}
	return c
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (c coverage) isWhole() bool { return c.days == c.period.Days() }

// hasBothEnds tells a membership with a hole in the middle, if it is not whole.
func (c coverage) hasBothEnds() bool {
	return c.first.Equal(c.period.From) && c.last.Equal(c.period.To)
}

// String says when: "fra 15. november 2025", "til og med …", "61 af 92 dage", "ikke i
// kvartalet" or "hele kvartalet".
func (c coverage) String() string {
	switch {
	case c.days == 0:
		return "ikke i " + c.period.ThisKind()
	case c.isWhole():
		return "hele " + c.period.ThisKind()
	case c.hasBothEnds():
		return fmt.Sprintf("%d af %d dage", c.days, c.period.Days())
	}
	var parts []string
	if c.first.After(c.period.From) {
		parts = append(parts, "fra "+reports.Date(c.first))
	}
	if c.last.Before(c.period.To) {
		parts = append(parts, "til og med "+reports.Date(c.last))
	}
	return strings.Join(parts, " ")
}

// membership is the coverage of a municipality in a period, and whether anything is
// known about memberships at all.
func (b builder) membership(code string, p reports.Period) (coverage, bool) {
	return covered(b.Memberships[code], p), len(b.Memberships) > 0
}

// isMember tells whether the municipality was a member on any day of the period.
// Where no memberships are known, everybody but "unknown" is one.
func (b builder) isMember(code string) bool {
	if code == unknownKey {
		return false
	}
	c, known := b.membership(code, b.Period)
	return !known || c.days > 0
}

// membershipFlag warns of figures that cover only a part of the period.
func (b builder) membershipFlag() string {
	c, known := b.membership(b.Municipality.Code, b.Period)
	switch {
	case !known || c.isWhole():
		return ""
	case c.days == 0:
		return "Ikke medlem " + strings.TrimPrefix(c.String(), "ikke ")
	}
	return "Kun medlem " + c.String()
}

// membershipFact is the line on page one.
func (b builder) membershipFact() reports.Value {
	c, known := b.membership(b.Municipality.Code, b.Period)
	switch {
	case !known:
		return reports.Value{}
	case c.days == 0 || c.isWhole() || c.hasBothEnds():
		return reports.Text(reports.Capital(c.String()))
	}
	return reports.Text(fmt.Sprintf("%s (%d af %d dage)", reports.Capital(c.String()), c.days, c.period.Days()))
}

// partialPeriods is a note on the periods of the trend that are covered in part, ""
// where there are none.
func (b builder) partialPeriods() string {
	var parts []string
	for _, moment := range b.Trend {
		if c, known := b.membership(b.Municipality.Code, moment.Period); known && !c.isWhole() {
			parts = append(parts, fmt.Sprintf("%s (%s)", moment.Period.Label(), c))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s var ikke medlem hele tiden: %s.", b.Municipality.Name, strings.Join(parts, ", "))
}

// membershipNotes tell which of the municipalities listed are not, or not all of
// the time, members.
func (b builder) membershipNotes() []string {
	var partial, outside []string
	for _, m := range b.Municipalities {
		c, known := b.membership(m.Key, b.Period)
		switch {
		case !known || m.Key == unknownKey || c.isWhole():
		case c.days == 0:
			outside = append(outside, m.Label)
		default:
			partial = append(partial, fmt.Sprintf("%s (%s)", m.Label, c))
		}
	}
	var notes []string
	if len(partial) > 0 {
		notes = append(notes, fmt.Sprintf("Kun medlem i en del af %s: %s.", b.Period.ThisKind(), join(partial)))
	}
	if len(outside) > 0 {
		notes = append(notes, fmt.Sprintf("Ikke medlem af kontaktcentret og ikke talt med ovenfor: %s.", join(outside)))
	}
	return notes
}

// membersFirst orders municipalities by name, then those that are not members, and
// calls of unknown municipality last.
func (b builder) membersFirst() []Group {
	rank := func(g Group) int {
		switch {
		case g.Key == unknownKey:
			return 2
		case !b.isMember(g.Key):
			return 1
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(b.Municipalities), func(x, y Group) int {
		return cmp.Compare(rank(x), rank(y))
	})
}
