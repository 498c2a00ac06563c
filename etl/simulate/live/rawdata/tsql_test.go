package rawdata_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// small is a database of three calls, its clock at noon of the day after.
func small(t *testing.T) (*rawdata.Database, func(query string, args ...any) ([]string, error)) {
	data, db := open(t, rawdata.Options{Now: at("2026-03-03 12:00")})
	rows := call(1, "2026-03-02 12:10:00.155", 1, 2)
	rows[0]["internal_iq_session_id"] = "6F9619FF-8B86-D011-B42D-00C04FC964FF"
	rows[0]["queue_key"], rows[0]["call_transfer"], rows[0]["dte_scheduled_callback"] = "kø'en", true, "2026-03-02 14:00:00+01"
	rows = append(rows, call(2, "2026-03-02 12:20:00", 3)...)
	rows[2]["dte_start"] = "2026-03-01 23:59:59.999"
	write(t, data, at("2026-03-02 13:00"), rows)
	return data, func(query string, args ...any) ([]string, error) { return texts(t.Context(), db, query, args...) }
}

func TestTSQL(t *testing.T) {
	_, ask := small(t)
	for _, c := range []struct {
		query string
		args  []any
		want  []string
	}{
		{"select 1", nil, []string{"1"}},
		{"set nocount on; set lock_timeout 10000; select 1", nil, []string{"1"}},
		{"set transaction isolation level read committed", nil, nil},
		{"select sysdatetime(), getdate(), current_timestamp", nil, []string{"2026-03-03 12:00:00|2026-03-03 12:00:00|2026-03-03 12:00:00"}},
		{"select left(@@version, 25), db_name()", nil, []string{"Microsoft SQL Server 2019|ConnectCallData"}},
		{"select has_perms_by_name(N'dbo.call_events', 'OBJECT', 'SELECT'), has_perms_by_name(@p1, 'OBJECT', 'SELECT'), object_id('[dbo].[queues]')",
			[]any{"dbo.gone"}, []string{"1|-|1001"}},
		{"select top (2) [rec_id] from [dbo].[call_events] order by [rec_id] desc", nil, []string{"3", "2"}},
		{"select top 1 [rec_id] from [ConnectCallData].[dbo].[call_events] with (nolock) order by [rec_id] option (maxdop 1)", nil, []string{"1"}},
		{"select top (@p1) rec_id from call_events order by 1", []any{1}, []string{"1"}},
		{"select [rec_id] from [dbo].[call_events] order by [rec_id] offset 1 rows fetch next @p1 rows only", []any{1}, []string{"2"}},
		{"select e.[rec_id] from (select top (1) * from dbo.call_events order by rec_id) as e -- the first", nil, []string{"1"}},
		{"with x as (select [call_id], count(*) as n from [dbo].[call_events] group by [call_id]) select [n] from x order by n", nil, []string{"1", "2"}},
		{"select [e].[rec_id], [q].[descript] from [dbo].[call_events] as [e] left join [dbo].[queues] [q] on [q].[queue_key] = [e].[queue_key] where [e].[rec_id] <> 2 order by 1",
			nil, []string{"1|-", "3|-"}},
		{"select [call_events].[rec_id] from [dbo].[call_events] where [call_id] = @p1", []any{"2"}, []string{"3"}},
		{"select cast([dte_start] as date), count(distinct [call_id]), count_big(*) from dbo.call_events group by cast([dte_start] as date) order by 1",
			nil, []string{"2026-03-02 00:00:00|2|3"}}, // .999 is the next second, as datetime keeps it
		{"select convert(date, [dte_start]), convert(varchar(20), rec_id, 120), cast(rec_id as nvarchar(max)) from dbo.call_events where rec_id = 1", nil, []string{"2026-03-02 00:00:00|1|1"}},
		{"select datediff(minute, [dte_start], [dte_updated]), dateadd(day, 1, [dte_start]), datepart(hour, [dte_start]) from dbo.call_events where rec_id = 1",
			nil, []string{"10|2026-03-03 12:00:00|12"}},
		{"select isnull([queue_key], N'ingen'), len([result_code]), case when [agent_id] is null then 0 else 1 end from dbo.call_events order by [rec_id]",
			nil, []string{"kø'en|1|0", "ingen|1|0", "ingen|1|0"}},
		{"select max([dte_updated]) from [dbo].[call_events] where [dte_updated] < @p1", []any{mssql.DateTime1(at("2026-03-02 12:20"))}, []string{"2026-03-02 12:10:00.157"}},
		{"select count(*) from [dbo].[call_events] where [dte_updated] >= @p1", []any{at("2026-03-02 12:20")}, []string{"1"}},
		{"select count(*) from [dbo].[call_events] where [queue_key] = @p1", []any{"kø'en"}, []string{"1"}},
		{"select [event_type], [result_code], [call_transfer], [internal_iq_session_id] from dbo.call_events where rec_id = 1", nil,
			[]string{"i|k |true|\x6F\x96\x19\xFF\x8B\x86\xD0\x11\xB4\x2D\x00\xC0\x4F\xC9\x64\xFF"}},
		{"select [dte_scheduled_callback] from dbo.call_events where [dte_scheduled_callback] is not null", nil, []string{"2026-03-02 13:00:00"}},
		{"/* both */ select [COLUMN_NAME], [DATA_TYPE] from INFORMATION_SCHEMA.COLUMNS where TABLE_SCHEMA = 'dbo' and TABLE_NAME = @p1 order by ORDINAL_POSITION",
			[]any{"queues"}, []string{"service_num|varchar", "queue_key|nvarchar", "descript|nvarchar"}},
		{"select TABLE_NAME from information_schema.tables where TABLE_NAME like '%enqreg%' order by 1", nil, []string{"enqreg_header", "vw_enqreg_total"}},
	} {
		got, err := ask(c.query, c.args...)
		if err != nil {
			t.Errorf("%s\n%v", c.query, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.query, diff)
		}
	}
}

