package main

import (
	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (a *app) planCommand() *cobra.Command {
	cmd := &cobra.Command{
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
			data, err := p.reference(key)
			if err != nil {
				return err
			}
			if _, err := w.SetReference(ctx, data.relations); err != nil {
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
			if a.json {
				return a.printJSON(map[string]any{"pending": plannedModels(plan)})
			}
			a.printf("%s\n", plan)
			return nil
		},
	}
	a.jsonFlag(cmd)
	return cmd
}

// plannedModel is the JSON of what would be done with one model.
type plannedModel struct {
	Model  string        `json:"model"`
	Action model.Action  `json:"action"`
	Days   []plannedDays `json:"days"` // none for a model as a whole
	Reason string        `json:"reason"`
}

// plannedDays are local days, both of them among those that are built.
type plannedDays struct {
	First string `json:"first"`
	Last  string `json:"last"`
}

// plannedModels are the models that would be looked at, in building order.
func plannedModels(plan model.Plan) []plannedModel {
	all := []plannedModel{}
	for _, d := range plan.Pending() {
		m := plannedModel{Model: d.Model, Action: d.Action, Days: []plannedDays{}, Reason: d.Reason}
		for _, r := range d.Days {
			m.Days = append(m.Days, plannedDays{First: r.From.String(), Last: (r.To - 1).String()})
		}
		all = append(all, m)
	}
	return all
}
