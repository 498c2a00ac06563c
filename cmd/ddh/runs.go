package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) runsCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "runs [ID]",
		Short: "List what ran, or show one run: steps, batches and faults",
		Long: `List the last runs, the newest first, or show one of them: its steps with their
durations and counts, the batches it brought with their rows, and what went wrong.`,
		Example: "  ddh runs --limit 5\n  ddh runs 20261005T060000Z",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exactArgs(1)(cmd, args)
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.readProject()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return a.showRun(p, args[0])
			}
			if limit < 0 {
				return usagef("--limit %d is below 0", limit)
			}
			return a.listRuns(p, limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "how many runs; 0 for all that are kept")
	a.jsonFlag(cmd)
	return cmd
}

func (a *app) listRuns(p *project, limit int) error {
	ids, err := p.runIDs()
	if err != nil {
		return err
	}
	if limit > 0 {
		ids = ids[:min(limit, len(ids))]
	}
	runs := []runStatus{}
	for _, id := range ids {
		f, err := p.readRunFile(id)
		if err != nil {
			return err
		}
		runs = append(runs, f.runStatus)
	}
	if a.json {
		return a.printJSON(map[string]any{"runs": runs})
	}
	if len(runs) == 0 {
		a.printf("Nothing has run yet.\n")
		return nil
	}
	t := a.table("Run", "Command", "Trigger", "Started", "Took", "Status", "Rows read", "Loaded", "Quarantined")
	for _, r := range runs {
		t.row(r.ID, r.Command, string(r.Trigger), clockTime(r.Started, p.config.Timezone), took(r.Started, r.Ended), string(r.Status),
			fmt.Sprint(r.Counts["read"]), fmt.Sprint(r.Counts["loaded"]), fmt.Sprint(r.Counts["quarantined"]))
	}
	return t.print()
}

func (a *app) showRun(p *project, id string) error {
	ids, err := p.runIDs()
	if err != nil {
		return err
	}
	if !slices.Contains(ids, id) {
		return &usageError{err: fmt.Errorf("there is no run %q", id), try: "ddh runs"}
	}
	f, err := p.readRunFile(id)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(f)
	}
	a.printf("Run %s: %s (%s), %s, started %s, took %s\n", f.ID, f.Command, f.Trigger, f.Status,
		clockTime(f.Started, p.config.Timezone), took(f.Started, f.Ended))
	for _, t := range f.Troubles {
		a.printf("! %s\n", t)
	}
	if f.Message != "" && len(f.Troubles) == 0 {
		a.printf("! %s\n", f.Message)
	}
	if err := a.printSteps(f.Steps, p.config.Timezone); err != nil {
		return err
	}
	return a.printBatches(f.Batches)
}

func (a *app) printSteps(steps []stepStatus, zone *time.Location) error {
	if len(steps) == 0 {
		return nil
	}
	a.printf("\n")
	t := a.table("Step", "Started", "Seconds", "Status", "Counts", "Message")
	for _, s := range steps {
		var counts []string
		for _, name := range slices.Sorted(maps.Keys(s.Counts)) {
			if n := s.Counts[name]; n != 0 {
				counts = append(counts, fmt.Sprintf("%d %s", n, name))
			}
		}
		t.row(s.Name, s.Started.In(zone).Format(time.TimeOnly), fmt.Sprintf("%.1f", s.Seconds), string(s.Status),
			strings.Join(counts, ", "), oneLine(s.Message))
	}
	return t.print()
}

func (a *app) printBatches(batches []batchStatus) error {
	if len(batches) == 0 {
		return nil
	}
	a.printf("\n")
	t := a.table("Batch", "Table", "Origin", "Read", "Loaded", "Superseded", "Quarantined", "Replaced")
	for _, b := range batches {
		t.row(b.Batch, b.Table, b.Origin, fmt.Sprint(b.Read), fmt.Sprint(b.Loaded), fmt.Sprint(b.Superseded),
			fmt.Sprint(b.Quarantined), fmt.Sprint(b.Replaced))
	}
	return t.print()
}

// clockTime is a time as tables show it; "-" for none.
func clockTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// took is how long something lasted; "-" while it runs.
func took(started, ended time.Time) string {
	if ended.IsZero() {
		return "-"
	}
	return ended.Sub(started).Round(time.Second).String()
}

// oneLine joins the lines of a message.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
