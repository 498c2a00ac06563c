package sqlserver_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// calls has call_events as a database of a version has it, with one row.
func calls(v19 bool) *shelf {
	data := queues()
	t := shelved{name: "call_events", columns: []tds.Column{
		{Name: "rec_id", Type: tds.BigInt, NotNull: true}, {Name: "call_id", Type: tds.Numeric, Precision: 19, NotNull: true},
		{Name: "dte_start", Type: tds.DateTime, NotNull: true}, {Name: "event_type", Type: tds.Char, Length: 1, NotNull: true},
		{Name: "dte_updated", Type: tds.DateTime, NotNull: true},
	}}
	at := time.Date(2026, 3, 10, 11, 45, 0, 0, time.UTC)
	row := []any{int64(1), int64(77), at, "i", at}
	if v19 {
		for _, name := range []string{"hold", "consult", "caller_on_hold_sec", "leg_type"} {
			t.columns, row = append(t.columns, tds.Column{Name: name, Type: tds.Int}), append(row, nil)
		}
	}
	t.rows = [][]any{row}
	data.tables = append(data.tables, t)
	return data
}

func bothTables(o *sqlserver.Options) { o.Tables = []etl.Table{puzzel.CallEvents, puzzel.Queues} }

// summary is what was looked at, with the first words found and a mark for what is
// wrong.
func summary(found []etl.Examined) []string {
	var lines []string
	for _, e := range found {
		line := e.What + ": " + e.Found
		if !e.OK {
			line = "! " + line + " | " + e.Try
		}
		lines = append(lines, line)
	}
	return lines
}

