package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// app is what every command is given: the world outside, and the flags they share.
type app struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	sleep          func(context.Context, time.Duration) error // nil: by a timer
	threads        int                                        // of the warehouse where the configuration leaves it open; 0: one per core

	config  string // path of ddh.toml
	json    bool
	log     *slog.Logger
	serving bool // what is said goes to the log
}

const help = `ddh pulls the hotline's call records, guide usage and survey replies into an
embedded warehouse, computes the KPIs and publishes the quarterly statistic.

Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 done with warnings or
quarantined rows, 10 warehouse locked, 11 source unreachable, 12 checks failed and
nothing published, 13 figures stale, 130 interrupted.`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "ddh",
		Short:         "The statistics of Den Digitale Hotline",
		Long:          help,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,

		SuggestionsMinimumDistance: 2,

		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().StringVar(&a.config, "config", "ddh.toml", "configuration file")
	var flags logFlags
	flags.add(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		usual := slog.LevelWarn
		if cmd.Name() == "serve" {
			usual = slog.LevelInfo
		}
		a.log, err = flags.open(a, usual)
		return err
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err: err, try: cmd.CommandPath() + " --help"}
	})
	root.AddCommand(
		a.demoCommand(), a.initCommand(), a.runCommand(), a.serveCommand(), a.backfillCommand(), a.doctorCommand(), a.planCommand(), a.rebuildCommand(),
		a.kpiCommand(), a.explainCommand(), a.unknownCommand(), a.docsCommand(), a.reportCommand(), a.feedCommand(), a.statusCommand(), a.runsCommand(), a.quarantineCommand(),
		a.versionCommand(),
	)
	return root
}

// knownCommand refuses what is no command, and names those that come near.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	try := cmd.CommandPath() + " --help"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		try = cmd.CommandPath() + " " + strings.Join(near, ", or "+cmd.CommandPath()+" ")
	}
	return &usageError{err: fmt.Errorf("there is no command %q", cmd.CommandPath()+" "+args[0]), try: try}
}

// noArgs, exactArgs make cobra's argument faults usage faults.
func noArgs(cmd *cobra.Command, args []string) error { return exactArgs(0)(cmd, args) }

func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return &usageError{err: err, try: cmd.CommandPath() + " --help"}
		}
		return nil
	}
}

// jsonFlag gives a reading command its --json.
func (a *app) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.json, "json", false, "print JSON")
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
