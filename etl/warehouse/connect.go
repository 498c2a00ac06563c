package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// connect opens a DuckDB file for writing. A checkpoint writes anew what has come
// since the last one, and more, to make row groups full: by DuckDB's defaults, one at
// nearly every commit of a batch, it costs more than all the rest of loading. FSST
// makes our texts, which repeat, no smaller than a dictionary does, and is slow.
func connect(path string, o Options) (*sql.DB, error) {
	settings := url.Values{
		"checkpoint_threshold":               {"256MB"},    // what a crash leaves to be replayed
		"auto_checkpoint_skip_wal_threshold": {"64000000"}, // bytes of one transaction
		"max_vacuum_tasks":                   {"8"},
		"disabled_compression_methods":       {"fsst"},
	}
	if o.MemoryLimit != "" {
		settings.Set("memory_limit", o.MemoryLimit)
	}
	if o.Threads > 0 {
		settings.Set("threads", strconv.Itoa(o.Threads))
	}
	return open(path, settings)
}

// connectReadOnly opens a DuckDB file that nothing will change.
func connectReadOnly(path string) (*sql.DB, error) {
	return open(path, url.Values{"access_mode": {"read_only"}})
}

func open(path string, settings url.Values) (*sql.DB, error) {
	if strings.Contains(path, "?") {
		return nil, fmt.Errorf("warehouse %s: a path with a question mark cannot be opened", path)
	}
	// All that is needed is built in; nothing is to be fetched from the net.
	settings.Set("autoinstall_known_extensions", "false")
	settings.Set("autoload_known_extensions", "false")
	dsn := path + "?" + settings.Encode()
	// The time zone cannot be set in the DSN (DESIGN §4).
	connector, err := duckdb.NewConnector(dsn, func(c driver.ExecerContext) error {
		_, err := c.ExecContext(context.Background(), "set TimeZone = 'Europe/Copenhagen'", nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("warehouse %s: open: %w", path, err)
	}
	return sql.OpenDB(connector), nil
}

// literal quotes a text for SQL.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident quotes a name for SQL.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
