package warehouse_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// visits is replaced by whole calls that can have several sessions.
var visits = etl.Table{
	Owner: "phone", Name: "visits", Version: 1,
	Columns: []etl.Column{
		{Name: "call_id", Type: etl.Identifier, NotNull: true},
		{Name: "session", Type: etl.Text},
		{Name: "started", Type: etl.LocalTime, NotNull: true},
		{Name: "updated", Type: etl.LocalTime, NotNull: true},
		{Name: "agreed", Type: etl.Instant, Look: etl.Look{Ahead: true}},
	},
	Replace: etl.Replace{
		Key: []string{"call_id"}, Row: []string{"session", "started"}, Updated: "updated", Day: "min(started)::date",
		Session: "session", At: "started",
	},
}

// visit is a row of visits; times count minutes as those of call do.
type visit struct {
	id               uint64
	session          string // "" for none
	started, updated int64
}

func visitRecord(rows []visit) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, visits.Schema())
	for i, r := range rows {
		b.Field(0).(*array.Uint64Builder).Append(r.id)
		if r.session == "" {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.StringBuilder).Append(r.session)
		}
		b.Field(2).(*array.TimestampBuilder).Append(at(r.started))
		b.Field(3).(*array.TimestampBuilder).Append(at(r.updated))
		b.Field(4).(*array.TimestampBuilder).Append(at(1000 * day))
		b.Field(5).(*array.Int64Builder).Append(int64(2 * (i + 1))) // room for rejected rows between
	}
	return b.NewRecordBatch()
}

// lost is a rejected row of which so much is known; "" for a column that does not read.
func lost(row int64, call, session string) etl.Reject {
	known := map[string]*string{"session": nil}
	if call != "" {
		known["call_id"] = &call
	}
	if session != "" {
		known["session"] = &session
	}
	key, err := json.Marshal(known)
	if err != nil {
		panic(err)
	}
	return etl.Reject{Row: row, Column: "updated", Rule: "not-a-local-time", Message: "no time", Raw: `{"updated":"x"}`, Key: string(key)}
}

func (b *bench) landVisits(rejects []etl.Reject, rows ...visit) etl.File {
	b.Helper()
	return b.land(visits, visitRecord(rows), rejects...)
}

// clear makes room for another case.
func (b *bench) clear() {
	b.Helper()
	b.exec(`truncate raw.phone__visits; delete from meta.batches; delete from meta.quarantine;
		delete from meta.touched; delete from meta.replays`)
}

// rules are the rows in quarantine: their rule and key.
func (b *bench) rules() []string {
	b.Helper()
	list, err := b.w.Quarantine(context.Background(), warehouse.QuarantineFilter{})
	if err != nil {
		b.Fatal(err)
	}
	rules := []string{}
	for _, q := range list {
		rules = append(rules, q.Rule+" "+q.Key)
	}
	slices.Sort(rules)
	return rules
}

// A row that cannot be read holds the whole of its key in its delivery, found by the
// key, by the session or by the rows around it; what came before stays.
func TestACallOfWhichARowIsLostIsHeld(t *testing.T) {
	b := benchFor(t, visits, agents)
	for name, c := range map[string]struct {
		lost etl.Reject
		left []string
		want []string
	}{
		"its key reads":               {lost(1, "7", ""), []string{"8"}, []string{"not-a-local-time 7", "part-of-held-call 7", "part-of-held-call 7"}},
		"its session is known":        {lost(9, "", "b"), []string{"7"}, []string{"not-a-local-time 8", "part-of-held-call 8"}},
		"it lies between rows of it":  {lost(3, "", ""), []string{"8"}, []string{"not-a-local-time 7", "part-of-held-call 7", "part-of-held-call 7"}},
		"nobody knows whose it is":    {lost(5, "", ""), []string{"7", "8"}, []string{"not-a-local-time "}},
		"it is all there was of it":   {lost(3, "9", ""), []string{"7", "8"}, []string{"not-a-local-time 9"}},
		"nothing of it was written":   {etl.Reject{Row: 5, Rule: "bad-quotes", Message: "m", Raw: `{"fields":["a"]}`}, []string{"7", "8"}, []string{"bad-quotes "}},
		"torn between rows of a call": {etl.Reject{Row: 3, Rule: "bad-quotes", Message: "m", Raw: `{"fields":["a"]}`}, []string{"8"}, []string{"bad-quotes 7", "part-of-held-call 7", "part-of-held-call 7"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer b.clear()
			f := b.landVisits([]etl.Reject{c.lost}, visit{7, "a", 0, 10}, visit{7, "a", 1, 10}, visit{8, "b", 2, 10})
			got := b.load(f)
			if got.Read != 4 || got.Loaded+got.Quarantined != 4 || got.Quarantined != int64(len(c.want)) {
				t.Errorf("counts: %v", got)
			}
			if diff := cmp.Diff(c.want, b.rules()); diff != "" {
				t.Errorf("quarantine (-want +got):\n%s", diff)
			}
			left := b.query("select distinct call_id from raw.phone__visits order by 1")
			if diff := cmp.Diff(c.left, left); diff != "" {
				t.Errorf("raw (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAHeldCallLeavesItsEarlierVersion(t *testing.T) {
	b := benchFor(t, visits, agents)
	b.load(b.landVisits(nil, visit{7, "a", 0, 10}, visit{7, "a", 1, 10}))
	got := b.load(b.landVisits([]etl.Reject{lost(3, "7", "")}, visit{7, "a", 0, 20}, visit{8, "b", 2, 20}))
	if got.Loaded != 1 || got.Quarantined != 2 || got.Replaced != 0 {
		t.Errorf("counts: %v", got)
	}
	want := []string{"7 10", "7 10", "8 20"}
	rows := b.query("select call_id, date_diff('minute', timestamp '2026-03-02', updated) from raw.phone__visits order by all")
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
}

// What a row tells of must have happened when it was read. What was agreed on may lie
// ahead.
func TestRowsFromTheFutureAreSetAside(t *testing.T) {
	b := benchFor(t, visits, agents)
	now := int64(clock.Sub(dayZero) / time.Minute)
	got := b.load(b.landVisits(nil,
		visit{7, "a", now + day, now}, visit{8, "b", now + 2*day, now}, visit{8, "b", now, now}, visit{9, "c", now, now + 2*day}))
	if got.Loaded != 1 || got.Quarantined != 3 {
		t.Errorf("counts: %v", got)
	}
	if diff := cmp.Diff([]string{"part-of-held-call 8", "time-in-the-future 8", "time-in-the-future 9"}, b.rules()); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
}
