package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/reports/docs"
)

func (a *app) docsCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "docs",
		Short: "Write the catalogue of KPIs, tables and lineage as one HTML page",
		Long: `Write what every KPI means, which way it comes from the sources, and what each table
and column holds, as one self-contained HTML page. It is made from the models that
are part of the program; no project and no data are needed.`,
		Example: `  ddh docs --out katalog.html`,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.docs(cmd.Context(), out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write (default: standard output)")
	return cmd
}

func (a *app) docs(ctx context.Context, out string) error {
	c, err := catalogue(ctx)
	if err != nil {
		return err
	}
	if out == "" {
		return docs.Write(a.stdout, c)
	}
	var page bytes.Buffer
	if err := docs.Write(&page, c); err != nil {
		return err
	}
	err = replaceFile(out, public, func(w io.Writer) error {
		_, err := w.Write(page.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	info, err := os.Stat(out)
	if err != nil {
		return fmt.Errorf("look at what was written: %w", err)
	}
	a.printf("%s: %d nøgletal, %d tabeller, %d kontroller, %d kB\n", out, len(c.KPIs), len(c.Tables), len(c.Checks), info.Size()/1000)
	return nil
}
