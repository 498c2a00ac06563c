package main

import "github.com/spf13/cobra"

func (a *app) feedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "feed", Short: "Write the Power BI feed from the published figures", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.readProject()
			if err != nil {
				return err
			}
			result, err := p.writeFeed(cmd.Context())
			if err != nil {
				return err
			}
			a.printf("%s\n", result)
			for _, added := range result.Added {
				a.printf("new in the feed: %s\n", added)
			}
			return nil
		},
	}
}
