package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl"
)

// TestNoSecretIsPrinted: once a secret of the configuration has been read, none of the
// ways in which a command speaks shows it: its errors, warnings, log and history.
func TestNoSecretIsPrinted(t *testing.T) {
	const secret = "hemmelig nøgle/med: tegn & 32 bogstaver" // invented
	dir := newProjectIn(t)
	if err := os.WriteFile(filepath.Join(dir, ".pseudonym_key"), []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{config: filepath.Join(dir, "ddh.toml"), stdout: &out, stderr: &out, getenv: os.Getenv, now: standing(fixedTime(t))}
	p, err := a.readProject()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.key(); err != nil {
		t.Fatal(err)
	}
	address := url.URL{Scheme: "sqlserver", User: url.UserPassword("ddh", secret), Host: "db.example.com"}
	cause := fmt.Errorf("connect %s: %w", address.String(), errors.New("login failed with "+secret))
	trouble := &unreachableError{err: &etl.Trouble{Kind: etl.Login, Message: "the login was refused", Err: cause}}

	out.WriteString(describe(trouble))
	a.warnf("%v", trouble)
	for _, format := range []string{"text", "json"} {
		flags := logFlags{level: "debug", format: format}
		if a.log, err = flags.open(a, slog.LevelWarn); err != nil {
			t.Fatal(err)
		}
		a.logger().Error("the run failed", "error", trouble, "cause", cause, "dsn", address.String())
	}
	run := account{now: a.now}
	run.step("pull:puzzel", "puzzel")(nil, trouble)
	out.WriteString(run.closed(nil)[0].Message)

	text := out.String()
	if strings.Count(text, "***") < 8 {
		t.Errorf("not everything was said: %s", text)
	}
	for _, part := range []string{"hemmelig", "bogstaver", "n%C3%B8gle", "med:", "med%3A"} {
		if strings.Contains(text, part) {
			t.Errorf("%q was said: %s", part, text)
		}
	}
}

func TestLogFlags(t *testing.T) {
	for _, c := range []struct {
		flags logFlags
		lines int // of four, one of each level
		fault string
	}{
		{logFlags{format: "text"}, 2, ""},
		{logFlags{level: "debug", format: "json"}, 4, ""},
		{logFlags{level: "ERROR", format: "text"}, 1, ""},
		{logFlags{level: "warn+2", format: "text"}, 0, `--log-level "warn+2" is not one of debug, info, warn, error`},
		{logFlags{format: "xml"}, 0, `--log-format "xml" is not one of text, json`},
	} {
		var out bytes.Buffer
		log, err := c.flags.open(&app{stderr: &out}, slog.LevelWarn)
		if c.fault != "" {
			if err == nil || err.Error() != c.fault {
				t.Errorf("%+v: %v, want %s", c.flags, err, c.fault)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		log.Debug("a")
		log.Info("b")
		log.Warn("c")
		log.Error("d")
		if got := strings.Count(out.String(), "\n"); got != c.lines {
			t.Errorf("%+v: %d lines, want %d", c.flags, got, c.lines)
		}
	}
}
