package sqlserver_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// at reads a clock time of Copenhagen; in the repeated hour it is the second.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04:05.999"[:len(text)]
	when, err := time.ParseInLocation(layout, text, copenhagen)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// event is a row of call_events.
func event(rec, call, sequence int, kind, start, updated string) rawdata.Row {
	row := rawdata.Row{
		"rec_id": rec, "call_id": firstCall + uint64(call), "call_sequence": sequence,
		"event_type": kind, "dte_start": start, "result_code": "k",
	}
	if updated != "" {
		row["dte_updated"] = updated
	}
	return row
}

// simulate starts a simulated database whose clock stands far ahead.
func simulate(t *testing.T, o rawdata.Options, table string, rows ...rawdata.Row) (*rawdata.Database, *tds.Server) {
	t.Helper()
	o.Zone, o.Name = copenhagen, database
	db, err := rawdata.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Insert(t.Context(), table, noon, rows...); err != nil {
		t.Fatal(err)
	}
	return db, serve(t, db)
}

// fetch reads a window and returns its rows' columns of the given names, "a|b".
func fetch(t *testing.T, feed *sqlserver.Feed, q windowed.Query, names ...string) []string {
	t.Helper()
	var got sheet
	if err := feed.Fetch(t.Context(), q, &got); err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, row := range got.rows {
		var values []string
		for _, name := range names {
			values = append(values, row[slices.Index(got.header, name)])
		}
		lines = append(lines, strings.Join(values, "|"))
	}
	return lines
}

func TestWindowsOfCalls(t *testing.T) {
	_, server := simulate(t, rawdata.Options{}, "call_events",
		event(1, 1, 1, "i", "2026-03-01 10:00:00", "2026-03-01 10:20:00.003"),
		event(2, 1, 2, "q", "2026-03-01 10:01:00", "2026-03-01 10:20:00.003"),
		event(3, 2, 1, "i", "2026-03-01 23:58:00", "2026-03-02 00:09:59.997"),
		event(4, 2, 2, "c", "2026-03-02 00:01:00", "2026-03-02 00:10:00"),
		event(6, 3, 1, "i", "2026-03-02 09:00:00", "2026-03-02 09:30:00"),
		event(5, 3, 2, "c", "2026-03-02 09:01:00", "2026-03-02 09:40:00"),
		event(7, 4, 1, "i", "2026-03-02 11:00:00", ""),
	)
	feed := connect(t, server)
	for _, c := range []struct {
		name, from, to string
		of             etl.Side
		want           []string
	}{
		{"the first edge is inside", "2026-03-01 10:20:00.003", "2026-03-01 10:21:00", etl.Updated, []string{"1|1", "1|2"}},
		{"before the first", "2026-03-01 10:19:00", "2026-03-01 10:20:00", etl.Updated, []string{}},
		{"no tick is lost between two windows", "2026-03-01 10:20:00", "2026-03-01 10:20:00.002", etl.Updated, []string{"1|1", "1|2"}},
		{"the last edge is outside", "2026-03-02 09:20:00", "2026-03-02 09:30:00", etl.Updated, []string{}},
		{"a call comes whole for its first row", "2026-03-02 09:30:00", "2026-03-02 09:31:00", etl.Updated, []string{"3|2", "3|1"}},
		{"and for its last", "2026-03-02 09:40:00", "2026-03-02 09:41:00", etl.Updated, []string{"3|2", "3|1"}},
		{"a row that was never dated, by its start", "2026-03-02 11:00:00", "2026-03-02 11:01:00", etl.Updated, []string{"4|1"}},
		{"the calls of a day", "2026-03-01", "2026-03-02", etl.Happened, []string{"1|1", "1|2", "2|1", "2|2"}},
		{"and what reaches into the next", "2026-03-02", "2026-03-03", etl.Happened, []string{"2|1", "2|2", "3|2", "3|1", "4|1"}},
		{"nothing", "2026-03-05", "2026-03-06", etl.Happened, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := etl.Window{From: at(t, c.from), To: at(t, c.to), Of: c.of}
			got := fetch(t, feed, windowed.Query{Table: puzzel.CallEvents, Window: w}, "call_id", "call_sequence")
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], "930000000000000000")
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("call|sequence (-want +got):\n%s", diff)
			}
		})
	}
}

