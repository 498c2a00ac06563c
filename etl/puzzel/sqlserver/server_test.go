package sqlserver_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

const (
	user     = "ddh_reader"
	password = "Tr0ub4dor&3/æ"
	database = "ConnectCallData_4711"
)

var copenhagen = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return zone
}()

// noon is the time of all tests that need only one.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, copenhagen)

// shelf answers queries from tables in memory: a query gets the rows of the first
// table whose name it mentions after "from". It has a catalogue of its tables.
type shelf struct {
	mu      sync.Mutex
	tables  []shelved
	clock   time.Time // of the server
	queries []string
	params  [][]tds.Param
	ended   chan struct{} // gets a value when a query's context ends early
}

type shelved struct {
	name    string
	columns []tds.Column
	rows    [][]any
	hidden  bool // from the catalogue
}

func (s *shelf) Query(ctx context.Context, query string, params []tds.Param) (tds.Rows, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries, s.params = append(s.queries, query), append(s.params, params)
	switch {
	case strings.HasPrefix(query, "set "):
		return nil, nil
	case strings.Contains(query, "INFORMATION_SCHEMA.COLUMNS"):
		return s.catalogue(), nil
	case query == "select sysdatetime()":
		return &answer{columns: []tds.Column{{Name: "now", Type: tds.DateTime2, Scale: 7}}, rows: [][]any{{s.clock}}}, nil
	}
	for _, t := range s.tables {
		if !strings.Contains(query, "["+t.name+"]") {
			continue
		}
		return t.answer(ctx, query, s.ended)
	}
	return nil, &tds.Error{Number: 208, State: 1, Class: 16, Message: "Invalid object name."}
}

// answer gives the columns that the query names, in its order.
func (t shelved) answer(ctx context.Context, query string, ended chan struct{}) (tds.Rows, error) {
	list, _, _ := strings.Cut(strings.TrimPrefix(query, "select "), "\nfrom ")
	top := -1
	if strings.HasPrefix(list, "top (") {
		top = int(list[5] - '0')
		_, list, _ = strings.Cut(list, ") ")
	}
	a := &answer{ctx: ctx, ended: ended}
	if list == "*" {
		a.columns = t.columns
		return a, nil
	}
	var places []int
	for _, name := range strings.Split(list, ", ") {
		name = strings.Trim(name, "[]")
		at := -1
		for i, c := range t.columns {
			if c.Name == name || name == "max(["+c.Name+"])" {
				at = i
			}
		}
		if at < 0 {
			return nil, &tds.Error{Number: 207, State: 1, Class: 16, Message: "Invalid column name '" + name + "'."}
		}
		places = append(places, at)
		a.columns = append(a.columns, t.columns[at])
	}
	for i, row := range t.rows {
		if i == top {
			break
		}
		picked := make([]any, len(places))
		for j, at := range places {
			picked[j] = row[at]
		}
		a.rows = append(a.rows, picked)
	}
	return a, nil
}

func (s *shelf) catalogue() tds.Rows {
	a := &answer{columns: []tds.Column{
		{Name: "TABLE_NAME", Type: tds.NVarChar, Length: 128}, {Name: "COLUMN_NAME", Type: tds.NVarChar, Length: 128},
		{Name: "DATA_TYPE", Type: tds.NVarChar, Length: 128}, {Name: "IS_NULLABLE", Type: tds.VarChar, Length: 3},
	}}
	for _, t := range s.tables {
		for _, c := range t.columns {
			nullable := "YES"
			if c.NotNull {
				nullable = "NO"
			}
			if !t.hidden {
				a.rows = append(a.rows, []any{t.name, c.Name, c.Type.String(), nullable})
			}
		}
	}
	return a
}

// asked returns the queries of tables so far.
func (s *shelf) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var asked []string
	for _, q := range s.queries {
		if strings.Contains(q, "[dbo]") {
			asked = append(asked, q)
		}
	}
	return asked
}

type answer struct {
	ctx     context.Context
	ended   chan struct{}
	columns []tds.Column
	rows    [][]any
}

func (a *answer) Columns() []tds.Column { return a.columns }

func (a *answer) Next(values []any) error {
	if len(a.rows) == 0 {
		return io.EOF
	}
	copy(values, a.rows[0])
	a.rows = a.rows[1:]
	return nil
}

func (a *answer) Close() error {
	if a.ended != nil && a.ctx.Err() != nil {
		select {
		case a.ended <- struct{}{}:
		default:
		}
	}
	return nil
}

// serve starts a server for a test; change may alter its options.
func serve(t testing.TB, handler tds.Handler, change ...func(*tds.Options)) *tds.Server {
	t.Helper()
	o := tds.Options{User: user, Password: password, Database: database, Handler: handler}
	for _, c := range change {
		c(&o)
	}
	server, err := tds.Serve(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// dsn writes down the server's root certificate and returns how to reach the server.
func dsn(t testing.TB, server *tds.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(file, server.CA(), 0o600); err != nil {
		t.Fatal(err)
	}
	return server.DSN(file)
}

// connect makes a Feed of a server; change may alter its options.
func connect(t testing.TB, server *tds.Server, change ...func(*sqlserver.Options)) *sqlserver.Feed {
	t.Helper()
	o := sqlserver.Options{
		DSN: dsn(t, server), Zone: copenhagen, Now: func() time.Time { return noon },
		Tables: []etl.Table{puzzel.Queues},
	}
	for _, c := range change {
		c(&o)
	}
	feed, err := sqlserver.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { feed.Close() })
	return feed
}

// sheet is a Receiver that keeps what it gets.
type sheet struct {
	header []string
	rows   [][]string
	row    func() error // called for every row
}

var _ windowed.Receiver = (*sheet)(nil)

func (s *sheet) Header(columns []string) error {
	s.header, s.rows = columns, nil
	return nil
}

func (s *sheet) Row(fields []string) error {
	s.rows = append(s.rows, append([]string(nil), fields...))
	if s.row != nil {
		return s.row()
	}
	return nil
}
