package leader

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// headline is one of the three KPIs with a target, and the words of its sentence.
type headline struct {
	id      string
	short   string // in the middle of a sentence
	subject string // with the value as %s
	more    string // "længere", "højere"
	less    string
	nLabel  string
}

var headlines = []headline{
	{waitMean, "ventetiden", "Borgerne ventede i gennemsnit %s", "længere", "kortere", "opkald besvaret på linjen"},
	{resolution, "straksafklaringen", "%s af de besvarede opkald blev klaret med det samme", "højere", "lavere", "besvarede opkald"},
	{satisfaction, "borgertilfredsheden", "Borgerne gav i gennemsnit %s på skalaen 1-9", "højere", "lavere", "svar fra borgere"},
}

// overview is page one: three tiles, and both perspectives side by side.
func (b builder) overview() reports.Section {
	section := reports.Section{
		Name:    "overview",
		Heading: "Overblik",
		Finding: b.overviewFinding(),
		Tables:  []reports.Table{b.perspectives()},
		Notes: []string{
			"Borgere: opkald til kommunens nummer, uanset hvem der svarede. Medarbejdere: opkald som kommunens medarbejdere svarede, uanset hvor borgeren ringede fra.",
		},
	}
	for _, h := range headlines {
		section.Tiles = append(section.Tiles, b.tile(h))
	}
	return section
}

func (b builder) tile(h headline) reports.Tile {
	kpi, figure := b.kpi(h.id), b.now.Own.Get(h.id)
	tile := reports.Tile{
		KPI:       h.id,
		Label:     kpi.Label,
		Value:     b.value(h.id, b.now.Own),
		Target:    b.target(h.id, b.now.Own),
		Direction: kpi.Direction,
		Status:    b.status(h.id, b.now.Own),
		N:         figure.N,
		NLabel:    h.nLabel,
	}
	tile.Previous = b.change(tile.Value, h.id, b.Previous)
	tile.LastYear = b.change(tile.Value, h.id, b.LastYear)
	tile.Finding = b.finding(h, tile, figure.N)
	return tile
}

func (b builder) change(now reports.Value, id string, then Moment) reports.Change {
	value := b.value(id, then.Own)
	return reports.Change{Against: then.Period.Label(), Value: value, Difference: reports.Difference(now, value)}
}

// finding is the tile's sentence: the value, the target, the change.
func (b builder) finding(h headline, tile reports.Tile, n int64) string {
	switch {
	case tile.Value.Kind == reports.Hidden && n < smallestShown:
		return fmt.Sprintf("%s vises ikke, fordi færre end %d borgere har svaret.", reports.Capital(h.short), smallestShown)
	case tile.Value.Kind == reports.Hidden:
		return fmt.Sprintf("%s vises ikke, fordi få svar i en anden gruppe ellers kunne regnes ud.", reports.Capital(h.short))
	case tile.Value.IsMissing():
		return fmt.Sprintf("Der er ingen data om %s i %s.", h.short, b.Period.ThisKind())
	}
	sentence := fmt.Sprintf(h.subject, tile.Value)
	switch tile.Status {
	case reports.Met:
		sentence += fmt.Sprintf(", så målet (%s) er opfyldt", tile.Direction.TargetText(tile.Target))
	case reports.Missed:
		sentence += fmt.Sprintf(", så målet (%s) er ikke opfyldt", tile.Direction.TargetText(tile.Target))
	case reports.Unsettled:
		sentence += fmt.Sprintf(", så det er usikkert, om målet (%s) er opfyldt", tile.Direction.TargetText(tile.Target))
	}
	sentence += b.comparison(h, tile)
	if tile.Value.Uncertain {
		sentence += fmt.Sprintf("; tallet er usikkert, fordi der kun er %d %s", tile.N, h.nLabel)
	}
	return sentence + "."
}

