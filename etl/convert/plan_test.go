package convert_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

func key(t testing.TB) *privacy.Key {
	t.Helper()
	k, err := privacy.New([]byte("only for the tests of ddh"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// replies is a table in which one source column feeds several columns.
func replies() etl.Table {
	return etl.Table{
		Owner: "test", Name: "replies", Version: 1,
		Columns: []etl.Column{
			{Name: "id", Type: etl.Identifier, Required: true, NotNull: true},
			{Name: "sent", Type: etl.Instant, From: []string{"smsSent", "sent"}, Required: true},
			{Name: "phone", Type: etl.Text, Treat: etl.Pseudonym},
			{Name: "phone_number", Type: etl.Text, From: []string{"phone"}, Choose: outsideNumber},
			{Name: "score", Type: etl.Integer, From: []string{"answer", "score"}, Derive: firstDigit},
			{Name: "answer", Type: etl.Text, Treat: etl.Scrub},
			{Name: "line", Type: etl.Text, Treat: etl.Number},
			{Name: "access", Type: etl.Text, Treat: etl.Masked},
			{Name: "secret", Type: etl.Text, Treat: etl.Drop},
			{Name: "queue", Type: etl.Text},
			{Name: "agent", Type: etl.Integer},
		},
	}
}

// outsideNumber keeps the numbers of rows without an agent in clear.
func outsideNumber(get func(string) string) etl.Treatment {
	if get("agent") == "" {
		return etl.Number
	}
	return etl.Drop
}

func firstDigit(text string) string {
	if i := strings.IndexAny(text, "0123456789"); i >= 0 {
		return text[i : i+1]
	}
	return ""
}

func plan(t testing.TB, header string, names map[string]string) (*convert.Plan, error) {
	t.Helper()
	return convert.NewPlan(convert.Options{
		Table: replies(), Header: strings.Split(header, ","), Names: names, Protect: key(t),
	})
}

func TestPlanReportsDrift(t *testing.T) {
	p, err := plan(t, " ID ,smssent,PHONE,answer,name,,address", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := etl.Drift{
		Unknown: []string{"(column 6)", "address", "name"},
		Missing: []string{"access", "agent", "line", "queue", "secret"},
	}
	if diff := cmp.Diff(want, p.Drift()); diff != "" {
		t.Errorf("drift (-want +got):\n%s", diff)
	}
}

func TestPlanKeepsQuietAboutIgnoredColumns(t *testing.T) {
	table := replies()
	table.Ignored = []string{"Address", "never_delivered"}
	for header, want := range map[string][]string{
		"id,smssent,address,name": {"name"},
		"id,smssent,ADDRESS":      nil,
	} {
		p, err := convert.NewPlan(convert.Options{Table: table, Header: strings.Split(header, ","), Protect: key(t)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.Drift().Unknown); diff != "" {
			t.Errorf("%s: unknown columns (-want +got):\n%s", header, diff)
		}
	}
	_, err := convert.NewPlan(convert.Options{Table: table, Header: []string{"address"}, Protect: key(t)})
	if err == nil {
		t.Error("a header of nothing but ignored columns is accepted")
	}
}

func TestPlanMapsNames(t *testing.T) {
	names := map[string]string{"answer": "Svar", "sent": "tidspunkt", "queue": "findes ikke"}
	p, err := plan(t, "id,tidspunkt,svar,answer,queue", names)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"answer"}, p.Drift().Unknown); diff != "" {
		t.Errorf("the mapped name should take the place of the canonical one (-want +got):\n%s", diff)
	}
	rows, _ := convertRows(p, []string{"1", "2026-01-05 12:00", "7 tak", "3", "a"})
	want := []string{"id=1 sent=2026-01-05T11:00:00Z score=7 answer=7 tak queue=a _row=1"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestPlanFaults(t *testing.T) {
	for header, want := range map[string]etl.Fault{
		"id,answer,id": {
			Column: "id", Message: "the header has the column twice, as number 1 and number 3",
			Try: "remove or rename one of the two",
		},
		"answer,id": {
			Column:  "smsSent or sent",
			Message: `the required column "smsSent or sent" is missing: the header has "answer", "id"`,
			Try:     "export the table again with all its columns, or map the column's name in the configuration",
		},
		"answer": {
			Column:  "id",
			Message: `the required columns "id", "smsSent or sent" are missing: the header has "answer"`,
			Try:     "export the table again with all its columns, or map the column's name in the configuration",
		},
		"a,b": {
			Message: `none of the columns is one of replies: the header has "a", "b"`,
			Try:     "put the column names in the first line, or rename the file after the table it holds",
		},
	} {
		_, err := plan(t, header, nil)
		var got etl.Fault
		if !errors.As(err, &got) {
			t.Errorf("header %q gives %v, want a fault", header, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("header %q (-want +got):\n%s", header, diff)
		}
	}
}

func TestPlanNeedsAKey(t *testing.T) {
	if _, err := convert.NewPlan(convert.Options{Table: replies(), Header: []string{"id", "sent"}}); err == nil {
		t.Error("a plan without a pseudonym key is accepted")
	}
}

// TestAFileWithoutHeaderIsNotQuoted: what stands where the header should be is a row.
func TestAFileWithoutHeaderIsNotQuoted(t *testing.T) {
	for _, row := range []string{
		"7,Ole Hansen ringer igen tlf 40515263 cpr 010185-1239",
		"7,40515263", "7,ole@borger.example", "7,Hun vil gerne ringes op i morgen efter kl. 10",
	} {
		_, err := plan(t, row, nil)
		if err == nil || !strings.Contains(err.Error(), `"7", "[udeladt]"`) {
			t.Errorf("%s: %v", row, err)
		}
	}
	if _, err := plan(t, "kunde nr,Oprettet (dato)", nil); err == nil || !strings.Contains(err.Error(), `"kunde nr", "Oprettet (dato)"`) {
		t.Errorf("a name of a column is not shown: %v", err)
	}
	p, err := plan(t, fullHeader+",ring 40515263", nil)
	if err != nil {
		t.Fatal(err)
	}
	if unknown := p.Drift().Unknown; !slices.Contains(unknown, "[udeladt]") {
		t.Errorf("unknown columns are shown as %q", unknown)
	}
}
