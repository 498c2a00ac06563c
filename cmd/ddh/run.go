package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) runCommand() *cobra.Command {
	var source string
	var confirm []string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Pull, load, build, check, publish",
		Long: `Pull everything new from the sources, load it, rebuild the days it touched, check
the result and publish it. Running again changes nothing until something new comes;
a run that broke off is repaired by the next.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.readProject()
			if err != nil {
				return err
			}
			line := &pipeline{project: p, command: "run", source: source, confirm: confirm, progress: a.progress()}
			return a.execute(cmd.Context(), line)
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "pull from this source only")
	cmd.Flags().StringSliceVar(&confirm, "confirm", nil, "batches that may replace many rows by few")
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
	fmt.Fprintf(a.stderr, "ddh: %s\n", strings.Join(troubles, "\nddh: "))
	if len(line.outcome.unreachable) > 0 {
		return fmt.Errorf("%w: %w", errWarnings, errors.Join(line.outcome.unreachable...))
	}
	return errWarnings
}
