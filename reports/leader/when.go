package leader

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/reports"
)

// hours is when the own citizens call, and how they are served then.
func (b builder) hours() reports.Section {
	return reports.Section{
		Name:    "hours",
		Heading: "Tidspunkter",
		Finding: b.hoursFinding(),
		Tables:  []reports.Table{b.callsByHour(), b.waitByHour(), b.hourList()},
	}
}

// grid is a table with a row per hour of the day and a column per weekday, shaded,
// with the sum over the weekdays beside it. The columns after that are the caller's.
func (b builder) grid(name, short string, of reports.Column, cell func(Calls) reports.Value) reports.Table {
	table := reports.Table{
		Name:    name,
		Title:   fmt.Sprintf("%s efter ugedag og time for borgerne i %s, %s", of.Label, b.Municipality.Name, b.Period.Label()),
		Short:   short,
		Columns: []reports.Column{{Key: "clock", Label: "Kl.", Unit: reports.UnitText}},
		Empty:   fmt.Sprintf("Ingen borgere i %s har ringet i %s.", b.Municipality.Name, b.Period.ThisKind()),
	}
	weekdays := b.openDaysOfWeek()
	for _, weekday := range weekdays {
		table.Columns = append(table.Columns, reports.Column{
			Key: dayKey(weekday), Label: reports.Capital(reports.Weekday(weekday)), Unit: of.Unit,
		})
	}
	table.Columns = append(table.Columns, reports.Column{Key: "all", Label: "Alle dage", Unit: of.Unit})
	if len(weekdays) > 0 {
		table.Heat = reports.Heat{From: dayKey(weekdays[0]), To: dayKey(weekdays[len(weekdays)-1])}
	}
	row := func(label string, holds func(Hour) bool) []reports.Value {
		cells := []reports.Value{reports.Text(label)}
		for _, weekday := range weekdays {
			cells = append(cells, cell(add(b.Hours, func(h Hour) bool { return h.Weekday == weekday && holds(h) })))
		}
		return append(cells, cell(add(b.Hours, holds)))
	}
	for _, s := range b.spans() {
		table.Rows = append(table.Rows, row(s.cell(), within(s)))
	}
	if len(table.Rows) > 0 {
		table.Totals = [][]reports.Value{row("Hele dagen", everyHour)}
	}
	return table
}

func dayKey(weekday int) string { return fmt.Sprintf("day_%d", weekday) }

// beside puts one more column beside a grid, counted over all weekdays.
func (b builder) beside(table *reports.Table, column reports.Column, hours []Hour, cell func(Calls) reports.Value) {
	table.Columns = append(table.Columns, column)
	for i, s := range b.spans() {
		table.Rows[i] = append(table.Rows[i], cell(add(hours, within(s))))
	}
	for i := range table.Totals {
		table.Totals[i] = append(table.Totals[i], cell(add(hours, everyHour)))
	}
}

func (b builder) callsByHour() reports.Table {
	table := b.grid("hours", "Tidspunkter", b.column(callsOffered), Calls.offered)
	b.beside(&table, reports.Column{Key: "per_open_hour", Label: "Pr. åben time", Unit: reports.UnitCount}, b.Hours, b.perOpenHour)
	b.beside(&table, abandonedColumn, b.Hours, Calls.abandonedShare)
	b.beside(&table, b.column(callsOutside), b.Hours, Calls.outside)
	table.Notes = []string{
		"Jo mørkere felt, jo flere opkald. \"lukket\": hotlinen har ikke åbent på det tidspunkt.",
		"Pr. åben time: opkald delt med de timer, hotlinen faktisk havde åbent. Helligdage og andre lukkedage er trukket fra.",
		abandonedNote,
	}
	if note := b.outsideNote(); note != "" {
		table.Notes = append(table.Notes, note)
	}
	return table
}

var abandonedColumn = reports.Column{Key: "abandoned_share", Label: "Andel opgivet", Unit: reports.UnitShare}

const abandonedNote = "Andel opgivet: af de tilbudte opkald dem, hvor borgeren lagde på efter mindst 5 sekunder uden at have fået svar."

const waitNote = "Ventetid er for de opkald, der blev besvaret på linjen; tilbagekald har deres egne linjer blandt alle nøgletal."

func (c Calls) outside() reports.Value { return reports.Count(c.Outside) }

func (b builder) waitByHour() reports.Table {
	table := b.grid("hours_wait", "Ventetid pr. time", b.column(waitMean), b.wait)
	total := reports.Column{Key: "total", Label: "DDH, alle dage", Unit: reports.UnitSeconds}
	b.beside(&table, total, b.TotalHours, b.wait)
	table.Finding = b.waitFinding()
	table.Notes = []string{
		"Jo mørkere felt, jo længere ventetid. Felter med få opkald svinger meget; se hellere på \"Alle dage\" og på hele DDH, for alle kommuner deler den samme kø.",
		waitNote,
	}
	return table
}

