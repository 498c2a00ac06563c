package leader

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

const (
	// surveyDelay is how long after a period's last midnight replies to its calls
	// still count: the survey window of 72 h (DOMAIN §4).
	surveyDelay = 72 * time.Hour
	// closedDays is how many days in a row the hotline can be closed at Easter, so
	// that a period may be over although its last days have no calls.
	closedDays = 5
)

// creator is the issuer named in the files' properties.
const creator = "Den Digitale Hotline"

// Document builds the report. It is a pure function: the same data make the same
// document to the last byte.
func Document(d Data) reports.Document {
	b := newBuilder(d)
	return reports.Document{
		Title:        fmt.Sprintf("Lederrapport: %s Kommune, %s", d.Municipality.Name, d.Period.Label()),
		Subtitle:     "Den Digitale Hotline: hvordan borgerne blev hjulpet, og hvordan medarbejderne hjalp",
		Municipality: d.Municipality.Name,
		Period:       d.Period,
		Language:     "da",
		Creator:      creator,
		Issued:       d.About.DataUntil,
		Release:      d.About.Run,
		Flags:        b.flags(),
		Facts:        b.facts(),
		Sections: []reports.Section{
			b.overview(), b.figures(), b.trend(), b.hours(), b.topics(), b.guides(), b.transfers(),
			b.agents(), b.help(), b.municipalities(), b.definitions(), b.about(),
		},
	}
}

// builder holds what every section needs.
type builder struct {
	Data
	now  Moment
	kpis map[string]KPI
}

func newBuilder(d Data) builder {
	b := builder{Data: d, kpis: map[string]KPI{}}
	for _, kpi := range d.Catalogue {
		b.kpis[kpi.ID] = kpi
	}
	for _, moment := range d.Trend {
		if moment.Period.Key == d.Period.Key {
			b.now = moment
		}
	}
	return b
}

// kpi returns the catalogue's row; a KPI that the catalogue lacks keeps its id as
// label, so that the fault is seen and nothing is lost.
func (b builder) kpi(id string) KPI {
	if kpi, found := b.kpis[id]; found {
		return kpi
	}
	return KPI{ID: id, Label: id, Format: reports.Format{Unit: reports.UnitCount}}
}

// value is the figure as a cell: hidden where the warehouse suppressed it, and for
// satisfaction also where fewer than five scores lie behind it, whatever the
// warehouse says (DOMAIN §4). It knows whether it is uncertain.
func (b builder) value(id string, from Figures) reports.Value {
	figure := from.Get(id)
	if figure.Status == reports.IsSuppressed || tooFew(id, figure) {
		return reports.Suppressed()
	}
	return reports.Number(figure.Value, b.kpi(id).Format).From(figure.N)
}

// bound is one end of the figure's 95 % interval, hidden with the figure.
func (b builder) bound(id string, from Figures, end func(Figure) float64) reports.Value {
	if value := b.value(id, from); value.IsMissing() {
		return value
	}
	return reports.Number(end(from.Get(id)), b.kpi(id).Format)
}

func lower(f Figure) float64 { return f.Lower }
func upper(f Figure) float64 { return f.Upper }

func tooFew(id string, figure Figure) bool {
	return strings.HasPrefix(id, "satisfaction_") && !math.IsNaN(figure.Value) && figure.N < smallestShown
}

// status is the figure's status, with suppression above all.
func (b builder) status(id string, from Figures) reports.Status {
	value, status := b.value(id, from), from.Get(id).Status
	switch {
	case value.Kind == reports.Hidden:
		return reports.IsSuppressed
	case value.IsMissing():
		return reports.NoData
	case (status == reports.Met || status == reports.Missed) && b.sample(id, from).Holds(from.Get(id).Target):
		return reports.Unsettled
	}
	return status
}

// sample is a figure as a statistical test wants it.
func (b builder) sample(id string, from Figures) reports.Sample {
	figure := from.Get(id)
	return reports.Sample{
		Value: figure.Value, Lower: figure.Lower, Upper: figure.Upper, N: figure.N,
		IsShare: b.kpi(id).Format.Unit == reports.UnitShare,
	}
}

// count is the number behind a figure.
func count(id string, from Figures) reports.Value {
	figure, found := from[id]
	if !found {
		return reports.Value{}
	}
	return reports.Count(figure.N)
}

func (b builder) target(id string, from Figures) reports.Value {
	return reports.Number(from.Get(id).Target, b.kpi(id).Format)
}

// column makes a table column from the catalogue.
func (b builder) column(id string) reports.Column {
	kpi := b.kpi(id)
	return reports.Column{Key: id, Label: kpi.Label, Unit: kpi.Format.Unit, Description: kpi.Definition}
}

func (b builder) flags() []string {
	var flags []string
	if b.About.Simulated {
		flags = append(flags, "Simulerede data")
	}
	for _, flag := range []string{b.provisionalFlag(), b.membershipFlag()} {
		if flag != "" {
			flags = append(flags, flag)
		}
	}
	return flags
}

// provisionalFlag warns of figures that may still change. The newest call tells how
// far the data reach: before the period's end the period is not over; within the
// survey window after it, more replies may come (PUBLISHING §4). A simulator writes
// a call's reply together with the call, so its finished periods are final.
func (b builder) provisionalFlag() string {
	until, end := b.About.DataUntil, b.Period.To.AddDate(0, 0, 1)
	switch {
	case until.IsZero():
	case until.Before(end.AddDate(0, 0, -closedDays)):
		return "Foreløbige tal: perioden er ikke slut"
	case until.Before(end.Add(surveyDelay)) && !b.About.Simulated:
		return "Foreløbige tal: der kan komme flere svar fra borgerne"
	}
	return ""
}

func (b builder) facts() []reports.Fact {
	m := b.Municipality
	facts := []reports.Fact{
		{Label: "Periode", Value: reports.Text(fmt.Sprintf("%s (%s til %s)",
			b.Period.Label(), reports.Date(b.Period.From), reports.Date(b.Period.To)))},
		{Label: "Medlem af kontaktcentret", Value: b.membershipFact()},
		{Label: "Netværk", Value: reports.Text(m.Network)},
	}
	if m.Population > 0 {
		facts = append(facts, reports.Fact{Label: "Indbyggere", Value: reports.Text(fmt.Sprintf("%s (%s)",
			reports.Integer(float64(m.Population)), reports.Date(m.PopulationDate)))})
	}
	return append(facts,
		reports.Fact{Label: "Data til og med", Value: reports.Text(reports.DateTime(b.About.DataUntil))},
		reports.Fact{Label: "Kørsel", Value: reports.Text(b.About.Run)},
		reports.Fact{Label: "Kontakt", Value: reports.Text(b.About.Contact)},
	)
}
