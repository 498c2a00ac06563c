package leader_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/leader"
	"github.com/den-digitale-hotline/ddh/reports/xlsx"
	"github.com/google/go-cmp/cmp"
)

var (
	update   = flag.Bool("update", false, "rewrite the golden files")
	workbook = flag.String("workbook", "", "also write the sample report as a workbook to this file, to be looked at")
)

func TestDocumentIsAsAgreed(t *testing.T) {
	got, err := json.MarshalIndent(leader.Document(sample()), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	golden := filepath.Join("testdata", "leader.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("document differs from %s (-want +got); run with -update if it should:\n%s", golden, diff)
	}
}

func TestDocumentIsWellMade(t *testing.T) {
	for name, data := range map[string]leader.Data{
		"full":    sample(),
		"minimal": {Period: mustPeriod("2026K3"), Municipality: leader.Municipality{Code: "0316", Name: "Holbæk"}},
	} {
		doc := leader.Document(data)
		if err := doc.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var out bytes.Buffer
		if err := xlsx.New(&out).Encode(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "full" && *workbook != "" {
			if err := os.WriteFile(*workbook, out.Bytes(), 0o644); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestTileSentences(t *testing.T) {
	none := math.NaN()
	cases := []struct {
		name string
		tile int
		kpi  string
		now  leader.Figure
		then leader.Figure
		want string
	}{
		{
			name: "target met, shorter than before", tile: 0, kpi: "wait_seconds_mean",
			now:  leader.Figure{Value: 47, Lower: 45, Upper: 49, Target: 60, N: 900, Status: reports.Met},
			then: leader.Figure{Value: 52, Lower: 50, Upper: 54, N: 900, Target: 60, Status: reports.Met},
			want: "Borgerne ventede i gennemsnit 0:47, så målet (højst 1:00) er opfyldt; det er 5 sek. kortere end i 2. kvartal 2026.",
		},
		{
			name: "target within the interval, change within the uncertainty of both", tile: 1, kpi: "first_contact_resolution",
			now:  leader.Figure{Value: 0.684, Lower: 0.66, Upper: 0.71, Target: 0.7, N: 900, Status: reports.Missed},
			then: leader.Figure{Value: 0.672, Lower: 0.64, Upper: 0.7, N: 900, Target: 0.7, Status: reports.Missed},
			want: "68,4 % af de besvarede opkald blev klaret med det samme, så det er usikkert, om målet (mindst 70 %) er opfyldt; det er 1,2 procentpoint højere end i 2. kvartal 2026, inden for den statistiske usikkerhed.",
		},
		{
			name: "no target, no period before", tile: 0, kpi: "wait_seconds_mean",
			now:  leader.Figure{Value: 47, Lower: none, Upper: none, Target: none, N: 900, Status: reports.NoTarget},
			then: leader.Figure{Value: none, Status: reports.NoData},
			want: "Borgerne ventede i gennemsnit 0:47.",
		},
		{
			name: "few scores are uncertain", tile: 2, kpi: "satisfaction_mean",
			now:  leader.Figure{Value: 8, Lower: 7, Upper: 9, Target: 7, N: 12, Status: reports.Met},
			then: leader.Figure{Value: 8.01, N: 50, Target: 7, Status: reports.Met},
			want: "Borgerne gav i gennemsnit 8,0 på skalaen 1-9, så det er usikkert, om målet (mindst 7) er opfyldt; det er uændret fra 2. kvartal 2026; tallet er usikkert, fordi der kun er 12 svar fra borgere.",
		},
		{
			name: "fewer than five scores are never shown, even where the warehouse shows them", tile: 2, kpi: "satisfaction_mean",
			now:  leader.Figure{Value: 8, Target: 7, N: 4, Status: reports.Met},
			then: leader.Figure{Value: 8, N: 50, Target: 7, Status: reports.Met},
			want: "Borgertilfredsheden vises ikke, fordi færre end 5 borgere har svaret.",
		},
		{
			name: "secondary suppression", tile: 2, kpi: "satisfaction_mean",
			now:  leader.Figure{Value: none, N: 40, Target: 7, Status: reports.IsSuppressed},
			then: leader.Figure{Value: 8, N: 50, Target: 7, Status: reports.Met},
			want: "Borgertilfredsheden vises ikke, fordi få svar i en anden gruppe ellers kunne regnes ud.",
		},
		{
			name: "no data", tile: 1, kpi: "first_contact_resolution",
			now:  leader.Figure{Value: none, Target: none, Status: reports.NoData},
			then: leader.Figure{Value: 0.7, N: 50, Target: 0.7, Status: reports.Met},
			want: "Der er ingen data om straksafklaringen i kvartalet.",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := sample()
			data.Trend[12].Own[c.kpi] = c.now
			data.Previous.Own[c.kpi] = c.then
			got := leader.Document(data).Sections[0].Tiles[c.tile].Finding
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSmallNumbersAreHiddenEverywhere(t *testing.T) {
	doc := leader.Document(sample())
	cases := []struct {
		table, row string
		want       reports.ValueKind
	}{
		{"municipalities", "Ærø", reports.Hidden},  // the warehouse says so
		{"agents", "Åse Opdigtet", reports.Hidden}, // four scores
		{"agents", "Anna Eksempel", reports.IsNumber},
	}
	for _, c := range cases {
		table, _ := doc.Table(c.table)
		for _, row := range table.Rows {
			if row[0].Text == c.row && row[table.Index("satisfaction_mean")].Kind != c.want {
				t.Errorf("%s: satisfaction of %s has kind %d, want %d", c.table, c.row, row[table.Index("satisfaction_mean")].Kind, c.want)
			}
		}
	}
}

func TestAgentsStandByNameAndAreOnlyInTheirOwnTable(t *testing.T) {
	doc := leader.Document(sample())
	for _, section := range doc.Sections {
		text, err := json.Marshal(section)
		if err != nil {
			t.Fatal(err)
		}
		if named := strings.Contains(string(text), "Bo Prøvesen"); named != (section.Name == "agents") {
			t.Errorf("section %s: names an agent: %v", section.Name, named)
		}
	}
	table, _ := doc.Table("agents")
	if got := table.Rows[1][table.Index("expected")].Text; got != "▼ under" {
		t.Errorf("an agent whom the warehouse places below the expected range: got %q", got)
	}
}

// TestUncertainFiguresAreMarkedInEveryTable looks for one municipality's and one
// agent's scores, the status on the sheet of all KPIs and the sentence on page one.
func TestUncertainFiguresAreMarkedInEveryTable(t *testing.T) {
	data := sample()
	few := figure("satisfaction_mean", 7.1, 0.05, 12)
	data.Trend[12].Own["satisfaction_mean"] = few
	data.Municipalities[1].Now["satisfaction_mean"] = few
	data.Agents[0].Now["satisfaction_mean"] = few
	data.Guides[0].Now["satisfaction_mean"] = few
	data.Topics[0].Now["satisfaction_mean"] = few
	doc := leader.Document(data)
	for _, name := range []string{"trend", "municipalities", "agents", "guides", "topics"} {
		table, _ := doc.Table(name)
		marked := 0
		for _, row := range table.Rows {
			if row[table.Index("satisfaction_mean")].Marked() == "7,1*" {
				marked++
			}
		}
		if notes := table.Footnotes(); marked != 1 || notes[len(notes)-1] != reports.UncertainLegend {
			t.Errorf("%s has %d marked scores, and the notes %q", name, marked, notes)
		}
	}
	table, _ := doc.Table("figures")
	for _, row := range table.Rows {
		if status := row[table.Index("status")].Text; row[0].Text == "Borgertilfredshed" && status != "● opfyldt, usikkert" {
			t.Errorf("the status of an uncertain figure reads %q", status)
		}
	}
	if got, want := doc.Sections[0].Finding, "; tallet for borgertilfredsheden er usikkert."; !strings.HasSuffix(got, want) {
		t.Errorf("page one says %q, want the end %q", got, want)
	}
}

func TestShiftsSayWhereTimeMayBeTooLong(t *testing.T) {
	table, _ := leader.Document(sample()).Table("shifts")
	for i, want := range []string{
		"Anna Eksempel 12 43,7 14,6 3,6 0", "Bo Prøvesen 11 42,8 14,3 3,6 0", "Åse Opdigtet 11 41,9 14,0 3,5 2",
	} {
		cells := make([]string, len(table.Columns))
		for k, cell := range table.Rows[i] {
			cells[k] = cell.String()
		}
		if got := strings.Join(cells, " "); got != want {
			t.Errorf("row %d reads %q, want %q", i, got, want)
		}
	}
}

func TestFlagsFollowTheData(t *testing.T) {
	const simulated = "Simulerede data"
	const replies = "Foreløbige tal: der kan komme flere svar fra borgerne"
	const unfinished = "Foreløbige tal: perioden er ikke slut"
	cases := []struct {
		name      string
		until     string
		simulated bool
		want      []string
	}{
		{"survey window closed", "2026-10-04", false, nil},
		{"survey window open", "2026-10-03", false, []string{replies}},
		{"only the last days without calls", "2026-09-27", false, []string{replies}},
		{"period not over", "2026-09-15", false, []string{unfinished}},
		{"simulated replies come with their calls", "2026-09-30", true, []string{simulated}},
		{"simulated and not over", "2026-09-15", true, []string{simulated, unfinished}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := sample()
			data.About.DataUntil = mustPeriod(c.until + ".." + c.until).From
			data.About.Simulated = c.simulated
			if diff := cmp.Diff(c.want, leader.Document(data).Flags); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTransferSharesAddUp(t *testing.T) {
	table, _ := leader.Document(sample()).Table("transfers")
	last := table.Rows[len(table.Rows)-1]
	if got := last[table.Index("accumulated")].String(); got != "100,0 %" {
		t.Errorf("the last accumulated share is %s", got)
	}
}

func TestUnnamedNumbersAreTold(t *testing.T) {
	data := sample()
	data.Transfers[0].Label = data.Transfers[0].Key
	data.Transfers[1].Key = "kom_holbaek"
	data.Transfers[3].Now["calls_transferred_back"] = leader.Figure{}
	table, _ := leader.Document(data).Table("transfers")
	var got [][2]string
	for _, row := range table.Rows {
		got = append(got, [2]string{row[0].String(), row[1].String()})
	}
	want := [][2]string{
		{"Ukendt afdeling (+4572360000)", "+4572360000"},
		{"Jobcenter", "kø: kom_holbaek"},
		{"Ydelser", "+4572360002"}, // and no row for a number without calls
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(table.Notes) != 1 {
		t.Errorf("notes: %q", table.Notes)
	}
}

func TestCallsWithoutTopicStandLast(t *testing.T) {
	data := sample()
	data.Topics[0].Key, data.Topics[0].Label = "unknown", "Ukendt" // the most calls
	doc := leader.Document(data)
	table, _ := doc.Table("topics")
	if got := table.Rows[2][0].Text; got != "Intet emne registreret" {
		t.Errorf("the last row is %q", got)
	}
	for _, section := range doc.Sections {
		if section.Name == "topics" && !strings.Contains(section.Finding, "Folkepension") {
			t.Errorf("the finding is %q", section.Finding)
		}
	}
}

func TestOverviewCountsTheTargets(t *testing.T) {
	met, missed := reports.Met, reports.Missed
	cases := []struct {
		statuses [3]reports.Status
		open     bool // the target for straksafklaringen lies inside the interval
		want     string
	}{
		{[3]reports.Status{met, met, met}, false, "Alle 3 mål er opfyldt for borgerne i Holbæk i 3. kvartal 2026."},
		{[3]reports.Status{met, missed, met}, false, "2 af 3 mål er opfyldt for borgerne i Holbæk i 3. kvartal 2026; målet for straksafklaringen er ikke nået."},
		{[3]reports.Status{met, missed, met}, true, "2 af 3 mål er opfyldt for borgerne i Holbæk i 3. kvartal 2026; det er usikkert for straksafklaringen."},
		{[3]reports.Status{met, met, met}, true, "2 af 3 mål er opfyldt for borgerne i Holbæk i 3. kvartal 2026; det er usikkert for straksafklaringen."},
		{[3]reports.Status{missed, missed, met}, false, "1 af 3 mål er opfyldt for borgerne i Holbæk i 3. kvartal 2026; målene for ventetiden og straksafklaringen er ikke nået."},
		{[3]reports.Status{missed, missed, missed}, false, "Ingen af de 3 mål er opfyldt for borgerne i Holbæk i 3. kvartal 2026."},
	}
	for _, c := range cases {
		data := sample()
		for i, kpi := range []string{"wait_seconds_mean", "first_contact_resolution", "satisfaction_mean"} {
			figure := data.Trend[12].Own[kpi]
			figure.Status = c.statuses[i]
			if kpi != "first_contact_resolution" || !c.open {
				figure.Lower, figure.Upper = figure.Value, figure.Value
			}
			data.Trend[12].Own[kpi] = figure
		}
		if got := leader.Document(data).Sections[0].Finding; got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
