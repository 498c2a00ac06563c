package leader

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/den-digitale-hotline/ddh/reports"
)

// shareFormat is for shares that the report itself forms from counts.
var shareFormat = reports.Format{Unit: reports.UnitShare, Decimals: 1}

// fewAnswers is the note under every table of small groups (DOMAIN §4).
var fewAnswers = fmt.Sprintf("Borgertilfredshed vises ikke ved færre end %d svar.", smallestShown)

// chartRows is how many of the largest groups a bar chart shows.
const chartRows = 10

// agents is about the own agents, by name and in order of name: they are not
// ranked (DOMAIN §4).
func (b builder) agents() reports.Section {
	ids := []string{callsAnswered, handledForOthers, talkMean, wrapUpMean, handlingMean, callsTransferred, resolution}
	table := reports.Table{
		Name:    "agents",
		Title:   fmt.Sprintf("Medarbejdere fra %s, %s", b.Municipality.Name, b.Period.Label()),
		Short:   "Medarbejdere",
		Columns: []reports.Column{{Key: "agent", Label: "Medarbejder", Unit: reports.UnitText}},
		Empty:   fmt.Sprintf("Ingen medarbejdere fra %s har besvaret opkald i %s.", b.Municipality.Name, b.Period.ThisKind()),
		Notes: []string{
			"Medarbejderne står efter navn og er ikke rangordnet. Navne må kun bruges i medarbejderens egen kommune.",
			"Forventet område: 99,8 % af alle medarbejdere med samme antal opkald og samme straksafklaring som hele DDH ville ligge inden for det.",
			fewAnswers,
		},
	}
	for _, id := range ids {
		table.Columns = append(table.Columns, b.column(id))
	}
	score := b.column(satisfaction)
	table.Columns = append(table.Columns,
		reports.Column{Key: "lower", Label: "95 % fra", Unit: reports.UnitShare, Description: "Nedre grænse for straksafklaringen"},
		reports.Column{Key: "upper", Label: "95 % til", Unit: reports.UnitShare, Description: "Øvre grænse for straksafklaringen"},
		reports.Column{Key: "expected", Label: "Forventet område", Unit: reports.UnitText},
		score,
		reports.Column{Key: "n", Label: "Svar fra borgere", Unit: reports.UnitCount},
	)
	for _, agent := range b.answering() {
		row := []reports.Value{reports.Text(agent.Label)}
		for _, id := range ids {
			row = append(row, b.value(id, agent.Now))
		}
		table.Rows = append(table.Rows, append(row,
			b.bound(resolution, agent.Now, lower),
			b.bound(resolution, agent.Now, upper),
			reports.Text(placement(agent.Now)),
			b.value(satisfaction, agent.Now),
			count(satisfaction, agent.Now),
		))
	}
	return reports.Section{
		Name:    "agents",
		Heading: "Vores medarbejdere",
		Finding: b.agentsFinding(),
		Tables:  []reports.Table{table, b.shifts()},
	}
}

func (b builder) agentsFinding() string {
	agents := b.answering()
	if len(agents) == 0 {
		return ""
	}
	outside := 0
	for _, agent := range agents {
		if e := agent.Now.Get(resolution).Expected; e == aboveExpected || e == belowExpected {
			outside++
		}
	}
	finding := fmt.Sprintf("%s fra %s har besvaret opkald i %s",
		plural(len(agents), "medarbejder", "medarbejdere"), b.Municipality.Name, b.Period.ThisKind())
	if len(agents) == 1 {
		return finding + "." // nobody to be compared with
	}
	if outside == 0 {
		return finding + "; ingen ligger uden for det forventede område for straksafklaring."
	}
	return finding + fmt.Sprintf("; %d ligger uden for det forventede område for straksafklaring.", outside)
}

// answering are the agents who answered calls. One who only looked up guides has no
// call to be judged by.
func (b builder) answering() []Group { return having(b.Agents, callsAnswered) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return reports.Integer(float64(n)) + " " + many
}

// Where the warehouse places a figure in its funnel plot.
const (
	insideExpected = "inside"
	aboveExpected  = "above"
	belowExpected  = "below"
)

// placement gives an agent's place by shape and word.
func placement(agent Figures) string {
	switch agent.Get(resolution).Expected {
	case insideExpected:
		return "● inden for"
	case aboveExpected:
		return "▲ over"
	case belowExpected:
		return "▼ under"
	}
	return "■ for få opkald"
}