// hourList is every figure of every hour, one row each, to be filtered and sorted.
func (b builder) hourList() reports.Table {
	table := reports.Table{
		Name:    "hours_list",
		Title:   fmt.Sprintf("Hver ugedag og time for borgerne i %s, %s", b.Municipality.Name, b.Period.Label()),
		Short:   "Ugedag og time",
		Finding: "Tallene bag de to oversigter, én række pr. ugedag og time, til at filtrere og sortere.",
		Columns: []reports.Column{
			{Key: "weekday", Label: "Ugedag", Unit: reports.UnitText},
			{Key: "clock", Label: "Kl.", Unit: reports.UnitText},
			b.column(callsOffered),
			{Key: "per_open_hour", Label: "Pr. åben time", Unit: reports.UnitCount},
			b.column(callsAnswered), b.column(waitMean), b.column(callsAbandoned), abandonedColumn, b.column(callsOutside),
		},
		Empty: fmt.Sprintf("Ingen borgere i %s har ringet i %s.", b.Municipality.Name, b.Period.ThisKind()),
		Notes: []string{abandonedNote, waitNote},
	}
	for _, h := range b.Hours {
		table.Rows = append(table.Rows, []reports.Value{
			reports.Text(reports.Capital(reports.Weekday(h.Weekday))), reports.Text(h.span().cell()),
			h.offered(), b.perOpenHour(h.Calls), reports.Count(h.Answered), b.wait(h.Calls),
			reports.Count(h.Abandoned), h.abandonedShare(), h.outside(),
		})
	}
	return table
}

// hoursFinding names the busiest hour of the week, and how many found the hotline
// closed.
func (b builder) hoursFinding() string {
	if len(b.Hours) == 0 {
		return fmt.Sprintf("Ingen borgere i %s har ringet i %s.", b.Municipality.Name, b.Period.ThisKind())
	}
	all := add(b.Hours, everyHour)
	var parts []string
	if most := busiest(b.Hours); most.Offered > 0 {
		parts = append(parts, fmt.Sprintf("Flest opkald kommer %s %s: %s af %s",
			reports.Weekday(most.Weekday), most.span().phrase(), reports.Count(most.Offered), reports.Count(all.Offered)))
	}
	outside := "ingen"
	if all.Outside > 0 {
		outside = reports.Count(all.Outside).String()
	}
	parts = append(parts, outside+" opkald kom, mens hotlinen havde lukket")
	return reports.Capital(strings.Join(parts, "; ")) + "."
}

// busiest is the hour of the week with the most calls, the first of several.
func busiest(hours []Hour) Hour {
	return slices.MaxFunc(hours, func(x, y Hour) int { return cmp.Compare(x.Offered, y.Offered) })
}

// waitFinding names the hour of the day with the longest wait, of those with enough
// calls for a certain figure.
func (b builder) waitFinding() string {
	all := b.wait(add(b.Hours, everyHour))
	longest, when := reports.Value{}, span{}
	for _, s := range b.spans() {
		wait := b.wait(add(b.Hours, within(s)))
		if wait.Kind == reports.IsNumber && !wait.Uncertain && wait.Number > longest.Number {
			longest, when = wait, s
		}
	}
	if longest.IsMissing() {
		return fmt.Sprintf("Der er for få besvarede opkald til at sige, hvornår borgerne i %s venter længst.", b.Municipality.Name)
	}
	return fmt.Sprintf("Borgerne venter længst %s: i gennemsnit %s mod %s hele dagen.", when.phrase(), longest, all)
}

// outsideNote tells when the hotline was called in vain: "12 opkald kom, mens
// hotlinen havde lukket: 3 før åbningstid, 7 efter lukketid, …".
func (b builder) outsideNote() string {
	all := add(b.Hours, everyHour)
	if all.Outside == 0 {
		return ""
	}
	before, after, closedDays, usuallyOpen := b.outsideParts()
	var parts []string
	for _, part := range []struct {
		calls int64
		when  string
	}{
		{before, "før åbningstid"}, {after, "efter lukketid"}, {closedDays, "på ugedage uden åbningstid"},
		{usuallyOpen, "i timer, hvor der ellers er åbent (helligdage og dage med kortere åbningstid)"},
	} {
		if part.calls > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", reports.Count(part.calls), part.when))
		}
	}
	return fmt.Sprintf("Ud over de %s opkald i åbningstiden kom %s opkald, mens hotlinen havde lukket: %s.",
		reports.Count(all.Offered), reports.Count(all.Outside), join(parts))
}

// outsideParts splits the calls outside opening hours by where they lie on their
// weekday's usual hours.
func (b builder) outsideParts() (before, after, closedDays, usuallyOpen int64) {
	for weekday := 1; weekday <= 7; weekday++ {
		day := slices.DeleteFunc(slices.Clone(b.Hours), func(h Hour) bool { return h.Weekday != weekday })
		opens, closes := usualHours(day)
		for _, h := range day {
			switch {
			case closes < opens:
				closedDays += h.Outside
			case h.Clock < opens:
				before += h.Outside
			case h.Clock > closes:
				after += h.Outside
			default:
				usuallyOpen += h.Outside
			}
		}
	}
	return before, after, closedDays, usuallyOpen
}
