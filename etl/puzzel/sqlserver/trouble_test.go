package sqlserver_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// queues is a small table that most tests read.
func queues() *shelf {
	return &shelf{clock: time.Date(2026, 3, 10, 12, 0, 20, 0, time.UTC), tables: []shelved{{
		name: "queues",
		columns: []tds.Column{
			{Name: "customer_key", Type: tds.VarChar, Length: 100},
			{Name: "service_num", Type: tds.VarChar, Length: 100},
			{Name: "queue_key", Type: tds.NVarChar, Length: 100, NotNull: true},
			{Name: "descript", Type: tds.NVarChar, Length: 100},
		},
		rows: [][]any{
			{"4711", "70101010", "borger", "Borgerservice"},
			{"4711", "70101010", "skat", "Skat og gæld"},
			{"4711", nil, "pas", nil},
		},
	}}}
}

func readQueues(ctx context.Context, feed *sqlserver.Feed) (*sheet, error) {
	var got sheet
	return &got, feed.Fetch(ctx, windowed.Query{Table: puzzel.Queues}, &got)
}

// wantTrouble checks an error's class and text, and that it holds no secret.
func wantTrouble(t *testing.T, err error, kind etl.Kind, message string) {
	t.Helper()
	var trouble *etl.Trouble
	if !errors.As(err, &trouble) {
		t.Fatalf("%v (%T) is no trouble", err, err)
	}
	text := trouble.Error() + " " + trouble.Try
	if trouble.Kind != kind || !strings.Contains(text, message) {
		t.Errorf("%s trouble %q, want %s trouble with %q", trouble.Kind, text, kind, message)
	}
	if strings.Contains(text, password) || strings.Contains(text, "secret value") || strings.Contains(text, "\n") {
		t.Errorf("%q holds a secret or a line break", text)
	}
}

func TestServerErrorsAreClassed(t *testing.T) {
	for _, c := range []struct {
		number int32
		class  uint8
		kind   etl.Kind
	}{
		{1205, 13, etl.Passing}, {1222, 16, etl.Passing},
		{40501, 16, etl.Passing}, {49918, 16, etl.Passing}, {49919, 16, etl.Passing}, {49920, 16, etl.Passing},
		{10928, 16, etl.Passing}, {10929, 16, etl.Passing}, {40613, 16, etl.Passing}, {40197, 16, etl.Passing},
		{4221, 16, etl.Passing}, {233, 16, etl.Passing}, {10053, 16, etl.Passing}, {10054, 16, etl.Passing},
		{10060, 16, etl.Passing}, {-2, 11, etl.Passing}, {596, 21, etl.Passing}, {701, 17, etl.Passing},
		{229, 14, etl.Permission}, {230, 14, etl.Permission}, {916, 14, etl.Permission}, {297, 16, etl.Permission},
		{300, 14, etl.Permission},
		{208, 16, etl.Contract}, {207, 16, etl.Contract}, {8114, 16, etl.Contract}, {245, 16, etl.Contract},
		// unknown numbers, by their level
		{50001, 16, etl.Contract}, {50002, 14, etl.Permission}, {50003, 13, etl.Passing}, {50004, 19, etl.Passing},
		{50005, 24, etl.Passing},
	} {
		t.Run(fmt.Sprint(c.number), func(t *testing.T) {
			server := serve(t, queues())
			feed := connect(t, server)
			server.Faults().Inject(tds.Fault{Kind: tds.Fail, Query: "[queues]", Times: tds.Always, Err: &tds.Error{
				Number: c.number, State: 3, Class: c.class, Message: "Something with the secret value 12345678.",
			}})
			_, err := readQueues(t.Context(), feed)
			wantTrouble(t, err, c.kind, fmt.Sprintf("SQL Server error %d, state 3", c.number))
		})
	}
}

func TestLoginsThatFail(t *testing.T) {
	wrong := func(o *sqlserver.Options) { o.DSN = strings.Replace(o.DSN, user, "somebody", 1) }
	database := func(o *sqlserver.Options) { o.DSN = strings.Replace(o.DSN, "_4711", "_4712", 1) }
	for _, c := range []struct {
		name    string
		fault   *tds.Fault
		change  func(*sqlserver.Options)
		kind    etl.Kind
		message string
	}{
		{"wrong user", nil, wrong, etl.Login, "check both with Puzzel"},
		{"other database", nil, database, etl.Login, "cannot open the database"},
		{"refused", &tds.Fault{Kind: tds.RefuseLogin}, nil, etl.Login, "SQL Server error 18456"},
		{"cut", &tds.Fault{Kind: tds.CutLogin}, nil, etl.Passing, "the connection broke"},
		{"locked", loginError(18486, 14), nil, etl.Login, "locked after too many attempts"},
		{"disabled", loginError(18470, 14), nil, etl.Login, "disabled"},
		{"expired", loginError(18487, 14), nil, etl.Login, "set a new one"},
		{"to be changed", loginError(18488, 14), nil, etl.Login, "set a new one"},
		{"not trusted", loginError(18452, 14), nil, etl.Login, "another way of logging in"},
		{"address not allowed", loginError(40615, 14), nil, etl.Permission, "allow-list"},
		{"busy", loginError(49918, 16), nil, etl.Passing, "too busy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, queues())
			if c.fault != nil {
				server.Faults().Inject(*c.fault)
			}
			if c.change == nil {
				c.change = func(*sqlserver.Options) {}
			}
			_, err := readQueues(t.Context(), connect(t, server, c.change))
			wantTrouble(t, err, c.kind, c.message)
		})
	}
}

