package truth

import (
	"slices"
	"strconv"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
)

// Figure is one KPI of one group. Counts have no denominator; quantiles have no
// numerator; without a denominator greater than zero, or for hours without a shift,
// there is no value. The numerator of hours is in seconds.
type Figure struct {
	KPI                    string
	Value                  float64
	Numerator, Denominator int64
	Kind                   kind
	unmanned               bool // hours of a group in which nobody logged on
}

type kind uint8

const (
	count kind = iota
	ratio
	quantile
)

// Void reports whether the figure has no value, because nothing was divided by.
func (f Figure) Void() bool { return f.unmanned || f.Kind != count && f.Denominator == 0 }

func counted(kpi string, n int64) Figure { return Figure{KPI: kpi, Value: float64(n), Numerator: n} }

func hours(kpi string, seconds, shifts int64) Figure {
	return Figure{KPI: kpi, Value: float64(seconds) / 3600, Numerator: seconds, unmanned: shifts == 0}
}

func divided(kpi string, numerator, denominator int64) Figure {
	f := Figure{KPI: kpi, Numerator: numerator, Denominator: denominator, Kind: ratio}
	if denominator > 0 {
		f.Value = float64(numerator) / float64(denominator)
	}
	return f
}

// quantiles is the exact quantile with linear interpolation between neighbours, of
// waits in order.
func quantiles(kpi string, waits []int32, q float64) Figure {
	f := Figure{KPI: kpi, Denominator: int64(len(waits)), Kind: quantile}
	if len(waits) == 0 {
		return f
	}
	at := q * float64(len(waits)-1)
	below := int(at)
	f.Value = float64(waits[below])
	if below+1 < len(waits) {
		f.Value += (at - float64(below)) * float64(waits[below+1]-waits[below])
	}
	return f
}

// figures are the KPIs of a group (DOMAIN §4), without calls per inhabitant.
func figures(g group, t *tally) []Figure {
	if g.by == "transfer_number" {
		return []Figure{counted("calls_transferred_back", t.back)}
	}
	var list []Figure
	if g.perspective == citizen {
		list = append(list, volumes(t)...)
		list = append(list, divided("answer_rate", t.answered, t.offered()-t.outcome[hotline.ShortAbandoned]))
		list = append(list, counted("helped_by_others", t.across))
	} else {
		list = append(list, counted("calls_answered", t.answered), counted("handled_for_others", t.across))
		list = append(list, hours("logged_on_hours", t.on, t.shifts), hours("ready_hours", t.ready, t.shifts),
			hours("pause_hours", t.paused, t.shifts))
	}
	list = append(list, counted("calls_transferred_back", t.back))
	list = append(list, service(t)...)
	list = append(list, replies(t)...)
	list = append(list, divided("guide_coverage", t.guided, t.answered), divided("guide_send_rate", t.guideSends, t.answered))
	if g.by != "queue" && g.by != "topic" {
		list = append(list, counted("guide_views", t.views), counted("guide_sends", t.sends))
	}
	return list
}

func volumes(t *tally) []Figure {
	list := []Figure{counted("calls_offered", t.offered())}
	for o := hotline.Answered; int(o) < outcomes; o++ {
		list = append(list, counted("calls_"+o.String(), t.outcome[o]))
	}
	return list
}

func service(t *tally) []Figure {
	slices.Sort(t.waits)
	slices.Sort(t.calledBack)
	return []Figure{
		divided("wait_seconds_mean", t.waitSum, t.onLine()),
		quantiles("wait_seconds_median", t.waits, 0.5),
		quantiles("wait_seconds_p90", t.waits, 0.9),
		quantiles("wait_seconds_max", t.waits, 1),
		divided("answered_within_60s", t.prompt, t.onLine()),
		divided("answered_within_20s", t.atOnce, t.onLine()),
		counted("calls_answered_by_callback", int64(len(t.calledBack))),
		divided("callback_wait_seconds_mean", t.calledBackSum, int64(len(t.calledBack))),
		quantiles("callback_wait_seconds_median", t.calledBack, 0.5),
		divided("first_contact_resolution", t.answered-t.back, t.answered),
		divided("talk_seconds_mean", t.talk, t.legs),
		divided("wrap_up_seconds_mean", t.wrap, t.legs),
		divided("hold_seconds_mean", t.hold, t.legs),
		divided("handling_seconds_mean", t.talk+t.wrap, t.legs),
		divided("repeat_calls_7d", t.repeated, t.settled),
	}
}

func replies(t *tally) []Figure {
	return []Figure{
		counted("survey_sent", t.sent), counted("survey_replies", t.replies),
		divided("survey_response_rate", t.replies, t.sent),
		divided("satisfaction_mean", t.scoreSum, t.scores),
		divided("satisfaction_share_low", t.low, t.scores),
		divided("satisfaction_share_mid", t.mid, t.scores),
		divided("satisfaction_share_high", t.high, t.scores),
	}
}

// perInhabitant is calls_per_1000_inhabitants of a group: the offered calls of its
// municipalities over their population. Beyond the single municipality these are
// the members on the period's last day. It is false where the group has none.
func (b *Book) perInhabitant(all tallies, g group) (Figure, bool) {
	if g.perspective != citizen || !slices.Contains([]string{"total", "municipality", "network", "region"}, g.by) {
		return Figure{}, false
	}
	last := lastDay(g.period)
	f := Figure{KPI: "calls_per_1000_inhabitants", Kind: ratio}
	for i, m := range b.World.Municipalities {
		belongs := g.by == "municipality" && m.Code == g.key
		if g.by != "municipality" && b.World.Member(i, last) {
			belongs = g.by == "total" || g.key == m.Network || g.key == m.Region
		}
		if !belongs {
			continue
		}
		f.Denominator += int64(m.Population)
		if t, ok := all[group{g.period, "municipality", citizen, m.Code}]; ok {
			f.Numerator += t.offered()
		}
	}
	if f.Denominator > 0 {
		f.Value = 1000 * float64(f.Numerator) / float64(f.Denominator)
	}
	return f, f.Denominator > 0
}

// lastDay returns the last day of "2026-03", "2026K1" or "2026".
func lastDay(period string) clock.Day {
	year, _ := strconv.Atoi(period[:4])
	after := time.Month(13)
	switch {
	case len(period) == 7:
		m, _ := strconv.Atoi(period[5:])
		after = time.Month(m + 1)
	case len(period) == 6:
		after = time.Month(3*int(period[5]-'0') + 1)
	}
	return clock.Date(year, after, 1) - 1
}
