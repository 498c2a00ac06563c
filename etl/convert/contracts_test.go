package convert_test

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/sql"
)

func contracts() []etl.Table { return slices.Concat(puzzel.Tables(), survey.Tables(), sbnu.Tables()) }

// delivered is every column that a table is known to come with, under its first name.
func delivered(table etl.Table) []string {
	var header []string
	for _, c := range table.Columns {
		if name := c.Sources()[0]; !slices.Contains(header, name) {
			header = append(header, name)
		}
	}
	return append(header, table.Ignored...)
}

// A file under the name of another table must not be read as that one: its agents
// and guides would replace the real ones.
func TestTablesAreNotTakenForEachOther(t *testing.T) {
	for _, as := range contracts() {
		for _, table := range contracts() {
			p, err := convert.NewPlan(convert.Options{Table: as, Header: delivered(table), Protect: key(t)})
			var fault etl.Fault
			switch {
			case as.Name == table.Name && err != nil:
				t.Errorf("%s does not read: %v", as.Name, err)
			case as.Name != table.Name && !errors.As(err, &fault):
				t.Errorf("%s is read as %s, lacking %v", table.Name, as.Name, p.Drift().Missing)
			}
		}
	}
}

func TestCallsAreNoAgents(t *testing.T) {
	header := strings.Split("call_id,agent_id,dte_start,event_type,dte_updated", ",")
	_, err := convert.NewPlan(convert.Options{Table: puzzel.Agents, Header: header, Protect: key(t)})
	const want = `full_name: the required columns "full_name", "usergroup_name" are missing: ` +
		`the header has "call_id", "agent_id", "dte_start", "event_type", "dte_updated"`
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What the sources document as optional, and what databases of version 1.8 lack, may be
// missing.
func TestLeastHeaders(t *testing.T) {
	for name, header := range map[string]string{
		"call_events": "call_id,dte_start,event_type,dte_updated", "agent_events": "agent_id,dte_start,event_type,duration_sec",
		"agents": "agent_id,full_name,usergroup_name", "queues": "queue_key,descript", "enqreg_header": "enqreg_header_recid,dte_time_stamp",
		"surveys": "sequence,dte_updated", "survey_responses": "id,smsSentDate,updated",
		"guides": "guide_id,title", "guide_views": "viewed_at,agent,guide_id", "guide_sends": "sent_at,agent,guide_id",
	} {
		at := slices.IndexFunc(contracts(), func(table etl.Table) bool { return table.Name == name })
		columns := strings.Split(header, ",")
		if _, err := convert.NewPlan(convert.Options{Table: contracts()[at], Header: columns, Protect: key(t)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i, column := range columns {
			without := slices.Delete(slices.Clone(columns), i, i+1)
			if _, err := convert.NewPlan(convert.Options{Table: contracts()[at], Header: without, Protect: key(t)}); err == nil {
				t.Errorf("%s is read without %s", name, column)
			}
		}
	}
}

// values reads rows of a contract and prints one of its columns, or the rule and
// column by which a row was refused.
func values(t *testing.T, table etl.Table, header, column string, rows ...string) []string {
	t.Helper()
	p, err := convert.NewPlan(convert.Options{Table: table, Header: strings.Split(header, ","), Protect: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		landed, rejects := convertRows(p, strings.Split(row, ","))
		for _, r := range rejects {
			got = append(got, r.Column+" "+r.Rule)
		}
		for _, values := range landed {
			_, value, _ := strings.Cut(" "+values, " "+column+"=")
			value, _, _ = strings.Cut(value, " ")
			got = append(got, value)
		}
	}
	return got
}

func TestCodesAreStoredAsDocumented(t *testing.T) {
	const calls = "call_id,dte_start,dte_updated,event_type,result_code,ciq"
	const events = "agent_id,dte_start,duration_sec,event_type,result_code"
	const when = "1,2026-03-02 12:00:00,2026-03-02 12:00:00,"
	for _, c := range []struct {
		table          etl.Table
		header, column string
		rows, want     []string
	}{
		{puzzel.CallEvents, calls, "event_type", []string{when + "I,,", when + " Q ,,", when + "c ,,", when + "m,,"}, []string{"i", "q", "c", "m"}},
		{puzzel.CallEvents, calls, "event_type", []string{when + "x,,", when + "ii,,", when + ",,"},
			[]string{"event_type unknown-code", "event_type unknown-code", "event_type missing-value"}},
		{puzzel.CallEvents, calls, "result_code", []string{when + "q, K ,", when + "q,? ,", when + "q,,", when + "q,z,"}, []string{"k", "?", "", "z"}},
		{puzzel.CallEvents, calls, "ciq", []string{when + "c,k, A", when + "c,k,c"}, []string{"a", "c"}},
		{puzzel.AgentEvents, events, "event_type", []string{"1,2026-03-02 12:00:00,0,O ,", "1,2026-03-02 12:00:00,0,q,"},
			[]string{"o", "event_type unknown-code"}},
		{puzzel.AgentEvents, events, "result_code", []string{"1,2026-03-02 12:00:00,9,C,K "}, []string{"k"}},
	} {
		if diff := cmp.Diff(c.want, values(t, c.table, c.header, c.column, c.rows...)); diff != "" {
			t.Errorf("%s.%s (-want +got):\n%s", c.table.Name, c.column, diff)
		}
	}
}

func TestUnknownCodesAreNamed(t *testing.T) {
	p, err := convert.NewPlan(convert.Options{
		Table: puzzel.CallEvents, Header: strings.Split("call_id,dte_start,dte_updated,event_type", ","), Protect: key(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, rejects := convertRows(p, []string{"1", "2026-03-02 12:00:00", "2026-03-02 12:00:00", "X"})
	if len(rejects) != 1 || rejects[0].Message != `the value is none of "i", "m", "q", "c"` || !strings.Contains(rejects[0].Raw, `"event_type":"X"`) {
		t.Errorf("got %+v", rejects)
	}
}

// The treatment of the number that was dialled hangs on the event's type, however
// that is written.
func TestDestinationsOfUpperCaseEvents(t *testing.T) {
	const header = "call_id,dte_start,dte_updated,source,destination,agent_id,event_type"
	const row = "1,2026-03-02 12:00:00,2026-03-02 12:00:00,20123456,70101010,"
	got := values(t, puzzel.CallEvents, header, "destination_number", row+",I", row+",C ", row+"7,C")
	if diff := cmp.Diff([]string{"+457010****", "+4570101010", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A leg that rang the caller himself must not show the number, in whatever spelling
// the two columns have it; a department's stays, also where the caller is not shown.
func TestDestinationIsNeverTheCaller(t *testing.T) {
	const header = "call_id,dte_start,dte_updated,event_type,source,destination"
	const row = "1,2026-03-02 12:00:00,2026-03-02 12:00:00,c,"
	var rows, want []string
	for _, c := range []struct{ source, destination, want string }{
		{"+4526111111", "26111111", ""}, {"26 11 11 11", "+4526111111", ""}, {"0045 26111111", "tel:+45 26 11 11 11", ""},
		{"+4526111111", "+4526111112", "+4526111112"}, {"26111111", "70101010", "+4570101010"},
		{"anonymous", "70101010", "+4570101010"}, {"+4500000000", "+4500000000", ""}, {"0", "00000000", ""},
	} {
		rows, want = append(rows, row+c.source+","+c.destination), append(want, c.want)
	}
	if diff := cmp.Diff(want, values(t, puzzel.CallEvents, header, "destination_number", rows...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestChannelIsNeverTheRecipient(t *testing.T) {
	const row = "2026-03-02 12:00:00,anna,g1,"
	var rows, want []string
	for _, c := range []struct{ text, want string }{
		{"sms", "sms"}, {" SMS ", "sms"}, {"mail", "mail"}, {"Mail", "mail"}, {"e-mail", "mail"}, {"Email", "mail"},
		{"20123456", ""}, {"+45 20 12 34 56", ""}, {"borger@privat.example", ""}, {"brev", ""}, {"", ""},
	} {
		rows, want = append(rows, row+c.text), append(want, c.want)
	}
	if diff := cmp.Diff(want, values(t, sbnu.GuideSends, "sent_at,agent,guide_id,channel", "channel", rows...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTitlesHoldNobodysNumber(t *testing.T) {
	const title, want = "Ring_til_70 10 10 10:anna@kommune.example/010190-1234", "Ring_til_70 10 10 10:[e-mail]/[cpr]"
	for _, c := range []struct {
		table               etl.Table
		column, header, row string
	}{
		{sbnu.Guides, "title", "guide_id,title,category", "g1,%,x"},
		{sbnu.Guides, "category", "guide_id,title,category", "g1,x,%"},
		{puzzel.Queues, "descript", "queue_key,descript", "q,%"},
		{puzzel.Enquiries, "topic_name", "enqreg_header_recid,dte_time_stamp,topic_name", "1,2026-03-02 12:00:00,%"},
		{puzzel.Enquiries, "category_name", "enqreg_header_recid,dte_time_stamp,category_name", "1,2026-03-02 12:00:00,%"},
	} {
		p, err := convert.NewPlan(convert.Options{Table: c.table, Header: strings.Split(c.header, ","), Protect: key(t)})
		if err != nil {
			t.Fatal(err)
		}
		landed, _ := convertRows(p, strings.Split(strings.Replace(c.row, "%", title, 1), ","))
		if len(landed) != 1 || !strings.Contains(landed[0]+" ", c.column+"="+want+" ") {
			t.Errorf("%s.%s: got %v, want %s", c.table.Name, c.column, landed, want)
		}
	}
}

// identifiers are the words of SQL text.
var identifiers = regexp.MustCompile(`[a-z_][a-z0-9_]*`)

// What figures need is what the staging models read, and what a delivery replaces
// others by. A column that is neither is spare: its cells may be left out.
func TestSpareColumnsAreThoseThatNothingReads(t *testing.T) {
	files, err := fs.Glob(sql.Models(), "*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	read := map[string]map[string]bool{} // raw table to the words of the models that read it
	comment := regexp.MustCompile(`(?m)--.*$`)
	for _, name := range files {
		text, err := fs.ReadFile(sql.Models(), name)
		if err != nil {
			t.Fatal(err)
		}
		words := identifiers.FindAllString(strings.ToLower(comment.ReplaceAllString(string(text), "")), -1)
		for _, table := range contracts() {
			if !slices.Contains(words, strings.TrimPrefix(table.RawName(), "raw.")) {
				continue
			}
			if read[table.Name] == nil {
				read[table.Name] = map[string]bool{}
			}
			for _, word := range words {
				read[table.Name][word] = true
			}
		}
	}
	for _, table := range contracts() {
		rule := table.Replace
		for _, expression := range append(slices.Concat(rule.Key, rule.Row), rule.Updated, rule.Day) {
			for _, word := range identifiers.FindAllString(expression, -1) {
				if read[table.Name] == nil {
					read[table.Name] = map[string]bool{}
				}
				read[table.Name][word] = true
			}
		}
		for _, c := range table.Columns {
			needed := read[table.Name][c.Name] || c.NotNull
			if c.Spare == needed {
				t.Errorf("%s.%s: spare is %v, but whether models or its replacement need it is %v", table.Name, c.Name, c.Spare, needed)
			}
		}
	}
}
