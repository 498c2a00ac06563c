package convert_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// convertRows converts rows and prints what came of them, nulls left out.
func convertRows(p *convert.Plan, rows ...[]string) (landed []string, rejects []etl.Reject) {
	c := p.Converter()
	for i, fields := range rows {
		c.Add(int64(i+1), int64(i+2), fields)
	}
	batch, rejects := c.Flush()
	defer batch.Release()
	return show(batch), rejects
}

func show(batch arrow.RecordBatch) []string {
	var rows []string
	for row := range int(batch.NumRows()) {
		var values []string
		for i, column := range batch.Columns() {
			if !column.IsNull(row) {
				values = append(values, batch.ColumnName(i)+"="+column.ValueStr(row))
			}
		}
		rows = append(rows, strings.Join(values, " "))
	}
	return rows
}

const fullHeader = "id,smsSent,phone,answer,line,access,secret,queue,agent,name"

func fullPlan(t testing.TB) *convert.Plan {
	t.Helper()
	p, err := plan(t, fullHeader, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestConverterProtects(t *testing.T) {
	p := fullPlan(t)
	pseudonym := key(t).Pseudonym("20123456")
	got, rejects := convertRows(p,
		[]string{"1", "2026-01-05T12:00:00Z", "20 12 34 56", "9, ring 20123456", "78901234", "78901235", "psst", " q ", "7", "Anna"},
		[]string{"2", "2026-01-05T12:00:00Z", "20123456", "tak", "anonymous", "", "", "", "NULL", ""},
	)
	want := []string{
		"id=1 sent=2026-01-05T12:00:00Z phone=" + pseudonym +
			" score=9 answer=9, ring [telefon] line=+4578901234 access=+457890**** queue=q agent=7 _row=1",
		"id=2 sent=2026-01-05T12:00:00Z phone=" + pseudonym +
			" phone_number=+4520123456 answer=tak _row=2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if len(rejects) != 0 {
		t.Errorf("rejects: %v", rejects)
	}
}

func TestConverterTakesTheFirstSourceWithAValue(t *testing.T) {
	p, err := plan(t, "id,smsSent,sent,score,answer", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := convertRows(p,
		[]string{"1", "", "2026-01-05T12:00:00Z", "4", "8"},
		[]string{"2", "NULL", "2026-01-05T12:00:00Z", "4", " "},
	)
	want := []string{
		"id=1 sent=2026-01-05T12:00:00Z score=8 answer=8 _row=1",
		"id=2 sent=2026-01-05T12:00:00Z score=4 _row=2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// A rejected row must be as free of personal data as one that lands.
func TestRejectsAreProtected(t *testing.T) {
	p := fullPlan(t)
	pseudonym := key(t).Pseudonym("20123456")
	good := []string{"1", "2026-01-05 12:00:00", "20123456", "9", "78901234", "78901235", "psst", "q", "7", "Anna"}
	change := func(column int, text string) []string {
		row := append([]string(nil), good...)
		row[column] = text
		return row
	}
	landed, got := convertRows(p,
		change(0, "a@b.dk"), change(0, " "), change(1, "i går, 20 12 34 56"), change(8, "99999999999999999999"),
		append(good, "more"), good[:9], good,
	)
	raw := func(id, sent, agent string) string {
		return `{"id":"` + id + `","smsSent":"` + sent + `","phone":"` + pseudonym + `","answer":"9","line":"+4578901234",` +
			`"access":"+457890****","queue":"q","agent":"` + agent + `"}`
	}
	const sent = "2026-01-05 12:00:00"
	fields := `{"fields":["1","2026-01-05 12:00:00","[telefon]","9","[telefon]","[telefon]","[udeladt]","q","7"`
	want := []etl.Reject{
		{Row: 1, Line: 2, Column: "id", Rule: "not-an-identifier", Raw: raw("[e-mail]", sent, "7"),
			Message: "the value does not read as a whole number from 0 to 18446744073709551615"},
		{Row: 2, Line: 3, Column: "id", Rule: "missing-value", Raw: raw(" ", sent, "7"),
			Message: "the column must have a value"},
		{Row: 3, Line: 4, Column: "sent", Rule: "not-an-instant", Raw: raw("1", "i går, [telefon]", "7"),
			Message: "the value does not read as a point in time"},
		{Row: 4, Line: 5, Column: "agent", Rule: "out-of-range", Raw: raw("1", sent, "[telefon]"),
			Message: "the number is larger than the column can hold"},
		{Row: 5, Line: 6, Rule: "too-many-fields", Raw: fields + `,"[udeladt]","[udeladt]"]}`,
			Message: "the row has 11 fields and the header 10"},
		{Row: 6, Line: 7, Rule: "too-few-fields", Raw: fields + `]}`,
			Message: "the row has 9 fields and the header 10"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	for _, r := range got {
		if !json.Valid([]byte(r.Raw)) {
			t.Errorf("raw is no JSON: %s", r.Raw)
		}
	}
	if len(landed) != 1 || !strings.HasSuffix(landed[0], "_row=7") {
		t.Errorf("landed %v, want row 7 alone", landed)
	}
}

func TestFlushStartsOver(t *testing.T) {
	c := fullPlan(t).Converter()
	for n := range 3 {
		c.Add(int64(n+1), 0, []string{fmt.Sprint(n), "2026-01-05 12:00:00", "", "", "", "", "", "", "", ""})
		if c.Rows() != 1 {
			t.Fatalf("%d rows wait, want 1", c.Rows())
		}
		batch, rejects := c.Flush()
		want := []string{fmt.Sprintf("id=%d sent=2026-01-05T11:00:00Z _row=%d", n, n+1)}
		if diff := cmp.Diff(want, show(batch)); diff != "" || len(rejects) > 0 {
			t.Errorf("flush %d (-want +got):\n%s%v", n, diff, rejects)
		}
		if !batch.Schema().Equal(replies().Schema()) {
			t.Errorf("schema %v", batch.Schema())
		}
		batch.Release()
	}
}

// TestTooLarge: a length of weeks is none; its row waits instead of overflowing a sum.
func TestTooLarge(t *testing.T) {
	table := etl.Table{Name: "legs", Columns: []etl.Column{{Name: "seconds", Type: etl.Integer, Look: etl.Look{Most: 100}}}}
	p, err := convert.NewPlan(convert.Options{Table: table, Header: []string{"seconds"}, Protect: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	landed, rejects := convertRows(p, []string{"100"}, []string{"101"}, []string{"3037000500"})
	if len(landed) != 1 || len(rejects) != 2 || rejects[0].Rule != "too-large" || rejects[0].Column != "seconds" {
		t.Errorf("landed %v, rejected %+v", landed, rejects)
	}
}