// Puzzel deletes a call's rows and inserts them anew: the old window is empty then,
// the new one has the whole call.
func TestCallsThatAreInsertedAgain(t *testing.T) {
	db, server := simulate(t, rawdata.Options{}, "call_events",
		event(1, 1, 1, "i", "2026-03-01 10:00:00", "2026-03-01 10:20:00"),
		event(2, 1, 2, "q", "2026-03-01 10:01:00", "2026-03-01 10:20:00"),
	)
	feed := connect(t, server)
	first := windowed.Query{Table: puzzel.CallEvents, Window: etl.Window{From: at(t, "2026-03-01 10:00"), To: at(t, "2026-03-01 11:00")}}
	if got := fetch(t, feed, first, "rec_id"); len(got) != 2 {
		t.Fatalf("%q, want two rows", got)
	}
	again := []rawdata.Row{
		event(11, 1, 1, "i", "2026-03-01 10:00:00", "2026-03-02 08:00:00"),
		event(12, 1, 2, "q", "2026-03-01 10:01:00", "2026-03-02 08:00:00"),
		event(13, 1, 3, "c", "2026-03-01 10:05:00", "2026-03-02 08:00:00"),
	}
	if err := db.Insert(t.Context(), "call_events", noon, again...); err != nil {
		t.Fatal(err)
	}
	if got := fetch(t, feed, first, "rec_id"); len(got) != 0 {
		t.Errorf("%q is left of what was deleted", got)
	}
	second := first
	second.Window = etl.Window{From: at(t, "2026-03-02 07:00"), To: at(t, "2026-03-02 09:00")}
	if diff := cmp.Diff([]string{"11", "12", "13"}, fetch(t, feed, second, "rec_id")); diff != "" {
		t.Errorf("rec_id (-want +got):\n%s", diff)
	}
}

// In the night in which the clock is set back, a window holds whatever shows one of
// its times; in the one in which it is set forward, an hour is not missing.
func TestNightsOfTheClockChange(t *testing.T) {
	var rows []rawdata.Row
	for i, local := range []string{
		"2026-10-25 01:30:00", "2026-10-25 02:30:00", "2026-10-25 02:30:00", "2026-10-25 03:30:00",
		"2026-03-29 01:30:00", "2026-03-29 03:30:00",
	} {
		rows = append(rows, event(i+1, i+1, 1, "i", local, local))
	}
	_, server := simulate(t, rawdata.Options{}, "call_events", rows...)
	feed := connect(t, server)
	for _, c := range []struct {
		name, from, to string
		want           []string
	}{
		{"through the repeated hour", "2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z", []string{"1", "2", "3"}},
		{"its first half", "2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", []string{"2", "3"}},
		{"its second half", "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z", []string{"2", "3"}},
		{"from one to the other", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z", []string{"2", "3"}},
		{"over the missing hour", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z", []string{"5", "6"}},
		{"after it", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", []string{"6"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w etl.Window
			w.From, _ = time.Parse(time.RFC3339, c.from)
			w.To, _ = time.Parse(time.RFC3339, c.to)
			got := fetch(t, feed, windowed.Query{Table: puzzel.CallEvents, Window: w}, "rec_id")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("rec_id (-want +got):\n%s", diff)
			}
		})
	}
}