// guides is which guides were used in the own citizens' calls, the most used first.
func (b builder) guides() reports.Section {
	table := reports.Table{
		Name:  "guides",
		Title: fmt.Sprintf("Guider brugt for borgerne i %s, %s", b.Municipality.Name, b.Period.Label()),
		Short: "Guider",
		Columns: []reports.Column{
			{Key: "guide", Label: "Guide", Unit: reports.UnitText},
			{Key: "scope", Label: "Udgave", Unit: reports.UnitText, Description: "National eller lokal guide"},
			{Key: "category", Label: "Kategori", Unit: reports.UnitText},
			b.column(guideViews),
			{Key: "before", Label: "Samme i " + b.Previous.Period.Label(), Unit: reports.UnitCount},
			{Key: "change", Label: "Ændring", Unit: reports.UnitCount},
			b.column(guideSends), b.column(callsAnswered), b.column(resolution), b.column(satisfaction),
			{Key: "n", Label: "Svar fra borgere", Unit: reports.UnitCount},
		},
		Empty: fmt.Sprintf("Ingen guider er brugt for borgerne i %s i %s.", b.Municipality.Name, b.Period.ThisKind()),
		Notes: []string{
			"Straksafklaring og tilfredshed er for de opkald, hvor guiden blev brugt; en guide kan være brugt i svære opkald.",
			"0 besvarede opkald betyder, at guiden kun er slået op uden for et opkald.",
			fewAnswers,
		},
	}
	guides := slices.DeleteFunc(slices.Clone(b.Guides), func(g Guide) bool { return !g.has(guideViews, guideSends) })
	slices.SortStableFunc(guides, func(x, y Guide) int { return largest(x.Now.Get(guideViews), y.Now.Get(guideViews)) })
	for _, guide := range guides {
		now, before := b.value(guideViews, guide.Now), b.value(guideViews, guide.Before)
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(guide.Label), reports.Text(scopeLabel(guide.Scope)), reports.Text(guide.Category),
			now, before, minus(now, before),
			b.value(guideSends, guide.Now), b.value(callsAnswered, guide.Now),
			b.value(resolution, guide.Now), b.value(satisfaction, guide.Now), count(satisfaction, guide.Now),
		})
	}
	return reports.Section{
		Name:    "guides",
		Heading: "Guider",
		Finding: b.guidesFinding(table),
		Tables:  []reports.Table{table},
	}
}

// guidesFinding names the most used guide, and how its use has changed.
func (b builder) guidesFinding(table reports.Table) string {
	if len(table.Rows) == 0 {
		return table.Empty
	}
	first := table.Rows[0]
	now, before := first[table.Index(guideViews)], first[table.Index("before")]
	finding := fmt.Sprintf("Den mest brugte guide er \"%s\": brugt %s gange", first[table.Index("guide")], now)
	if !before.IsMissing() {
		finding += fmt.Sprintf(" mod %s i %s", before, b.Previous.Period.Label())
	}
	return finding + "."
}

func scopeLabel(scope string) string {
	switch scope {
	case "national":
		return "National"
	case "local":
		return "Lokal"
	}
	return scope
}

// topics is what the own citizens called about, by the agents' registration.
func (b builder) topics() reports.Section {
	table := reports.Table{
		Name:  "topics",
		Title: fmt.Sprintf("Emner for borgerne i %s, %s", b.Municipality.Name, b.Period.Label()),
		Short: "Emner",
		Columns: []reports.Column{
			{Key: "topic", Label: "Emne", Unit: reports.UnitText},
			b.column(callsAnswered), b.column(callsTransferred), b.column(resolution), b.column(satisfaction),
			{Key: "n", Label: "Svar fra borgere", Unit: reports.UnitCount},
		},
		Empty: fmt.Sprintf("Der er ikke registreret emner i %s.", b.Period.ThisKind()),
		Notes: []string{"Et opkald kan have flere emner, så opkaldene kan ikke lægges sammen.", fewAnswers},
	}
	topics := having(b.Topics, callsAnswered)
	slices.SortStableFunc(topics, func(x, y Group) int {
		return cmp.Or(
			cmp.Compare(lastIf(x.Key == unknownKey), lastIf(y.Key == unknownKey)),
			largest(x.Now.Get(callsAnswered), y.Now.Get(callsAnswered)),
		)
	})
	for _, topic := range topics {
		label := topic.Label
		if topic.Key == unknownKey {
			label = "Intet emne registreret"
		}
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(label), b.value(callsAnswered, topic.Now), b.value(callsTransferred, topic.Now),
			b.value(resolution, topic.Now), b.value(satisfaction, topic.Now), count(satisfaction, topic.Now),
		})
	}
	return reports.Section{
		Name:    "topics",
		Heading: "Emner",
		Finding: topicsFinding(topics, table),
		Tables:  []reports.Table{table},
	}
}

// topicsFinding names the largest registered topic.
func topicsFinding(topics []Group, table reports.Table) string {
	if len(topics) > 0 && topics[0].Key == unknownKey {
		return "Ingen af de besvarede opkald har fået et emne."
	}
	return firstFinding(table, "topic", callsAnswered, "Flest besvarede opkald handlede om %s (%s).")
}

// lastIf ranks what belongs at the end of a list behind all else.
func lastIf(last bool) int {
	if last {
		return 1
	}
	return 0
}

// having returns a copy of the groups that have something of any of the KPIs:
// a row of noughts tells nobody anything.
func having(groups []Group, ids ...string) []Group {
	return slices.DeleteFunc(slices.Clone(groups), func(g Group) bool { return !g.has(ids...) })
}

func (g Group) has(ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return g.Now.Get(id).Value > 0 })
}

// largest orders figures from the largest value; those without come last.
func largest(x, y Figure) int { return cmp.Compare(y.Value, x.Value) }

// minus is now - then as a cell. A group that is absent in one of the periods has
// no change that could be told from a group that did not exist.
func minus(now, then reports.Value) reports.Value {
	if now.Kind != reports.IsNumber || then.Kind != reports.IsNumber {
		return reports.Value{}
	}
	return reports.Number(now.Number-then.Number, now.Format)
}

// firstFinding makes a sentence of a table's first row: its label and its number.
func firstFinding(table reports.Table, label, number, sentence string) string {
	if len(table.Rows) == 0 {
		return table.Empty
	}
	first := table.Rows[0]
	if first[table.Index(number)].IsMissing() {
		return ""
	}
	return fmt.Sprintf(sentence, first[table.Index(label)], first[table.Index(number)])
}
