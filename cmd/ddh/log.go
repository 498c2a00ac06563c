package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/retry"
)

// logFlags are --log-level and --log-format.
type logFlags struct{ level, format string }

func (f *logFlags) add(root *cobra.Command) {
	root.PersistentFlags().StringVar(&f.level, "log-level", "", "what is logged: debug, info, warn or error (warn; for serve info)")
	root.PersistentFlags().StringVar(&f.format, "log-format", "text", "how: text or json")
}

// open makes the log, which goes to stderr with every secret masked.
func (f *logFlags) open(a *app, usual slog.Level) (*slog.Logger, error) {
	level := usual
	if f.level != "" {
		if err := level.UnmarshalText([]byte(f.level)); err != nil || !plainLevel(level) {
			return nil, usagef("--log-level %q is not one of debug, info, warn, error", f.level)
		}
	}
	options := &slog.HandlerOptions{Level: level}
	switch f.format {
	case "text":
		return slog.New(config.MaskLog(slog.NewTextHandler(a.stderr, options))), nil
	case "json":
		return slog.New(config.MaskLog(slog.NewJSONHandler(a.stderr, options))), nil
	}
	return nil, usagef("--log-format %q is not one of text, json", f.format)
}

// plainLevel refuses what slog reads besides the four names, such as "warn+2".
func plainLevel(l slog.Level) bool { return l%4 == 0 && l >= slog.LevelDebug && l <= slog.LevelError }

// logger is the log of this call of the program; silent where none was opened.
func (a *app) logger() *slog.Logger {
	if a.log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return a.log
}

// pause waits, and returns early with an error when the context ends.
func (a *app) pause(ctx context.Context, d time.Duration) error {
	if a.sleep != nil {
		return a.sleep(ctx, d)
	}
	return retry.Sleep(ctx, d)
}

// logRun tells what a run did: its end, and for those who look closely its steps and
// batches.
func (p *pipeline) logRun(f runFile) {
	log := p.project.app.logger().With("run", f.ID)
	for _, s := range f.Steps {
		attrs := []any{"step", s.Name, "status", string(s.Status), "seconds", s.Seconds}
		for name, n := range s.Counts {
			attrs = append(attrs, name, n)
		}
		if s.Message != "" {
			attrs = append(attrs, "message", s.Message)
		}
		log.Debug("step", attrs...)
	}
	for _, b := range f.Batches {
		log.Debug("batch", "batch", b.Batch, "source", b.Source, "table", b.Table, "origin", b.Origin,
			"read", b.Read, "loaded", b.Loaded, "superseded", b.Superseded, "quarantined", b.Quarantined)
	}
	log.Info("run ended", "command", f.Command, "trigger", string(f.Trigger), "status", string(f.Status),
		"seconds", f.Ended.Sub(f.Started).Seconds(), "batches", f.Counts["batches"], "read", f.Counts["read"],
		"loaded", f.Counts["loaded"], "quarantined", f.Counts["quarantined"])
}

// warnf tells what wants a look; the command goes on. Where a log is kept for a long
// time, it goes there.
func (a *app) warnf(format string, args ...any) {
	text := config.Mask(fmt.Sprintf(format, args...))
	if a.serving {
		a.logger().Warn(text)
		return
	}
	fmt.Fprintf(a.stderr, "ddh: warning: %s\n", text)
}
