package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
)

func (a *app) runCommand() *cobra.Command {
	var source string
	var confirm []string
	var due bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Pull, load, build, check, publish",
		Long: `Pull everything new from the sources, load it, rebuild the days it touched, check
the result and publish it. Running again changes nothing until something new comes;
a run that broke off is repaired by the next.

With --due only the sources and jobs run whose scheduled time has come since they last
ran; where there is none, that is said and nothing is done.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if due {
				if source != "" || len(confirm) > 0 {
					return usagef("--due takes neither --source nor --confirm")
				}
				return a.runDue(cmd.Context())
			}
			p, err := a.readProject()
			if err != nil {
				return err
			}
			line := &pipeline{project: p, command: "run", source: source, confirm: confirm, progress: a.progress()}
			return a.execute(cmd.Context(), line)
		},
	}
	cmd.Flags().BoolVar(&due, "due", false, "run what is due by the schedules of the configuration")
	cmd.Flags().StringVar(&source, "source", "", "pull from this source only")
	cmd.Flags().StringSliceVar(&confirm, "confirm", nil, "what is held: batches that may replace many rows by few, sources whose window may be small")
	return cmd
}

// execute runs a pipeline and tells what wants a look.
func (a *app) execute(ctx context.Context, line *pipeline) error {
	if err := line.execute(ctx); err != nil {
		return err
	}
	troubles := line.outcome.troubles()
	if len(troubles) == 0 {
		return nil
	}
	fmt.Fprintf(a.stderr, "ddh: %s\n", config.Mask(strings.Join(troubles, "\nddh: ")))
	if len(line.outcome.unreachable) > 0 {
		return fmt.Errorf("%w: %w", errWarnings, errors.Join(line.outcome.unreachable...))
	}
	return errWarnings
}