func TestWhatIsNotUnderstood(t *testing.T) {
	_, ask := small(t)
	for _, c := range []struct {
		query  string
		number int32
		text   string
	}{
		{"select 1 from [dbo].[gone]", 208, "Invalid object name 'dbo.gone'."},
		{"select 1 from gone", 208, "Invalid object name 'gone'."},
		{"select 1 from [Other].[dbo].[call_events]", 208, "Invalid object name 'Other.dbo.call_events'."},
		{"select [gone] from [dbo].[call_events]", 207, "Invalid column name 'gone'."},
		{"select [e].[gone] from [dbo].[call_events] as [e]", 207, "Invalid column name 'gone'."},
		{"select gone([rec_id]) from [dbo].[call_events]", 195, "'gone' is not a recognized built-in function name."},
		{"select @gone", 137, `Must declare the scalar variable "@gone".`},
		{"select from where", 102, "Incorrect syntax near 'where'."},
		{"select (1", 102, "Incorrect syntax near '('."},
		{"select 'open", 105, "Unclosed quotation mark after the character string 'open'."},
		{"select 1 /* open", 113, "Missing end comment mark '*/'."},
		{"select cast(1 as xml)", 243, "Type xml is not a defined system type."},
		{"delete from [dbo].[call_events]", 229, "The DELETE permission was denied."},
		{"grant everything", 102, "Incorrect syntax near 'grant'."},
		{"select 1; select 2", 50001, "one query at a time"},
		{"select cast('x' as int)", 8180, "Could not convert string 'x'"},
	} {
		_, err := ask(c.query)
		if number(err) != c.number || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: got %d, %v, want %d, %s", c.query, number(err), err, c.number, c.text)
		}
	}
}

func TestDrift(t *testing.T) {
	data, ask := small(t)
	for name, err := range map[string]error{
		"drop":   data.DropColumn("call_events", "ciq"),
		"add":    data.AddColumn("call_events", tds.Column{Name: "brand_new", Type: tds.NVarChar, Length: 10}, "ny"),
		"rename": data.RenameColumn("call_events", "sla", "service_level"),
		"table":  data.DropTable("enqreg_header"),
		"deny":   data.Deny("agents", true),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for query, want := range map[string]int32{
		"select [ciq] from [dbo].[call_events]":     207,
		"select [sla] from [dbo].[call_events]":     207,
		"select 1 from [dbo].[enqreg_header]":       208,
		"select [agent_id] from [dbo].[agents]":     229,
		"select count(*) from dbo.vw_enqreg_total":  0,
		"select [service_level] from [call_events]": 0,
	} {
		if _, err := ask(query); number(err) != want || (err == nil) != (want == 0) {
			t.Errorf("%s: got %v, want %d", query, err, want)
		}
	}
	got, err := ask("select top (1) [brand_new] from [dbo].[call_events]")
	if err != nil || len(got) != 1 || got[0] != "ny" {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = ask("select has_perms_by_name('dbo.agents', 'OBJECT', 'SELECT'), has_perms_by_name('dbo.enqreg_header', 'OBJECT', 'SELECT')")
	if err != nil || got[0] != "0|-" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestVersions(t *testing.T) {
	columns := "select count(*) from INFORMATION_SCHEMA.COLUMNS where TABLE_NAME = 'call_events'"
	for version, want := range map[string]string{"": "41", "1.9": "41", "1.8": "35"} {
		_, db := open(t, rawdata.Options{Version: version})
		if got, err := texts(t.Context(), db, columns); err != nil || got[0] != want {
			t.Errorf("version %q has %v columns, %v, want %s", version, got, err, want)
		}
	}
	if _, err := rawdata.New(t.Context(), rawdata.Options{Version: "2"}); err == nil {
		t.Error("a version that does not exist was opened")
	}
}

func TestRowsThatCannotBeWritten(t *testing.T) {
	data, _ := small(t)
	for name, row := range map[string]rawdata.Row{
		"an unknown column": {"gone": 1},
		"a text for number": {"rec_id": "x"},
		"a value of no use": {"rec_id": struct{}{}},
	} {
		if err := data.Insert(t.Context(), "call_events", at("2026-03-02 13:00"), row); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if err := data.Insert(t.Context(), "gone", at("2026-03-02 13:00"), rawdata.Row{}); err == nil {
		t.Error("a table that is not there took a row")
	}
}
