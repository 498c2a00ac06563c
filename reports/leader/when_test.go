package leader_test

import (
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/leader"
	"github.com/google/go-cmp/cmp"
)

// printed is a table as a reader sees it: header, rows and totals, cells apart by "|".
func printed(table reports.Table) []string {
	var header []string
	for _, column := range table.Columns {
		header = append(header, column.Label)
	}
	lines := []string{strings.Join(header, "|")}
	for _, rows := range [][][]reports.Value{table.Rows, table.Totals} {
		for _, row := range rows {
			var cells []string
			for _, cell := range row {
				cells = append(cells, cell.Marked())
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
	}
	return lines
}

func section(t *testing.T, data leader.Data, name string) reports.Section {
	t.Helper()
	for _, section := range leader.Document(data).Sections {
		if section.Name == name {
			return section
		}
	}
	t.Fatalf("there is no section %q", name)
	return reports.Section{}
}

func TestCallsByWeekdayAndHour(t *testing.T) {
	hours := section(t, sample(), "hours")
	want := []string{
		"Kl.|Mandag|Fredag|Alle dage|Pr. åben time|Andel opgivet|Uden for åbningstid",
		"00-08|lukket|lukket|lukket|lukket|lukket|2",
		"08-09|40|31|71|2,7|5,6 %|0",
		"09-10|65|11|76|2,9|5,3 %|1",
		"10-11|33|lukket|33|2,5|0,0 %|4",
		"11-24|lukket|lukket|lukket|lukket|lukket|1",
		"Hele dagen|138|42|180|2,8|4,4 %|8",
	}
	if diff := cmp.Diff(want, printed(hours.Tables[0])); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got, want := hours.Finding, "Flest opkald kommer mandag kl. 9-10: 65 af 180; 8 opkald kom, mens hotlinen havde lukket."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := hours.Tables[0].Heat, (reports.Heat{From: "day_1", To: "day_5"}); got != want {
		t.Errorf("shades %+v, want %+v: the weekdays without their sums", got, want)
	}
}

func TestCallsOutsideHoursAreToldByWhen(t *testing.T) {
	const want = "Ud over de 180 opkald i åbningstiden kom 8 opkald, mens hotlinen havde lukket: " +
		"2 før åbningstid, 4 efter lukketid, 1 på ugedage uden åbningstid og " +
		"1 i timer, hvor der ellers er åbent (helligdage og dage med kortere åbningstid)."
	notes := section(t, sample(), "hours").Tables[0].Notes
	if got := notes[len(notes)-1]; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWaitByWeekdayAndHourMarksFewCalls(t *testing.T) {
	table := section(t, sample(), "hours").Tables[1]
	want := []string{
		"Kl.|Mandag|Fredag|Alle dage|DDH, alle dage",
		"00-08|lukket|lukket|lukket|lukket",
		"08-09|0:50|0:50|0:50|0:50",
		"09-10|1:40|5:00*|2:09|2:09",
		"10-11|0:30|lukket|0:30|0:30",
		"11-24|lukket|lukket|lukket|lukket",
		"Hele dagen|1:09|1:53|1:20|1:20",
	}
	if diff := cmp.Diff(want, printed(table)); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if got, want := table.Finding, "Borgerne venter længst kl. 9-10: i gennemsnit 2:09 mod 1:20 hele dagen."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTheLongestWaitIsNoUncertainOne(t *testing.T) {
	data := sample()
	data.Hours = data.Hours[5:6] // ten calls
	const want = "Der er for få besvarede opkald til at sige, hvornår borgerne i Holbæk venter længst."
	if got := section(t, data, "hours").Tables[1].Finding; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEveryHourHasARowOfItsOwn(t *testing.T) {
	table := section(t, sample(), "hours").Tables[2]
	got := printed(table)
	for i, want := range map[int]string{
		0: "Ugedag|Kl.|Indgående opkald|Pr. åben time|Besvarede opkald|Ventetid|Opgivne opkald|Andel opgivet|Uden for åbningstid",
		1: "Mandag|07-08|lukket|lukket|0|lukket|0|lukket|2",
		6: "Fredag|09-10|11|0,8|10|5:00*|0|0,0 %*|0",
		8: "Lørdag|23-24|lukket|lukket|0|lukket|0|lukket|1",
	} {
		if got[i] != want {
			t.Errorf("line %d reads %s, want %s", i, got[i], want)
		}
	}
}

// TestOpenHoursOfOthersAreNotCounted: the open hours are those of the whole period,
// of which a new member had only a part.
func TestOpenHoursOfOthersAreNotCounted(t *testing.T) {
	data := sample()
	data.Memberships["0316"] = []leader.Stretch{{From: date(2026, 8, 15), To: date(9999, 12, 31)}}
	table := section(t, data, "hours").Tables[0]
	for _, row := range append(table.Rows[1:4], table.Totals...) {
		if got := row[table.Index("per_open_hour")]; !got.IsMissing() {
			t.Errorf("%s: %s calls per open hour, want none", row[0], got)
		}
	}
}

func TestNoCallsAreSaidToBeNone(t *testing.T) {
	data := sample()
	data.Hours, data.TotalHours, data.Exchanges = nil, nil, nil
	hours, help := section(t, data, "hours"), section(t, data, "help")
	for _, text := range []string{hours.Finding, hours.Tables[0].Empty, hours.Tables[2].Empty} {
		if text != "Ingen borgere i Holbæk har ringet i kvartalet." {
			t.Errorf("without calls: %q", text)
		}
	}
	if want := "Holbæk har hverken givet eller modtaget hjælp i kvartalet."; help.Finding != want || help.Tables[0].Empty != want || len(help.Charts) > 0 {
		t.Errorf("without help: %q, %d charts", help.Finding, len(help.Charts))
	}
}
