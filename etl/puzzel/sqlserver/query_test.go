package sqlserver

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

var copenhagen = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return zone
}()

// having is a catalogue of one table; a name that ends in "!" is not nullable.
func having(table string, names ...string) tables {
	var columns []column
	for _, name := range names {
		bare := strings.TrimSuffix(name, "!")
		columns = append(columns, column{name: bare, kind: "varchar", nullable: bare == name})
	}
	return tables{strings.ToLower(table): {table, columns}}
}

func TestQueries(t *testing.T) {
	days := etl.Window{From: time.Date(2026, 3, 1, 0, 0, 0, 0, copenhagen), To: time.Date(2026, 3, 2, 0, 0, 0, 0, copenhagen), Of: etl.Happened}
	updates := days
	updates.Of = etl.Updated
	for _, c := range []struct {
		name   string
		all    tables
		table  etl.Table
		names  map[string]string
		window etl.Window
		want   string
	}{
		{
			name: "whole calls", table: puzzel.CallEvents, window: updates,
			all: having("call_events", "rec_id!", "customer_key", "call_id!", "dte_start!", "event_type!", "dte_updated!"),
			want: `select [rec_id], [call_id], [dte_start], [event_type], [dte_updated]
from [dbo].[call_events]
where [call_id] in (select [call_id] from [dbo].[call_events] where ([dte_updated] >= @p1 and [dte_updated] < @p2))
order by [call_id], [rec_id]`,
		}, {
			name: "calls without id or time of writing", table: puzzel.CallEvents, window: updates,
			all: having("call_events", "rec_id", "call_id", "dte_start", "event_type", "dte_updated"),
			want: `select [rec_id], [call_id], [dte_start], [event_type], [dte_updated]
from [dbo].[call_events]
where [call_id] in (select [call_id] from [dbo].[call_events] where (([dte_updated] >= @p1 and [dte_updated] < @p2) or ([dte_updated] is null and ([dte_start] >= @p1 and [dte_start] < @p2))))
union all
select [rec_id], [call_id], [dte_start], [event_type], [dte_updated]
from [dbo].[call_events]
where [call_id] is null and (([dte_updated] >= @p1 and [dte_updated] < @p2) or ([dte_updated] is null and ([dte_start] >= @p1 and [dte_start] < @p2)))
order by [call_id], [rec_id]`,
		}, {
			name: "the calls of a day", table: puzzel.CallEvents, window: days,
			all: having("call_events", "call_id!", "dte_start!", "event_type!", "dte_updated!"),
			want: `select [call_id], [dte_start], [event_type], [dte_updated]
from [dbo].[call_events]
where [call_id] in (select [call_id] from [dbo].[call_events] where ([dte_start] >= @p1 and [dte_start] < @p2))
order by [call_id], [dte_start], [event_type], [dte_updated]`,
		}, {
			name: "rows by themselves", table: puzzel.AgentEvents, window: updates,
			all: having("agent_events", "rec_id!", "agent_id!", "dte_start!", "event_type!", "dte_updated!"),
			want: `select [rec_id], [agent_id], [dte_start], [event_type], [dte_updated]
from [dbo].[agent_events]
where ([dte_updated] >= @p1 and [dte_updated] < @p2)
order by [rec_id]`,
		}, {
			name: "no time of writing", table: puzzel.AgentEvents, window: updates,
			all: having("agent_events", "rec_id!", "agent_id!", "dte_start!", "event_type!"),
			want: `select [rec_id], [agent_id], [dte_start], [event_type]
from [dbo].[agent_events]
where ([dte_start] >= @p1 and [dte_start] < @p2)
order by [rec_id]`,
		}, {
			name: "the view with the names", table: puzzel.Enquiries, window: days,
			all: tables{
				"enqreg_header":   having("enqreg_header", "enqreg_header_recid!", "dte_time_stamp!")["enqreg_header"],
				"vw_enqreg_total": having("vw_enqreg_total", "enqreg_header_recid!", "dte_time_stamp!", "topic_id!", "dte_updated!")["vw_enqreg_total"],
			},
			want: `select [enqreg_header_recid], [dte_time_stamp], [topic_id], [dte_updated]
from [dbo].[vw_enqreg_total]
where [enqreg_header_recid] in (select [enqreg_header_recid] from [dbo].[vw_enqreg_total] where ([dte_time_stamp] >= @p1 and [dte_time_stamp] < @p2))
order by [enqreg_header_recid], [dte_time_stamp], [topic_id], [dte_updated]`,
		}, {
			name: "surveys under other names", table: survey.Surveys, window: days,
			names: map[string]string{"score": "svar", "dte_sent": "sendt"},
			all:   having("surveys", "sequence!", "svar", "sendt", "dte_updated!", "fertile"),
			want: `select [sequence], [svar], [sendt], [dte_updated]
from [dbo].[surveys]
where (coalesce([sendt], [dte_updated]) >= @p1 and coalesce([sendt], [dte_updated]) < @p2)
order by [sequence], [svar], [sendt], [dte_updated]`,
		}, {
			name: "a lookup", table: puzzel.MediaTypes,
			all: having("Media_Types", "id", "description", "customer_key"),
			want: `select [id], [description]
from [dbo].[Media_Types]
order by [id], [description]`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, ok := bind(c.all, c.table, c.names)
			if !ok {
				t.Fatal("the table was not found")
			}
			q, ok := b.selection(c.window, copenhagen)
			if !ok {
				t.Fatal("there is no query")
			}
			if diff := cmp.Diff(c.want, q.text); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
			if asks := strings.Contains(q.text, "@p2"); asks != (len(q.args) == 2) {
				t.Errorf("%d arguments", len(q.args))
			}
		})
	}
}

