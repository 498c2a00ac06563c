package leader

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// transfers is where the own citizens' calls were sent back to, the most used
// first, with the accumulated share of a Pareto chart.
func (b builder) transfers() reports.Section {
	table := reports.Table{
		Name:  "transfers",
		Title: fmt.Sprintf("Opkald stillet tilbage til %s, %s", b.Municipality.Name, b.Period.Label()),
		Short: "Omstillingsnumre",
		Columns: []reports.Column{
			{Key: "label", Label: "Afdeling", Unit: reports.UnitText},
			{Key: "number", Label: "Nummer", Unit: reports.UnitText},
			b.column(callsTransferred),
			{Key: "share", Label: "Andel", Unit: reports.UnitShare, Description: "Af alle opkald, der blev stillet tilbage"},
			{Key: "accumulated", Label: "Akkumuleret andel", Unit: reports.UnitShare},
		},
		Notes: unnamedNote(b.Transfers),
		Empty: fmt.Sprintf("Ingen opkald er stillet tilbage til %s i %s.", b.Municipality.Name, b.Period.ThisKind()),
	}
	transfers := having(b.Transfers, callsTransferred)
	slices.SortStableFunc(transfers, func(x, y Group) int {
		return largest(x.Now.Get(callsTransferred), y.Now.Get(callsTransferred))
	})
	sum := total(transfers, callsTransferred)
	accumulated := 0.0
	for _, transfer := range transfers {
		calls := b.value(callsTransferred, transfer.Now)
		accumulated += calls.Number
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(department(transfer)), reports.Text(transferNumber(transfer.Key)), calls,
			reports.Number(calls.Number/sum, shareFormat).From(int64(sum)),
			reports.Number(accumulated/sum, shareFormat).From(int64(sum)),
		})
	}
	section := reports.Section{
		Name:    "transfers",
		Heading: "Omstillingsnumre",
		Finding: transfersFinding(table),
		Tables:  []reports.Table{table},
	}
	if len(table.Rows) > 1 {
		section.Charts = []reports.Chart{b.transferChart(section.Finding)}
	}
	return section
}

func (b builder) transferChart(finding string) reports.Chart {
	return reports.Chart{
		Name:     "transfers_chart",
		Title:    "De mest brugte omstillingsnumre",
		Table:    "transfers",
		Category: "label",
		Format:   b.kpi(callsTransferred).Format,
		First:    chartRows,
		Series:   []reports.Series{{Column: callsTransferred, Kind: reports.Bars}},
		Finding:  finding,
		Alt:      fmt.Sprintf("Liggende søjler over de op til %d numre, som flest opkald er stillet tilbage til. %s Tallene står i tabellen.", chartRows, finding),
	}
}

// transfersFinding names the most used number with its share.
func transfersFinding(table reports.Table) string {
	if len(table.Rows) == 0 {
		return table.Empty
	}
	first := table.Rows[0]
	return fmt.Sprintf("Flest opkald er stillet tilbage til %s: %s, svarende til %s.",
		first[table.Index("label")], first[table.Index(callsTransferred)], first[table.Index("share")])
}

// isUnnamed tells a number of which the reference file knows no department: the
// warehouse labels it by itself.
func isUnnamed(transfer Group) bool { return transfer.Label == transfer.Key }

func department(transfer Group) string {
	switch {
	case transfer.Key == unknownKey:
		return "Ukendt nummer"
	case isUnnamed(transfer):
		return "Ukendt afdeling (" + transfer.Key + ")"
	}
	return transfer.Label
}

// transferNumber is the number, or the queue that the calls were put in instead.
func transferNumber(key string) string {
	switch {
	case key == unknownKey:
		return ""
	case strings.HasPrefix(key, "+"):
		return key
	}
	return "kø: " + key
}

func unnamedNote(transfers []Group) []string {
	if !slices.ContainsFunc(transfers, isUnnamed) {
		return nil
	}
	return []string{"En ukendt afdeling betyder, at nummeret mangler i listen over omstillingsnumre. Giv sekretariatet besked om, hvem der har det."}
}

func total(groups []Group, id string) float64 {
	sum := 0.0
	for _, g := range groups {
		if value := g.Now.Get(id).Value; !math.IsNaN(value) {
			sum += value
		}
	}
	return sum
}
