package leader

import (
	"fmt"

	"github.com/den-digitale-hotline/ddh/reports"
)

// figures is the table of every KPI in the catalogue, at every level.
func (b builder) figures() reports.Section {
	name := b.Municipality.Name
	table := reports.Table{
		Name:  "figures",
		Title: fmt.Sprintf("Alle nøgletal for %s, %s", name, b.Period.Label()),
		Short: "Alle nøgletal",
		Columns: []reports.Column{
			{Key: "kpi", Label: "Nøgletal", Unit: reports.UnitText},
			{Key: "own", Label: "Borgere i " + name, Unit: reports.UnitMixed, Description: "Opkald til kommunens nummer"},
			{Key: "agents", Label: "Medarbejdere fra " + name, Unit: reports.UnitMixed, Description: "Opkald som kommunens medarbejdere svarede"},
			{Key: "network", Label: b.networkLabel(), Unit: reports.UnitMixed, Description: "Borgere i kommunens netværk"},
			{Key: "total", Label: "DDH i alt", Unit: reports.UnitMixed, Description: "Borgere i alle kommuner"},
			{Key: "target", Label: "Mål", Unit: reports.UnitText},
			{Key: "status", Label: "Status (borgere)", Unit: reports.UnitText},
			{Key: "n", Label: "n (borgere)", Unit: reports.UnitCount, Description: "Antal bag tallet for kommunens borgere"},
			{Key: "lower", Label: "95 % fra", Unit: reports.UnitMixed, Description: "Nedre grænse for tallet for kommunens borgere"},
			{Key: "upper", Label: "95 % til", Unit: reports.UnitMixed, Description: "Øvre grænse for tallet for kommunens borgere"},
		},
	}
	for _, kpi := range b.Catalogue {
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(kpi.Label),
			b.value(kpi.ID, b.now.Own),
			b.value(kpi.ID, b.now.Agents),
			b.value(kpi.ID, b.now.Network),
			b.value(kpi.ID, b.now.Total),
			b.targetText(kpi, b.now.Own),
			b.judgement(kpi, b.now.Own),
			count(kpi.ID, b.now.Own),
			b.bound(kpi.ID, b.now.Own, lower),
			b.bound(kpi.ID, b.now.Own, upper),
		})
	}
	return reports.Section{
		Name:    "figures",
		Heading: "Alle nøgletal",
		Finding: b.figuresFinding(),
		Tables:  []reports.Table{table},
	}
}

// targetText is the target with its direction; most KPIs have none.
func (b builder) targetText(kpi KPI, from Figures) reports.Value {
	target := b.target(kpi.ID, from)
	if target.IsMissing() {
		return target
	}
	return reports.Text(kpi.Direction.TargetText(target))
}

// judgement is the status by shape and word. What has no target is not judged; that
// it is hidden is said all the same.
func (b builder) judgement(kpi KPI, from Figures) reports.Value {
	status := b.status(kpi.ID, from)
	if b.target(kpi.ID, from).IsMissing() && status != reports.IsSuppressed {
		return reports.Value{}
	}
	return reports.Text(status.TextFor(b.value(kpi.ID, from), kpi.Direction))
}

func (b builder) networkLabel() string {
	if b.Municipality.Network == "" {
		return "Netværk"
	}
	return "Netværk " + b.Municipality.Network
}

func (b builder) figuresFinding() string {
	own, total := b.value(resolution, b.now.Own), b.value(resolution, b.now.Total)
	if own.IsMissing() || total.IsMissing() {
		return ""
	}
	difference := reports.Difference(own, total)
	if difference == reports.Unchanged {
		return fmt.Sprintf("Straksafklaringen for borgerne i %s er %s, det samme som i hele DDH.", b.Municipality.Name, own)
	}
	return fmt.Sprintf("Straksafklaringen for borgerne i %s er %s mod %s i hele DDH (%s).",
		b.Municipality.Name, own, total, difference)
}

// trend is the three headline KPIs over the last periods, each with its target and
// with all of DDH.
func (b builder) trend() reports.Section {
	section := reports.Section{
		Name:    "trend",
		Heading: "Udvikling",
		Finding: b.trendsFinding(),
		Tables:  []reports.Table{b.trendTable()},
	}
	if note := b.partialPeriods(); note != "" {
		section.Notes = append(section.Notes, note)
	}
	for _, h := range headlines {
		section.Charts = append(section.Charts, b.trendChart(h))
	}
	return section
}

func (b builder) trendTable() reports.Table {
	table := reports.Table{
		Name:    "trend",
		Title:   fmt.Sprintf("Udvikling for borgerne i %s til og med %s", b.Municipality.Name, b.Period.Label()),
		Short:   "Udvikling",
		Columns: []reports.Column{{Key: "period", Label: "Periode", Unit: reports.UnitText}, b.column(callsAnswered)},
	}
	for _, h := range headlines {
		own := b.column(h.id)
		target, total := own, own
		target.Key, target.Label = "target_"+h.id, own.Label+", mål"
		total.Key, total.Label = "total_"+h.id, own.Label+", DDH"
		table.Columns = append(table.Columns, own, target, total)
	}
	table.Columns = append(table.Columns,
		reports.Column{Key: "n", Label: "Svar fra borgere", Unit: reports.UnitCount},
		reports.Column{Key: "key", Label: "Kort", Unit: reports.UnitText, Description: "Perioden som i data; diagrammernes akse"},
	)
	for _, moment := range b.Trend {
		row := []reports.Value{reports.Text(moment.Period.Label()), b.value(callsAnswered, moment.Own)}
		for _, h := range headlines {
			row = append(row, b.value(h.id, moment.Own), b.target(h.id, moment.Own), b.value(h.id, moment.Total))
		}
		table.Rows = append(table.Rows, append(row, count(satisfaction, moment.Own), reports.Text(moment.Period.Key)))
	}
	return table
}

