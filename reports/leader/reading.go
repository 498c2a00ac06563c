package leader

import (
	"fmt"

	"github.com/den-digitale-hotline/ddh/reports"
)

// definitions prints the catalogue.
func (b builder) definitions() reports.Section {
	table := reports.Table{
		Name:  "definitions",
		Title: "Definitioner",
		Short: "Definitioner",
		Columns: []reports.Column{
			{Key: "kpi", Label: "Nøgletal", Unit: reports.UnitText},
			{Key: "unit", Label: "Enhed", Unit: reports.UnitText},
			{Key: "definition", Label: "Definition", Unit: reports.UnitText},
			{Key: "formula", Label: "Beregning", Unit: reports.UnitText},
			{Key: "id", Label: "Navn i data", Unit: reports.UnitText},
		},
	}
	for _, kpi := range b.Catalogue {
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(kpi.Label), reports.Text(kpi.Format.Unit.Label()),
			reports.Text(kpi.Definition), reports.Text(kpi.Formula), reports.Text(kpi.ID),
		})
	}
	return reports.Section{
		Name:    "definitions",
		Heading: "Definitioner",
		Finding: "Alle tal i rapporten er beregnet efter disse definitioner.",
		Tables:  []reports.Table{table},
	}
}

// about is what a reader must know to read the figures right.
func (b builder) about() reports.Section {
	notes := []string{
		fmt.Sprintf("Tallene dækker %s, fra %s til og med %s. Data går til og med %s.",
			b.Period.Label(), reports.Date(b.Period.From), reports.Date(b.Period.To), reports.DateTime(b.About.DataUntil)),
		"Kilder: telefonsystemets rådata (opkald og medarbejdere), borgernes svar på sms-spørgsmålet lige efter opkaldet og brugen af guider i Selvbetjening.nu.",
		"Hvert opkald har to kommuner: borgerens (hvis nummer der blev ringet til) og medarbejderens (som har svaret). Hvert tal siger, hvilken af dem det er opgjort efter.",
		"\"-\" betyder, at der ikke er data, eller at tallet ikke må vises. 0 betyder nul.",
		fmt.Sprintf("Borgertilfredshed vises ikke ved færre end %d svar, og heller ikke hvor den kunne regnes ud af andre tal.", smallestShown),
		fmt.Sprintf("%s efter et tal betyder, at det er usikkert: der er færre end %d opkald eller svar bag. Det gælder andele og gennemsnit; antal er ikke usikre. Er en status givet på et usikkert tal, står der \"usikkert\" efter den.",
			reports.UncertainMark, reports.SmallestCertain),
		"\"95 % fra\" og \"95 % til\" er den statistiske usikkerhed. En ændring kaldes kun en ændring, når en statistisk test af de to perioder siger det (95 %: Newcombe for andele, Welch for gennemsnit).",
		"Mål, åbningstider, medlemskab og numre følger de regler, der gjaldt på opkaldets dato.",
		"Status vises med form og ord: ● opfyldt, ▲ under mål eller ikke opfyldt, ◆ usikkert (målet ligger inden for den statistiske usikkerhed), ○ intet mål, ■ ingen data.",
	}
	if m := b.Municipality; m.Population > 0 {
		notes = append(notes, fmt.Sprintf("Indbyggertal: Danmarks Statistik (FOLK1A), %s, pr. %s.",
			reports.Integer(float64(m.Population)), reports.Date(m.PopulationDate)))
	}
	if b.About.Simulated {
		notes = append(notes, "Simulerede data: alle opkald, personer og svar i rapporten er opfundne.")
	}
	if b.About.Run != "" {
		notes = append(notes, fmt.Sprintf("Kørsel %s, program %s.", b.About.Run, b.About.ProgramVersion))
	}
	if b.About.Contact != "" {
		notes = append(notes, fmt.Sprintf("Spørgsmål til tallene: %s.", b.About.Contact))
	}
	return reports.Section{Name: "about", Heading: "Sådan læses tallene", Notes: notes}
}
