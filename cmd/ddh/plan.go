package main

import (
	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (a *app) planCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "plan",
		Short: "Say which models would be built, and why",
		Long: `Say which models the next run would build from what is loaded, and why. Files that
have not been pulled yet are not looked at; nothing is changed but the seeds.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			ctx := cmd.Context()
			p, err := a.readProject()
			if err != nil {
				return err
			}
			if err := p.prepareDataDir(); err != nil {
				return err
			}
			w, err := warehouse.Open(ctx, p.warehouseOptions("plan"))
			if err != nil {
				return err
			}
			defer func() {
				if closing := w.Close(); err == nil {
					err = closing
				}
			}()
			key, err := p.key()
			if err != nil {
				return err
			}
			relations, err := p.reference(key)
			if err != nil {
				return err
			}
			if _, err := w.SetReference(ctx, relations); err != nil {
				return err
			}
			conn, err := w.Conn(ctx)
			if err != nil {
				return err
			}
			defer conn.Close()
			line := &pipeline{project: p}
			graph, err := line.graph(ctx, conn, w)
			if err != nil {
				return err
			}
			plan, err := graph.Plan(ctx, conn)
			if err != nil {
				return err
			}
			a.printf("%s\n", plan)
			return nil
		},
	}
}