func TestColumnsThatServersCannotOrderBy(t *testing.T) {
	all := having("queues", "queue_key!", "descript", "service_num")
	all["queues"].columns[1].kind = "ntext"
	b, _ := bind(all, puzzel.Queues, nil)
	if got, want := b.order(), "\norder by [queue_key], [service_num]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A window's bounds are the wall clock's, widened to what datetime can say.
func TestBounds(t *testing.T) {
	local := func(text string) time.Time {
		at, err := time.Parse("2006-01-02 15:04:05.999999999", text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	at := func(text string) time.Time {
		l := local(text)
		return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), copenhagen)
	}
	autumn := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC) // the clock shows 02:00 twice, an hour later
	spring := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)  // the clock goes from 02:00 to 03:00
	for _, c := range []struct {
		name     string
		window   etl.Window
		from, to string
	}{
		{"plain", etl.Window{From: at("2026-03-01 12:00:00"), To: at("2026-03-01 13:00:00")}, "2026-03-01 12:00:00", "2026-03-01 13:00:00"},
		{"between ticks", etl.Window{From: at("2026-03-01 12:00:00.003"), To: at("2026-03-01 12:00:00.004")}, "2026-03-01 12:00:00", "2026-03-01 12:00:00.01"},
		{"end of the year", etl.Window{From: at("2026-12-31 23:59:59.999"), To: at("2026-12-31 23:59:59.9991")}, "2026-12-31 23:59:59.99", "2027-01-01 00:00:00"},
		{"autumn night", etl.Window{From: autumn.Add(-time.Hour), To: autumn.Add(90 * time.Minute)}, "2026-10-25 01:00:00", "2026-10-25 03:00:00"},
		{"repeated hour", etl.Window{From: autumn.Add(70 * time.Minute), To: autumn.Add(80 * time.Minute)}, "2026-10-25 02:10:00", "2026-10-25 02:20:00"},
		{"spring night", etl.Window{From: spring.Add(-time.Minute), To: spring.Add(time.Minute)}, "2026-03-29 01:59:00", "2026-03-29 03:01:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := bounds(c.window, copenhagen)
			got := []time.Time{time.Time(args[0].(mssql.DateTime1)), time.Time(args[1].(mssql.DateTime1))}
			if diff := cmp.Diff([]time.Time{local(c.from), local(c.to)}, got); diff != "" {
				t.Errorf("bounds (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBindingTellsWhatDiffers(t *testing.T) {
	all := having("queues", "DESCRIPT", "customer_key", "colour")
	b, ok := bind(all, puzzel.Queues, nil)
	if !ok {
		t.Fatal("the table was not found")
	}
	got := map[string][]string{"lacking": b.lacking, "missing": b.missing, "unknown": b.unknown, "header": b.header()}
	want := map[string][]string{
		"lacking": {"queue_key"}, "missing": {"service_num"}, "unknown": {"colour"}, "header": {"DESCRIPT", "colour"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("binding (-want +got):\n%s", diff)
	}
	if _, ok := bind(all, puzzel.Agents, nil); ok {
		t.Error("a table was found that is not there")
	}
}
