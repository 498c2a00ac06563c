package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/leader"
	"github.com/den-digitale-hotline/ddh/reports/xlsx"
)

type reportFlags struct {
	period, municipality, out string
	all                       bool
}

func (a *app) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "report", Short: "Write reports from the published figures", Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.leaderCommand())
	return cmd
}

func (a *app) leaderCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "leader",
		Short: "The leader report of a municipality: an Excel workbook",
		Args:  noArgs,
		Example: `  ddh report leader --period 2026K3 --municipality 0316
  ddh report leader --period 2026K3 --all --out rapporter`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.all == (f.municipality != "") {
				return usagef("name one municipality with --municipality, or take --all")
			}
			p, err := a.readProject()
			if err != nil {
				return err
			}
			written, err := p.leaderReports(cmd.Context(), f)
			for _, path := range written {
				a.printf("%s\n", path)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&f.period, "period", "", "2026K3, 2026-10 or 2026 (default: the last closed quarter)")
	cmd.Flags().StringVar(&f.municipality, "municipality", "", "four-digit code")
	cmd.Flags().BoolVar(&f.all, "all", false, "every member municipality")
	cmd.Flags().StringVar(&f.out, "out", "", "folder (default: the configured report folder)")
	return cmd
}

// leaderReports writes the workbooks and returns their paths.
func (p *project) leaderReports(ctx context.Context, f reportFlags) ([]string, error) {
	db, _, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	period, err := p.period(ctx, db, f.period)
	if err != nil {
		return nil, err
	}
	if _, ok := period.Calendar(); !ok {
		return nil, &usageError{
			err: fmt.Errorf("a leader report covers a month, quarter or year, not %q", period.Key),
			try: "ddh kpi --by municipality --period " + period.Key,
		}
	}
	codes := []string{f.municipality}
	if f.all {
		if codes, err = memberCodes(ctx, db, period); err != nil {
			return nil, err
		}
		if len(codes) == 0 {
			return nil, &usageError{
				err: fmt.Errorf("no municipality has figures in %s: there is no report to write", period.Key),
				try: "ddh kpi --by municipality --period " + period.Key + ", and ddh status, which says how far the data go",
			}
		}
	}
	out := f.out
	if out == "" {
		out = p.config.ReportDir
	}
	if err := os.MkdirAll(out, 0o750); err != nil {
		return nil, fmt.Errorf("make the report folder: %w", err)
	}
	var written []string
	for _, code := range codes {
		path, err := writeLeader(ctx, db, period, code, out)
		if errors.Is(err, leader.ErrNoFigures) {
			return written, &usageError{err: err, try: "ddh kpi --by municipality, to see which there are"}
		}
		if err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

func memberCodes(ctx context.Context, db *sql.DB, period reports.Period) ([]string, error) {
	all, err := leader.List(ctx, db, period)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, m := range all {
		if m.IsMember {
			codes = append(codes, m.Code)
		}
	}
	return codes, nil
}

func writeLeader(ctx context.Context, db *sql.DB, period reports.Period, code, out string) (string, error) {
	data, err := leader.Load(ctx, db, period, code)
	if err != nil {
		return "", err
	}
	path := filepath.Join(out, fmt.Sprintf("DDH lederrapport %s %s.xlsx", period.Key, code))
	return path, replaceFile(path, private, func(w io.Writer) error { return xlsx.New(w).Encode(leader.Document(data)) })
}

// Who may read a file: a private one, which may name agents, its owner and group only.
const private, public os.FileMode = 0o640, 0o644

// replaceFile writes a file beside its place and then puts it there: whoever has
// the old one open keeps it, and a crash leaves no half file.
func replaceFile(path string, mode os.FileMode, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".ddh-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(file.Name()))
		}
	}()
	if err = write(file); err != nil {
		return errors.Join(err, file.Close())
	}
	if err = errors.Join(file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
