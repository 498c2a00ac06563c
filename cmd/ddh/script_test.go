package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// clockVariable tells the program under test, and only that, what time it is.
const clockVariable = "CLOCK"

// oneThread is what a test's warehouse works with: its tables are so small that a
// second thread mostly waits for the first, at full speed, while the next test could
// have its core. The truth tests take the machine's.
const oneThread = 1

// monday is when scripts play: the third quarter of 2026 is closed, the centre about
// to open.
const monday = "2026-10-05T06:00:00Z"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ddh": func() {
		now, err := time.Parse(time.RFC3339, os.Getenv(clockVariable))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(99)
		}
		a := &app{stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: standing(now), threads: oneThread}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := a.run(ctx, os.Args[1:])
		stop()
		os.Exit(code)
	}})
}

// standing is a clock that stands still, so that runs, batches and outputs have the
// same names every time.
func standing(at time.Time) func() time.Time { return func() time.Time { return at } }

// program runs ddh in this process, at the scripts' time, and returns its exit code.
func program(stdout, stderr io.Writer, args ...string) int {
	return programOn(oneThread, stdout, stderr, args...)
}

// programOn is program with so many threads; 0 is one per core.
func programOn(threads int, stdout, stderr io.Writer, args ...string) int {
	now, err := time.Parse(time.RFC3339, monday)
	if err != nil {
		panic(err)
	}
	a := &app{stdout: stdout, stderr: stderr, getenv: func(string) string { return "" }, now: standing(now), threads: threads}
	return a.run(context.Background(), args)
}

// TestScripts runs the sessions of testdata/script. Beside the commands of testscript
// they have ddh itself and those of scriptCommands.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "../../testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv(clockVariable, monday)
			env.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: scriptCommands(demoOnce(t.TempDir())),
	})
}

// demoOnce makes a small demo when it is first asked for. Scripts get copies.
func demoOnce(dir string) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		var stderr lines
		code := program(io.Discard, &stderr, "demo", "--dir", filepath.Join(dir, "demo"),
			"--from", "2026-07-01", "--to", "2026-09-30", "--calls-per-year", "10000")
		if code != exitOK {
			return "", fmt.Errorf("ddh demo ended with %d: %s", code, stderr)
		}
		return filepath.Join(dir, "demo"), nil
	})
}

type lines []byte

func (l *lines) Write(p []byte) (int, error) {
	*l = append(*l, p...)
	return len(p), nil
}

type command = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are what scripts can do beside running ddh.
func scriptCommands(demo func() (string, error)) map[string]command {
	return map[string]command{
		"append":       appendLines,
		"appears":      appears,
		"exits":        exits,
		"given-demo":   func(ts *testscript.TestScript, neg bool, args []string) { givenDemo(ts, neg, args, demo) },
		"locked":       locked,
		"unlocked":     unlocked,
		"to-1252":      toWindows1252,
		"to-utf16":     toUTF16,
		"to-gzip":      toGzip,
		"to-parquet":   toParquet,
		"to-workbook":  toWorkbook,
		"semicolons":   semicolons,
		"cut":          cut,
		"many-calls":   manyCalls,
		"few-events":   fewEvents,
		"settle-held":  settleHeld,
		"set-batch":    setBatch,
		"same-figures": sameFigures,
		"nowhere":      nowhere,
	}
}

// usage ends a script whose line is wrong.
func usage(ts *testscript.TestScript, neg, wrong bool, how string) {
	if neg || wrong {
		ts.Fatalf("usage: %s", how)
	}
}

// exits runs a command and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) < 2, "exits CODE COMMAND [ARG...]")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Check(err)
	}
	if got != want {
		ts.Logf("[stdout]\n%s[stderr]\n%s", ts.ReadFile("stdout"), ts.ReadFile("stderr"))
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// settleHeld does what the last message told: it runs again and confirms or declines
// the batch that is held, whose name ends in a checksum of the file.
func settleHeld(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "settle-held confirm|decline")
	_, told, found := strings.Cut(ts.ReadFile("stderr"), "ddh run --"+args[0]+" ")
	if !found {
		ts.Fatalf("nothing is held")
	}
	ts.Check(ts.Exec("ddh", "run", "--"+args[0], strings.TrimRight(strings.Fields(told)[0], ";")))
}

// givenDemo puts a finished demo into a folder: three months, 10,000 calls a year.
func givenDemo(ts *testscript.TestScript, neg bool, args []string, demo func() (string, error)) {
	usage(ts, neg, len(args) != 1, "given-demo DIR")
	made, err := demo()
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(made)))
}

// batchField finds the first batch in the JSON of `ddh quarantine list`.
var batchField = regexp.MustCompile(`"batch": "([^"]+)"`)

// setBatch puts the id of the first batch in a JSON output into $BATCH.
func setBatch(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) != 1, "set-batch FILE")
	m := batchField.FindStringSubmatch(ts.ReadFile(args[0]))
	if m == nil {
		ts.Fatalf("%s names no batch", args[0])
	}
	ts.Setenv("BATCH", m[1])
}
