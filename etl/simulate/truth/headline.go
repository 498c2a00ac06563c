package truth

import "github.com/den-digitale-hotline/ddh/etl/simulate/hotline"

// Headline are the figures by which a simulation is recognised as this hotline,
// over all days. A share without anything to divide by is 0.
type Headline struct {
	Offered, Answered      int64
	MeanWait               float64 // seconds, calls answered on the line
	FirstContactResolution float64 // share of answered calls
	AnswerRate             float64 // share of offered calls but the short-abandoned
	Satisfaction           float64 // mean of valid scores 1-9
	ResponseRate           float64 // replies per question sent
}

// Headline sums up the book.
func (b *Book) Headline() Headline {
	var t tally
	for i := range b.Calls {
		b.addCall(&t, &b.Calls[i])
	}
	share := func(n, d int64) float64 { return divided("", n, d).Value }
	return Headline{
		Offered: t.offered(), Answered: t.answered,
		MeanWait:               share(t.waitSum, t.onLine()),
		FirstContactResolution: share(t.answered-t.back, t.answered),
		AnswerRate:             share(t.answered, t.offered()-t.outcome[hotline.ShortAbandoned]),
		Satisfaction:           share(t.scoreSum, t.scores),
		ResponseRate:           share(t.replies, t.sent),
	}
}
