package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/landing"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (a *app) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the warehouse anew from the landing and publish it",
		Long: `Make the warehouse anew from the landed files, build every model whole and publish.
Until the new warehouse is complete the old one stays in its place.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.readProject()
			if err != nil {
				return err
			}
			if _, err := p.readKey(); err != nil {
				return err
			}
			show := a.progress()
			if err := p.rebuild(cmd.Context(), show); err != nil {
				return err
			}
			return a.execute(cmd.Context(), &pipeline{project: p, command: "rebuild", full: true, offline: true, progress: show})
		},
	}
}

// rebuild replaces the warehouse by one made from the landing.
func (p *project) rebuild(ctx context.Context, show *progress) error {
	if err := p.prepareDataDir(); err != nil {
		return err
	}
	watch := show.begin("rebuild")
	files, err := landing.Files(ctx, p.config.LandingDir(), tables())
	if err != nil {
		return err
	}
	done, err := warehouse.Rebuild(ctx, p.warehouseOptions("rebuild"), files, watch)
	if err != nil {
		return err
	}
	for _, held := range done.Held {
		p.app.warnf("%v", held)
	}
	if done.History != nil {
		p.app.warnf("the account of earlier runs could not be taken along: %v", done.History)
	}
	var rows int64
	for _, l := range done.Loaded {
		rows += l.Read
	}
	show.done("%s", fmt.Sprintf("%d batches with %d rows from the landing", len(done.Loaded), rows))
	return nil
}
