package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// The exit codes scripts rely on (DESIGN §5).
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitWarnings    = 3
	exitLocked      = 10
	exitUnreachable = 11
	exitChecks      = 12
	exitStale       = 13
	exitInterrupted = 130
)

var (
	errInterrupted = errors.New("interrupted; run again to go on from the last whole step")
	// errWarnings ends a command that did its work and has said what is to be looked at.
	errWarnings = errors.New("done with warnings")
	// errStale ends a status whose figures are older than they should be.
	errStale = errors.New("the figures are stale")
)

// usageError is a fault in what the user gave: flags, configuration, reference files.
type usageError struct {
	err error
	try string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// failure is an error with a way out.
type failure struct {
	err error
	try string
}

func (e *failure) Error() string { return e.err.Error() }
func (e *failure) Unwrap() error { return e.err }

// unreachableError is a source that could not be read. The run goes on without it.
type unreachableError struct{ err error }

func (e *unreachableError) Error() string { return e.err.Error() }
func (e *unreachableError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{err: fmt.Errorf(format, args...)} }

// exitCode is the one place where an error becomes a number.
func exitCode(err error) int {
	var usage *usageError
	var locked *warehouse.LockedError
	var checks *model.CheckError
	var unreachable *unreachableError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &unreachable):
		return exitUnreachable
	case errors.Is(err, errWarnings):
		return exitWarnings
	case errors.Is(err, errStale):
		return exitStale
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &locked):
		return exitLocked
	case errors.As(err, &checks):
		return exitChecks
	}
	return exitFailed
}

// describe is what the user reads.
func describe(err error) string { return "ddh: " + withRemedy(err, "") }

// withRemedy is the error, and what to do where something is known, on its own line.
func withRemedy(err error, indent string) string {
	text := config.Mask(strings.TrimSpace(err.Error()))
	if try := remedy(err); try != "" {
		text += "\n" + indent + "Try: " + try
	}
	return text
}

func remedy(err error) string {
	var usage *usageError
	var failed *failure
	var locked *warehouse.LockedError
	var checks *model.CheckError
	var unreachable *unreachableError
	var trouble *etl.Trouble
	switch {
	case errors.As(err, &usage) && usage.try != "":
		return usage.try
	case errors.As(err, &failed):
		return failed.try
	case errors.As(err, &locked):
		return "wait for it to end, or stop that process"
	case errors.As(err, &trouble) && trouble.Try != "":
		return trouble.Try
	case errors.As(err, &unreachable):
		return "see that the source is there and run again; what the others brought is shown"
	case errors.As(err, &checks):
		return "mend what the check found and run again; until then the last good figures are shown"
	case errors.Is(err, warehouse.ErrNothingPublished):
		return "ddh run"
	case warehouse.IsDamage(err):
		return "ddh rebuild, which makes the warehouse anew from the landing"
	}
	return ""
}
