package convert_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

// rejected is what the quarantine keeps of a row that does not read.
func rejected(t *testing.T, table etl.Table, row map[string]string) etl.Reject {
	t.Helper()
	var header, fields []string
	for name, value := range row {
		header, fields = append(header, name), append(fields, value)
	}
	p, err := convert.NewPlan(convert.Options{Table: table, Header: header, Protect: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	_, rejects := convertRows(p, fields)
	if len(rejects) != 1 {
		t.Fatalf("%v was to be rejected", row)
	}
	return rejects[0]
}

// again converts what the quarantine kept, with some values given anew.
func again(t *testing.T, table etl.Table, r etl.Reject, given map[string]string) ([]string, []etl.Reject) {
	t.Helper()
	var row map[string]string
	if err := json.Unmarshal([]byte(r.Raw), &row); err != nil {
		t.Fatal(err)
	}
	for column, value := range given {
		row[column] = value
	}
	var header, fields []string
	for name, value := range row {
		header, fields = append(header, name), append(fields, value)
	}
	p, err := convert.NewPlan(convert.Options{Table: convert.Protected(table), Header: header, Protect: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	return convertRows(p, fields)
}

func badView(column, value string) map[string]string {
	row := map[string]string{"viewed_at": "in the morning", "agent": "anna", "guide_id": "g1", "session_id": "s1", "citizen_municipality": "0751"}
	row[column] = value
	return row
}

func badEvent(column, value string) map[string]string {
	row := map[string]string{
		"call_id": "1", "dte_start": "in the morning", "event_type": "q", "dte_updated": "2026-03-02 12:00:00",
		"queue_key": "q1", "internal_iq_session_id": "s1", "leg_type": "Agent",
	}
	row[column] = value
	return row
}

func badReply(column, value string) map[string]string {
	row := map[string]string{"id": "1", "smsSentDate": "in the morning", "updated": "2026-03-02T12:00:00+0100", "agentid": "7", "surveyid": "3"}
	row[column] = value
	return row
}

// The fields of a rejected row can have moved, so a citizen's data may stand in any
// column.
func TestRejectsShowNobodysData(t *testing.T) {
	const uuid = "30E30B66-9A69-21F1-EEA4-74E379A2A989"
	for _, c := range []struct {
		table         etl.Table
		row           func(column, value string) map[string]string
		column, value string
		want          string
	}{
		{sbnu.GuideViews, badView, "agent", "borger 010190-1234", "borger [cpr]"},
		{sbnu.GuideViews, badView, "agent", "0101901234", "[cpr]"},
		{sbnu.GuideViews, badView, "agent", "20 12 34 56", "[telefon]"},
		{sbnu.GuideViews, badView, "agent", "anna@kommune.example", "anna@kommune.example"},
		{sbnu.GuideViews, badView, "agent", " anna@kommune.example ", " anna@kommune.example "},
		{sbnu.GuideViews, badView, "agent", "skriv til anna@kommune.example", "skriv til [e-mail]"},
		{sbnu.GuideViews, badView, "agent", "20123456@sms.example", "[e-mail]"},
		{sbnu.GuideViews, badView, "agent", "anna-010190-1234@kommune.example", "[e-mail]"},
		{sbnu.GuideViews, badView, "citizen_municipality", "x@privat.example", "[e-mail]"},
		{sbnu.GuideViews, badView, "guide_id", "20123456", "[telefon]"},
		{sbnu.GuideViews, badView, "guide_id", "123456789", "123456789"},
		{sbnu.GuideViews, badView, "session_id", uuid, uuid},
		{puzzel.CallEvents, badEvent, "queue_key", "x@privat.example", "[e-mail]"},
		{puzzel.CallEvents, badEvent, "queue_key", "+45 20 12 34 56", "[telefon]"},
		{puzzel.CallEvents, badEvent, "queue_key", "ddh_hovednummer", "ddh_hovednummer"},
		{puzzel.CallEvents, badEvent, "event_type", "20123456", "[telefon]"},
		{puzzel.CallEvents, badEvent, "leg_type", "0101901234", "[cpr]"},
		{puzzel.CallEvents, badEvent, "internal_iq_session_id", uuid, uuid},
		{puzzel.CallEvents, badEvent, "internal_iq_session_id", "{" + strings.ToLower(uuid) + "}", "{" + strings.ToLower(uuid) + "}"},
		{puzzel.CallEvents, badEvent, "internal_iq_session_id", "30306699-1234-1234-1234-010190123456", "30306699-1234-1234-1234-010190123456"},
		{puzzel.CallEvents, badEvent, "internal_iq_session_id", "0101901234", "[cpr]"},
		{survey.Responses, badReply, "id", "4520123456", "[telefon]"},
		{survey.Responses, badReply, "id", "004520123456", "[telefon]"},
		{survey.Responses, badReply, "id", "1234567890123", "1234567890123"},
		{survey.Responses, badReply, "surveyid", "46701234567", "[telefon]"},
		{survey.Responses, badReply, "surveyid", "5f2b8c1d9e01234567890abc", "5f2b8c1d9e01234567890abc"},
	} {
		var shown map[string]string
		if err := json.Unmarshal([]byte(rejected(t, c.table, c.row(c.column, c.value)).Raw), &shown); err != nil {
			t.Fatal(err)
		}
		if got := shown[c.column]; got != c.want {
			t.Errorf("%s.%s %q is shown as %q, want %q", c.table.Name, c.column, c.value, got, c.want)
		}
	}
}

// What is shown masked is not what came: it must not be stored as if it were.
func TestMaskedValuesAreNotTakenAgain(t *testing.T) {
	r := rejected(t, sbnu.GuideViews, badView("agent", "borger 010190-1234"))
	given := map[string]string{"viewed_at": "2026-03-02 12:00:00"}
	landed, rejects := again(t, sbnu.GuideViews, r, given)
	if len(landed) != 0 || len(rejects) != 1 || rejects[0].Column != "agent" || rejects[0].Rule != "masked-value" {
		t.Fatalf("landed %v, rejected %+v", landed, rejects)
	}
	given["agent"] = "anna"
	landed, rejects = again(t, sbnu.GuideViews, r, given)
	want := []string{"viewed_at=2026-03-02T12:00:00Z agent=anna citizen_municipality=0751 guide_id=g1 session_id=s1 _row=1"}
	if diff := cmp.Diff(want, landed); diff != "" || len(rejects) > 0 {
		t.Errorf("(-want +got):\n%s%+v", diff, rejects)
	}
}

// A title's phone number is masked in a rejected row, though a title keeps it; what a
// channel says beyond "sms" and "mail" is not kept at all.
func TestMaskedTitlesAndChannels(t *testing.T) {
	guide := map[string]string{"guide_id": "g1", "title": "Ring til 70 10 10 10", "valid_from": "soon"}
	landed, rejects := again(t, sbnu.Guides, rejected(t, sbnu.Guides, guide), map[string]string{"valid_from": "2026-03-02"})
	if len(landed) != 0 || len(rejects) != 1 || rejects[0].Column != "title" || rejects[0].Rule != "masked-value" {
		t.Errorf("landed %v, rejected %+v", landed, rejects)
	}
	send := map[string]string{"sent_at": "soon", "agent": "anna", "guide_id": "g1", "channel": "20 12 34 56"}
	landed, rejects = again(t, sbnu.GuideSends, rejected(t, sbnu.GuideSends, send), map[string]string{"sent_at": "2026-03-02 12:00:00"})
	if diff := cmp.Diff([]string{"sent_at=2026-03-02T12:00:00Z agent=anna guide_id=g1 _row=1"}, landed); diff != "" || len(rejects) > 0 {
		t.Errorf("(-want +got):\n%s%+v", diff, rejects)
	}
}

func TestKeysComeThroughTheQuarantine(t *testing.T) {
	row := badEvent("internal_iq_session_id", "30E30B66-9A69-21F1-EEA4-74E379A2A989")
	row["event_type"], row["service_num"] = "Q ", "ring 70101010"
	landed, rejects := again(t, puzzel.CallEvents, rejected(t, puzzel.CallEvents, row), map[string]string{"dte_start": "2026-03-02 12:00:00"})
	want := []string{"call_id=1 dte_start=2026-03-02T12:00:00Z queue_key=q1 event_type=q " +
		"internal_iq_session_id=30E30B66-9A69-21F1-EEA4-74E379A2A989 dte_updated=2026-03-02T12:00:00Z leg_type=Agent _row=1"}
	if diff := cmp.Diff(want, landed); diff != "" || len(rejects) > 0 {
		t.Errorf("(-want +got):\n%s%+v", diff, rejects)
	}
	agents := map[string]string{
		"agent_id": "7", "full_name": "Åse Ørum", "usergroup_name": "Viborg", "email": "aase@kommune.example", "dte_updated": "in the morning",
	}
	landed, _ = again(t, puzzel.Agents, rejected(t, puzzel.Agents, agents), map[string]string{"dte_updated": "2026-03-02 12:00:00"})
	want = []string{"agent_id=7 full_name=Åse Ørum usergroup_name=Viborg email=aase@kommune.example dte_updated=2026-03-02T12:00:00Z _row=1"}
	if diff := cmp.Diff(want, landed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rows that were loaded before a code was known come along with their key as they are.
func TestStoredRowsAreTakenAsTheyAre(t *testing.T) {
	p, err := convert.NewPlan(convert.Options{
		Table: convert.Stored(puzzel.CallEvents), Header: []string{"call_id", "dte_start", "event_type", "dte_updated"}, Protect: key(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	landed, rejects := convertRows(p, []string{"1", "2026-03-02 12:00:00", "X", "2026-03-02 12:00:00"})
	if len(landed) != 1 || !strings.Contains(landed[0], "event_type=X") || len(rejects) > 0 {
		t.Errorf("landed %v, rejected %v", landed, rejects)
	}
}