func (b builder) trendChart(h headline) reports.Chart {
	kpi := b.kpi(h.id)
	return reports.Chart{
		Name:     "trend_" + h.id,
		Title:    fmt.Sprintf("%s, borgere i %s", kpi.Label, b.Municipality.Name),
		Table:    "trend",
		Category: "key",
		Format:   kpi.Format,
		Series: []reports.Series{
			{Column: h.id, Kind: reports.Columns},
			{Column: "total_" + h.id, Kind: reports.Line},
			{Column: "target_" + h.id, Kind: reports.Target},
		},
		Finding: b.trendFinding(h),
		Alt: fmt.Sprintf("Søjlediagram over %s for borgerne i %s i %d perioder, med DDH i alt som linje og målet som stiplet linje. %s Tallene står i tabellen.",
			h.short, b.Municipality.Name, len(b.Trend), b.trendFinding(h)),
	}
}

func (b builder) trendFinding(h headline) string {
	met, judged, unsettled := b.targetsMet(h)
	if judged == 0 {
		return fmt.Sprintf("Der er ingen perioder, hvor %s kan holdes op imod et mål.", h.short)
	}
	if unsettled > 0 {
		return fmt.Sprintf("Målet for %s er opfyldt i %d af %d perioder; i %d er det usikkert.", h.short, met, judged, unsettled)
	}
	return fmt.Sprintf("Målet for %s er opfyldt i %d af %d perioder.", h.short, met, judged)
}

// trendsFinding is one sentence about all three: "Målet er opfyldt i 5 af 5
// perioder for ventetiden, 0 af 5 for straksafklaringen og …".
func (b builder) trendsFinding() string {
	var parts []string
	for _, h := range headlines {
		met, judged, unsettled := b.targetsMet(h)
		if judged == 0 {
			continue
		}
		periods := ""
		if len(parts) == 0 {
			periods = " perioder"
		}
		part := fmt.Sprintf("%d af %d%s for %s", met, judged, periods, h.short)
		if unsettled > 0 {
			part += fmt.Sprintf(" (usikkert i %d)", unsettled)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "Der er ingen perioder med mål at holde tallene op imod."
	}
	return "Målet er opfyldt i " + join(parts) + "."
}

// targetsMet counts the periods of the trend in which the target is met for certain,
// those that have one, and those in which the figure does not tell.
func (b builder) targetsMet(h headline) (met, judged, unsettled int) {
	for _, moment := range b.Trend {
		switch b.status(h.id, moment.Own) {
		case reports.Met:
			met++
			judged++
		case reports.Missed:
			judged++
		case reports.Unsettled:
			judged++
			unsettled++
		}
	}
	return met, judged, unsettled
}

// municipalities is the benchmark: the main KPIs of every municipality, without
// agents, suppressed cells as "-".
func (b builder) municipalities() reports.Section {
	ids := []string{
		callsOffered, callsPer1000, answerRate, waitMean, answeredWithin60, resolution,
		callsTransferred, satisfaction, helpedByOthers, handledForOthers,
	}
	table := reports.Table{
		Name:    "municipalities",
		Title:   fmt.Sprintf("Kommunerne i DDH, %s", b.Period.Label()),
		Short:   "Kommunerne",
		Columns: []reports.Column{{Key: "municipality", Label: "Kommune", Unit: reports.UnitText}},
		Notes: append([]string{
			"\"-\" betyder, at tallet ikke findes eller ikke må vises, fordi der er for få svar bag det.",
			"Alle tal er for kommunens borgere; kun det sidste er for kommunens medarbejdere.",
		}, b.membershipNotes()...),
	}
	for _, id := range ids {
		table.Columns = append(table.Columns, b.column(id))
		if id == satisfaction {
			table.Columns = append(table.Columns, reports.Column{Key: "n", Label: "Svar fra borgere", Unit: reports.UnitCount})
		}
	}
	for _, m := range b.membersFirst() {
		row := []reports.Value{reports.Text(b.municipalityLabel(m))}
		for _, id := range ids {
			row = append(row, b.value(id, m.Now))
			if id == satisfaction {
				row = append(row, count(id, m.Now))
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return reports.Section{
		Name:    "municipalities",
		Heading: "Kommunerne",
		Finding: b.benchmarkFinding(waitMean, "Ventetiden"),
		Tables:  []reports.Table{table},
	}
}

func (b builder) municipalityLabel(m Group) string {
	switch {
	case m.Key == unknownKey:
		return "Ukendt/ikke-medlem"
	case !b.isMember(m.Key):
		return m.Label + " (ikke medlem)"
	}
	return m.Label
}

// benchmarkFinding says in how many member municipalities the target of a KPI is
// met.
func (b builder) benchmarkFinding(id, name string) string {
	met, judged, unsettled := 0, 0, 0
	for _, m := range b.Municipalities {
		if !b.isMember(m.Key) {
			continue
		}
		switch b.status(id, m.Now) {
		case reports.Met:
			met++
			judged++
		case reports.Missed:
			judged++
		case reports.Unsettled:
			judged++
			unsettled++
		}
	}
	switch {
	case judged == 0:
		return ""
	case unsettled > 0:
		return fmt.Sprintf("%s opfylder målet i %d af %d kommuner; i %d er det usikkert.", name, met, judged, unsettled)
	}
	return fmt.Sprintf("%s opfylder målet i %d af %d kommuner.", name, met, judged)
}