// A call belongs to the day of its first initiation event, whatever else is in it.
func TestDaysCountCalls(t *testing.T) {
	_, server := simulate(t, rawdata.Options{}, "call_events",
		event(1, 1, 1, "i", "2026-10-24 23:59:59.997", "2026-10-25 00:10:00"),
		event(2, 1, 2, "c", "2026-10-25 00:01:00", "2026-10-25 00:10:00"),
		event(3, 2, 1, "q", "2026-10-24 23:58:00", "2026-10-25 00:10:00"), // before its initiation
		event(4, 2, 2, "i", "2026-10-25 00:00:00", "2026-10-25 00:10:00"),
		event(5, 3, 1, "c", "2026-10-25 23:59:59", "2026-10-26 00:10:00"), // has none
		event(6, 4, 1, "i", "2026-10-25 02:30:00", "2026-10-25 02:40:00"),
		event(7, 4, 2, "i", "2026-10-26 08:00:00", "2026-10-26 08:40:00"), // a second session
		event(8, 5, 1, "i", "2026-10-26 00:00:00", "2026-10-26 00:40:00"),
	)
	feed := connect(t, server)
	for _, c := range []struct {
		from, to string
		want     map[string]int64
	}{
		{"2026-10-25", "2026-10-26", map[string]int64{"2026-10-25": 3}},
		{"2026-10-24", "2026-10-27", map[string]int64{"2026-10-24": 1, "2026-10-25": 3, "2026-10-26": 1}},
		{"2026-10-27", "2026-10-28", map[string]int64{}},
	} {
		got, err := feed.Days(t.Context(), puzzel.CallEvents, etl.Window{From: at(t, c.from), To: at(t, c.to), Of: etl.Happened})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s to %s (-want +got):\n%s", c.from, c.to, diff)
		}
	}
	_, err := feed.Days(t.Context(), puzzel.AgentEvents, etl.Window{From: noon, To: noon.Add(time.Hour)})
	wantTrouble(t, err, etl.Contract, "no calls that could be counted")
}

