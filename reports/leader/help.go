package leader

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/den-digitale-hotline/ddh/reports"
)

// Exchange is the help between the own municipality and one other, or the calls that
// the own agents answered for the own citizens: a row and a column of
// marts.kpi_help_matrix.
type Exchange struct {
	Key, Label string
	Given      int64 // calls of its citizens that own agents answered: once for each agent
	Received   int64 // calls of own citizens that its agents answered first
}

func (l *loader) exchanges(ctx context.Context) error {
	return query(ctx, l.db, `
		select x.key, coalesce(m.municipality_name, x.key), cast(sum(x.given) as bigint), cast(sum(x.received) as bigint)
		from (
			select citizen_municipality_code as key, agent_calls as given, 0 as received
			from marts.kpi_help_matrix
			where period = ? and agent_municipality_code = ?
			union all
			select agent_municipality_code as key, 0 as given, calls_answered as received
			from marts.kpi_help_matrix
			where period = ? and citizen_municipality_code = ?
		) as x
		left join marts.dim_municipality as m on x.key = m.municipality_code
		group by x.key, m.municipality_name`,
		[]any{l.data.Period.Key, l.code, l.data.Period.Key, l.code},
		func(scan func(...any) error) error {
			var e Exchange
			err := scan(&e.Key, &e.Label, &e.Given, &e.Received)
			l.data.Exchanges = append(l.data.Exchanges, e)
			return err
		})
}

// partners are the other municipalities, those with the most help either way first
// and the unknown one last.
func (b builder) partners() []Exchange {
	partners := slices.DeleteFunc(slices.Clone(b.Exchanges), func(e Exchange) bool {
		return e.Key == b.Municipality.Code || e.Given+e.Received == 0
	})
	slices.SortFunc(partners, func(x, y Exchange) int {
		return cmp.Or(
			cmp.Compare(lastIf(x.Key == unknownKey), lastIf(y.Key == unknownKey)),
			cmp.Compare(y.Given+y.Received, x.Given+x.Received),
			reports.Compare(x.Label, y.Label),
			cmp.Compare(x.Key, y.Key),
		)
	})
	return partners
}

// help is whose calls the own agents took, and who took those of the own citizens:
// what the hotline is about (DOMAIN §3).
func (b builder) help() reports.Section {
	table := b.helpTable()
	section := reports.Section{
		Name:    "help",
		Heading: "Hjælp givet og modtaget",
		Finding: b.helpFinding(),
		Tables:  []reports.Table{table},
	}
	if len(table.Rows) > 1 {
		section.Charts = []reports.Chart{b.helpChart(section.Finding)}
	}
	return section
}

func (b builder) helpTable() reports.Table {
	table := reports.Table{
		Name:  "help",
		Title: fmt.Sprintf("Hjælp mellem %s og de andre kommuner, %s", b.Municipality.Name, b.Period.Label()),
		Short: "Hjælp",
		Columns: []reports.Column{
			{Key: "municipality", Label: "Kommune", Unit: reports.UnitText},
			{Key: "given", Label: "Vi svarede for dem", Unit: reports.UnitCount},
			{Key: "received", Label: "De svarede for os", Unit: reports.UnitCount},
			{Key: "balance", Label: "Forskel", Unit: reports.UnitCount},
		},
		Empty: fmt.Sprintf("%s har hverken givet eller modtaget hjælp i %s.", b.Municipality.Name, b.Period.ThisKind()),
		Notes: b.helpNotes(),
	}
	for _, e := range b.partners() {
		table.Rows = append(table.Rows, exchangeRow(b.municipalityLabel(Group{Key: e.Key, Label: e.Label}), e))
	}
	if len(table.Rows) > 0 {
		table.Totals = [][]reports.Value{exchangeRow("I alt", b.allHelp())}
	}
	return table
}

func exchangeRow(label string, e Exchange) []reports.Value {
	return []reports.Value{
		reports.Text(label), reports.Count(e.Given), reports.Count(e.Received), reports.Count(e.Given - e.Received),
	}
}

// allHelp adds up the partners. An unknown citizen's call is help given, while a call
// whose agent's municipality is unknown is help received: the sums are the
// municipality's handled_for_others, and of helped_by_others what another municipality's
// agent answered first.
func (b builder) allHelp() Exchange {
	var sum Exchange
	for _, e := range b.partners() {
		sum.Given += e.Given
		sum.Received += e.Received
	}
	return sum
}

func (b builder) helpNotes() []string {
	notes := []string{
		fmt.Sprintf("\"Vi svarede for dem\" er opkald fra deres borgere, som medarbejdere fra %s har besvaret. \"De svarede for os\" er opkald fra borgerne i %s, som deres medarbejdere har besvaret. Er forskellen negativ, har vi fået mere hjælp, end vi har givet.",
			b.Municipality.Name, b.Municipality.Name),
		"Over hele DDH går de to kolonner ikke op med hinanden: \"Vi svarede for dem\" tæller et opkald én gang for hver medarbejder, der har talt med borgeren, og tæller også borgere, hvis kommune er ukendt. \"De svarede for os\" tæller et opkald én gang, hos den medarbejder, der svarede først. Nøgletallet \"Besvaret af andre kommuner\" tæller også opkald, som en medarbejder fra en anden kommune besvarede senere.",
	}
	for _, e := range b.Exchanges {
		if e.Key == b.Municipality.Code && e.Received > 0 {
			answered := reports.Number(float64(e.Received)/float64(e.Received+b.allHelp().Received), shareFormat)
			notes = append(notes, fmt.Sprintf("Egne medarbejdere var de første til at svare på %s opkald fra borgerne i %s: %s af de besvarede.",
				reports.Count(e.Received), b.Municipality.Name, answered))
		}
	}
	return notes
}

func (b builder) helpChart(finding string) reports.Chart {
	return reports.Chart{
		Name:     "help_chart",
		Title:    "De kommuner, vi hjælper og får hjælp af mest",
		Table:    "help",
		Category: "municipality",
		Format:   reports.Format{Unit: reports.UnitCount},
		First:    chartRows,
		Series: []reports.Series{
			{Column: "given", Kind: reports.Bars},
			{Column: "received", Kind: reports.Bars},
		},
		Finding: finding,
		Alt: fmt.Sprintf("Liggende søjler for de op til %d kommuner med mest hjælp: opkald, vi svarede på for dem, og opkald, de svarede på for os. %s Tallene står i tabellen.",
			chartRows, finding),
	}
}

// helpFinding sets what was given against what was received.
func (b builder) helpFinding() string {
	sum := b.allHelp()
	if sum == (Exchange{}) {
		return fmt.Sprintf("%s har hverken givet eller modtaget hjælp i %s.", b.Municipality.Name, b.Period.ThisKind())
	}
	finding := fmt.Sprintf("Medarbejdere fra %s svarede på %s opkald for andre kommuner, og andre svarede på %s for borgerne i %s: ",
		b.Municipality.Name, reports.Count(sum.Given), reports.Count(sum.Received), b.Municipality.Name)
	switch {
	case sum.Given > sum.Received:
		return finding + fmt.Sprintf("%s flere givet end modtaget.", reports.Count(sum.Given-sum.Received))
	case sum.Given < sum.Received:
		return finding + fmt.Sprintf("%s flere modtaget end givet.", reports.Count(sum.Received-sum.Given))
	}
	return finding + "lige meget givet og modtaget."
}
