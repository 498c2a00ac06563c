package sqlserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Fetch implements windowed.Feed. Rows are handed out as they come, none is kept.
// Columns that the table has and the contract does not know are in the header, so
// that they are reported, and empty in every row: their values stay where they are.
// The error is an *etl.Trouble, what the Receiver answered, or the context's.
func (f *Feed) Fetch(ctx context.Context, q windowed.Query, out windowed.Receiver) error {
	doing := "reading " + q.Table.Name
	ctx, cancel := f.within(ctx)
	defer cancel()
	conn, err := f.session(ctx)
	if err != nil {
		return f.trouble(ctx, doing, err)
	}
	defer conn.Close()
	return f.trouble(ctx, doing, f.bound(ctx, conn, q.Table, q.Names, func(b binding) error {
		return f.stream(ctx, conn, b, q.Window, out)
	}))
}

// bound does a job with a table's binding. Where the job shows that the database has
// changed since its catalogue was read, it is done once more with the new one.
func (f *Feed) bound(ctx context.Context, conn *sql.Conn, t etl.Table, names map[string]string, job func(binding) error) error {
	for {
		all, fresh, err := f.catalogue.read(ctx, conn, f.options.Now().In(f.options.Zone))
		if err != nil {
			return err
		}
		b, ok := bind(all, t, names)
		switch {
		case ok:
			if err = job(b); err == nil || !outdated(err) {
				return err
			}
		case fresh:
			return absent(ctx, conn, t)
		}
		if fresh {
			return err
		}
		f.catalogue.forget()
	}
}

// outdated reports whether the database says that a column or a table is not there.
func outdated(err error) bool {
	var server mssql.Error
	if !errors.As(err, &server) {
		return false
	}
	number := decisive(server).Number
	return number == noSuchColumn || number == noSuchObject
}

// absent says why a table is not in the catalogue: the catalogue only shows what the
// login may see, but the server tells apart what it does not have and what it denies.
func absent(ctx context.Context, conn *sql.Conn, t etl.Table) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf("select top (0) *\nfrom %s.%s", quote(schema), quote(t.Name)))
	if err != nil {
		return err
	}
	return &etl.Trouble{Kind: etl.Contract, Message: fmt.Sprintf("the catalogue does not show the columns of %s.%s", schema, t.Name)}
}

// answered carries what a Receiver answered past the classing of the database's
// errors.
type answered struct{ error }

// stream hands out the rows of a window.
func (f *Feed) stream(ctx context.Context, conn *sql.Conn, b binding, w etl.Window, out windowed.Receiver) error {
	if len(b.lacking) > 0 {
		if err := out.Header(b.header()); err != nil {
			return answered{err}
		}
		return b.broken(fmt.Sprintf("lacks the column %s", b.lacking[0]))
	}
	q, ok := b.selection(w, f.options.Zone)
	if !ok {
		return b.broken("has no column that tells when a row was written")
	}
	rows, err := conn.QueryContext(ctx, q.text, q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	row, err := newRow(rows, len(b.unknown))
	if err != nil {
		return err
	}
	if err := out.Header(b.header()); err != nil {
		return answered{err}
	}
	return f.pour(ctx, rows, row, out)
}

// pour hands out all rows at the pace that is allowed.
func (f *Feed) pour(ctx context.Context, rows *sql.Rows, row *row, out windowed.Receiver) error {
	limit := f.pace()
	for rows.Next() {
		fields, err := row.read(rows)
		if err != nil {
			return err
		}
		if err := out.Row(fields); err != nil {
			return answered{err}
		}
		if err := limit.took(ctx); err != nil {
			return err
		}
	}
	return rows.Err()
}

// broken is the trouble with a table that is not as agreed.
func (b *binding) broken(how string) error {
	return &etl.Trouble{
		Kind: etl.Contract, Message: fmt.Sprintf("%s.%s %s", schema, b.source, how),
		Try: "map the column's name in the configuration, or ask Puzzel what has become of it",
	}
}