func TestOtherTables(t *testing.T) {
	db, server := simulate(t, rawdata.Options{}, "enqreg_header",
		rawdata.Row{"enqreg_header_recid": 7, "enqreg_topic_recid": 71, "topic_id": 1, "topic_name": "Pas", "dte_time_stamp": "2026-03-01 10:00:00", "dte_updated": "2026-03-01 10:00:00"},
		rawdata.Row{"enqreg_header_recid": 7, "enqreg_topic_recid": 72, "topic_id": 2, "topic_name": "Skat", "dte_time_stamp": "2026-03-01 10:00:00", "dte_updated": "2026-03-01 12:00:00"},
	)
	for table, row := range map[string]rawdata.Row{
		"agent_events":        {"rec_id": 1, "agent_id": 5, "event_type": "p", "dte_start": "2026-03-01 12:00:00", "pause_type_name": "Frokost"},
		"agents":              {"agent_id": 5, "full_name": "Åse Ørum", "deleted": false, "dte_updated": "2026-03-01 02:00:00"},
		"queues":              {"service_num": "70101010", "queue_key": "borger", "descript": "Borgerservice"},
		"surveys":             {"sequence": 2, "related_call_id": firstCall, "answer": "9 tak", "dte_answered": "2026-03-01 12:00:00", "dte_updated": "2026-03-01 12:00:00"},
		"call_result_codes":   {"result_code": "k", "descript": "answered", "event_type": "q"},
		"media_types":         {"media_type_id": 1, "descript": "phone"},
		"agent_event_sources": {"event_source": "w", "descript": "web"},
	} {
		if err := db.Insert(t.Context(), table, noon, row); err != nil {
			t.Fatal(err)
		}
	}
	noonHour := etl.Window{From: at(t, "2026-03-01 12:00"), To: at(t, "2026-03-01 13:00")}
	feed := connect(t, server)
	for _, c := range []struct {
		table  etl.Table
		window etl.Window
		names  []string
		want   []string
	}{
		{puzzel.Enquiries, noonHour, []string{"enqreg_header_recid", "topic_name"}, []string{"7|Pas", "7|Skat"}},
		{puzzel.AgentEvents, noonHour, []string{"agent_id", "event_type", "pause_type_name", "dte_updated"}, []string{"5|p|Frokost|"}},
		{survey.Surveys, noonHour, []string{"related_call_id", "answer"}, []string{"9300000000000000000|9 tak"}},
		{puzzel.Agents, etl.Window{}, []string{"full_name", "deleted", "dte_updated"}, []string{"Åse Ørum|0|2026-03-01 02:00:00"}},
		{puzzel.Queues, etl.Window{}, []string{"service_num", "queue_key", "descript"}, []string{"70101010|borger|Borgerservice"}},
		{puzzel.CallResultCodes, etl.Window{}, []string{"result_code", "descript", "event_type"}, []string{"k|answered|q"}},
		{puzzel.MediaTypes, etl.Window{}, []string{"media_type_id", "descript"}, []string{"1|phone"}},
		{puzzel.AgentEventSources, etl.Window{}, []string{"event_source", "descript"}, []string{"w|web"}},
	} {
		t.Run(c.table.Name, func(t *testing.T) {
			got := fetch(t, feed, windowed.Query{Table: c.table, Window: c.window}, c.names...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
	if err := db.DropTable("enqreg_header"); err != nil {
		t.Fatal(err)
	}
	if got := fetch(t, connect(t, server), windowed.Query{Table: puzzel.Enquiries, Window: noonHour}, "topic_name"); len(got) != 2 {
		t.Errorf("%q came of the view, want two rows", got)
	}
}

// An older database, a renamed column and one nobody knows: nothing fails.
func TestSchemasThatDrift(t *testing.T) {
	db, server := simulate(t, rawdata.Options{Version: "1.8"}, "call_events",
		event(1, 1, 1, "i", "2026-03-01 10:00:00", "2026-03-01 10:20:00"))
	if err := db.AddColumn("call_events", tds.Column{Name: "mood", Type: tds.Int}, 5); err != nil {
		t.Fatal(err)
	}
	if err := db.RenameColumn("call_events", "dte_updated", "changed at"); err != nil {
		t.Fatal(err)
	}
	q := windowed.Query{
		Table: puzzel.CallEvents, Names: map[string]string{"dte_updated": "Changed At"},
		Window: etl.Window{From: at(t, "2026-03-01 10:00"), To: at(t, "2026-03-01 11:00")},
	}
	got := fetch(t, connect(t, server), q, "rec_id", "changed at", "mood")
	if diff := cmp.Diff([]string{"1|2026-03-01 10:20:00|"}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// The whole of a real schema, of either version, is in order.
func TestExamineSimulatedDatabase(t *testing.T) {
	for version, want := range map[string]string{
		"1.8": "database version 1.8 or older: without hold, consult, caller_on_hold_sec, leg_type",
		"1.9": "database version 1.9 or newer",
	} {
		t.Run(version, func(t *testing.T) {
			db, server := simulate(t, rawdata.Options{Version: version, Now: noon}, "call_events",
				event(1, 1, 1, "i", "2026-03-10 10:00:00", "2026-03-10 10:20:00"))
			feed := connect(t, server, func(o *sqlserver.Options) { o.Tables = append(puzzel.Tables(), survey.Surveys) })
			found := feed.Examine(t.Context())
			told := false
			for _, e := range found {
				if !e.OK {
					t.Errorf("%+v", e)
				}
				told = told || e.What == "columns call_events" && strings.Contains(e.Found, want)
			}
			if !told || len(found) != 5+3*9+2 {
				t.Errorf("%d things looked at, want %d and %q among them:\n%s", len(found), 5+3*9+2, want, strings.Join(summary(found), "\n"))
			}
			if err := db.Deny("agents", true); err != nil {
				t.Fatal(err)
			}
			found = feed.Examine(t.Context())
			if last := found[len(found)-7]; last.What != "permission agents" || last.OK || len(found) != 5+9 {
				t.Errorf("%+v of %d things looked at, want the denied table", last, len(found))
			}
		})
	}
}
