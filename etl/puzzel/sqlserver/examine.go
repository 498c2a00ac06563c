package sqlserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Examine implements etl.Patient. It looks, over a connection of its own, at the
// host's name, the port, TLS, the login, the database, the permission on each table,
// its columns, the clock, how fresh the data is, and one row of each table. What
// depends on something that failed is not tried.
func (f *Feed) Examine(ctx context.Context) []etl.Examined {
	ctx, cancel := f.within(ctx)
	defer cancel()
	line := &connector{config: f.connector.config}
	db := line.open()
	defer db.Close()
	x := &examination{feed: f, line: line, db: db}
	for _, look := range []func(context.Context) bool{x.name, x.port, x.login, x.tables} {
		if !look(ctx) {
			break
		}
	}
	if x.conn != nil {
		x.conn.Close()
	}
	return x.found
}

// examination is one Examine under way. Each look notes what it found and reports
// whether the next makes sense.
type examination struct {
	feed  *Feed
	line  *connector
	db    *sql.DB
	conn  *sql.Conn
	found []etl.Examined
}

func (x *examination) fine(what, format string, args ...any) bool {
	x.found = append(x.found, etl.Examined{What: what, Found: fmt.Sprintf(format, args...), OK: true})
	return true
}

func (x *examination) bad(what, found, try string) bool {
	x.found = append(x.found, etl.Examined{What: what, Found: found, Try: try})
	return false
}

// failed notes an error.
func (x *examination) failed(ctx context.Context, what string, err error) bool {
	err = x.feed.trouble(ctx, what, err)
	var trouble *etl.Trouble
	if errors.As(err, &trouble) {
		return x.bad(what, strings.TrimPrefix(trouble.Error(), what+": "), trouble.Try)
	}
	return x.bad(what, err.Error(), "")
}

// name looks whether the host's name is known.
func (x *examination) name(ctx context.Context) bool {
	host := x.line.config.Host
	if net.ParseIP(host) != nil {
		return x.fine("name", "%s is an address", host)
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return x.failed(ctx, "name", err)
	}
	return x.fine("name", "%s is %s", host, strings.Join(addresses, ", "))
}

// port looks whether anybody answers there.
func (x *examination) port(ctx context.Context) bool {
	port := strconv.FormatUint(x.line.config.Port, 10)
	if port == "0" {
		port = "1433"
	}
	address := net.JoinHostPort(x.line.config.Host, port)
	dialer := net.Dialer{Timeout: dialTime}
	line, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return x.failed(ctx, "port", err)
	}
	line.Close()
	return x.fine("port", "%s answers", address)
}

// login looks at TLS, user and database, which come to light in one step.
func (x *examination) login(ctx context.Context) bool {
	conn, err := x.db.Conn(ctx)
	if err == nil {
		x.conn = conn
		_, err = conn.ExecContext(ctx, settings)
	}
	var server mssql.Error
	told := errors.As(err, &server)
	if err != nil && !told && (fromTLS(err) != nil || x.line.certificate() == nil) {
		return x.failed(ctx, "TLS", err)
	}
	x.certificate()
	user := x.line.config.User
	if number := decisive(server).Number; err != nil && number != noDatabase {
		return x.failed(ctx, "login", err)
	}
	x.fine("login", "the server knows %s", user)
	if err != nil {
		return x.failed(ctx, "database", err)
	}
	return x.fine("database", "%s is open", x.line.config.Database)
}

// certificate tells of the certificate that was accepted.
func (x *examination) certificate() {
	state := x.line.certificate()
	if state == nil || len(state.PeerCertificates) == 0 {
		return
	}
	const soon = 21 * 24 * time.Hour
	until := state.PeerCertificates[0].NotAfter
	text := fmt.Sprintf("encrypted, certificate for %s accepted, valid until %s", state.ServerName, until.In(x.feed.options.Zone).Format(time.DateOnly))
	if left := until.Sub(x.feed.options.Now()); left < soon {
		text += fmt.Sprintf(", which is in %d days", int(left/(24*time.Hour)))
	}
	x.fine("TLS", "%s", text)
}
