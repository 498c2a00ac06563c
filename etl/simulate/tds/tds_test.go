package tds_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

const password = `p@ss;w{or}d "æ€" 1`

// answers is a handler made of a function.
type answers func(ctx context.Context, query string, params []tds.Param) (tds.Rows, error)

func (a answers) Query(ctx context.Context, query string, params []tds.Param) (tds.Rows, error) {
	return a(ctx, query, params)
}

// table is a result set held in memory.
type table struct {
	columns []tds.Column
	rows    [][]any
}

func (t *table) Columns() []tds.Column { return t.columns }
func (t *table) Close() error          { return nil }
func (t *table) Next(values []any) error {
	if len(t.rows) == 0 {
		return io.EOF
	}
	copy(values, t.rows[0])
	t.rows = t.rows[1:]
	return nil
}

// numbers has rows of one column n, from 1, in steps of a hundred with a pause between
// them: the driver cancels nothing before it has caught up with the rows.
type numbers struct {
	n, last int64
	pause   time.Duration
}

func (r *numbers) Columns() []tds.Column { return []tds.Column{{Name: "n", Type: tds.BigInt}} }
func (r *numbers) Close() error          { return nil }
func (r *numbers) Next(values []any) error {
	if r.n == r.last {
		return io.EOF
	}
	if r.n++; r.n%100 == 0 {
		time.Sleep(r.pause)
	}
	values[0] = r.n
	return nil
}

// count answers every query with the numbers from 1 to n.
func count(n int64) answers {
	return func(context.Context, string, []tds.Param) (tds.Rows, error) { return &numbers{last: n}, nil }
}

// endless answers every query with numbers without end.
var endless = answers(func(context.Context, string, []tds.Param) (tds.Rows, error) {
	return &numbers{last: 1 << 60, pause: 5 * time.Millisecond}, nil
})

// serve starts a server and opens the driver's pool on it; change may alter the DSN.
func serve(t testing.TB, o tds.Options, change ...func(dsn string) string) (*tds.Server, *sql.DB) {
	t.Helper()
	o.User, o.Password, o.Database = "ddh_reader", password, "ConnectCallData_10112"
	server, err := tds.Serve(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, server.CA(), 0o600); err != nil {
		t.Fatal(err)
	}
	dsn := server.DSN(file)
	for _, f := range change {
		dsn = f(dsn)
	}
	db, err := sql.Open("sqlserver", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return server, db
}

func TestABatchAndAStatementWithParameters(t *testing.T) {
	_, db := serve(t, tds.Options{Handler: answers(func(_ context.Context, query string, params []tds.Param) (tds.Rows, error) {
		row := []any{query, int64(len(params)), nil}
		if len(params) > 0 {
			row[2] = params[0].Name
		}
		return &table{
			columns: []tds.Column{
				{Name: "query", Type: tds.NVarChar, Length: 100}, {Name: "params", Type: tds.Int, NotNull: true},
				{Name: "first", Type: tds.NVarChar, Length: 10},
			},
			rows: [][]any{row},
		}, nil
	})})
	var query string
	var params int
	var first sql.NullString
	if err := db.QueryRowContext(t.Context(), "select 'æ😀'").Scan(&query, &params, &first); err != nil {
		t.Fatal(err)
	}
	if query != "select 'æ😀'" || params != 0 || first.Valid {
		t.Errorf("the batch came as %q with %d parameters, the first %v", query, params, first)
	}
	if err := db.QueryRowContext(t.Context(), "select @p1, @p2", 1, "x").Scan(&query, &params, &first); err != nil {
		t.Fatal(err)
	}
	if query != "select @p1, @p2" || params != 2 || first.String != "@p1" {
		t.Errorf("the statement came as %q with %d parameters, the first %v", query, params, first)
	}
}

func TestTransactionsAreLetBe(t *testing.T) {
	_, db := serve(t, tds.Options{Handler: count(3)})
	for _, end := range []func(*sql.Tx) error{(*sql.Tx).Commit, (*sql.Tx).Rollback} {
		tx, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := tx.QueryRow("select n").Scan(&n); err != nil || n != 1 {
			t.Errorf("got %d, %v", n, err)
		}
		if err := end(tx); err != nil {
			t.Error(err)
		}
	}
}

func TestWhoMayLogIn(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(dsn string) string { return strings.Replace(dsn, old, new, 1) }
	}
	for _, c := range []struct {
		name   string
		change func(string) string
		number int32
		text   string
	}{
		{"wrong user", replace("ddh_reader", "somebody"), 18456, "Login failed for user 'somebody'"},
		{"wrong password", replace("p%40ss", "p%40SS"), 18456, "Login failed for user 'ddh_reader'"},
		{"wrong database", replace("ConnectCallData_10112", "Other"), 4060, `Cannot open database "Other"`},
		{"wrong host name", replace("rawdata.puzzel.example", "other.example"), 0, "certificate is valid for rawdata.puzzel.example"},
		{"without the authority", func(dsn string) string {
			head, tail, _ := strings.Cut(dsn, "certificate=")
			_, tail, _ = strings.Cut(tail, "&")
			return head + tail
		}, 0, "certificate signed by unknown authority"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, db := serve(t, tds.Options{Handler: count(1)}, c.change)
			err := db.PingContext(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v, want %q", err, c.text)
			}
			var e mssql.Error
			if errors.As(err, &e) != (c.number != 0) || e.Number != c.number {
				t.Errorf("number %d, want %d", e.Number, c.number)
			}
			if server.Logins() != 0 {
				t.Errorf("%d logins were let in", server.Logins())
			}
		})
	}
}