// comparison is the sentence's last part: "; det er 5 sek. kortere end i 2. kvartal
// 2026". A change that a two-sample test does not find is said to be none for certain.
func (b builder) comparison(h headline, tile reports.Tile) string {
	difference := tile.Previous.Difference
	switch {
	case difference == reports.Missing:
		return ""
	case difference == reports.Unchanged:
		return "; det er uændret fra " + tile.Previous.Against
	}
	word := h.more
	if strings.HasPrefix(difference, "-") {
		word = h.less
	}
	text := fmt.Sprintf("; det er %s %s end i %s", strings.TrimLeft(difference, "+-"), word, tile.Previous.Against)
	if differs, known := b.sample(h.id, b.now.Own).Differs(b.sample(h.id, b.Previous.Own)); known && !differs {
		text += ", inden for den statistiske usikkerhed"
	}
	return text
}

// overviewFinding counts the targets that are met and names the others.
func (b builder) overviewFinding() string {
	met, judged := 0, 0
	var missed, unsettled []string
	for _, h := range headlines {
		switch b.status(h.id, b.now.Own) {
		case reports.Met:
			met++
			judged++
		case reports.Missed:
			judged++
			missed = append(missed, h.short)
		case reports.Unsettled:
			judged++
			unsettled = append(unsettled, h.short)
		}
	}
	if judged == 0 {
		return fmt.Sprintf("Der er ingen mål at holde tallene for %s op imod i %s.", b.Municipality.Name, b.Period.Label())
	}
	finding := fmt.Sprintf("%s er opfyldt for borgerne i %s i %s", ofTargets(met, judged), b.Municipality.Name, b.Period.Label())
	switch {
	case met == 0 || len(missed) == 0:
	case len(missed) == 1:
		finding += "; målet for " + missed[0] + " er ikke nået"
	default:
		finding += "; målene for " + join(missed) + " er ikke nået"
	}
	if len(unsettled) > 0 {
		finding += "; det er usikkert for " + join(unsettled)
	}
	return finding + b.uncertainHeadlines() + "."
}

// uncertainHeadlines names the figures that were judged on too few calls or replies.
func (b builder) uncertainHeadlines() string {
	var uncertain []string
	for _, h := range headlines {
		status := b.status(h.id, b.now.Own)
		if isJudged := status == reports.Met || status == reports.Missed; isJudged && b.value(h.id, b.now.Own).Uncertain {
			uncertain = append(uncertain, h.short)
		}
	}
	switch len(uncertain) {
	case 0:
		return ""
	case 1:
		return "; tallet for " + uncertain[0] + " er usikkert"
	}
	return "; tallene for " + join(uncertain) + " er usikre"
}

// ofTargets writes "Alle 3 mål", "2 af 3 mål", "Ingen af de 3 mål".
func ofTargets(met, judged int) string {
	switch {
	case judged == 1 && met == 1:
		return "Det ene mål"
	case met == judged:
		return fmt.Sprintf("Alle %d mål", judged)
	case met == 0 && judged > 1:
		return fmt.Sprintf("Ingen af de %d mål", judged)
	}
	return fmt.Sprintf("%d af %d mål", met, judged)
}

// join writes "a, b og c".
func join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " og " + words[last]
}

// perspectives sets the municipality's citizens beside its agents (DOMAIN §3).
func (b builder) perspectives() reports.Table {
	name := b.Municipality.Name
	table := reports.Table{
		Name:  "perspectives",
		Title: "Borgere og medarbejdere side om side",
		Short: "Borgere og medarbejdere",
		Columns: []reports.Column{
			{Key: "kpi", Label: "Nøgletal", Unit: reports.UnitText},
			{Key: "citizen", Label: "Borgere i " + name, Unit: reports.UnitMixed},
			{Key: "agent", Label: "Medarbejdere fra " + name, Unit: reports.UnitMixed},
		},
	}
	for _, id := range []string{
		callsOffered, callsAnswered, answerRate, waitMean, resolution, satisfaction,
		helpedByOthers, handledForOthers, callsPer1000,
	} {
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(b.kpi(id).Label), b.value(id, b.now.Own), b.value(id, b.now.Agents),
		})
	}
	return table
}