func TestHealthyDatabase(t *testing.T) {
	server := serve(t, calls(true))
	host, port, _ := net.SplitHostPort(server.Addr())
	missing := strings.Join([]string{
		"call_sequence", "media_type_id", "duration_tot_sec", "duration_speak_sec", "dte_speak_start", "source", "destination",
		"destination_number", "service_num", "queue_key", "menue_key", "menue_choice", "agent_id", "result_code", "answered",
		"ciq", "call_transfer", "wrap_up_sec", "alert_ms", "setup_ms", "block_duration_sec", "internal_iq_session_id",
		"internal_odr_id", "sla", "alt_sla", "dte_scheduled_callback", "result_response", "request_id",
	}, ", ")
	want := []string{
		"name: " + host + " is an address",
		"port: " + host + ":" + port + " answers",
		"TLS: encrypted, certificate for rawdata.puzzel.example accepted, valid until 2099-12-31",
		"login: the server knows ddh_reader",
		"database: ConnectCallData_4711 is open",
		"permission call_events: dbo.call_events may be read",
		"permission queues: dbo.queues may be read",
		"columns call_events: 9 columns; database version 1.9 or newer; without " + missing,
		"columns queues: 3 columns",
		"clock: the server's clock and ours are 20s apart",
		"newest row: the newest row of call_events is from 2026-03-10 11:45, 15 minutes ago",
		"row call_events: a row of call_events reads",
		"row queues: a row of queues reads",
	}
	if diff := cmp.Diff(want, summary(connect(t, server, bothTables).Examine(t.Context()))); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// Each illness is found at its step; what comes after that step is not tried.
func TestIllnesses(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent.Close()
	to := func(host string) func(*tds.Server, *sqlserver.Options) {
		return func(_ *tds.Server, o *sqlserver.Options) {
			o.DSN = "sqlserver://reader:geheim@" + host + "?database=x"
		}
	}
	fault := func(f tds.Fault) func(*tds.Server, *sqlserver.Options) {
		return func(s *tds.Server, _ *sqlserver.Options) { s.Faults().Inject(f) }
	}
	lacking, utc, skewed, stale, empty := calls(true), calls(true), calls(true), calls(true), calls(true)
	lacking.tables[1].columns[4].Name = "changed"
	utc.clock = utc.clock.Add(-time.Hour)
	skewed.clock = skewed.clock.Add(5 * time.Minute)
	stale.tables[1].rows[0][4] = noon.AddDate(0, 0, -8)
	empty.tables[1].columns[4].NotNull, empty.tables[1].rows[0][4] = false, nil
	for _, c := range []struct {
		name   string
		data   *shelf
		make   func(*tds.Server, *sqlserver.Options)
		steps  int    // looked at
		wrong  string // what is not in order
		found  string
		advice string
	}{
		{"no such host", calls(true), to("rawdata..invalid"), 1, "name", `there is no host "rawdata..invalid"`, "correct the host"},
		{"nobody there", calls(true), to(silent.Addr().String()), 2, "port", "connection refused", "allow-list"},
		{"other certificate", calls(true), func(_ *tds.Server, o *sqlserver.Options) { o.CertificateHost = "other.example" }, 3, "TLS", "is for another name", "certificate_host to the name in the certificate: rawdata.puzzel.example"},
		{"refused", calls(true), fault(tds.Fault{Kind: tds.RefuseLogin}), 4, "login", "does not accept", "check both"},
		{"other database", calls(true), func(_ *tds.Server, o *sqlserver.Options) { o.DSN = strings.Replace(o.DSN, "_4711", "_1", 1) }, 5, "database", "cannot open the database", "database's name"},
		{"denied", calls(true), fault(tds.Fault{Kind: tds.Deny, Query: "from [dbo].[call_events]"}), 7, "permission call_events", "may not read", "ask Puzzel"},
		{"lacking", lacking, nil, 9, "columns call_events", "lacks dte_updated", `[sources.puzzel.columns.call_events] dte_updated = "…"`},
		{"UTC", utc, nil, 10, "clock", "59m40s behind the time in Europe/Copenhagen: it runs on UTC", "ask Puzzel in which time zone"},
		{"skewed", skewed, nil, 10, "clock", "5m20s ahead of the time", "check this machine's clock"},
		{"stale", stale, nil, 11, "newest row", "from 2026-03-02 12:00, 8 days ago", "being filled"},
		{"empty", empty, nil, 11, "newest row", "call_events is empty", "being filled"},
		{"cannot be read", calls(true), fault(tds.Fault{Kind: tds.Fail, Query: "top (1)", Err: &tds.Error{Number: 245, Class: 16, Message: "Conversion failed when converting '12345678'."}}), 13, "row call_events", "another type than agreed", "ask Puzzel"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, c.data)
			found := connect(t, server, bothTables, func(o *sqlserver.Options) {
				if c.make != nil {
					c.make(server, o)
				}
			}).Examine(t.Context())
			if len(found) != c.steps {
				t.Errorf("%d steps, want %d", len(found), c.steps)
			}
			for _, e := range found {
				if e.OK != (e.What != c.wrong) {
					t.Errorf("%+v, want only %s to be wrong", e, c.wrong)
				}
				if e.What == c.wrong && (!strings.Contains(e.Found, c.found) || !strings.Contains(e.Try, c.advice)) {
					t.Errorf("found %q, try %q; want %q and %q", e.Found, e.Try, c.found, c.advice)
				}
				if text := e.Found + e.Try; strings.Contains(text, password) || strings.Contains(text, "12345678") {
					t.Errorf("%q holds a secret", text)
				}
			}
		})
	}
}

func TestOlderDatabaseIsTold(t *testing.T) {
	data := calls(false)
	data.tables[1].columns = append(data.tables[1].columns, tds.Column{Name: "novelty", Type: tds.Int})
	data.tables[1].rows[0] = append(data.tables[1].rows[0], int64(1))
	for _, e := range connect(t, serve(t, data), bothTables).Examine(t.Context()) {
		if !e.OK {
			t.Errorf("%+v: an older database is no illness", e)
		}
		if e.What == "columns call_events" && (!strings.Contains(e.Found, "version 1.8 or older: without hold, consult, caller_on_hold_sec, leg_type") ||
			!strings.Contains(e.Found, "not read because unknown: novelty")) {
			t.Errorf("found %q", e.Found)
		}
	}
}

func TestCertificateThatEndsSoonIsTold(t *testing.T) {
	server := serve(t, calls(true), func(o *tds.Options) { o.CertificateUntil = time.Now().Add(100 * time.Hour) })
	feed := connect(t, server, bothTables, func(o *sqlserver.Options) { o.Now = time.Now })
	for _, e := range feed.Examine(t.Context()) {
		if e.What == "TLS" && (!e.OK || !strings.HasSuffix(e.Found, ", which is in 4 days")) {
			t.Errorf("%+v", e)
		}
	}
}
