package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strconv"
	"time"
)

// migration is one numbered file of SQL.
type migration struct {
	number int
	name   string
	text   string
	hash   string // hex SHA-256 of text
}

var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// readMigrations reads the files in order and sees that no number is used twice.
func readMigrations(fsys fs.FS) ([]migration, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	sort.Strings(names)
	var all []migration
	for _, name := range names {
		m := migrationName.FindStringSubmatch(path.Base(name))
		if m == nil {
			return nil, fmt.Errorf("migration %s is not named like 0001_what_it_does.sql", name)
		}
		number, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		if n := len(all); n > 0 && all[n-1].number == number {
			return nil, fmt.Errorf("migrations %s and %s have one number", all[n-1].name, name)
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{number, name, string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// migrate applies, each in its own transaction, the migrations that the warehouse
// has not had yet.
func migrate(ctx context.Context, conn *sql.Conn, fsys fs.FS, now func() time.Time) error {
	all, err := readMigrations(fsys)
	if err != nil {
		return err
	}
	const account = `create schema if not exists meta;
		create table if not exists meta.migrations (
			number integer not null, name varchar not null, hash varchar not null, applied_at timestamptz not null)`
	if _, err := conn.ExecContext(ctx, account); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	applied, err := appliedMigrations(ctx, conn)
	if err != nil {
		return err
	}
	for _, m := range all {
		before, done := applied[m.number]
		delete(applied, m.number)
		switch {
		case !done:
			if err := apply(ctx, conn, m, now()); err != nil {
				return err
			}
		case before.hash != m.hash:
			return fmt.Errorf("migration %s was changed after this warehouse had applied it as %s", m.name, before.name)
		}
	}
	for _, m := range applied {
		return fmt.Errorf("this warehouse has had migration %s, which this program does not know: it was made by a newer ddh", m.name)
	}
	return nil
}

func appliedMigrations(ctx context.Context, conn *sql.Conn) (map[int]migration, error) {
	rows, err := conn.QueryContext(ctx, "select number, name, hash from meta.migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	applied := map[int]migration{}
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.number, &m.name, &m.hash); err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		applied[m.number] = m
	}
	return applied, rows.Err()
}

func apply(ctx context.Context, conn *sql.Conn, m migration, now time.Time) error {
	return inTransaction(ctx, conn, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		_, err := tx.ExecContext(ctx, "insert into meta.migrations values (?, ?, ?, ?)", m.number, m.name, m.hash, now.UTC())
		if err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		return nil
	})
}
