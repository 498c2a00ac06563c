// Command ddh pulls the hotline's raw data, computes its KPIs and publishes the
// quarterly statistic. This package holds flags, wiring, printing and exit codes,
// and nothing that another package could be asked; one file per command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program.
func run(ctx context.Context, args []string, _ io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr, getenv: os.Getenv, now: time.Now}
	return a.run(ctx, args)
}

// run is the program in the world it was given, as tests call it with a clock of
// their own.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil && err != nil && !errors.Is(err, errInterrupted) {
		err = errors.Join(errInterrupted, err)
	}
	code := exitCode(err)
	if err != nil && !errors.Is(err, errWarnings) {
		fmt.Fprintln(a.stderr, describe(err))
	}
	return code
}
