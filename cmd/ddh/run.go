package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
)

func (a *app) runCommand() *cobra.Command {
	var source string
	var confirm, decline []string
	var due bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Pull, load, build, check, publish",
		Long: `Pull everything new from the sources, load it, rebuild the days it touched, check
the result and publish it. Running again changes nothing until something new comes;
a run that broke off is repaired by the next.

With --due only the sources and jobs run whose scheduled time has come since they last
ran; where there is none, that is said and nothing is done.

A batch that would replace many rows by few is held until it is confirmed or declined.
A declined one is never loaded; its file stays in the landing, ending in .declined.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if due {
				if source != "" || len(confirm)+len(decline) > 0 {
					return usagef("--due takes neither --source nor --confirm nor --decline")
				}
				return a.runDue(cmd.Context())
			}
			p, err := a.readProject()
			if err != nil {
				return err
			}
			for _, id := range decline {
				if slices.Contains(confirm, id) {
					return usagef("batch %s cannot be both confirmed and declined", id)
				}
			}
			line := &pipeline{
				project: p, command: "run", source: source, confirm: confirm, declined: decline, progress: a.progress(),
			}
			return a.execute(cmd.Context(), line)
		},
	}
	cmd.Flags().BoolVar(&due, "due", false, "run what is due by the schedules of the configuration")
	cmd.Flags().StringVar(&source, "source", "", "pull from this source only")
	cmd.Flags().StringSliceVar(&confirm, "confirm", nil, "what is held: batches that may replace many rows by few, sources whose window may be small")
	cmd.Flags().StringSliceVar(&decline, "decline", nil, "batches that are held and are never to be loaded")
	return cmd
}

// execute runs a pipeline and tells what wants a look.
func (a *app) execute(ctx context.Context, line *pipeline) error {
	err := line.execute(ctx)
	warnings := line.outcome.warnings()
	for _, text := range slices.Concat(line.outcome.notices(), warnings) {
		fmt.Fprintf(a.stderr, "ddh: %s\n", config.Mask(text))
	}
	if err != nil || len(warnings) == 0 {
		return err
	}
	if len(line.outcome.unreachable) > 0 {
		return fmt.Errorf("%w: %w", errWarnings, errors.Join(line.outcome.unreachable...))
	}
	return errWarnings
}