// loginError refuses a login with an error of the server.
func loginError(number int32, class uint8) *tds.Fault {
	return &tds.Fault{Kind: tds.RefuseLogin, Err: &tds.Error{Number: number, State: 1, Class: class, Message: "Login failed for user."}}
}

func TestCertificatesThatAreNotAccepted(t *testing.T) {
	past := func(o *tds.Options) { o.CertificateUntil = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name    string
		server  func(*tds.Options)
		feed    func(*sqlserver.Options)
		message string
	}{
		{"other name", nil, func(o *sqlserver.Options) { o.CertificateHost = "other.example" }, "set certificate_host to the name in the certificate: " + tds.DefaultHostName},
		{"no name for the address", nil, func(o *sqlserver.Options) { o.CertificateHost = "127.0.0.1" }, "set certificate_host to the name in the certificate"},
		{"unknown authority", nil, withoutAuthority, "signed by nobody this machine trusts"},
		{"other authority", nil, func(o *sqlserver.Options) { o.Roots = x509.NewCertPool() }, "signed by nobody this machine trusts"},
		{"expired", past, nil, "the server's certificate is out of date"},
		{"no encryption", func(o *tds.Options) { o.Plaintext = true }, nil, "the server does not encrypt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.server == nil {
				c.server = func(*tds.Options) {}
			}
			if c.feed == nil {
				c.feed = func(*sqlserver.Options) {}
			}
			server := serve(t, queues(), c.server)
			_, err := readQueues(t.Context(), connect(t, server, c.feed))
			wantTrouble(t, err, etl.Setup, c.message)
			if server.Logins() != 0 {
				t.Error("the password was sent all the same")
			}
		})
	}
}

// withoutAuthority leaves the file with the server's root certificate out of the DSN.
func withoutAuthority(o *sqlserver.Options) {
	before, after, _ := strings.Cut(o.DSN, "certificate=")
	_, after, _ = strings.Cut(after, "&")
	o.DSN = before + after
}

func TestAuthoritiesCanBeGiven(t *testing.T) {
	server := serve(t, queues())
	feed := connect(t, server, withoutAuthority, func(o *sqlserver.Options) {
		o.Roots = x509.NewCertPool()
		o.Roots.AppendCertsFromPEM(server.CA())
	})
	if got, err := readQueues(t.Context(), feed); err != nil || len(got.rows) != 3 {
		t.Errorf("%d rows, %v", len(got.rows), err)
	}
}

func TestHostsThatDoNotAnswer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for _, c := range []struct {
		name, host string
		kind       etl.Kind
		message    string
	}{
		{"unknown name", "rawdata..invalid", etl.Setup, `there is no host "rawdata..invalid"`},
		{"nobody there", gone.Addr().String(), etl.Passing, "allow-list"},
		{"says nothing", silent.Addr().String(), etl.Passing, "the server sent nothing for too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			feed, err := sqlserver.New(sqlserver.Options{
				DSN: "sqlserver://reader:geheim@" + c.host + "?database=x", Zone: copenhagen,
				Now: func() time.Time { return noon }, Stall: 200 * time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			defer feed.Close()
			_, err = readQueues(t.Context(), feed)
			wantTrouble(t, err, c.kind, c.message)
		})
	}
}

// A login can be given up, although the driver does not listen meanwhile.
func TestLoginIsGivenUpWithItsContext(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	feed, err := newFeed("sqlserver://reader:geheim@" + silent.Addr().String() + "?database=x")
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	if _, err := readQueues(ctx, feed); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestConnectionsThatBreakAreTakenUpAgain(t *testing.T) {
	for _, fault := range []tds.Fault{
		{Kind: tds.Cut, Rows: 2, Query: "[queues]"},
		{Kind: tds.Truncate, Rows: 1, Query: "[queues]"},
		{Kind: tds.Cut, Query: "set "},
		{Kind: tds.Hang, Rows: 1, Query: "[queues]"},
		{Kind: tds.Hang, Query: "INFORMATION_SCHEMA"},
		{Kind: tds.Deadlock, Query: "[queues]"},
		{Kind: tds.Throttle, Query: "[queues]"},
	} {
		t.Run(fmt.Sprintf("%s after %d of %s", fault.Kind, fault.Rows, fault.Query), func(t *testing.T) {
			server := serve(t, queues())
			feed := connect(t, server, func(o *sqlserver.Options) { o.Stall = 300 * time.Millisecond })
			want, err := readQueues(t.Context(), feed)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(fault.Query, "SCHEMA") {
				feed = connect(t, server, func(o *sqlserver.Options) { o.Stall = 300 * time.Millisecond })
			}
			server.Faults().Inject(fault)
			_, err = readQueues(t.Context(), feed)
			wantTrouble(t, err, etl.Passing, "reading queues: ")
			got, err := readQueues(t.Context(), feed)
			if err != nil {
				t.Fatalf("the next attempt failed: %v", err)
			}
			if fmt.Sprint(want.rows) != fmt.Sprint(got.rows) {
				t.Errorf("%v, want %v", got.rows, want.rows)
			}
		})
	}
}

func TestQueryHasItsTime(t *testing.T) {
	server := serve(t, queues())
	feed := connect(t, server, func(o *sqlserver.Options) { o.Timeout = 500 * time.Millisecond })
	server.Faults().Inject(tds.Fault{Kind: tds.Hang, Rows: 1, Query: "[queues]"})
	_, err := readQueues(t.Context(), feed)
	wantTrouble(t, err, etl.Passing, "not finished after 500ms")
}
