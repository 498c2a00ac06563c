package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

func (a *app) quarantineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "quarantine", Short: "Look at rows that could not be loaded, and bring them again", Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	list := &cobra.Command{
		Use: "list", Short: "List quarantined rows", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.quarantineList(cmd.Context()) },
	}
	a.jsonFlag(list)
	show := &cobra.Command{
		Use: "show BATCH ROW", Short: "Show one quarantined row with its text", Args: exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.quarantineShow(cmd.Context(), args[0], args[1])
		},
	}
	a.jsonFlag(show)
	cmd.AddCommand(list, show, a.quarantineReplayCommand())
	return cmd
}

// quarantinedRow is the JSON of a quarantined row.
type quarantinedRow struct {
	Batch   string `json:"batch"`
	Source  string `json:"source"`
	Table   string `json:"table"`
	Origin  string `json:"origin"` // file, or window of a system, that brought the batch
	Row     int64  `json:"row"`
	Line    int64  `json:"line"`
	Column  string `json:"column"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Raw     string `json:"raw"`
	Run     string `json:"run"`
}

func (a *app) quarantined(ctx context.Context, filter warehouse.QuarantineFilter) (rows []quarantinedRow, err error) {
	p, err := a.readProject()
	if err != nil {
		return nil, err
	}
	if err := p.prepareDataDir(); err != nil {
		return nil, err
	}
	w, err := warehouse.Open(ctx, p.warehouseOptions("quarantine"))
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := w.Close(); err == nil {
			err = closing
		}
	}()
	all, err := w.Quarantine(ctx, filter)
	if err != nil {
		return nil, err
	}
	origins, err := batchOrigins(ctx, w)
	if err != nil {
		return nil, err
	}
	rows = []quarantinedRow{}
	for _, q := range all {
		rows = append(rows, quarantinedRow{
			Batch: q.Batch, Source: q.Source, Table: q.Table, Origin: origins[q.Batch], Row: q.Row, Line: q.Line, Column: q.Column,
			Rule: q.Rule, Message: q.Message, Raw: q.Raw, Run: q.FirstSeen,
		})
	}
	return rows, nil
}

// batchOrigins says of every loaded batch where it came from.
func batchOrigins(ctx context.Context, w *warehouse.Warehouse) (map[string]string, error) {
	batches, err := w.Batches(ctx, warehouse.BatchFilter{})
	if err != nil {
		return nil, err
	}
	origins := make(map[string]string, len(batches))
	for _, b := range batches {
		origins[b.Batch.ID] = b.Batch.Origin
	}
	return origins, nil
}

func (a *app) quarantineList(ctx context.Context) error {
	rows, err := a.quarantined(ctx, warehouse.QuarantineFilter{})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(rows)
	}
	if len(rows) == 0 {
		a.printf("No rows are in quarantine.\n")
		return nil
	}
	t := a.table("Batch", "Row", "Table", "Origin", "Line", "Column", "Rule", "Message")
	for _, r := range rows {
		t.row(r.Batch, fmt.Sprint(r.Row), r.Table, r.Origin, fmt.Sprint(r.Line), r.Column, r.Rule, r.Message)
	}
	return t.print()
}

func (a *app) quarantineShow(ctx context.Context, batch, row string) error {
	number, err := strconv.ParseInt(row, 10, 64)
	if err != nil {
		return usagef("row %q is not a number", row)
	}
	rows, err := a.quarantined(ctx, warehouse.QuarantineFilter{Batch: batch})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Row != number {
			continue
		}
		if a.json {
			return a.printJSON(r)
		}
		a.printf("batch    %s, row %d\norigin   %s, line %d\ntable    %s of %s\nrun      %s\nrule     %s %s\n         %s\nrow      %s\n",
			r.Batch, r.Row, r.Origin, r.Line, r.Table, r.Source, r.Run, r.Rule, r.Column, r.Message, r.Raw)
		return nil
	}
	return usagef("batch %s has no row %d in quarantine", batch, number)
}
